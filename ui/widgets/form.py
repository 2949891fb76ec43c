"""A form as data: a handful of fields in a dialog, filled in by keyboard, and the values as text.

Fields are shown in their order; nothing is preselected. What is required keeps the confirming button off
until it is there. Tab moves on, Ctrl+Enter confirms, Esc leaves; what was typed is lost only by leaving.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.ask import LONGEST, Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Scrolled
from ui.widgets.choice import Choice
from ui.widgets.dropdown import Dropdown
from ui.widgets.label import Label
from ui.widgets.mark import Mark

SHORT = 200  # characters of a one-line field


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `options` are (value, words), side by side for a choice, in a box that opens for a pick;
    `hint` stands in an empty field, `source` below it.
    """

    key: str
    words: str
    kind: Literal["line", "note", "choice", "pick"] = "line"
    required: bool = False
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    source: str = ""


class Form(QDialog):
    """`filled` carries the values by key, stripped; `typed` comes with every change, `left` with the button
    that gives the form up.
    """

    filled = Signal(dict)
    typed = Signal()
    left = Signal()

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        fields: Sequence[Field],
        yes: str,
        no: str,
        words: str = "",
        icon: str = "info",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(720)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark(icon, "accent", 30), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(title, "heading", wrap=True), 1)
        column.addLayout(head)
        if words:
            column.addWidget(Label(words, "body", wrap=True))
        self._fields = tuple(fields)
        self._inputs: dict[str, QLineEdit | Note | Choice | Dropdown] = {}
        column.addWidget(self._grid(), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        self.yes = ActionButton(yes, "check", "Ctrl+↵", "primary")
        self.no = Button(no)
        self.no.setMinimumHeight(56)
        buttons.addWidget(self.yes)
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        column.addLayout(buttons)
        self.yes.clicked.connect(self._confirm)
        self.no.clicked.connect(self.left.emit)
        self.no.clicked.connect(self.reject)
        self._weigh()
        self._focus(next(iter(self._inputs)))

    def _grid(self) -> QWidget:
        scrolled = Scrolled()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(self._fields):
            name = Label(field.words, "strong", wrap=True)
            name.setFixedWidth(190)
            grid.addWidget(name, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
            made = self._input(field)
            self._inputs[field.key] = made
            grid.addWidget(made, 2 * row, 1)
            if field.source:
                grid.addWidget(Label(field.source, "muted", wrap=True), 2 * row + 1, 1)
        scrolled.body.addLayout(grid)
        scrolled.body.addStretch(1)
        rows = sum(
            (110 if field.kind == "note" else 56) + (24 if field.source else 0) for field in self._fields
        )
        scrolled.setMinimumHeight(min(rows, 420))
        return scrolled

    def _input(self, field: Field) -> QLineEdit | Note | Choice | Dropdown:
        if field.kind == "choice":
            choice = Choice(field.words, field.options, field.value, figures=True)
            choice.chosen.connect(lambda _value: self._weigh())
            return choice
        if field.kind == "pick":
            box = Dropdown(field.words)
            for value, words in field.options:
                box.addItem(words, value)
            box.setCurrentIndex(max(0, box.findData(field.value)))
            box.currentIndexChanged.connect(lambda _at: self._weigh())
            return box
        if field.kind == "note":
            note = Note(field.words, field.value)
            note.setPlaceholderText(field.hint)
            note.textChanged.connect(self._weigh)
            return note
        line = QLineEdit(field.value)
        line.setAccessibleName(field.words)
        line.setPlaceholderText(field.hint)
        line.setMaxLength(SHORT)
        line.textChanged.connect(lambda _text: self._weigh())
        return line

    def values(self) -> dict[str, str]:
        """Return what was entered, by key."""
        return {key: _text(made) for key, made in self._inputs.items()}

    def put_values(self, values: Mapping[str, str]) -> None:
        """Put values into the fields of their keys; others stay as they are."""
        for key, value in values.items():
            made = self._inputs.get(key)
            if isinstance(made, Choice):
                made.choose(value)
            elif isinstance(made, Note):
                made.setPlainText(value)
            elif isinstance(made, Dropdown):
                made.setCurrentIndex(max(0, made.findData(value)))
            elif made is not None:
                made.setText(value)
        self._weigh()

    def fill(self, then: Callable[[dict[str, str]], object]) -> None:
        """Open, and hand the values to `then` once confirmed."""
        self.filled.connect(then)
        self.open()

    def _weigh(self) -> None:
        if hasattr(self, "yes"):
            held = self.values()
            self.yes.setEnabled(all(held[field.key] for field in self._fields if field.required))
            self.typed.emit()

    def _focus(self, key: str) -> None:
        made = self._inputs[key]
        made.focus() if isinstance(made, Choice) else made.setFocus()

    def _confirm(self) -> None:
        held = self.values()
        self.accept()
        self.filled.emit(held)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter confirms once; a plain Enter moves on and confirms nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and not event.isAutoRepeat() and self.yes.isEnabled():
                self._confirm()
            elif not control:
                self.focusNextChild()
            return
        super().keyPressEvent(event)


def _text(made: QLineEdit | Note | Choice | Dropdown) -> str:
    if isinstance(made, Choice):
        return made.value()
    if isinstance(made, Dropdown):
        return str(made.currentData() or "")
    words = made.toPlainText() if isinstance(made, Note) else made.text()
    return words.strip()[:LONGEST]
