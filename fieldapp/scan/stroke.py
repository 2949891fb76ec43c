"""A stroke on a picture: what a person marks, as data, apart from what draws it.

Places are in ten-thousandths of the picture's width and height from its upper left, as it is shown upright:
the same stroke fits the thumbnail and the whole picture.
"""

from typing import Annotated, Literal

import msgspec

Shape = Literal["arrow", "box", "circle", "text", "redact"]
SHAPES: tuple[Shape, ...] = ("arrow", "box", "circle", "text", "redact")
MOST = 200  # strokes on one picture
Place = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Stroke(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From (x1, y1) to (x2, y2). An arrow points at its second end; words stand in the box between both."""

    shape: Shape
    x1: Place
    y1: Place
    x2: Place
    y2: Place
    text: Annotated[str, msgspec.Meta(max_length=200)] = ""
