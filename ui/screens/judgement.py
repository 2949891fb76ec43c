"""Judging one hit: is it the listed one? A choice of three and a written reason; nothing is preselected.

What was judged of the same pair before is shown with it, and decides nothing by itself.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from fieldapp import text
from fieldapp.inspection.inspection import Inspection
from fieldapp.screening.hit import Hit, Reason
from ui.models.naming import printable
from ui.screens.screen import Screen
from ui.screens.telling import hit_detail, marked, reason_words
from ui.widgets.ask import SHORTEST_REASON, Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.choice import Choice
from ui.widgets.highlighted import Highlighted
from ui.widgets.label import Label

VERDICTS = ("true", "false", "unsure")  # in the order of the keys 1, 2, 3


def before(inspection: Inspection, hit: Hit, language: str) -> str:
    """Return what was judged of this pair before, here or elsewhere; "" when nothing was."""
    given = next((each for each in inspection.adjudications if each.hit == hit.id), None)
    if given is not None:
        verdict = text.say(f"judged.{given.verdict}", language)
        key = "judged.before" if given.remembered else "judged.here"
        told = text.say(
            key, language,
            by=printable(given.by), on=given.at[:10], reason=printable(given.reason), number=given.remembered,
        )  # fmt: skip
        return f"{verdict}. {told}"
    lines = (line for scan in reversed(inspection.scans) for line in scan.verdict.lines)
    found = next((line.memory for line in lines if line.memory and line.hit and line.hit.id == hit.id), None)
    return reason_words(found, language) if found is not None else ""


class Judgement(QDialog):
    """`judged` carries the verdict (true, false, unsure) and the reason; `hint` is what to know before."""

    judged = Signal(str, str)

    def __init__(self, screen: Screen, hit: Hit, hint: str = "") -> None:
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
        if hint:
            column.addWidget(Label(hint, "strong", wrap=True))
        options = [
            (verdict, f"{number}  {say(f'judge.{verdict}')}")
            for number, verdict in enumerate(VERDICTS, start=1)
        ]
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
        """1, 2, 3 choose and lead to the reason; Ctrl+Enter confirms once, a plain or held Enter does not."""
        if Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_3 and self.focusWidget() is not self.reason:
            self.choice.choose(VERDICTS[event.key() - Qt.Key.Key_1])
            self.reason.setFocus()
            self._weigh()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and not event.isAutoRepeat() and self.yes.isEnabled():
                self._confirm()
            return
        super().keyPressEvent(event)
