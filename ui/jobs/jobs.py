"""What screens see of the workers: one way down, one way back."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, Qt, Signal

from fieldapp import worker
from fieldapp.worker import Answer, Failure, Progress
from ui.jobs.routes import answer_type, changed_by, lane_of

C = TypeVar("C")
R = TypeVar("R")

PERSON, REFRESH, BACKGROUND = 0, 1, 2
LOST = Failure("situation", "worker-lost")


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """What comes back to the window's thread. `age` counts the locks there had been at the call."""

    age: int | None = None
    then: Callable[[Any], object] | None = None
    value: object = None
    failed: Callable[[Failure], object] | None = None
    nouns: frozenset[str] = frozenset()


class Jobs(QObject):
    """What screens see. `changed` carries the nouns an action changed; `locked` says the keys are gone."""

    changed = Signal(frozenset)
    locked = Signal()
    _back = Signal(object)

    def __init__(self, vault: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.vault = vault  # the name of its folder
        self._closed = False
        self._age = 0  # locks so far: what was asked before one is not answered after it
        self._back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        action: Callable[[Any, C], R],
        command: C,
        *,
        done: Callable[[R], object] | None = None,
        failed: Callable[[Failure], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
        priority: int = PERSON,
    ) -> None:
        """Run `action` with `command` in its worker; then `done(result)` or `failed(failure)` here."""
        name, kind, age = worker.name_of(action), answer_type(action), self._age

        def answered(answer: Answer) -> None:
            """In the lane's thread: read the answer, and hand the rest to the window's."""
            if answer.progress is not None:
                if progress is not None:
                    self._back.emit(Return(age=age, then=progress, value=answer.progress))
            elif answer.error is not None or answer.result is None:
                self._back.emit(Return(age=age, then=failed, value=answer.error or LOST, failed=failed))
            else:
                result = msgspec.msgpack.decode(answer.result, type=kind)
                nouns = changed_by(name)
                self._back.emit(Return(age=age, then=done, value=result, failed=failed, nouns=nouns))

        self._submit(lane_of(action), name, msgspec.Raw(msgspec.msgpack.encode(command)), answered, priority)

    def lock(self) -> None:
        """End what holds keys, now, and start anew without them."""
        raise NotImplementedError

    def move(self, vault: str) -> None:
        """Lock, and work with the vault of another inspector: the folder `vault` beside this one."""
        self.vault = vault
        self.lock()

    def close(self) -> None:
        """End everything; nothing is called back any more."""
        raise NotImplementedError

    def states(self) -> dict[str, str]:
        """Return how each worker stands, for the diagnostics."""
        raise NotImplementedError

    def _submit(
        self, lane: str, name: str, command: msgspec.Raw, answered: Callable[[Answer], None], priority: int
    ) -> None:
        raise NotImplementedError

    def _deliver(self, back: Return) -> None:
        if self._closed:
            return
        if back.age is not None and back.age != self._age:
            if back.failed is not None:
                back.failed(LOST)
            return
        if back.then is not None:
            back.then(back.value)
        if back.nouns:
            self.changed.emit(back.nouns)
