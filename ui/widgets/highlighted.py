"""A paragraph with some stretches highlighted, without markup: the letters that differ between two names."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme


def utf16(text: str, position: int) -> int:
    """Return where code point `position` of `text` lies as Qt counts, in UTF-16 units."""
    return len(text[:position].encode("utf-16-le")) // 2


class Highlighted(QWidget):
    """Shows `text`; `spans` are (start, end) in code points. A run is highlighted and underlined."""

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int]] = (), size: int = 15, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._spans, self._size = text, tuple(spans), size
        self._heights: dict[int, int] = {}
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self._text, theme.font(self._size))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40, width))
            line.setPosition(QPointF(0, height))
            height += line.height() + 2
        layout.endLayout()
        return layout, height

    def _formats(self) -> list[QTextLayout.FormatRange]:
        worn = theme.tokens()
        ranges = []
        for start, end in self._spans:
            made = QTextLayout.FormatRange()
            made.start = utf16(self._text, start)
            made.length = utf16(self._text, end) - utf16(self._text, start)
            style = QTextCharFormat()
            style.setBackground(QColor(worn.highlight))
            style.setForeground(QColor(worn.on_highlight))
            style.setFontUnderline(True)
            made.format = style
            ranges.append(made)
        return ranges

    def hasHeightForWidth(self) -> bool:
        """The narrower, the taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the text takes at `width`."""
        if width not in self._heights:  # a layout asks for the same few widths many times
            self._heights[width] = int(self._laid_out(width)[1]) + 1
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Return a middling width and the height for it."""
        return QSize(360, self.heightForWidth(360))

    def minimumSizeHint(self) -> QSize:
        """Return the least that still reads."""
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text with its highlights."""
        del event
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().text))
        layout, _ = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, 0), self._formats())
