"""What a vault needs and nobody asks for: the full check, the sweep, the purge, the backups.

Some seconds after an unlock, and every six hours while it stays open: is it whole, page by page and then file
by file; what a crash left behind is swept; what headquarters has for long enough is purged. A backup is kept
after 25 entries, once nothing was written for a moment, and whatever is new when it was quiet for longer, so
before an idle vault is locked. All of it goes behind what a person asks for, one short piece at a time.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.actions import healing, retaining
from fieldapp.actions.healing import CheckFiles, CheckHealth, FilesChecked, KeepBackup, SweepFiles
from fieldapp.actions.retaining import Purge
from fieldapp.vault.health import Fault, Health
from fieldapp.worker import Failure
from ui.jobs import BACKGROUND, Jobs
from ui.models.desk import Desk

AFTER_MS = 3_000  # after an unlock
AGAIN_MS = 6 * 3_600 * 1_000
CALM_MS = 5_000  # without a change, before a backup that is due
QUIET_MS = 60_000  # without a change, before a backup of whatever is new
_WRITTEN = frozenset({"inspections", "consignments", "outbox"})


class Upkeep(QObject):
    """Begins and ends with the desk's session. `damaged` carries faults, `failed` what stopped it."""

    damaged = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._open = False
        self._faults: tuple[Fault, ...] = ()
        self._round, self._calm, self._quiet = QTimer(self), QTimer(self), QTimer(self)
        for timer, wait, then in (
            (self._round, AFTER_MS, self.look_after),
            (self._calm, CALM_MS, lambda: self._back_up(KeepBackup())),
            (self._quiet, QUIET_MS, lambda: self._back_up(KeepBackup(every=1))),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(then)
        desk.session_changed.connect(self._follow)
        jobs.changed.connect(self._note_change)

    def _follow(self) -> None:
        """Begin with a session that can be written to; fall silent without one."""
        session = self._desk.session
        now_open = session is not None and not session.damage
        if now_open and not self._open:
            self._round.start(AFTER_MS)
            self._quiet.start()
        elif not now_open:
            self.stop()
        self._open = now_open

    def stop(self) -> None:
        """Fall silent."""
        self._open = False
        for timer in (self._round, self._calm, self._quiet):
            timer.stop()

    def _note_change(self, nouns: frozenset[str]) -> None:
        if self._open and nouns & _WRITTEN:
            self._calm.start()
            self._quiet.start()

    def look_after(self) -> None:
        """Check, sweep, purge, back up: each begins when the one before has ended."""
        self._faults = ()
        self._jobs.run(
            healing.check,
            CheckHealth(files=False),
            done=self._checked,
            failed=self._failed,
            priority=BACKGROUND,
        )
        self._round.start(AGAIN_MS)

    def _checked(self, found: Health) -> None:
        self._faults = found.faults
        self._check_files("")

    def _check_files(self, after: str) -> None:
        self._jobs.run(
            healing.check_files,
            CheckFiles(after=after),
            done=self._files_checked,
            failed=self._failed,
            priority=BACKGROUND,
        )

    def _files_checked(self, found: FilesChecked) -> None:
        self._faults += found.faults
        if found.last:
            self._check_files(found.last)
        elif self._faults:
            self.damaged.emit(self._faults)
        else:
            self._jobs.run(healing.sweep, SweepFiles(), done=self._swept, priority=BACKGROUND)

    def _swept(self, _swept: object) -> None:
        self._jobs.run(
            retaining.purge, Purge(), done=lambda _purged: self._back_up(KeepBackup()), priority=BACKGROUND
        )

    def _back_up(self, command: KeepBackup) -> None:
        if self._open:
            self._jobs.run(healing.keep_backup, command, failed=self._failed, priority=BACKGROUND)

    def _failed(self, failure: Failure) -> None:
        """A full disk is met by the person's next save as well, and said there."""
        if failure.family != "situation":
            self.failed.emit(failure)
