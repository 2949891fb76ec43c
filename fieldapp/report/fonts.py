"""The two fonts of a report, and glyphs in their places.

Noto Sans Regular and SemiBold hold Latin, Greek, Cyrillic and Devanagari in one file each (licence beside
them in `resources/fonts`), so a line never changes font. Devanagari and combining marks are shaped with
HarfBuzz. Glyphs that no character names get private-use characters in glyph order, once, when the font is
loaded: handing them out as they are met would make a file depend on the files made before it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

import resources

REGULAR = "NotoSans-Regular"
STRONG = "NotoSans-SemiBold"

_PRIVATE = 0xE000
# Devanagari with its extensions, Vedic signs, the joiners that shape it; a letter with the marks on it.
_SHAPED = re.compile("[\u0900-\u097f\ua8e0-\ua8ff\u1cd0-\u1cff\u200c\u200d]+|\\S?[\u0300-\u036f]+")
_WORD = 48  # longer runs come from strangers, and come once: they are not remembered
_FEATURES = {"kern": True, "liga": True}


@lru_cache
def font(name: str) -> Any:  # noqa: ANN401 - reportlab's font has no useful type
    """Return the font, loaded and known to ReportLab."""
    loaded = TTFont(name, str(resources.path("fonts", f"{name}.ttf")))
    face: Any = loaded.face
    advances = _shaper(name)
    code = _PRIVATE
    for glyph in range(uharfbuzz_face(name).glyph_count):
        if glyph not in face.glyphToChar:
            face.charToGlyph[code] = glyph
            face.glyphToChar[glyph] = [code]
            face.charWidths[code] = advances.get_glyph_h_advance(glyph)
            code += 1
    pdfmetrics.registerFont(loaded)
    return loaded


@lru_cache
def uharfbuzz_face(name: str) -> uharfbuzz.Face:
    """Return HarfBuzz's view of the font file."""
    return uharfbuzz.Face(uharfbuzz.Blob(resources.path("fonts", f"{name}.ttf").read_bytes()))


@lru_cache
def _shaper(name: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz_face(name))


def has(char: str) -> bool:
    """Say whether both fonts can draw `char`; private-use characters never count."""
    code = ord(char)
    return code in font(REGULAR).face.charToGlyph and not 0xE000 <= code <= 0xF8FF


def is_mark(char: str) -> bool:
    """Say whether `char` belongs to the letter before it: a vowel sign, a virama, an accent, a joiner."""
    return unicodedata.category(char)[0] == "M" or char in "\u200c\u200d"


def needs_shaping(text: str) -> bool:
    """Say whether drawing the characters one after another would be wrong."""
    return _SHAPED.search(text) is not None


def runs(text: str) -> list[tuple[str, bool]]:
    """Cut `text` into stretches and say of each whether it has to be shaped."""
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in _SHAPED.finditer(text):
        if match.start() > at:
            parts.append((text[at : match.start()], False))
        parts.append((match.group(), True))
        at = match.end()
    if at < len(text):
        parts.append((text[at:], False))
    return parts


def width(text: str, name: str) -> float:
    """Return the width of `text` in thousandths of the font size."""
    return _known_width(text, name) if len(text) <= _WORD else _width(text, name)


def shape(text: str, name: str) -> Any:  # noqa: ANN401 - reportlab's shaped string
    """Return `text` as ReportLab's positioned string; places are in thousandths of the font size."""
    return _known_shape(text, name) if len(text) <= _WORD else _shape(text, name)


def _width(text: str, name: str) -> float:
    if not needs_shaping(text):
        face = font(name).face
        widths, default = face.charWidths, face.defaultWidth
        return float(sum(widths.get(ord(char), default) for char in text))
    return sum(
        sum(place.x_advance for place in shape(part, name).__shapeData__) if shaped else width(part, name)
        for part, shaped in runs(text)
    )


def _shape(text: str, name: str) -> Any:  # noqa: ANN401 - reportlab's shaped string
    loaded = font(name)
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    uharfbuzz.shape(_shaper(name), buffer, _FEATURES)
    to_char, widths = loaded.face.glyphToChar, loaded.face.charWidths
    chars = []
    places = []
    for info, move in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        char = to_char[info.codepoint][0]
        chars.append(chr(char))
        places.append(
            ShapeData(
                info.cluster, move.x_advance, move.y_advance, move.x_offset, move.y_offset, widths[char]
            )
        )
    made: Any = ShapedStr
    return made("".join(chars), shapeData=places)


_known_width = lru_cache(maxsize=20_000)(_width)
_known_shape = lru_cache(maxsize=20_000)(_shape)
