"""A drawn structure on the page, as ink and not as a picture: sharp on any printer, readable without colour.

Draws the plain values of `fieldapp.substances.drawing`; this package knows no chemistry.
"""

from fieldapp.report import fonts
from fieldapp.report.block import Block
from fieldapp.report.pen import Pen
from fieldapp.report.structure import Element
from fieldapp.report.style import INK, LINE, Style
from fieldapp.substances.drawing import DISC, LETTER, Drawing, Letters, Line, colour

_LARGEST = 0.36  # points for a unit: a small molecule is not blown up
_STROKE = 5  # units
_RISE = 0.36  # of a letter's height, from the middle of it down to its base line


class Drawn(Block):
    """A drawing, at most `highest` points high; `alt` is what it says to who cannot see it."""

    def __init__(self, drawing: Drawing, highest: float, alt: str) -> None:
        self._drawing = drawing
        self._highest = highest
        self._element = Element("Figure", alt=alt)

    def height(self, width: float) -> float:
        """The height that the width leaves it."""
        return self._drawing.height * self._scale(width)

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw grounds, then strokes, then letters."""
        (Element(role, parent) if role else parent).adopt(self._element)
        drawing, scale = self._drawing, self._scale(width)
        grounds = [
            *(_stroke(line, colour(group), 2 * DISC) for line, group in drawing.joined),
            *(
                _stroke(Line(disc.x, disc.y, disc.x, disc.y), colour(disc.group), 2 * DISC)
                for disc in drawing.discs
            ),
        ]
        strokes = [_stroke(line, INK, _STROKE) for line in drawing.lines]
        with pen.content(self._element):
            # One unit becomes `scale` points, and y runs downward as in the drawing.
            pen.canvas.addLiteral(f"q {scale:.5f} 0 0 {-scale:.5f} {x:.3f} {top:.3f} cm 1 J")
            pen.canvas.addLiteral("\n".join([*grounds, *strokes]))
            pen.canvas.addLiteral("Q")
            for letters in drawing.letters:
                _write(pen, letters, x, top, scale)

    def _scale(self, width: float) -> float:
        return min(width / self._drawing.width, self._highest / self._drawing.height, _LARGEST)


class Swatch(Block):
    """A small field of one colour with a rim."""

    _EDGE = 8.0

    def __init__(self, ground: str) -> None:
        self._ground = ground

    def height(self, width: float) -> float:  # noqa: ARG002
        """The same at every width."""
        return self._EDGE + 2

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:  # noqa: ARG002
        """Draw it: the words beside it say what it stands for."""
        with pen.artifact():
            pen.box(x, top - self._EDGE - 1.5, self._EDGE, self._EDGE, LINE)
            pen.box(x + 0.5, top - self._EDGE - 1, self._EDGE - 1, self._EDGE - 1, self._ground)


def _stroke(line: Line, ink: str, width: int) -> str:
    red, green, blue = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return f"{red:.3f} {green:.3f} {blue:.3f} RG {width} w {line.x} {line.y} m {line.x2} {line.y2} l S"


def _write(pen: Pen, letters: Letters, x: float, top: float, scale: float) -> None:
    """Write so that the letter of the atom itself lies over its place."""
    style = Style(size=LETTER * scale, leading=LETTER * scale, colour=INK)
    wide = fonts.width(letters.text, style.font) * style.size / 1000
    own = fonts.width(letters.text[-1 if letters.anchor == "end" else 0], style.font) * style.size / 1000
    at = x + letters.x * scale
    left = {"start": at - own / 2, "middle": at - wide / 2, "end": at + own / 2 - wide}[letters.anchor]
    pen.line(letters.text, left, top - letters.y * scale - style.size * _RISE, style)
