"""The verdict, so that nobody overlooks it: its word, its colour, its shape, its sentence.

The shapes are those of the window: octagon, triangle, circle with a tick, circle with a question.
"""

from reportlab.lib.colors import toColor

from fieldapp.report.block import Block, para
from fieldapp.report.fonts import STRONG
from fieldapp.report.pen import Pen
from fieldapp.report.structure import Element
from fieldapp.report.style import BAND, Style
from fieldapp.screening.verdict import Word

_PAD = 12.0
_SIGN = 26.0
_WORD_SHARE = 0.36
_S = 0.7071  # where an octagon's corners lie on its circle, and half of a tick


class Band(Block):
    """The verdict's band: sign and word at the left, sentences beside them."""

    def __init__(self, verdict: Word, spoken: tuple[str, ...], sentences: tuple[str, ...]) -> None:
        self._verdict = verdict
        self._ground, ink = BAND[verdict]
        self._ink = ink
        self._word = para("\n".join(spoken), Style(font=STRONG, size=21, leading=28, colour=ink))
        style = Style(font=STRONG, size=9.4, leading=13.4, colour=ink)
        self._sentences = [para(sentence, style) for sentence in sentences]

    def _widths(self, width: float) -> tuple[float, float]:
        inner = width - 3 * _PAD - _SIGN
        return inner * _WORD_SHARE - _PAD, inner * (1 - _WORD_SHARE) - _PAD

    def height(self, width: float) -> float:
        """The higher of word and sentences, and the room around them."""
        left, right = self._widths(width)
        said = sum(block.height(right) for block in self._sentences)
        return max(self._word.height(left), said, _SIGN) + 2 * _PAD

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:  # noqa: ARG002
        """Draw the ground, then sign, word and sentences, each in the middle."""
        high = self.height(width)
        left, right = self._widths(width)
        with pen.artifact():
            pen.box(x, top - high, width, high, self._ground, radius=5)
            self._sign(pen, x + _PAD + _SIGN / 2, top - high / 2)
        at = x + 2 * _PAD + _SIGN
        self._word.draw(pen, at, top - (high - self._word.height(left)) / 2, left, parent)
        down = top - (high - sum(block.height(right) for block in self._sentences)) / 2
        for block in self._sentences:
            block.draw(pen, at + left + _PAD, down, right, parent)
            down -= block.height(right)

    def _sign(self, pen: Pen, x: float, y: float) -> None:
        canvas, r = pen.canvas, _SIGN / 2
        canvas.saveState()
        canvas.setStrokeColor(toColor(self._ink))
        canvas.setLineWidth(2.2)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        if self._verdict == "hold":
            corners = [
                (-0.41, 1),
                (0.41, 1),
                (1, 0.41),
                (1, -0.41),
                (0.41, -1),
                (-0.41, -1),
                (-1, -0.41),
                (-1, 0.41),
            ]
            strokes = [((-0.35, -0.35), (0.35, 0.35)), ((-0.35, 0.35), (0.35, -0.35))]
        elif self._verdict == "check":
            corners = [(0, 0.95), (1.05, -0.85), (-1.05, -0.85)]
            strokes = [((0, 0.35), (0, -0.2)), ((0, -0.52), (0, -0.53))]
        else:
            corners = []
            path.circle(x, y, r)
            strokes = [((-0.4, 0), (-0.1, -0.35)), ((-0.1, -0.35), (0.45, 0.35))]
        for number, (across, up) in enumerate(corners):
            (path.lineTo if number else path.moveTo)(x + across * r, y + up * r)
        if corners:
            path.close()
        if self._verdict == "cannot_check":
            strokes = [((0, -0.5), (0, -0.51))]
            path.moveTo(x - 0.33 * r, y + 0.25 * r)
            path.curveTo(x - 0.3 * r, y + 0.75 * r, x + 0.6 * r, y + 0.6 * r, x + 0.28 * r, y + 0.12 * r)
            path.curveTo(x + 0.15 * r, y - 0.02 * r, x, y, x, y - 0.18 * r)
        for (x0, y0), (x1, y1) in strokes:
            path.moveTo(x + x0 * r, y + y0 * r)
            path.lineTo(x + x1 * r, y + y1 * r)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()
