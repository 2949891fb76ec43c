"""One of many: a list to type into or walk with the arrows; Enter picks, Esc leaves."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import Label

_FOUND_BY = Qt.ItemDataRole.UserRole + 1


class Picker(QDialog):
    """`options` are (value, words). `picked` carries the value.

    What is typed is looked for in the words, in the value, and in what `also` gives for a value: the words of
    the other language, so that "NDPS" is found in a Hindi list.
    """

    picked = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        options: Sequence[tuple[str, str]],
        no: str,
        also: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(Label(title, "heading", wrap=True))
        self.search = QLineEdit()
        self.search.setAccessibleName(title)
        self.search.textChanged.connect(self._narrow)
        column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setMinimumHeight(320)
        for value, words in options:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setData(_FOUND_BY, _folded(f"{words} {value} {(also or {}).get(value, '')}"))
            item.setSizeHint(QSize(0, theme.TARGET))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self._pick())
        column.addWidget(self.list, 1)
        leave = Button(no)
        leave.clicked.connect(self.reject)
        column.addWidget(leave, 0, Qt.AlignmentFlag.AlignRight)
        self.search.setFocus()

    def pick(self, then: Callable[[str], object]) -> None:
        """Open, and hand the value to `then` once picked."""
        self.picked.connect(then)
        self.open()

    def _narrow(self, text: str) -> None:
        wanted = _folded(text)
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            fits = all(word in str(item.data(_FOUND_BY)) for word in wanted.split())
            item.setHidden(not fits)
            first = row if fits and first is None else first
        self.list.setCurrentRow(-1 if first is None else first)

    def _pick(self) -> None:
        row = self.list.currentRow()
        if row >= 0 and not self.list.item(row).isHidden():
            item = self.list.item(row)
            value = str(item.data(Qt.ItemDataRole.UserRole))
            self.accept()
            self.picked.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the list while the search has the cursor; Enter picks."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.setFocus()
            self.list.keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._pick()
        else:
            super().keyPressEvent(event)


def _folded(words: str) -> str:
    return words.casefold().replace("_", " ").replace("-", " ").strip()
