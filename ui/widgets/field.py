"""A field that takes what is typed and leaves its screen's keys to the screen.

Qt's own field claims keys of its own on some systems (Ctrl+E, Ctrl+K) and pastes nothing but words; those
that a screen has given a meaning are passed by.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


class Field(QLineEdit):
    """`spared` are the keys left to shortcuts, as in "Ctrl+E"."""

    def __init__(self, name: str, spared: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spared = {QKeySequence(each) for each in spared}
        self.setAccessibleName(name)
        self.setPlaceholderText(name)

    def event(self, event: QEvent) -> bool:
        """Claim no spared key."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and QKeySequence(event.keyCombination()) in self._spared
        ):
            event.ignore()
            return True
        return super().event(event)
