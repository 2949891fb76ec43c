"""Drawing strokes on a photo: a derivative, never the original.

Promises: the result holds the drawn pixels and nothing of the original's metadata, so that what a redaction
covers is in it nowhere; the same strokes on the same bytes give the same bytes. Words are shaped, so that
Hindi stands as it is written. Refuses what `fieldapp.scan.picture` refuses.
"""

import io
import itertools
import warnings
from functools import lru_cache

import cv2
import numpy as np
import uharfbuzz
from numpy.typing import NDArray
from PIL import Image, ImageOps

import resources
from fieldapp.scan.picture import BROKEN, PictureDamaged, open_picture
from fieldapp.scan.stroke import Stroke

Pixels = NDArray[np.uint8]
INK, EDGE = (214, 0, 0), (255, 255, 255)  # red on white: seen on any goods, and in grey by its edge
_SHIFT = 4  # bits of a pixel's fraction


def marked(content: bytes, strokes: tuple[Stroke, ...], edge: int = 0) -> bytes:
    """Return the first page with the strokes drawn, JPEG; its longer edge at most `edge` pixels unless 0.

    Redactions are drawn first and in black, and whatever else is drawn stands upon them.
    """
    picture = open_picture(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            page = ImageOps.exif_transpose(picture).convert("RGB")
            if edge:
                page.thumbnail((edge, edge))
    except BROKEN:
        raise PictureDamaged(page=1) from None
    pixels = np.array(page, dtype=np.uint8)
    for stroke in sorted(strokes, key=lambda each: each.shape != "redact"):
        _draw(pixels, stroke)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def _draw(pixels: Pixels, stroke: Stroke) -> None:
    height, width = pixels.shape[:2]
    x1, x2 = (round(place * (width - 1) / 10_000) for place in (stroke.x1, stroke.x2))
    y1, y2 = (round(place * (height - 1) / 10_000) for place in (stroke.y1, stroke.y2))
    if stroke.shape == "redact":
        pixels[min(y1, y2) : max(y1, y2) + 1, min(x1, x2) : max(x1, x2) + 1] = 0
        return
    if stroke.shape == "text":
        _write(pixels, stroke.text, (min(x1, x2), min(y1, y2)), max(abs(y2 - y1), 8))
        return
    thick = max(2, min(width, height) // 160)
    for colour, more in ((EDGE, thick), (INK, 0)):
        weight = thick + more
        if stroke.shape == "arrow":
            head = min(0.4, 12 * thick / max(1.0, float(np.hypot(x2 - x1, y2 - y1))))
            cv2.arrowedLine(pixels, (x1, y1), (x2, y2), colour, weight, cv2.LINE_AA, tipLength=head)
        elif stroke.shape == "box":
            cv2.rectangle(pixels, (x1, y1), (x2, y2), colour, weight, cv2.LINE_AA)
        else:
            middle, axes = ((x1 + x2) // 2, (y1 + y2) // 2), (abs(x2 - x1) // 2, abs(y2 - y1) // 2)
            cv2.ellipse(pixels, middle, axes, 0, 0, 360, colour, weight, cv2.LINE_AA)


@lru_cache(1)
def _font() -> uharfbuzz.Font:
    blob = uharfbuzz.Blob(resources.path("fonts", "NotoSans-SemiBold.ttf").read_bytes())
    return uharfbuzz.Font(uharfbuzz.Face(blob))


def _write(pixels: Pixels, text: str, place: tuple[int, int], tall: int) -> None:
    """Write one line, `tall` pixels from top to bottom, on a white ground; what does not fit gets smaller."""
    font = _font()
    glyphs, advance = _shaped(font, "".join(sign for sign in text if sign.isprintable()))
    if not advance:
        return
    room = pixels.shape[1] - place[0] - 8
    scale = min(tall * 0.72 / font.face.upem, max(room, 8) / advance)
    base = (place[0] + 4, place[1] + round(tall * 0.76))
    cv2.rectangle(pixels, place, (place[0] + round(advance * scale) + 8, place[1] + tall), EDGE, cv2.FILLED)
    for glyph, right, up in glyphs:
        outline = _Outline()
        font.draw_glyph(glyph, outline.funcs(), outline)
        whole = [
            np.array([(base[0] + (right + x) * scale, base[1] - (up + y) * scale) for x, y in contour])
            for contour in outline.contours
            if len(contour) > 2
        ]
        if whole:
            fixed = [np.round(contour * (1 << _SHIFT)).astype(np.int32) for contour in whole]
            cv2.fillPoly(pixels, fixed, INK, cv2.LINE_AA, _SHIFT)


def _shaped(font: uharfbuzz.Font, text: str) -> tuple[list[tuple[int, int, int]], int]:
    """Return glyphs with their places in the font's units, and how far the line runs; a script at a time."""
    glyphs: list[tuple[int, int, int]] = []
    advance = 0
    for _devanagari, run in itertools.groupby(text, lambda sign: "\u0900" <= sign <= "\u097f"):
        shaped = uharfbuzz.Buffer()
        shaped.add_str("".join(run))
        shaped.guess_segment_properties()
        uharfbuzz.shape(font, shaped)
        for info, position in zip(shaped.glyph_infos, shaped.glyph_positions, strict=True):
            glyphs.append((info.codepoint, advance + position.x_offset, position.y_offset))
            advance += position.x_advance
    return glyphs, advance


class _Outline:
    """A glyph's outline as polygons, its curves cut into eight."""

    def __init__(self) -> None:
        self.contours: list[list[tuple[float, float]]] = []

    @staticmethod
    @lru_cache(1)
    def funcs() -> uharfbuzz.DrawFuncs:
        """Return the calls by which the font tells its outlines."""
        made = uharfbuzz.DrawFuncs()
        made.set_move_to_func(lambda x, y, to: to.contours.append([(x, y)]))
        made.set_line_to_func(lambda x, y, to: to.contours[-1].append((x, y)))
        made.set_quadratic_to_func(lambda a, b, x, y, to: to.bend(((a, b), (x, y))))
        made.set_cubic_to_func(lambda a, b, c, d, x, y, to: to.bend(((a, b), (c, d), (x, y))))
        made.set_close_path_func(lambda to: None)  # noqa: ARG005 - polygons close by themselves
        return made

    def bend(self, points: tuple[tuple[float, float], ...]) -> None:
        """Append a Bézier curve from where the outline stands, over `points`."""
        held = [self.contours[-1][-1], *points]
        for step in range(1, 9):
            share, level = step / 8, held
            while len(level) > 1:
                level = [
                    (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
                    for a, b in itertools.pairwise(level)
                ]
            self.contours[-1].append(level[0])
