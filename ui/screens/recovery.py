"""A sealed vault, or a forgotten passphrase: what it means, and the way back through headquarters.

Two officers of headquarters are needed, each with a share of the recovery key; neither share ever comes to
this laptop. A request is saved here under a new passphrase, they answer it, the answer and that passphrase
open the vault. The request may wait days; the program may be closed meanwhile.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from fieldapp.actions import recovering
from fieldapp.actions.recovering import LARGEST, AskRecovery, RecoveryRequest, TakeRecovery
from fieldapp.worker import Failure
from ui import alerts, theme
from ui.screens import files
from ui.screens.passphrase import NewPassphrase
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Sheet
from ui.widgets.label import Label
from ui.widgets.mark import Mark

REQUEST = "recovery.request"


class RecoveryCard(Sheet):
    """`opened` carries the open vault; `left` goes back to the passphrase, where there is one."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(margin=20, spacing=8)
        self._screen = screen
        say = screen.say
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark("lock", "hold", 36))
        self.heading = Label("", "title", wrap=True)
        head.addWidget(self.heading, 1)
        self.body.addLayout(head)
        self.meaning = Label("", "body", wrap=True)
        self.body.addWidget(self.meaning)
        self.body.addWidget(Label(say("recovery.step-1"), "heading", wrap=True))
        self.chosen = NewPassphrase(screen, say("passphrase.new"), say("create.second"))
        self.body.addWidget(self.chosen)
        self.request = Button(say("recovery.save-request"), "download")
        self.request.clicked.connect(self._ask)
        self.body.addWidget(self.request)
        self.body.addWidget(Label(say("recovery.step-2"), "heading", wrap=True))
        self.body.addWidget(Label(say("recovery.step-2-words"), "body", wrap=True))
        self.body.addWidget(Label(say("recovery.step-3"), "heading", wrap=True))
        row = QHBoxLayout()
        self.answer = ActionButton(say("recovery.open-answer"), "folder-open", "", "primary")
        self.answer.clicked.connect(self._pick)
        self.back = Button(say("recovery.back"), "arrow-left")
        self.back.clicked.connect(lambda: self.left.emit())
        row.addWidget(self.answer, 1)
        row.addWidget(self.back)
        self.body.addLayout(row)
        self.said = Label("", "error", wrap=True)
        self.said.hide()
        self.body.addWidget(self.said)
        self.chosen.changed.connect(self._weigh)
        self._weigh()

    def show_state(self, *, sealed: bool) -> None:
        """Say why the person is here: the vault is sealed, or its passphrase was forgotten."""
        why = "sealed" if sealed else "forgotten"
        self.heading.setText(self._screen.say(f"recovery.{why}"))
        self.meaning.setText(self._screen.say(f"recovery.{why}-words"))
        self.back.setVisible(not sealed)
        self.said.hide()

    def _weigh(self) -> None:
        self.request.setEnabled(bool(self.chosen.value()))
        self.answer.setEnabled(bool(self.chosen.first.text()))

    def _tell(self, words: str, kind: str = "error") -> None:
        self.said.setText(words)
        theme.kind(self.said, kind)
        self.said.show()

    def _failed(self, failure: Failure) -> None:
        alerts.keep_trace(failure)
        self._tell(alerts.explain(failure, self._screen.language).sentence)

    def _ask(self) -> None:
        files.choose_new(self, self._screen.say("recovery.save-request"), REQUEST, self.write_request)

    def write_request(self, file: str) -> None:
        """Make the request and write it to `file`."""

        def write(made: RecoveryRequest) -> None:
            try:
                files.write_whole(file, made.raw)
            except OSError:
                self._tell(self._screen.say("recovery.not-written"))
                return
            self._tell(self._screen.say("recovery.request-saved"), "strong")

        command = AskRecovery(passphrase=self.chosen.value())
        self._screen.run(recovering.ask_recovery, command, write, self._failed)

    def _pick(self) -> None:
        files.choose(self, self._screen.say("recovery.open-answer"), self.take_answer)

    def take_answer(self, file: str) -> None:
        """Open the vault with headquarters' answer and the passphrase that the request was made under."""
        try:
            raw = files.read_small(file, LARGEST + 1)
        except OSError:
            self._tell(self._screen.say("recovery.unreadable"))
            return
        command = TakeRecovery(raw=raw, passphrase=self.chosen.first.text())
        self._screen.run(recovering.take_recovery, command, self._taken, self._failed)

    def _taken(self, unlocked: object) -> None:
        self.chosen.empty()
        self.said.hide()
        self.opened.emit(unlocked)
