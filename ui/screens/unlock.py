"""Unlocking the vault; and, on a new laptop, making and enrolling it.

A wrong passphrase never says which part was wrong; pasting is allowed (WCAG 3.3.8). The field is emptied
the moment its content is sent.
"""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.actions import provisioning
from fieldapp.actions.provisioning import CreateVault, Look, Unlock, Unlocked, VaultState
from fieldapp.worker import Failure
from ui import alerts, theme
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.screens.screen import Screen
from ui.widgets.ask import Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card, Clear
from ui.widgets.label import Label
from ui.widgets.mark import Mark

LARGEST_INVITATION = 16 * 1024  # bytes


class UnlockScreen(Screen):
    """Looking, unlock, create. `opened` carries the open vault, `invited` the text of an invitation."""

    opened = Signal(object)
    invited = Signal(str)

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._pages = QStackedWidget()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._ready)
        self._pages.addWidget(Clear())
        self._pages.addWidget(self._unlock_page())
        self._pages.addWidget(self._create_page())
        self.page.addWidget(self._pages, 1)

    def _centred(self, card: Card, width: int) -> QWidget:
        card.setFixedWidth(width)
        holder = Clear(row=False)
        holder.body.addStretch(1)
        holder.body.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        holder.body.addStretch(2)
        return holder

    def _unlock_page(self) -> QWidget:
        card = Card(margin=32, spacing=12)
        head = QHBoxLayout()
        head.addWidget(Mark("shield-check", "accent", 40))
        head.addSpacing(8)
        names = QVBoxLayout()
        self._name = Label("", "title", wrap=True)
        names.addWidget(self._name)
        names.addWidget(Label(self.say("unlock.lead"), "muted", wrap=True))
        head.addLayout(names, 1)
        card.body.addLayout(head)
        card.body.addSpacing(8)
        self.passphrase = secret(self.say("unlock.passphrase"))
        card.body.addWidget(Label(self.say("unlock.passphrase"), "strong"))
        card.body.addLayout(self._with_eye(self.passphrase))
        self.complaint = Label("", "error", wrap=True)
        self.complaint.hide()
        card.body.addWidget(self.complaint)
        self.unlock_button = ActionButton(self.say("unlock.do"), "key-round", "↵", "primary")
        card.body.addWidget(self.unlock_button)
        self.unlock_button.clicked.connect(self._unlock)
        self.passphrase.returnPressed.connect(self._unlock)
        return self._centred(card, 480)

    def _create_page(self) -> QWidget:
        card = Card(margin=24, spacing=8)
        card.body.addWidget(Label(self.say("create.title"), "title", wrap=True))
        card.body.addWidget(Label(self.say("create.lead"), "muted", wrap=True))
        self.new_name = QLineEdit()
        self.new_name.setMaxLength(200)
        self.first, self.second = secret(self.say("create.first")), secret(self.say("create.second"))
        self.invitation = Note(self.say("create.invitation"))
        self.invitation.setPlaceholderText(self.say("create.invitation-hint"))
        self.invitation.setMinimumHeight(64)
        self.invitation.setMaximumHeight(84)
        for field, key in ((self.new_name, "create.name"),):
            field.setAccessibleName(self.say(key))
            card.body.addWidget(Label(self.say(key), "strong"))
            card.body.addWidget(field)
        both = QHBoxLayout()
        for field, key in ((self.first, "create.first"), (self.second, "create.second")):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(Label(self.say(key), "strong"))
            column.addWidget(field)
            both.addLayout(column)
        card.body.addLayout(both)
        card.body.addWidget(Label(self.say("create.rule"), "muted", wrap=True))
        line = QHBoxLayout()
        line.addWidget(Label(self.say("create.invitation"), "strong"))
        line.addStretch(1)
        self.open_invitation = Button(self.say("create.open-file"), "folder-open")
        self.open_invitation.clicked.connect(self._pick_invitation)
        line.addWidget(self.open_invitation)
        card.body.addLayout(line)
        card.body.addWidget(self.invitation)
        self.create_complaint = Label("", "error", wrap=True)
        self.create_complaint.hide()
        card.body.addWidget(self.create_complaint)
        self.create_button = ActionButton(self.say("create.do"), "shield-check", "Ctrl+↵", "primary")
        self.create_button.clicked.connect(self._create)
        card.body.addWidget(self.create_button)
        return self._centred(card, 720)

    def _with_eye(self, field: QLineEdit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        eye = Button(self.say("unlock.show"), "eye")
        eye.setCheckable(True)

        def turn(shown: bool) -> None:
            field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
            theme.dress(eye, "eye-off" if shown else "eye")

        eye.toggled.connect(turn)
        row.addWidget(eye)
        return row

    def reload(self) -> None:
        """Ask what is here."""
        self.run(provisioning.look, Look(), self._show)

    def _show(self, state: VaultState) -> None:
        self._pages.setCurrentIndex(1 if state.exists else 2)
        self._name.setText(state.name or self.say("unlock.title"))
        if state.wait_seconds > 0:
            self._hold_back(state.wait_seconds)
        self.focus()

    def focus(self) -> None:
        """The passphrase, or the name of a new vault."""
        if self._pages.currentIndex() == 2:
            self.new_name.setFocus()
        else:
            self.passphrase.setFocus()

    def _unlock(self) -> None:
        if not self.unlock_button.isEnabled() or not self.passphrase.text():
            return
        passphrase = self.passphrase.text()
        self.passphrase.clear()
        self._busy(True)
        self.run(provisioning.unlock, Unlock(passphrase=passphrase), self._opened, self._refused)

    def _busy(self, busy: bool) -> None:
        for control in (self.passphrase, self.unlock_button, self.create_button):
            control.setEnabled(not busy)

    def _opened(self, unlocked: Unlocked) -> None:
        self._busy(False)
        self.complaint.hide()
        self.banner.hide()
        self.stale = True
        self.opened.emit(unlocked)

    def _refused(self, failure: Failure) -> None:
        self._busy(False)
        alerts.keep_trace(failure)
        alert = alerts.explain(failure, self.language)
        if failure.family == "inspector" or failure.code == "too-many-tries":
            self.complaint.setText(alert.sentence)
            self.complaint.show()
        else:
            self.complain(failure)
        self.run(provisioning.look, Look(), self._after_refusal)

    def _after_refusal(self, state: VaultState) -> None:
        if state.wait_seconds > 0:
            self._hold_back(state.wait_seconds)
        else:
            self.passphrase.setFocus()

    def _hold_back(self, seconds: float) -> None:
        self._busy(True)
        self.complaint.setText(self.say("unlock.wait", seconds=round(seconds + 0.5)))
        self.complaint.show()
        self._wait.start(round(seconds * 1000) + 200)

    def _ready(self) -> None:
        self._busy(False)
        self.complaint.hide()
        self.passphrase.setFocus()

    def _pick_invitation(self) -> None:
        dialog = QFileDialog(self.window(), self.say("create.open-file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_invitation_file)
        dialog.open()

    def take_invitation_file(self, file: str) -> None:
        """Put the text of an invitation file into the field; the action reads and checks it."""
        try:
            with Path(file).open("rb") as handle:
                raw = handle.read(LARGEST_INVITATION)
        except OSError:
            self._complain_create("error.file-unreadable", name=Path(file).name)
            return
        self.invitation.setPlainText(raw.decode("utf-8", "replace"))

    def _complain_create(self, key: str, **facts: object) -> None:
        self.create_complaint.setText(self.say(key, **facts))
        self.create_complaint.show()

    def _create(self) -> None:
        if not self.new_name.text().strip():
            self._complain_create("create.name-missing")
            self.new_name.setFocus()
        elif self.first.text() != self.second.text():
            self._complain_create("create.differ")
            self.second.clear()
            self.second.setFocus()
        else:
            self.create_complaint.hide()
            self._busy(True)
            command = CreateVault(passphrase=self.first.text(), name=self.new_name.text().strip())
            self.run(provisioning.create_vault, command, self._created, self._create_refused)

    def _create_refused(self, failure: Failure) -> None:
        self._busy(False)
        self.create_complaint.setText(alerts.explain(failure, self.language).sentence)
        self.create_complaint.show()
        self.first.setFocus()

    def _created(self, unlocked: Unlocked) -> None:
        self.first.clear()
        self.second.clear()
        invitation = self.invitation.toPlainText().strip()
        self.invitation.clear()
        self._opened(unlocked)
        if invitation:
            self.invited.emit(invitation)


def secret(name: str) -> QLineEdit:
    """Return a field for a passphrase: hidden, no suggestions, pasting allowed."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(1024)
    field.setAccessibleName(name)
    field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return field
