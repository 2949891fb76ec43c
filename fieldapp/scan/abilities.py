"""What an open camera can be asked for: light, and other sizes of picture.

Values only: the window may know them without loading an engine. What a driver says it takes is tried, not
believed; what it does not take is not offered.
"""

from typing import Literal

import msgspec

Light = Literal["torch", "backlight", "none"]
Size = tuple[int, int]


class CameraAbilities(msgspec.Struct, frozen=True, kw_only=True):
    """What the driver takes.

    `light` is a torch, or at least the compensation for light from behind, or nothing; `lit` whether it is
    on. `sizes` are widths and heights in pixels it gave when tried, smallest first; `width` and `height`
    those of now. A picture or video in place of a camera has no abilities.
    """

    light: Light = "none"
    lit: bool = False
    sizes: tuple[Size, ...] = ()
    width: int = 0
    height: int = 0


class CameraWish(msgspec.Struct, frozen=True, kw_only=True):
    """What to change: None leaves light or size as it is."""

    light: bool | None = None
    size: Size | None = None
