"""Reading EXIF: the three things of it that speak of an exhibit. Standard: CIPA DC-008 (Exif 2.32).

Promises: what is broken, impossible or absent is left out, and nothing of it raises.
"""

import math
import re
import warnings
from datetime import datetime

from PIL import ExifTags, Image

from fieldapp.scan.claims import Claims
from fieldapp.scan.picture import BROKEN, open_picture

_OFFSET = re.compile(r"[+-]\d\d:\d\d")


def claims(content: bytes) -> Claims:
    """Return what the picture says of itself; raises the errors of `open_picture` and no others."""
    picture = open_picture(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is broken
            held = picture.getexif()
            inner, place = held.get_ifd(ExifTags.IFD.Exif), held.get_ifd(ExifTags.IFD.GPSInfo)
            return Claims(
                taken=_taken(inner) or _taken(dict(held)),
                latitude=_degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, 90, "S"),
                longitude=_degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, 180, "W"),
                camera=_camera(held),
            )
    except (*BROKEN, ZeroDivisionError, AttributeError):
        return Claims()


def _taken(tags: dict[int, object]) -> str:
    text = tags.get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime)
    if not isinstance(text, str):
        return ""
    try:
        moment = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - a camera's clock has no zone
    except ValueError:
        return ""
    offset = tags.get(ExifTags.Base.OffsetTimeOriginal)
    known = isinstance(offset, str) and _OFFSET.fullmatch(offset.strip("\0 "))
    return moment.isoformat() + (str(offset).strip("\0 ") if known else "")


def _degrees(tags: dict[int, object], tag: int, side: int, most: int, negative: str) -> float | None:
    parts = tags.get(tag)
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    value = sum(float(part) / 60**power for power, part in enumerate(parts))
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    beyond = str(tags.get(side, "")).strip("\0 ").upper() == negative
    return float(round(-value if beyond else value, 6))


def _camera(held: Image.Exif) -> str:
    parts = (held.get(ExifTags.Base.Make), held.get(ExifTags.Base.Model))
    words = " ".join(part.strip("\0 ") for part in parts if isinstance(part, str))
    return "".join(sign for sign in words if sign.isprintable())[:100]
