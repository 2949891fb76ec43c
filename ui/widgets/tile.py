"""A number that matters and is a door: what it counts stands below it; pressing it opens the list of it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import theme
from ui.widgets.label import plain_tip

HEIGHT = 72


class Tile(QAbstractButton):
    """An icon, a value, a name of one or two lines. The mark takes a tone's colour; the words say it too."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._name, self._value, self._tone = icon, name, "", "text"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_value("", "text")

    def show_value(self, value: str, tone: str = "text") -> None:
        """Show `value`; a tone other than "text" warns."""
        self._value, self._tone = value, tone
        self.setText(value)
        self.setAccessibleName(f"{self._name}: {value}")
        self.setToolTip(plain_tip(f"{self._name}: {value}"))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the longest word of the name."""
        metrics = QFontMetrics(theme.font(13, 600))
        widest = max((metrics.horizontalAdvance(word) for word in self._name.split()), default=40)
        value = QFontMetrics(theme.font(19, 700)).horizontalAdvance(self._value) + 30
        return QSize(max(widest, value, 72) + 24, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, ring, icon, value and name."""
        del event
        worn = theme.tokens()
        warns = self._tone != "text"
        colour = QColor(str(getattr(worn, self._tone)) if warns else worn.accent)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(worn.accent_soft if self.underMouse() else worn.surface))
        edge = QPen(colour if warns else QColor(worn.line), 2 if warns else worn.line_width)
        painter.setPen(QPen(QColor(worn.focus), 3) if self.hasFocus() else edge)
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 9, 9)
        icon = "triangle-alert" if warns else self._icon
        painter.drawPixmap(12, 10, theme.drawing(icon, colour.name(), 20, self.devicePixelRatioF()))
        painter.setPen(QColor(worn.text))
        painter.setFont(theme.font(19, 700))
        room = QRect(40, 6, self.width() - 50, 28)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._value)
        painter.setPen(QColor(worn.muted))
        painter.setFont(theme.font(13, 600))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(QRect(12, 33, self.width() - 20, self.height() - 35), flags, self._name)
