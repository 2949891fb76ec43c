"""A card: the white, rounded ground that parts of a screen stand on; and a page that scrolls."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


class Card(QFrame):
    """A card with a vertical layout, `body`."""

    def __init__(self, margin: int = 16, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)


class Sheet(Card):
    """A card of one width that asks for the height its words take at that width, and no more."""

    def sizeHint(self) -> QSize:
        """Return the fixed width and the height that goes with it."""
        width = self.minimumWidth()
        return QSize(width, self.body.totalHeightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()


class Clear(QWidget):
    """A part without ground of its own, laid out in a row or a column."""

    def __init__(self, *, row: bool = True, spacing: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.body = QHBoxLayout(self) if row else QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(spacing)


class Steady(Clear):
    """A part that takes the height it is given: what is in it shrinks before the page begins to scroll."""

    def hasHeightForWidth(self) -> bool:
        """Ask for no more height than it needs, however its words would like to stand."""
        return False


class Scrolled(QScrollArea):
    """A column that scrolls up and down where the window is too low, and never sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = Clear(row=False, spacing=12)
        self.body = inner.body
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)


class Page(QScrollArea):
    """Holds a screen: what is too tall scrolls, and the window may be lower than the tallest screen."""

    def __init__(self, screen: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.held = screen
        self.setProperty("kind", "page")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(screen)

    def minimumSizeHint(self) -> QSize:
        """As wide as the screen needs; low windows scroll."""
        return QSize(self.held.minimumSizeHint().width(), 200)


def clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of `layout`."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
