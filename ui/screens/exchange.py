"""Talking with headquarters from the window: now and then by itself, at once when asked, never in silence.

Every attempt ends in a word: sent, nothing to send, or what is in the way. A failed attempt is tried again
after a while that grows; the button works all the time. After each the vault says how its lease stands, and
whether headquarters had it sealed.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp import clock
from fieldapp.actions import exchanging, obeying, provisioning
from fieldapp.actions.exchanging import ListOutbox, OutboxState
from fieldapp.actions.obeying import Obey, Obeyed
from fieldapp.actions.provisioning import Status, Unlocked
from fieldapp.worker import Failure, Progress
from sync import session
from sync import worker as courier
from sync.session import Synced
from sync.worker import Enrol, SyncNow
from ui.jobs import BACKGROUND, PERSON, REFRESH, Jobs
from ui.models.desk import Desk

EVERY_SECONDS = 60.0


class Exchange(QObject):
    """One at a time. `ended` carries what an asked-for exchange did, `failed` why one did not happen.

    `sent` carries the bytes of evidence sent so far, `obeyed` how the lease stands, `sealed` comes when the
    vault was sealed on headquarters' order.
    """

    started = Signal()
    ended = Signal(object)
    failed = Signal(object)
    sent = Signal(int)
    obeyed = Signal(object)
    sealed = Signal()

    def __init__(self, jobs: Jobs, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._under_way = False
        self._failures = 0
        self.trouble: Failure | None = None  # why the last attempt failed
        self.next: datetime | None = None  # when the next one begins by itself
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.now(asked=False))
        jobs.changed.connect(self._note_change)

    @property
    def under_way(self) -> bool:
        """Say whether an exchange is running."""
        return self._under_way

    def begin(self) -> None:
        """Start talking by itself; called when a vault was opened."""
        self.count()
        if self._desk.session is not None and self._desk.session.enrolled:
            self._start(500)
            self._look_at_lease()

    def stop(self) -> None:
        """Fall silent; called at a lock."""
        self._timer.stop()
        self._under_way = False
        self.next = self.trouble = None

    def count(self) -> None:
        """Read what waits."""
        self._jobs.run(exchanging.outbox, ListOutbox(), done=self._desk.put_outbox, priority=REFRESH)

    def now(self, *, asked: bool = True) -> None:
        """Exchange. `asked` by a person: the answer is shown whatever it is."""
        if self._under_way or self._desk.session is None:
            return
        self._under_way = True
        self.next = None
        self.started.emit()
        self._jobs.run(
            courier.sync_now,
            SyncNow(),
            done=lambda done: self._ended(done, asked=asked),
            failed=lambda failure: self._failed(failure, asked=asked),
            progress=self._sent,
            priority=PERSON if asked else BACKGROUND,
        )

    def enrol(
        self, text: str, done: Callable[[Unlocked], object], failed: Callable[[Failure], object]
    ) -> None:
        """Enrol the vault with an invitation's text."""
        self._jobs.run(courier.enrol, Enrol(text=text), done=done, failed=failed)

    def _sent(self, step: Progress) -> None:
        self.sent.emit(step.done)

    def _start(self, milliseconds: int) -> None:
        self.next = clock.now() + timedelta(milliseconds=milliseconds)
        self._timer.start(milliseconds)

    def _look_at_lease(self) -> None:
        self._jobs.run(
            obeying.obey, Obey(), done=self._obeyed, failed=lambda _failure: None, priority=REFRESH
        )

    def _obeyed(self, told: Obeyed) -> None:
        if told.sealed:
            self.sealed.emit()
        else:
            self.obeyed.emit(told)

    def _ended(self, done: Synced, *, asked: bool) -> None:
        self._under_way = False
        self._failures = 0
        self.trouble = None
        if done.sealed:
            self.sealed.emit()
            return
        self._desk.put_outbox(self._desk.outbox, offline=False)
        self.count()
        if asked or done.returned:
            self.ended.emit(done)
        self._start(round(EVERY_SECONDS * 1000))
        self._look_at_lease()

    def _failed(self, failure: Failure, *, asked: bool) -> None:
        self._under_way = False
        self._failures += 1
        self.trouble = failure
        if self._desk.session is not None:
            pause = max(5.0, session.pause(self._failures, random.random()))
            self._start(round(pause * 1000))
            self._look_at_lease()
        self._desk.put_outbox(self._desk.outbox, offline=True)
        if asked or failure.family == "trust":
            self.failed.emit(failure)

    def _note_change(self, nouns: frozenset[str]) -> None:
        if "session" in nouns and self._desk.session is not None:
            self._jobs.run(provisioning.status, Status(), done=self._desk.put_session, priority=REFRESH)
        if "outbox" in nouns and self._desk.session is not None:
            self.count()
            if not self._under_way and self._desk.session.enrolled and not self._desk.offline:
                self._start(1000)


def counts(outbox: OutboxState | None) -> int:
    """Return how many records wait."""
    return outbox.waiting if outbox is not None else 0
