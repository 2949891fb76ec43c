"""The window's own parts: the header with its chips, and the rail of screens on the left."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.buttons import Chip, NavButton
from ui.widgets.label import Elided
from ui.widgets.mark import Mark


class Header(QFrame):
    """What is open and where; a doubt about the clock, the list's age, what waits, who is here, the lock."""

    def __init__(self, lock: str, doubt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "header")
        self.setFixedHeight(60)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 16, 4)
        row.setSpacing(12)
        row.addWidget(Mark("shield-check", "header_text", 28))
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.setContentsMargins(0, 4, 0, 4)
        self._number = Elided("", "number")
        self._place = Elided("", "place")
        titles.addWidget(self._number)
        titles.addWidget(self._place)
        row.addLayout(titles, 1)
        self.watchlist, self.waiting, self.officer, self.lock = Chip(), Chip(), Chip(), Chip()
        self.lock.show_fact("F12", "lock", says=lock)
        self.clock = Chip()
        self.clock.show_fact(doubt, "clock", "warn")
        self.clock.hide()
        for chip in (self.clock, self.watchlist, self.waiting, self.officer, self.lock):
            row.addWidget(chip)

    def show_titles(self, number: str, place: str) -> None:
        """Show what is open and where."""
        self._number.setText(number)
        self._place.setText(place)
        self._place.setVisible(bool(place))

    def show_session(self, open_now: bool) -> None:
        """Show the chips only while there is something to say."""
        for chip in (self.watchlist, self.waiting, self.officer, self.lock):
            chip.setVisible(open_now)
        if not open_now:
            self.clock.hide()


class Navigation(QFrame):
    """The rail. `chosen` carries the name of an entry."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        entries: Sequence[tuple[str, str, str, str]],
        foot: Sequence[tuple[str, str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "nav")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 10, 6, 10)
        self._column.setSpacing(4)
        self._buttons: dict[str, NavButton] = {}
        for each in entries:
            self._add(*each)
        self._column.addStretch(1)
        for each in foot:
            self._add(*each)

    def _add(self, name: str, words: str, icon: str, key: str) -> None:
        button = NavButton(words, icon, key)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = button
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_chosen(self, name: str) -> None:
        """Mark the entry of the screen in front."""
        for key, button in self._buttons.items():
            button.setChecked(key == name)
            button.update()

    def minimumSizeHint(self) -> QSize:
        """Return the height of the folded rail, so that the window may become as low as that."""
        return QSize(super().minimumSizeHint().width(), len(self._buttons) * 56 + 8)

    def fold(self, folded: bool) -> None:
        """Take less room, or the usual."""
        self._column.setSpacing(1 if folded else 4)
        margin = 4 if folded else 10
        self._column.setContentsMargins(4, margin, 4, margin)
        for button in self._buttons.values():
            button.fold(folded)
