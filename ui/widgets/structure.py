"""A structure and its key: the legal core on one ground, each change to it on its own.

Painted from plain values, so that window and paper show the same picture. It stands on white in every theme:
the grounds are pale and the strokes dark, and a key beside it says each ground in words.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.substances.drawing import DISC, INK, LETTER, Drawing, Letters, Line, colour
from ui.widgets.label import Label

_WIDE, _HIGH = 300, 120  # logical pixels the picture takes at most
_LARGEST = 0.45  # logical pixels for a unit: a small molecule is not blown up
_CHIP = 16
_STROKE = 6  # units
_GROUND = "#FFFFFF"


class Structure(QWidget):
    """The picture, and at its side one line of words for each ground."""

    def __init__(self, drawing: Drawing, key: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 2)
        row.setSpacing(14)
        row.addWidget(Picture(drawing, ". ".join((drawing.name, *key))), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        for group, said in zip(drawing.key, key, strict=False):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Chip(colour(group.group)), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(said, "muted", wrap=True), 1)
            words.addLayout(line)
        words.addStretch(1)
        row.addLayout(words, 1)


class Chip(QWidget):
    """A small field of one colour."""

    def __init__(self, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self.setFixedSize(QSize(_CHIP, _CHIP))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it, with a rim that can be seen on any theme."""
        del event
        painter = QPainter(self)
        painter.setPen(QColor(INK))
        painter.setBrush(QColor(self._ground))
        painter.drawRect(0, 0, _CHIP - 1, _CHIP - 1)


class Picture(QWidget):
    """One drawing, scaled down to its place; `says` is what a screen reader reads."""

    def __init__(self, drawing: Drawing, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._scale = min(_WIDE / drawing.width, _HIGH / drawing.height, _LARGEST)
        self.setAccessibleName(says)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(round(drawing.width * self._scale), round(drawing.height * self._scale)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grounds, then strokes, then letters."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(_GROUND))
        painter.scale(self._scale, self._scale)
        drawing = self._drawing
        for line, group in drawing.joined:
            _stroke(painter, line, colour(group), 2 * DISC)
        painter.setPen(Qt.PenStyle.NoPen)
        for disc in drawing.discs:
            painter.setBrush(QColor(colour(disc.group)))
            painter.drawEllipse(QPointF(disc.x, disc.y), DISC, DISC)
        for line in drawing.lines:
            _stroke(painter, line, INK, _STROKE)
        font = QFont(self.font())
        font.setPixelSize(LETTER)
        painter.setFont(font)
        painter.setPen(QColor(INK))
        for letters in drawing.letters:
            _write(painter, letters)


def _stroke(painter: QPainter, line: Line, ink: str, width: int) -> None:
    painter.setPen(QPen(QColor(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(line.x, line.y, line.x2, line.y2)


def _write(painter: QPainter, letters: Letters) -> None:
    """Write so that the letter of the atom itself lies over its place."""
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(letters.text)
    own = metrics.horizontalAdvance(letters.text[-1 if letters.anchor == "end" else 0])
    left = {"start": letters.x - own / 2, "middle": letters.x - wide / 2, "end": letters.x + own / 2 - wide}
    place = QRectF(left[letters.anchor], letters.y - metrics.height() / 2, wide + 2, metrics.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, letters.text)
