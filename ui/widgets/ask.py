"""Questions before something that cannot be taken back. Never a blocking loop: answers come as signals.

A held Enter confirms nothing: the confirming button answers neither a repeated key nor Enter in a field; a
dangerous question waits for a written reason and Ctrl+Enter or a press of the button itself.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets.buttons import ActionButton, Button
from ui.widgets.label import Label
from ui.widgets.mark import Mark

LONGEST = 20_000  # characters a field takes
SHORTEST_REASON = 10  # characters a dangerous decision must give


class Ask(QDialog):
    """Title, explanation, a field for the reason where one is asked for, and two buttons. `least` tells how
    long the reason must be, with {least} and {missing} in it.

    `answered` carries the written reason, stripped; "" where none was asked for.
    """

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        words: str,
        yes: str,
        no: str,
        icon: str = "info",
        reason: str | None = None,
        prefilled: str = "",
        hint: str = "",
        danger: bool = False,
        least: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(520)
        self._danger = danger
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark(icon, "hold" if danger else "accent", 30), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(title, "heading", wrap=True), 1)
        column.addLayout(head)
        if words:
            column.addWidget(Label(words, "body", wrap=True))
        self.field: QPlainTextEdit | None = None
        if reason is not None:
            column.addWidget(Label(reason, "strong"))
            self.field = Note(reason, prefilled)
            self.field.textChanged.connect(self._weigh)
            column.addWidget(self.field)
        if hint:
            column.addWidget(Label(hint, "muted", wrap=True))
        self._least = Label("", "muted")
        self._least_words = least
        self._least.setVisible(bool(least) and reason is not None)
        column.addWidget(self._least)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        self.yes = ActionButton(yes, "check", "Ctrl+↵", "danger" if danger else "primary")
        self.no = Button(no)
        self.no.setMinimumHeight(56)
        buttons.addWidget(self.yes)
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        column.addLayout(buttons)
        self.yes.clicked.connect(self._confirm)
        self.no.setVisible(bool(no))
        self.no.clicked.connect(self.reject)
        self.yes.installEventFilter(self)
        self._weigh()
        (self.field or (self.no if danger and no else self.yes)).setFocus()

    def _weigh(self) -> None:
        """A reason is needed where one is asked for; a longer one where it is dangerous."""
        if self.field is None:
            return
        least = SHORTEST_REASON if self._danger else 1
        missing = max(0, least - len(self.reason()))
        self.yes.setEnabled(not missing)
        self._least.setText(self._least_words.format(least=least, missing=missing))

    def ask(self, then: Callable[[str], object]) -> None:
        """Open, and hand the reason to `then` if the answer is yes."""
        self.answered.connect(then)
        self.open()

    def reason(self) -> str:
        """Return what was written."""
        return self.field.toPlainText().strip()[:LONGEST] if self.field is not None else ""

    def _confirm(self) -> None:
        reason = self.reason()
        self.accept()
        self.answered.emit(reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let no repeated key press the confirming button."""
        if watched is self.yes and isinstance(event, QKeyEvent) and event.isAutoRepeat():
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter confirms once; a plain Enter does not; Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and not event.isAutoRepeat() and self.yes.isEnabled():
                self._confirm()
            return
        super().keyPressEvent(event)


class Note(QPlainTextEdit):
    """A field for several lines: Tab moves on, what is pasted comes as plain text."""

    def __init__(self, name: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(88)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Ctrl+Enter to the dialog or screen around the field."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)
