"""Symbology identifiers of ISO/IEC 15424: "]", a letter for the symbology, a modifier."""

import re

_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]")

# The symbologies we know by their letter. Letters differ by case: ]D is no Data Matrix.
_LETTERS = {
    "A": "Code39",
    "C": "Code128",
    "E": "EAN13",
    "F": "Codabar",
    "G": "Code93",
    "I": "ITF",
    "J": "DotCode",
    "L": "PDF417",
    "Q": "QRCode",
    "U": "MaxiCode",
    "d": "DataMatrix",
    "e": "DataBar",
    "h": "HanXin",
    "z": "Aztec",
}


def is_prefix(text: str) -> bool:
    """Say whether `text` starts with the identifier of a symbology we know."""
    return _PREFIX.match(text) is not None and text[1] in _LETTERS


def symbology(identifier: str) -> str:
    """Return our name of the symbology "]d2" stands for; "unknown" where we have none."""
    return _LETTERS.get(identifier[1:2], "unknown")
