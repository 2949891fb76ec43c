"""Opening pictures of strangers: one grey page at a time, limits before pixels.

Promises: the header is read and judged before anything is decompressed; EXIF orientation is applied;
16-bit, CMYK, palette and transparent pictures become plain 8-bit grey; every page of a TIFF and every
frame of a GIF is a page. Refuses: more than 40 megapixels a page, more than 64 MiB a file, what is no
regular file, and any format not in `FORMATS`. It begins no page past `PAGES` or past the time given, and
says so.
"""

import io
import itertools
import math
import struct
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fieldapp.errors import InspectorError

Grey = NDArray[np.uint8]

MEGAPIXELS = 40
FILE_BYTES = 64 * 1024 * 1024
PAGES = 200
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "MPO")
_FIRST_BYTES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM")

# What Pillow raises on material that lies about itself.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
)


class PictureMissing(InspectorError):
    """There is no such file, or it may not be read."""

    code = "picture-missing"


class PictureUnknown(InspectorError):
    """Not a format we open."""

    code = "picture-unknown"


class PictureTooLarge(InspectorError):
    """Over the limit on pixels, bytes or pages; facts say which."""

    code = "picture-too-large"


class PictureDamaged(InspectorError):
    """The header promised more than the file holds."""

    code = "picture-damaged"


class PictureLocked(InspectorError):
    """The document asks for a password."""

    code = "picture-locked"


class DocumentPagesLeft(InspectorError):
    """There are pages not looked at, for the limit on pages or on time; `read` says how many were."""

    code = "document-pages-left"


def load(place: Path) -> bytes:
    """Return the content of a regular file within the limit; raises PictureMissing or PictureTooLarge.

    Pipes and devices are no files to read: they may never end, or never begin.
    """
    try:
        if not place.is_file():
            raise PictureMissing(name=place.name)
        check_bytes(place.stat().st_size)
        with place.open("rb") as file:
            content = file.read(FILE_BYTES + 1)
    except OSError:
        raise PictureMissing(name=place.name) from None
    check_bytes(len(content))
    return content


def check_turn(read: int, until: float) -> None:
    """Raise DocumentPagesLeft where no page is to be begun after the `read` ones.

    `until` is a moment of `time.perf_counter`; the first page is always begun.
    """
    if read >= PAGES or (read and time.perf_counter() >= until):
        raise DocumentPagesLeft(read=read)


def check_size(width: int, height: int) -> None:
    """Raise PictureTooLarge when a page of these pixels is over the limit."""
    if width * height > MEGAPIXELS * 1_000_000:
        raise PictureTooLarge(megapixels=width * height // 1_000_000, limit=MEGAPIXELS)


def check_bytes(size: int) -> None:
    """Raise PictureTooLarge when a file of `size` bytes is over the limit."""
    if size > FILE_BYTES:
        raise PictureTooLarge(mebibytes=size // 1024 // 1024, limit=FILE_BYTES // 1024 // 1024)


def open_picture(content: bytes) -> Image.Image:
    """Return the picture with its header read and within limits; no pixels are decoded yet."""
    check_bytes(len(content))
    if not content.startswith(_FIRST_BYTES):
        raise PictureUnknown(bytes=len(content))
    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 megapixels on; the limit here is lower and says so itself.
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureTooLarge(limit=MEGAPIXELS) from None
    except BROKEN:
        raise PictureDamaged(bytes=len(content)) from None
    check_size(*picture.size)
    return picture


def page_count(picture: Image.Image) -> int:
    """Return how many pages or frames an opened picture has, at most `PAGES`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return min(getattr(picture, "n_frames", 1), PAGES)
    except BROKEN:
        raise PictureDamaged(page=1) from None


def pages(content: bytes, until: float = math.inf) -> Iterator[Grey]:
    """Yield each page as 8-bit grey, rows by columns, upright; raises the errors of this module.

    No page is begun at or after `until`, a moment of `time.perf_counter`.
    """
    picture = open_picture(content)
    # Not counted beforehand: counting the frames of a GIF alone can take minutes.
    for number in itertools.count():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if not _turned(picture, number):
                    return
                check_turn(number, until)
                check_size(*picture.size)
                page = grey(ImageOps.exif_transpose(picture))
        except BROKEN:
            raise PictureDamaged(page=number + 1) from None
        yield page


def _turned(picture: Image.Image, number: int) -> bool:
    """Say whether there is a page `number` (from 0), with the picture turned to it."""
    try:
        picture.seek(number)
    except EOFError:
        if number == 0:
            raise
        return False
    return True


def grey(picture: Image.Image) -> Grey:
    """Return the pixels as 8-bit grey; what is transparent counts as paper, unless that hides everything."""
    if picture.mode[0] in "IF" and picture.mode != "I;16N":
        return _stretch(np.asarray(picture).astype(np.float32))
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        full = picture.convert("RGBA")
        on_paper = _lay_on(full, 255)
        return on_paper if int(on_paper.max()) - int(on_paper.min()) > 8 else _lay_on(full, 0)
    return np.asarray(picture.convert("L"), dtype=np.uint8)


def _lay_on(full: Image.Image, ground: int) -> Grey:
    paper = Image.new("RGBA", full.size, (ground, ground, ground, 255))
    return np.asarray(Image.alpha_composite(paper, full).convert("L"), dtype=np.uint8)


def _stretch(values: NDArray[np.float32]) -> Grey:
    # 10-, 12- and 16-bit sensors all arrive as 16 bits: the range used is what tells black from white.
    values = np.nan_to_num(values)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 255:
        return values.astype(np.uint8)
    return ((values - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8)
