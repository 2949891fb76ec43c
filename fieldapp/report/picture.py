"""Photos: the original bytes on the page, not a copy of them.

A JPEG goes into the PDF as it was taken, byte for byte, turned by the page and not by decoding where its
EXIF orientation asks for it. Other pictures are written without loss; `is_kept` tells them apart. Whatever is
not a picture, or is over the limits of `fieldapp.scan.picture`, raises that module's errors before anything
is decoded.
"""

import io
import struct

import msgspec
from PIL import Image
from reportlab.pdfbase import pdfdoc

from fieldapp.errors import FieldappError
from fieldapp.report.block import Block
from fieldapp.report.pen import Pen
from fieldapp.report.structure import Element, document
from fieldapp.scan.picture import BROKEN, PictureDamaged, grey, open_picture

_ORIENTATION = 0x0112
_COLOURS = {"L": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK"}
# By EXIF orientation: whether width and height change places, and the matrix of the unit square.
_TURNS: dict[int, tuple[bool, tuple[int, int, int, int, int, int]]] = {
    1: (False, (1, 0, 0, 1, 0, 0)),
    2: (False, (-1, 0, 0, 1, 1, 0)),
    3: (False, (-1, 0, 0, -1, 1, 1)),
    4: (False, (1, 0, 0, -1, 0, 1)),
    5: (True, (0, -1, -1, 0, 1, 1)),
    6: (True, (0, -1, 1, 0, 0, 1)),
    7: (True, (0, 1, 1, 0, 0, 0)),
    8: (True, (0, 1, -1, 0, 1, 0)),
}


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A picture ready for the page. `stream` is what the PDF holds; sizes are pixels as stored."""

    width: int
    height: int
    colour: str
    filter: str
    stream: bytes
    turn: int = 1
    cut: bool = False  # a JPEG whose end is missing


def prepare(content: bytes) -> Prepared:
    """Read a picture's header, and nothing more of a JPEG; raises the errors of `fieldapp.scan.picture`."""
    opened = open_picture(content)
    try:
        return _as_taken(opened, content) or _lossless(opened)
    except BROKEN:
        raise PictureDamaged(bytes=len(content)) from None


def is_kept(content: bytes) -> bool:
    """Say whether the page holds `content` byte for byte, as it does a JPEG."""
    try:
        return _as_taken(open_picture(content), content) is not None
    except (FieldappError, *BROKEN):
        return False


def _as_taken(opened: Image.Image, content: bytes) -> Prepared | None:
    if opened.format not in ("JPEG", "MPO") or opened.mode not in _COLOURS:
        return None
    turn = opened.getexif().get(_ORIENTATION, 1)
    return Prepared(
        width=opened.width,
        height=opened.height,
        colour=_COLOURS[opened.mode],
        filter="DCTDecode",
        stream=content,
        turn=turn if turn in _TURNS else 1,
        cut=b"\xff\xd9" not in content[-65536:],
    )


def _lossless(opened: Image.Image) -> Prepared:
    plain = opened.mode in ("RGB", "CMYK", "YCbCr", "P") and "transparency" not in opened.info
    shown = opened.convert("RGB") if plain else Image.fromarray(grey(opened))
    out = io.BytesIO()
    shown.save(out, "PNG")
    return Prepared(
        width=shown.width,
        height=shown.height,
        colour=_COLOURS[shown.mode],
        filter="FlateDecode",
        stream=_png_body(out.getvalue()),
    )


def _png_body(png: bytes) -> bytes:
    # The compressed rows of a PNG are what a PDF calls FlateDecode with predictor 15.
    body, at = [], 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            body.append(png[at + 8 : at + 8 + size])
        at += size + 12
    return b"".join(body)


class Picture(Block):
    """A picture at most `tallest` points high, with words for who cannot see it."""

    def __init__(self, prepared: Prepared, name: str, alt: str, tallest: float) -> None:
        self._prepared = prepared
        self._name = name
        self._tallest = tallest
        self._element = Element("Figure", alt=alt)

    def _size(self, width: float) -> tuple[float, float]:
        across, down = self._prepared.width, self._prepared.height
        if _TURNS[self._prepared.turn][0]:
            across, down = down, across
        scale = min(width / across, self._tallest / down)
        return across * scale, down * scale

    def height(self, width: float) -> float:
        """As high as its shape asks for."""
        return self._size(width)[1]

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw at the left of the column."""
        wide, high = self._size(width)
        (Element(role, parent) if role else parent).adopt(self._element)
        doc = document(pen.canvas)
        if not doc.hasForm(self._name):
            doc.addForm(self._name, _Image(self._prepared))
        a, b, c, d, e, f = _TURNS[self._prepared.turn][1]
        with pen.content(self._element):
            pen.canvas.saveState()
            pen.canvas.transform(a * wide, b * high, c * wide, d * high, x + e * wide, top - high + f * high)
            pen.canvas.doForm(self._name)
            pen.canvas.restoreState()


class _Image(pdfdoc.PDFObject):
    """An image XObject that holds the prepared stream and nothing else."""

    __RefOnly__ = 1

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        """Return the object, as ReportLab asks for it."""
        of = self._prepared
        entries = {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": of.width,
            "Height": of.height,
            "BitsPerComponent": 8,
            "ColorSpace": f"/{of.colour}",
            "Filter": f"/{of.filter}",
        }
        if of.colour == "DeviceCMYK":
            entries["Decode"] = "[1 0 1 0 1 0 1 0]"  # cameras and Photoshop store CMYK inverted
        if of.filter == "FlateDecode":
            colours = 1 if of.colour == "DeviceGray" else 3
            entries["DecodeParms"] = (
                f"<</Predictor 15 /Colors {colours} /BitsPerComponent 8 /Columns {of.width}>>"
            )
        stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), of.stream, filters=[])
        return bytes(stream.format(document))
