"""Unlocking the vault; on a new laptop, making and enrolling it; and what to do where it does not open.

A wrong passphrase never says which part was wrong, and costs a wait that is counted down; pasting is allowed
(WCAG 3.3.8). The field is emptied the moment its content is sent. A vault that is sealed, or whose passphrase
is forgotten, is opened through headquarters; a damaged one is mended; any other file is refused by name.
Each inspector on a shared laptop has a vault of his own, and is asked who he is.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.actions import provisioning
from fieldapp.actions.provisioning import CreateVault, Look, Unlock, Unlocked, VaultState
from fieldapp.worker import Failure
from ui import alerts, theme
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.naming import printable
from ui.screens import passphrase
from ui.screens.mending import MendingCard
from ui.screens.passphrase import NewPassphrase, secret
from ui.screens.recovery import RecoveryCard
from ui.screens.screen import Screen
from ui.widgets.ask import Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Clear, Sheet
from ui.widgets.countdown import Countdown
from ui.widgets.dropdown import Dropdown
from ui.widgets.label import Label
from ui.widgets.mark import Mark

LARGEST_INVITATION = 16 * 1024  # bytes
NEW = ""  # in the list of inspectors: one who has no vault yet
BLANK, UNLOCK, CREATE, RECOVER, MEND = range(5)


class Pages(Clear):
    """One of several pages is shown. The others take no room, unlike in Qt's own stack."""

    def __init__(self) -> None:
        super().__init__(row=False, spacing=0)
        self._held: list[QWidget] = []

    def add(self, page: QWidget) -> None:
        """Hold another page; the first is shown."""
        page.setVisible(not self._held)
        self._held.append(page)
        self.body.addWidget(page, 1)

    def turn_to(self, number: int) -> None:
        """Show one page."""
        for each, page in enumerate(self._held):
            page.setVisible(each == number)

    @property
    def number(self) -> int:
        """Return the number of the page shown."""
        return next((each for each, page in enumerate(self._held) if not page.isHidden()), 0)


