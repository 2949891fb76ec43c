"""Where an inspection took place, in degrees: who says so and how sure it is.

The place in words stays beside it. A place that a photo claims is never taken for the inspection's.
"""

import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fieldapp.text import say

Source = Literal["device", "typed"]
_TYPED = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Degrees WGS 84, metres either side; `uncertainty_m` is 0 where whoever typed it gave none."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    uncertainty_m: Annotated[float, msgspec.Meta(ge=0, le=10_000_000)] = 0.0
    source: Source
    at: datetime
    device: Annotated[str, msgspec.Meta(max_length=100)] = ""


def degrees(text: str) -> tuple[float, float] | None:
    """Read "latitude, longitude" in decimal degrees; None for anything else."""
    found = _TYPED.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def words(position: Position, language: str) -> str:
    """Return the position with its source and uncertainty, in words."""
    place = f"{position.latitude:.5f}, {position.longitude:.5f}"
    if position.source == "device":
        return say("position.device", language, place=place, metres=round(position.uncertainty_m))
    return say("position.typed", language, place=place)
