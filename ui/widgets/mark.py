"""A drawing with a meaning: an icon in the colour of a token. Decoration unless it is given a name."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme


class Mark(QWidget):
    """Paints icon `name`, `size` logical pixels wide, in the token (or #RRGGBB) `tone` of the theme worn."""

    def __init__(
        self, name: str, tone: str = "text", size: int = 24, *, says: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setAccessibleName(says)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(size, size))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def become(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def resize_to(self, size: int) -> None:
        """Become `size` logical pixels wide."""
        self._size = size
        self.setFixedSize(QSize(size, size))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        del event
        colour = self._tone if self._tone.startswith("#") else str(getattr(theme.tokens(), self._tone))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, theme.drawing(self._name, colour, self._size, self.devicePixelRatioF()))