class UnlockScreen(Screen):
    """Looking, unlock, create, recover, mend. `opened` carries the open vault, `invited` the text of an
    invitation, `moved` the folder of another inspector's vault.
    """

    opened = Signal(object)
    invited = Signal(str)
    moved = Signal(str)

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._pages = Pages()
        self._state: VaultState | None = None
        self._front = ""  # the folder whose vault is in front, or on its way there
        self._wait = Countdown(self)
        self._wait.ticked.connect(self._show_wait)
        self._wait.over.connect(self._ready)
        self.recovery = RecoveryCard(self)
        self.recovery.opened.connect(self._opened)
        self.recovery.left.connect(lambda: self._turn_to(UNLOCK))
        self.mending = MendingCard(self)
        self.mending.opened.connect(self._opened)
        self.mending.again.connect(self.reload)
        for page in (
            Clear(),
            self._unlock_page(),
            self._create_page(),
            self._centred(self.recovery, 900),
            self._centred(self.mending, 720),
        ):
            self._pages.add(page)
        self.page.addWidget(self._pages, 1)
        self.page.addWidget(self._who())

    def _who(self) -> QWidget:
        """Whose vault: each inspector on this laptop has one of his own."""
        row = Clear()
        self._who_words = Label(self.say("unlock.who"), "muted")
        self.who = Dropdown(self.say("unlock.who"))
        self.who.setMinimumWidth(280)
        self.who.activated.connect(lambda _row: self._choose(str(self.who.currentData())))
        row.body.addStretch(1)
        row.body.addWidget(self._who_words)
        row.body.addWidget(self.who)
        row.body.addStretch(1)
        return row

    def _fill_who(self, state: VaultState) -> None:
        self._front = state.folder
        self.who.clear()
        if state.exists:
            self.who.addItem(printable(state.name) or self.say("unlock.title"), state.folder)
        for each in state.others:
            self.who.addItem(printable(each.name), each.folder)
        self.who.addItem(self.say("unlock.new-inspector"), NEW if state.exists else state.folder)
        self.who.setCurrentIndex(self.who.findData(state.folder))
        for part in (self.who, self._who_words):
            part.setVisible(state.exists or bool(state.others))

    def _choose(self, folder: str) -> None:
        state = self._state
        if state is None or folder == self._front:
            return
        self._show_moving(folder)
        taken = {state.folder, *(each.folder for each in state.others)}
        number = next(count for count in range(2, len(taken) + 3) if f"inspector-{count}" not in taken)
        self.moved.emit(folder or f"inspector-{number}")

    def _show_moving(self, folder: str) -> None:
        """Name the one who comes; a passphrase given before his vault is there would go to another's."""
        self._wait.stop()
        self._front = folder
        self._name.setText(self.who.itemText(self.who.findData(folder)))
        self._lead.setText(self.say("unlock.moving"))
        self.complaint.hide()
        self.passphrase.clear()
        self._busy(True)
        self._pages.turn_to(UNLOCK)

    def _centred(self, card: Sheet, width: int) -> QWidget:
        card.setFixedWidth(width)
        holder, row = Clear(row=False), QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card)
        row.addStretch(1)
        holder.body.addStretch(1)
        holder.body.addLayout(row)
        holder.body.addStretch(2)
        return holder

    def _unlock_page(self) -> QWidget:
        card = Sheet(margin=32, spacing=12)
        head = QHBoxLayout()
        head.addWidget(Mark("shield-check", "accent", 40))
        head.addSpacing(8)
        names = QVBoxLayout()
        self._name = Label("", "title", wrap=True)
        names.addWidget(self._name)
        self._lead = Label(self.say("unlock.lead"), "muted", wrap=True)
        names.addWidget(self._lead)
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
        self.key = Button(self.say("token.unlock"), "key-round")
        self.key.clicked.connect(lambda: passphrase.unlock_with_key(self, self._opened))
        card.body.addWidget(self.key)
        self.forgotten = Button(self.say("unlock.forgotten"), "circle-question-mark")
        self.forgotten.clicked.connect(lambda: self._recover(sealed=False))
        card.body.addWidget(self.forgotten)
        return self._centred(card, 480)

    def _create_page(self) -> QWidget:
        card = Sheet(margin=24, spacing=8)
        self._create_title = Label(self.say("create.title"), "title", wrap=True)
        card.body.addWidget(self._create_title)
        card.body.addWidget(Label(self.say("create.lead"), "muted", wrap=True))
        self.new_name = QLineEdit()
        self.new_name.setMaxLength(200)
        self.chosen = NewPassphrase(self, self.say("create.first"), self.say("create.second"))
        self.first, self.second = self.chosen.first, self.chosen.second
        self.invitation = Note(self.say("create.invitation"))
        self.invitation.setPlaceholderText(self.say("create.invitation-hint"))
        self.invitation.setMinimumHeight(64)
        self.invitation.setMaximumHeight(84)
        self.new_name.setAccessibleName(self.say("create.name"))
        card.body.addWidget(Label(self.say("create.name"), "strong"))
        card.body.addWidget(self.new_name)
        card.body.addWidget(self.chosen)
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
        self._wait.stop()
        self.run(provisioning.look, Look(), self._show, self._unreadable)

    def _show(self, state: VaultState) -> None:
        self._state = state
        self._name.setText(printable(state.name) or self.say("unlock.title"))
        self._lead.setText(self.say("unlock.lead"))
        self._create_title.setText(self.say("create.title-own" if state.others else "create.title"))
        self.forgotten.setVisible(state.recoverable)
        self.key.setVisible(state.token)
        self._fill_who(state)
        self._busy(False)
        self.complaint.hide()
        if state.sealed:
            self._recover(sealed=True)
            return
        self._turn_to(UNLOCK if state.exists else CREATE)
        if state.wait_seconds > 0:
            self._hold_back(state.wait_seconds)

    def _turn_to(self, page: int) -> None:
        self._pages.turn_to(page)
        self.focus()

    def _recover(self, *, sealed: bool) -> None:
        self._wait.stop()
        self.recovery.show_state(sealed=sealed)
        self._turn_to(RECOVER)

    def _unreadable(self, failure: Failure) -> None:
        """What lies here is no vault of ours, or not one this program can open: say so, offer what helps."""
        alerts.keep_trace(failure)
        self._busy(False)
        self.mending.show_failure(failure)
        self._turn_to(MEND)

    def focus(self) -> None:
        """The first field of the page in front."""
        fields: dict[int, QWidget] = {
            UNLOCK: self.passphrase,
            CREATE: self.new_name,
            RECOVER: self.recovery.chosen.first,
            MEND: self.mending.passphrase,
        }
        field = fields.get(self._pages.number)
        if field is not None:
            field.setFocus()

    def _unlock(self) -> None:
        if not self.unlock_button.isEnabled() or not self.passphrase.text():
            return
        given = self.passphrase.text()
        self.passphrase.clear()
        self._busy(True)
        self.run(provisioning.unlock, Unlock(passphrase=given), self._opened, self._refused)

    def _busy(self, busy: bool) -> None:
        self._hold(busy)
        for control in (self.create_button, self.who, self.key, self.forgotten):
            control.setEnabled(not busy)

    def _hold(self, held: bool) -> None:
        """Take no passphrase; another way in, and another inspector, stay open."""
        for control in (self.passphrase, self.unlock_button):
            control.setEnabled(not held)

    def _opened(self, unlocked: Unlocked) -> None:
        self._busy(False)
        self.complaint.hide()
        self.banner.hide()
        self.stale = True
        self.opened.emit(unlocked)

    def _refused(self, failure: Failure) -> None:
        self._busy(False)
        alerts.keep_trace(failure)
        if failure.code == "vault-sealed":
            self.reload()
            return
        if failure.family == "trust":
            self._unreadable(failure)
            return
        if failure.family == "inspector" or failure.code == "too-many-tries":
            self.complaint.setText(alerts.explain(failure, self.language).sentence)
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
        self._hold(True)
        self._wait.start(seconds)

    def _show_wait(self, seconds: int) -> None:
        self.complaint.setText(self.say("unlock.wait", seconds=seconds))
        self.complaint.show()

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
        self.chosen.empty()
        invitation = self.invitation.toPlainText().strip()
        self.invitation.clear()
        self._opened(unlocked)
        if invitation:
            self.invited.emit(invitation)
