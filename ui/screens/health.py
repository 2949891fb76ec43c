"""The vault's health: what was found damaged and what can be done, headquarters' way in, the backups.

A damaged vault is read, never written. It is mended by going back to a backup that opens or by saving what
can be read; the damaged copy is kept aside either way, and both ask for the passphrase.
"""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from fieldapp.actions import healing, provisioning, standing
from fieldapp.actions.healing import BackupKept, CheckHealth, KeepBackup, Restore, Salvage
from fieldapp.actions.provisioning import Status
from fieldapp.actions.standing import ShowStanding, Standing
from fieldapp.vault.health import Health
from fieldapp.vault.salvage import Salvaged
from fieldapp.worker import Progress
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.moments import stamp
from ui.models.naming import printable
from ui.screens import passphrase
from ui.screens.passphrase import AskPassphrase
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.label import Label
from ui.widgets.mark import Mark


class HealthScreen(Screen):
    """Damage on top where there is any; below, how the vault stands."""

    nouns = frozenset({"session"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        head = self.title(self.say("health.title"))
        self.back = Button(self.say("about.settings"), "settings")
        self.back.clicked.connect(lambda: self.go.emit("settings"))
        head.addWidget(self.back)
        self.page.addWidget(self._damage())
        card = Card(spacing=12)
        card.body.addWidget(Label(self.say("health.stands"), "heading"))
        self.facts = Facts(names=260)
        card.body.addWidget(self.facts)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.check = Button(self.say("health.check"), "shield-check", "primary-small")
        self.keep = Button(self.say("health.keep-backup"), "copy")
        self.change = Button(self.say("passphrase.change"), "key-round")
        self.duress = Button(self.say("duress.title"), "lock")
        self.check.clicked.connect(self.check_all)
        self.keep.clicked.connect(lambda: self.run(healing.keep_backup, KeepBackup(every=0), self._kept))
        self.change.clicked.connect(lambda: passphrase.change(self))
        self.duress.clicked.connect(lambda: passphrase.set_duress(self))
        self.token, self._token_held = Button(self.say("token.add"), "key-round"), False
        self.token.clicked.connect(
            lambda: (passphrase.remove_key if self._token_held else passphrase.add_key)(self)
        )
        for button in (self.check, self.keep, self.change, self.duress, self.token):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        self.page.addWidget(card)
        self.page.addStretch(1)
        desk.session_changed.connect(self._session_changed)

    def _damage(self) -> QWidget:
        self.damage = Card(spacing=12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark("octagon-x", "hold", 36))
        head.addWidget(Label(self.say("health.damaged"), "heading", wrap=True), 1)
        self.damage.body.addLayout(head)
        self.damage_words = Label("", "body", wrap=True)
        self.damage.body.addWidget(self.damage_words)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.restore = ActionButton(self.say("health.restore"), "history", "", "primary")
        self.salvage = ActionButton(self.say("health.salvage"), "download", "")
        self.read = Button(self.say("health.read"), "eye")
        self.restore.clicked.connect(self.ask_restore)
        self.salvage.clicked.connect(self.ask_salvage)
        self.read.clicked.connect(lambda: self.go.emit("home"))
        for button in (self.restore, self.salvage, self.read):
            row.addWidget(button)
        row.addStretch(1)
        self.damage.body.addLayout(row)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.say("health.salvage"))
        self.progress.hide()
        self.damage.body.addWidget(self.progress)
        return self.damage

    def focus(self) -> None:
        """The way back to a whole vault, or the check."""
        (self.restore if self.damage.isVisible() else self.check).setFocus()

    def reload(self) -> None:
        """Ask how the vault stands."""
        if self.desk.session is None:
            return
        self.damage.setVisible(bool(self.desk.session.damage))
        if self.desk.session.damage:
            what = self.say(f"health.what.{self.desk.session.damage}")
            self.damage_words.setText(self.say("health.damaged-words", what=what))
        self.run(standing.show_standing, ShowStanding(), self._show, priority=REFRESH)

    def _show(self, stands: Standing) -> None:
        say = self.say
        if stands.recovery_key:
            made = stamp(stands.recovery_made) if stands.recovery_made else say("health.unknown")
            named = printable(stands.headquarters) or say("health.unknown")
            way_in = say("health.recovery-held", name=named, at=made, mark=stands.recovery_key)
        else:
            way_in = say("health.recovery-none")
        backups = "\n".join(stamp(at) for at in stands.backups) or say("health.backups-none")
        state = say("health.read-only") if stands.damage else say("health.whole")
        self.facts.show_facts(
            (
                (say("health.state"), state),
                (say("health.entries"), str(stands.entries)),
                (say("health.recovery"), way_in),
                (say("health.backups"), backups),
                (
                    say("health.clock"),
                    self._clock(),
                ),
            )
        )
        self.duress.setVisible(stands.duress_allowed)
        self._token_held = stands.token_held
        self.token.setText(say("token.remove" if stands.token_held else "token.add"))
        self.token.setVisible(stands.token_allowed or stands.token_held)
        self.restore.setEnabled(bool(stands.backups))
        self.keep.setEnabled(not stands.damage)
        self.change.setEnabled(not stands.damage)

    def _session_changed(self) -> None:
        self._note_change(self.nouns)

    def _clock(self) -> str:
        doubted = self.desk.session is not None and self.desk.session.clock_suspect
        return self.say("health.clock-suspect" if doubted else "health.clock-well")

    def check_all(self) -> None:
        """Check all of it; the session is read again, for damage may have been found."""
        self.check.setEnabled(False)
        self.banner.show_alert(self.say("health.checking"), self.say("health.checking-words"), "note")

        def done(found: Health) -> None:
            self.check.setEnabled(True)
            if found.whole:
                self.note(
                    self.say("health.found-whole"),
                    self.say("health.looked-at", entries=found.entries, files=found.files),
                )
                return
            named = dict.fromkeys(self.say(f"health.what.{fault.what}") for fault in found.faults)
            self.banner.show_alert(self.say("health.found-damage"), "; ".join(named), "error")

        def failed(failure: object) -> None:
            self.check.setEnabled(True)
            self.complain(failure)  # type: ignore[arg-type]  # what failed always gets a Failure

        self.run(healing.check, CheckHealth(), done, failed)

    def _kept(self, kept: BackupKept) -> None:
        self.note(self.say("health.backup-kept", seq=kept.seq))
        self.reload()

    def ask_restore(self) -> AskPassphrase:
        """Ask for the passphrase and go back to the newest backup that opens."""
        return AskPassphrase(
            self, title=self.say("health.restore"), words=self.say("health.restore-words"),
            yes=self.say("health.restore"), icon="history", danger=True,
        ).try_with(
            healing.restore, lambda given: Restore(passphrase=given),
            lambda kept: self._mended(self.say("health.restored", seq=kept.seq)),
        )  # fmt: skip

    def ask_salvage(self) -> AskPassphrase:
        """Ask for the passphrase and save what can be read into a new database."""
        return AskPassphrase(
            self, title=self.say("health.salvage"), words=self.say("health.salvage-words"),
            yes=self.say("health.salvage"), icon="download", danger=True,
        ).try_with(
            healing.salvage, lambda given: Salvage(passphrase=given), self._salvaged, self._show_progress
        )  # fmt: skip

    def _show_progress(self, step: Progress) -> None:
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.progress.show()

    def _salvaged(self, saved: Salvaged) -> None:
        self.progress.hide()
        key = "health.salvaged-whole" if saved.whole else "health.salvaged-part"
        self._mended(self.say(key, entries=saved.entries))

    def _mended(self, words: str) -> None:
        self.note(self.say("health.mended"), words)
        self.run(provisioning.status, Status(), self.desk.put_session)
