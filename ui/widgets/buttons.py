"""Buttons: an action with its key on it, a plain one, a chip of the header, an entry of the left rail."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui import theme

_GAP = 10


class Button(QPushButton):
    """A small button (46 px), with or without an icon. `kind` is "", "primary-small", ..."""

    def __init__(
        self, words: str, icon: str = "", kind: str = "small", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._gap = " " if icon else ""
        theme.kind(self, kind)
        self.setText(words)
        self.setAutoDefault(False)
        if icon:
            theme.dress(self, icon, "on_accent" if kind == "primary-small" else "text")

    def setText(self, words: str) -> None:
        """Show `words`; an ampersand is one."""
        self.setAccessibleName(words)
        super().setText(self._gap + words.replace("&", "&&"))


class ActionButton(QPushButton):
    """A main action: icon, words and the key that does the same. `kind` is action, primary or danger."""

    def __init__(
        self, words: str, icon: str, key: str, kind: str = "action", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._icon, self._key = words, icon, key
        theme.kind(self, kind)
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def reword(self, words: str) -> None:
        """Say something else."""
        self._words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def dress_as(self, kind: str) -> None:
        """Become the `kind` of button that the moment asks for."""
        if self.property("kind") == kind:
            return
        theme.kind(self, kind)
        self.updateGeometry()
        self.update()

    def _key_width(self) -> int:
        return QFontMetrics(theme.font(12, 700)).horizontalAdvance(self._key) + 16 if self._key else 0

    def sizeHint(self) -> QSize:
        """Return room for icon, words, key and the space between."""
        words = QFontMetrics(theme.font(16, 700)).horizontalAdvance(self._words)
        width = 16 + 22 + _GAP + words + (_GAP + 6 + self._key_width() if self._key else 0) + 16
        return QSize(width, theme.MAIN_TARGET + 2)

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()

    def _colour(self) -> QColor:
        worn, kind = theme.tokens(), self.property("kind")
        if not self.isEnabled():
            return QColor(worn.muted)
        return QColor({"danger": "#FFFFFF", "primary": worn.on_accent}.get(str(kind), worn.text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground from the style sheet, then icon, words and key."""
        del event
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        colour = self._colour()
        middle = self.height() // 2
        spare = max(0, self.width() - self.sizeHint().width()) // 2
        left = 16 + spare
        icon = theme.drawing(self._icon, colour.name(), 22, self.devicePixelRatioF())
        painter.drawPixmap(left, middle - 11, icon)
        painter.setFont(theme.font(16, 650))
        painter.setPen(colour)
        left += 22 + _GAP
        width = QFontMetrics(theme.font(16, 700)).horizontalAdvance(self._words)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, width + 4, self.height()), flags, self._words)
        if self._key:
            cap = QRect(left + width + _GAP + 6, middle - 12, self._key_width(), 24)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1))
            painter.drawRoundedRect(cap, 5, 5)
            painter.setFont(theme.font(12, 700))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)


class Chip(QPushButton):
    """A rounded fact in the header that is also a door. `tone` is "", "ok" or "warn"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.show_fact("", "info")

    def show_fact(self, words: str, icon: str, tone: str = "", says: str = "") -> None:
        """Show `words`; `says` is the longer form for a screen reader."""
        self.setText(f" {words}".replace("&", "&&"))
        self.setAccessibleName(says or words)
        theme.kind(self, f"chip-{tone}" if tone else "chip")
        theme.dress(self, icon, f"chip_{tone}_text" if tone else "chip_text", 18)


class NavButton(QAbstractButton):
    """An entry of the left rail: icon, words below, the key in the corner. `fold` drops to a smaller size."""

    def __init__(self, words: str, icon: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._icon, self._key, self._folded = words, icon, key, False
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setToolTip(f"{words}  {key}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fold(self, folded: bool) -> None:
        """Take less room, or the usual."""
        self._folded = folded
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return 84 x 70, or 72 x 56 when folded; wider where the words need it."""
        words = QFontMetrics(theme.font(13, 700)).horizontalAdvance(self._words) + 10
        return QSize(max(words, 68 if self._folded else 84), 54 if self._folded else 70)

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, ring, icon, words and key."""
        del event
        worn = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self.rect().adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(worn.accent_soft if self.isChecked() else worn.sunken))
            outdoor = worn.line_width > 1 and self.isChecked()
            painter.setPen(QPen(QColor(worn.accent), 3) if outdoor else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(ground, 10, 10)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.focus), 3))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 9, 9)
        colour = worn.accent if self.isChecked() else worn.text
        size = 22 if self._folded else 24
        top = 7 if self._folded else 11
        ratio = self.devicePixelRatioF()
        aside = 10 if len(self._key) > 3 and not self._folded else 0
        painter.drawPixmap(
            (self.width() - size) // 2 - aside, top, theme.drawing(self._icon, colour, size, ratio)
        )
        painter.setPen(QColor(colour))
        painter.setFont(theme.font(13, 600))
        words = QRect(0, top + size + 2, self.width(), self.height() - top - size - 4)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.setPen(QColor(worn.muted))
        painter.setFont(theme.font(11, 600))
        corner = self.rect().adjusted(0, 4, -7, 0)
        if not (self._folded and len(self._key) > 3):  # the sheet of keys has it too
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._key)
