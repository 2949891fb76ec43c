"""The main reader: zxing-cpp.

Promises: bytes as carried, never the human-readable form, which loses the group separator; the symbology
identifier of ISO/IEC 15424 as the engine determined it (also ]d8, ]dB, ]z1, which a parser must know).
Refuses: nothing; an empty picture gives no reads.
"""

import zxingcpp

from fieldapp.scan.picture import Grey
from fieldapp.scan.read import Read

_F = zxingcpp.BarcodeFormat

Formats = zxingcpp.BarcodeFormats

# Our names of symbologies by the engine's. EAN and UPC keep the variant: it decides the zero padding.
NAMES: dict[str, str] = {
    "Aztec": "Aztec",
    "AztecCode": "Aztec",
    "AztecRune": "Aztec",
    "Codabar": "Codabar",
    "Code39": "Code39",
    "Code39Std": "Code39",
    "Code39Ext": "Code39",
    "Code32": "Code39",
    "PZN": "Code39",
    "Code93": "Code93",
    "Code128": "Code128",
    "ITF": "ITF",
    "ITF14": "ITF",
    "DataBar": "DataBar",
    "DataBarOmni": "DataBar",
    "DataBarStk": "DataBar",
    "DataBarStkOmni": "DataBar",
    "DataBarLtd": "DataBarLimited",
    "DataBarExp": "DataBarExpanded",
    "DataBarExpStk": "DataBarExpanded",
    "EAN13": "EAN13",
    "ISBN": "EAN13",
    "EAN8": "EAN8",
    "UPCA": "UPCA",
    "UPCE": "UPCE",
    "PDF417": "PDF417",
    "CompactPDF417": "PDF417",
    "MicroPDF417": "MicroPDF417",
    "QRCode": "QRCode",
    "QRCodeModel1": "QRCode",
    "QRCodeModel2": "QRCode",
    "MicroQRCode": "MicroQRCode",
    "RMQRCode": "RMQRCode",
    "DataMatrix": "DataMatrix",
    "MaxiCode": "MaxiCode",
}

# Explicit, without the oddities nobody prints on trade goods (Telepen, DX film edge): fewer ways to misread.
_LINES = (_F.Code128, _F.EANUPC, _F.ITF, _F.Code39, _F.Code93, _F.Codabar, _F.DataBar)
_SQUARES = (_F.QRCode, _F.DataMatrix, _F.Aztec, _F.PDF417, _F.MaxiCode)
LINES = Formats(_LINES)
EVERYTHING = Formats(_LINES + _SQUARES)
# What is found without looking along lines, and therefore fast.
MODULES = Formats((_F.QRCode, _F.DataMatrix, _F.Aztec))
# What is found only where its rows lie along those of the picture.
STACKS = Formats(_F.PDF417)


_FORMATS = {
    "Code128": Formats(_F.Code128),
    "Code39": Formats(_F.Code39),
    "Code93": Formats(_F.Code93),
    "Codabar": Formats(_F.Codabar),
    "ITF": Formats(_F.ITF),
}


def formats_of(symbology: str) -> Formats:
    """Return the formats to look for where only a linear code of this name is of interest."""
    if symbology.startswith("DataBar"):
        return Formats(_F.DataBar)
    return _FORMATS.get(symbology, Formats(_F.EANUPC))


def read(
    grey: Grey,
    stage: str,
    *,
    formats: Formats = EVERYTHING,
    rotate: bool = True,
    downscale: bool = True,
    invert: bool = True,
    histogram: bool = False,
    pure: bool = False,
) -> list[Read]:
    """Return every code seen in `grey` (rows by columns, 8 bit). `histogram` takes one global threshold."""
    if grey.size == 0:
        return []
    found = zxingcpp.read_barcodes(
        grey,
        formats=formats,
        try_rotate=rotate,
        try_downscale=downscale,
        try_invert=invert,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.GlobalHistogram if histogram else zxingcpp.Binarizer.LocalAverage,
        is_pure=pure,
    )
    return [_as_read(code, stage) for code in found if code.valid and code.bytes]


def _as_read(code: zxingcpp.Barcode, stage: str) -> Read:
    place = code.position
    return Read(
        symbology=NAMES.get(code.format.name, code.format.name),
        aim=code.symbology_identifier,
        raw=code.bytes,
        text=code.text,
        corners=tuple(
            (float(point.x), float(point.y))
            for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ),
        stage=stage,
    )
