"""The sections of an inspection as a row of buttons, each with its mark when nothing is left to do there."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import Button


class SectionBar(QWidget):
    """`entries` are (name, words); Alt+1 and so on choose them. `chosen` carries the name."""

    chosen = Signal(str)

    def __init__(
        self, name: str, entries: Sequence[tuple[str, str]], current: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._words = dict(entries)
        self._buttons: dict[str, Button] = {}
        for place, (key, words) in enumerate(entries, 1):
            button = Button(words, kind="choice")
            button.setCheckable(True)
            button.setChecked(key == current)
            button.setAccessibleDescription(f"Alt+{place}")
            button.clicked.connect(lambda _checked=False, key=key: self._choose(key, current))
            QShortcut(QKeySequence(f"Alt+{place}"), self, lambda key=key: self._choose(key, current))
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)

    def _choose(self, key: str, current: str) -> None:
        self._buttons[key].setChecked(key == current)
        if key != current:
            self.chosen.emit(key)

    def show_left(self, left: Mapping[str, int]) -> None:
        """Show beside each section how many things are left to do there."""
        for key, button in self._buttons.items():
            count = left.get(key, 0)
            button.setText(f"{self._words[key]} ({count})" if count else self._words[key])
