"""A vault that does not open: which kind of trouble it is, in a sentence, and what can be done here.

A damaged one goes back to a backup that opens, or what can be read is saved into a new one; both need the
passphrase and keep the damaged files aside. A newer program's vault, and one whose header was tampered with,
are left untouched.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from fieldapp.actions import healing, provisioning
from fieldapp.actions.healing import Restore, Salvage
from fieldapp.actions.provisioning import Look, Status, VaultState
from fieldapp.worker import Failure, Progress
from ui import alerts
from ui.screens.passphrase import secret
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Sheet
from ui.widgets.countdown import Countdown
from ui.widgets.label import Label
from ui.widgets.mark import Mark

# What a backup, or what can still be read, may help with: the database is wrong and the header is not.
MENDABLE = frozenset({"vault-damaged", "vault-empty", "vault-plain", "vault-foreign"})


class MendingCard(Sheet):
    """`opened` carries the vault once it was mended; `again` asks to look anew."""

    opened = Signal(object)
    again = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(margin=24, spacing=12)
        self._screen = screen
        say = screen.say
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark("octagon-x", "hold", 36))
        head.addWidget(Label(say("mending.title"), "title", wrap=True), 1)
        self.body.addLayout(head)
        self.sentence = Label("", "body", wrap=True)
        self.body.addWidget(self.sentence)
        self._words = Label(say("mending.words"), "muted", wrap=True)
        self.body.addWidget(self._words)
        self._name = Label(say("unlock.passphrase"), "strong")
        self.body.addWidget(self._name)
        self.passphrase = secret(say("unlock.passphrase"))
        self.body.addWidget(self.passphrase)
        self.restore = ActionButton(say("health.restore"), "history", "", "primary")
        self.salvage = ActionButton(say("health.salvage"), "download", "")
        self.look = Button(say("mending.again"), "refresh-cw")
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (self.restore, self.salvage):
            row.addWidget(button, 1)
        self.body.addLayout(row)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(say("health.salvage"))
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.complaint = Label("", "error", wrap=True)
        self.complaint.hide()
        self.body.addWidget(self.complaint)
        self.body.addWidget(self.look)
        self._wait = Countdown(self)
        self._wait.ticked.connect(lambda left: self._complain(say("unlock.wait", seconds=left)))
        self._wait.over.connect(self._ready)
        self.passphrase.textChanged.connect(lambda _text: self._weigh())
        self.restore.clicked.connect(self._restore)
        self.salvage.clicked.connect(self._salvage)
        self.look.clicked.connect(lambda: self.again.emit())

    def show_failure(self, failure: Failure) -> None:
        """Say what the trouble is, and offer what can be done about it."""
        self.sentence.setText(alerts.explain(failure, self._screen.language).sentence)
        mendable = failure.code in MENDABLE and failure.facts.get("why") != "header"
        for part in (self._words, self._name, self.passphrase, self.restore, self.salvage):
            part.setVisible(mendable)
        self.complaint.hide()
        self.progress.hide()
        self._ready()

    def _weigh(self) -> None:
        given = bool(self.passphrase.text()) and self.passphrase.isEnabled()
        self.restore.setEnabled(given)
        self.salvage.setEnabled(given)

    def _complain(self, words: str) -> None:
        self.complaint.setText(words)
        self.complaint.show()

    def _given(self) -> str:
        given = self.passphrase.text()
        self.passphrase.clear()
        self.passphrase.setEnabled(False)
        self._weigh()
        self.complaint.hide()
        return given

    def _ready(self) -> None:
        self.passphrase.setEnabled(True)
        self.complaint.hide()
        self._weigh()

    def _restore(self) -> None:
        self._screen.run(healing.restore, Restore(passphrase=self._given()), self._mended, self._failed)

    def _salvage(self) -> None:
        self._screen.run(
            healing.salvage, Salvage(passphrase=self._given()), self._mended, self._failed,
            progress=self._show_progress,
        )  # fmt: skip

    def _show_progress(self, step: Progress) -> None:
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.progress.show()

    def _mended(self, _done: object) -> None:
        self._ready()
        self._screen.run(provisioning.status, Status(), self.opened.emit)

    def _failed(self, failure: Failure) -> None:
        alerts.keep_trace(failure)
        self.progress.hide()
        if failure.code == "vault-sealed":
            self.again.emit()
            return
        self._ready()
        self._complain(alerts.explain(failure, self._screen.language).sentence)
        self._screen.run(provisioning.look, Look(), self._looked)

    def _looked(self, state: VaultState) -> None:
        if state.wait_seconds > 0:
            self.passphrase.setEnabled(False)
            self._weigh()
            self._wait.start(state.wait_seconds)
