"""One of a few: buttons side by side, of which at most one is pressed. Arrows move, as in a radio group.

With `figures` 1 presses the first, 2 the second, wherever among them the cursor is.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.widgets.buttons import Button


class Choice(QWidget):
    """`options` are (value, words). `chosen` carries the value."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        value: str = "",
        parent: QWidget | None = None,
        *,
        figures: bool = False,
    ) -> None:
        super().__init__(parent)
        self._figures = figures
        self.setProperty("kind", "clear")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, Button] = {}
        for key, words in options:
            button = Button(words, kind="choice")
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {words}")
            button.setChecked(key == value)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button whose figure was typed."""
        place = event.key() - Qt.Key.Key_1
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self._figures and plain and 0 <= place < len(self._buttons):
            button = list(self._buttons.values())[place]
            button.setFocus()
            button.click()
            return
        super().keyPressEvent(event)

    def value(self) -> str:
        """Return the value pressed, "" when none is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, value: str) -> None:
        """Press `value` without saying so; "" presses none."""
        if not value:
            self._group.setExclusive(False)
            for button in self._buttons.values():
                button.setChecked(False)
            self._group.setExclusive(True)
        elif value in self._buttons:
            self._buttons[value].setChecked(True)

    def focus(self) -> None:
        """Put the cursor on the pressed one, or on the first."""
        self._buttons[self.value() or next(iter(self._buttons))].setFocus()
