"""One of many: a box that opens a list. Its mark is drawn in the colour of the theme, like every icon."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from ui import theme


class Dropdown(QComboBox):
    """`name` is said by a screen reader."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, then its mark."""
        super().paintEvent(event)
        worn = theme.tokens()
        mark = theme.drawing(
            "chevron-down", worn.text if self.isEnabled() else worn.muted, 20, self.devicePixelRatioF()
        )
        QPainter(self).drawPixmap(self.width() - 30, (self.height() - 20) // 2, mark)
