"""Drawing for others: codes for reports and screens, thumbnails and page previews.

Promises: the same code drawn twice is the same matrix; a drawn GS1 code carries FNC1 where it belongs.
Refuses: content the symbology cannot carry (`CodeUndrawable`), pictures over the limits.
"""

import io
import struct
import warnings
import zlib
from typing import Literal

import numpy as np
import zxingcpp
from PIL import Image, ImageOps

from fieldapp.errors import InspectorError
from fieldapp.scan import document, picture
from fieldapp.scan.picture import Grey, PictureDamaged, open_picture
from fieldapp.scan.preview import Preview

Drawable = Literal[
    "QRCode", "DataMatrix", "Code128", "Code39", "Code93", "Codabar", "EAN13", "EAN8", "UPCA", "UPCE", "ITF",
    "DataBarOmni", "DataBarExp", "DataBarLtd", "PDF417", "Aztec",
]  # fmt: skip


class CodeUndrawable(InspectorError):
    """The symbology cannot carry this content."""

    code = "code-undrawable"


def draw_code(
    content: bytes | str,
    symbology: Drawable = "QRCode",
    *,
    gs1: bool = False,
    level: str = "",
    scale: int = 1,
    quiet: bool = True,
) -> Grey:
    """Return the code as 8-bit grey, 0 ink and 255 paper, `scale` pixels a module.

    With `gs1` the content is written with bracketed identifiers, "(01)...(10)...". `level` is the error
    correction of a QR code (L, M, Q, H). Linear codes are 50 modules high.
    """
    wishes: dict[str, str | bool] = {}
    if gs1:
        wishes["gs1"] = True
    if level:
        wishes["ec_level"] = level
    if symbology == "DataMatrix":
        wishes["force_square"] = True  # many scanners in use know no rectangles
    try:
        code = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology), **wishes)
        return np.array(code.to_image(scale=scale, add_quiet_zones=quiet), dtype=np.uint8)
    except (ValueError, RuntimeError, TypeError):
        raise CodeUndrawable(symbology=symbology, length=len(content)) from None


def code_png(
    content: bytes | str, symbology: Drawable = "QRCode", *, gs1: bool = False, scale: int = 4
) -> bytes:
    """Return the code as a PNG, quiet zone included."""
    return png(draw_code(content, symbology, gs1=gs1, scale=scale))


def thumbnail(content: bytes, edge: int) -> bytes:
    """Return a JPEG of the first page, upright, its longer edge at most `edge` pixels.

    Nothing of the original's metadata goes into it. Raises the errors of `fieldapp.scan.picture`.
    """
    out = io.BytesIO()
    _first_page(content, edge).save(out, "JPEG", quality=82)
    return out.getvalue()


def preview(content: bytes, page: int, width: int) -> Preview:
    """Return page `page` (from 1, kept within the document) drawn `width` pixels wide, as PNG."""
    width = max(16, min(width, 4096))
    if document.is_pdf(content):
        shown, pages = document.draw_width(content, page, width)
    else:
        shown, pages = _picture_page(content, page)
        height = max(1, round(shown.height * width / max(shown.width, 1)))
        picture.check_size(width, height)
        shown = shown.resize((width, height), Image.Resampling.LANCZOS)
    return Preview(png=png(np.asarray(shown)), pages=pages, width=shown.width, height=shown.height)


def png(pixels: Grey) -> bytes:
    """Return 8-bit grey (rows by columns) or RGB (rows by columns by 3) as PNG bytes.

    Written here in four chunks, so that the same pixels give the same bytes under every library version.
    """
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels, dtype=np.uint8).reshape(height, -1)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    )


def _first_page(content: bytes, edge: int) -> Image.Image:
    if document.is_pdf(content):
        shown, _ = document.draw_width(content, 1, edge)
    else:
        shown, _ = _picture_page(content, 1)
    shown.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return shown


def _picture_page(content: bytes, page: int) -> tuple[Image.Image, int]:
    opened = open_picture(content)
    count = picture.page_count(opened)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened.seek(max(1, min(page, count)) - 1)
            picture.check_size(*opened.size)
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in ("RGB", "CMYK", "YCbCr", "P") and "transparency" not in upright.info:
                return upright.convert("RGB"), count
            return Image.fromarray(picture.grey(upright)), count
    except picture.BROKEN:
        raise PictureDamaged(page=page) from None
