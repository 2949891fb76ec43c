"""Photos to test with: made here, with what cameras say of themselves where it is wanted."""

import io

import numpy as np
from PIL import ExifTags, Image


def photo(
    *,
    size: tuple[int, int] = (640, 400),
    seed: int = 0,
    noise: bool = True,
    taken: str = "",
    offset: str = "",
    place: tuple[float, float] | None = None,
    camera: str = "",
    orientation: int = 0,
) -> bytes:
    """Return a JPEG; `taken` is "2026:11:20 10:00:00", `place` degrees."""
    random = np.random.default_rng(seed)
    shape = (size[1], size[0], 3)
    field = random.integers(60, 200, shape, dtype=np.uint8) if noise else np.full(shape, 128, dtype=np.uint8)
    exif = Image.Exif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    if camera:
        exif[ExifTags.Base.Model] = camera
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if place is not None:
        held = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for value, tag, side, sides in (
            (place[0], ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "NS"),
            (place[1], ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "EW"),
        ):
            whole, minutes = divmod(abs(value) * 60, 60)
            held[tag] = (float(whole), float(int(minutes)), round((minutes % 1) * 60, 4))
            held[side] = sides[value < 0]
    out = io.BytesIO()
    Image.fromarray(field).save(out, "JPEG", exif=exif)
    return out.getvalue()
