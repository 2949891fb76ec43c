"""Judging one hit: is it the listed one? A choice of three and a written reason; nothing is preselected."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from fieldapp.screening.hit import Hit, Reason
from ui.screens.screen import Screen
from ui.screens.telling import hit_detail, marked
from ui.widgets.ask import SHORTEST_REASON, Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.choice import Choice
from ui.widgets.highlighted import Highlighted
from ui.widgets.label import Label


class Judgement(QDialog):
    """`judged` carries the verdict (true, false, unsure) and the reason."""

    judged = Signal(str, str)

    def __init__(self, screen: Screen, hit: Hit) -> None:
        super().__init__(screen.window())
        say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("judge.title"))
        self.setMinimumWidth(620)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Label(say("judge.title"), "heading", wrap=True))
        part = "name" if hit.subject.kind in ("party", "goods") else hit.subject.kind
        facts: dict[str, str | int | float] = {"role": hit.subject.role, "entry": hit.entry}
        column.addWidget(Highlighted(*marked(Reason(f"{part}-{hit.band}", facts), hit, screen.language)))
        column.addWidget(Label(hit_detail(hit, screen.language), "muted", wrap=True))
        options = [(verdict, say(f"judge.{verdict}")) for verdict in ("true", "false", "unsure")]
        self.choice = Choice(say("judge.title"), options)
        self.choice.chosen.connect(lambda _verdict: self._weigh())
        column.addWidget(self.choice)
        column.addWidget(Label(say("judge.reason"), "strong"))
        self.reason = Note(say("judge.reason"))
        self.reason.setPlaceholderText(say("judge.reason-hint"))
        self.reason.textChanged.connect(self._weigh)
        column.addWidget(self.reason)
        buttons = QHBoxLayout()
        self.yes = ActionButton(say("judge.do"), "check", "Ctrl+↵", "primary")
        self.yes.clicked.connect(self._confirm)
        no = Button(say("do.cancel"))
        no.clicked.connect(self.reject)
        buttons.addWidget(self.yes)
        buttons.addStretch(1)
        buttons.addWidget(no)
        column.addLayout(buttons)
        self._weigh()
        self.choice.focus()

    def _weigh(self) -> None:
        written = len(self.reason.toPlainText().strip()) >= SHORTEST_REASON
        self.yes.setEnabled(bool(self.choice.value()) and written)

    def _confirm(self) -> None:
        verdict, reason = self.choice.value(), self.reason.toPlainText().strip()
        self.accept()
        self.judged.emit(verdict, reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter confirms once; a plain or held Enter does not."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and not event.isAutoRepeat() and self.yes.isEnabled():
                self._confirm()
            return
        super().keyPressEvent(event)
