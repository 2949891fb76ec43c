"""The same interface without processes, for tests and guided journeys."""

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject

import sync.worker
from fieldapp import worker
from fieldapp.worker import Answer, Progress, Request
from sync.worker import AskRoom, Courier
from ui.jobs.jobs import LOST, Jobs, Return
from ui.jobs.routes import answer_type, changed_by, lane_of

C = TypeVar("C")
R = TypeVar("R")


class InProcessJobs(Jobs):
    """The same interface over rooms in this process: for tests and guided journeys, never for a real vault.

    `rooms` makes what each process would hold for the vault of that name; it is asked anew after a lock, as
    a process would be.
    `courier` makes the sync worker's from its way to ask the other rooms.
    """

    def __init__(
        self,
        rooms: Callable[[str], dict[str, object]],
        courier: Callable[[AskRoom], Courier] = Courier,
        parent: QObject | None = None,
        vault: str = "vault",
    ) -> None:
        super().__init__(vault, parent)
        self._make = rooms
        self._numbers = itertools.count(1)
        self._courier = courier(self.ask)
        self._services = self._opened()

    def _opened(self) -> dict[str, worker.Service]:
        services = {room: worker.Service(room, held) for room, held in self._make(self.vault).items()}
        services["sync"] = worker.Service("sync", self._courier, sync.worker.ACTIONS)
        return services

    def ask(self, action: Callable[[Any, C], R], command: C) -> R:
        """Run `action` at once and return its result; raises what it raises over the wire."""
        name = worker.name_of(action)
        request = Request(next(self._numbers), name, msgspec.Raw(msgspec.msgpack.encode(command)))
        answer = self._perform(lane_of(action), request, lambda _step: None)
        if answer.error is not None or answer.result is None:
            raise worker.error_of(answer.error or LOST)
        self._back.emit(Return(nouns=changed_by(name)))
        result: R = msgspec.msgpack.decode(answer.result, type=answer_type(action))
        return result

    def _submit(
        self, lane: str, name: str, command: msgspec.Raw, answered: Callable[[Answer], None], priority: int
    ) -> None:
        del priority
        request = msgspec.msgpack.decode(
            msgspec.msgpack.encode(Request(next(self._numbers), name, command)), type=Request
        )
        answered(self._perform(lane, request, lambda step: answered(Answer(request.n, progress=step))))

    def _perform(self, lane: str, request: Request, progress: Callable[[Progress], None]) -> Answer:
        directory: Any = self._services["vault"].room
        screener: Any = self._services["screening"].room
        if lane == "screening" and directory.unlocked and not screener.has_key:
            screener.unlock(directory.vault.watchlist_key)
        return self._services[lane].perform(request, progress)

    def lock(self) -> None:
        """Forget the rooms that hold keys."""
        self._age += 1
        self._shut()
        self._services = self._opened()
        self.locked.emit()

    def close(self) -> None:
        """Close the rooms."""
        if not self._closed:
            self._closed = True
            self._shut()

    def _shut(self) -> None:
        directory: Any = self._services["vault"].room
        screener: Any = self._services["screening"].room
        reader: Any = self._services["reader"].room
        screener.close()
        directory.lock()
        reader.close_camera()
        self._courier.close()

    def states(self) -> dict[str, str]:
        """All of them run, here."""
        return dict.fromkeys(self._services, "in-process")
