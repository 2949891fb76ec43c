"""The worker processes: spawned, spoken to by one lane thread each, killed at a lock."""

import itertools
import multiprocessing
import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject

import sync.worker
from fieldapp import worker
from fieldapp.worker import Answer, Failure, Request
from ui.jobs import bounds
from ui.jobs.jobs import BACKGROUND, LOST, Jobs, Return
from ui.jobs.routes import KEYED, ROOMS, asked_lane, changed_by

READER_SECONDS = 30.0  # a picture that takes longer ends its reader
ASK_SECONDS = 600.0  # the longest an asked action may take: building the index of a new watchlist
TOO_SLOW = Failure("situation", "reader-too-slow")


class _Call(msgspec.Struct, frozen=True, order=True):
    """One command in a lane's queue; lower priority first, then first come."""

    priority: int
    n: int
    name: str
    command: msgspec.Raw
    answered: Callable[[Answer], None]


class _Hand(msgspec.Struct, frozen=True):
    """A running worker and the window's end of its pipe."""

    process: BaseProcess
    pipe: Connection
    job: int = 0  # Windows' handle on the bounds around it

    def end(self) -> None:
        """Kill it: nothing of it is worth waiting for, all it kept is committed."""
        self.process.kill()


class _Lane(threading.Thread):
    """Sends to one worker and receives from it, one command in flight."""

    def __init__(
        self,
        room: str,
        deadline: float | None,
        on_lost: Callable[[str, _Hand], None],
        ask: Callable[[Request], Answer],
    ) -> None:
        super().__init__(name=f"lane-{room}", daemon=True)
        self._ask = ask
        self.room = room
        self.hand: _Hand | None = None
        self._deadline = deadline
        self._on_lost = on_lost
        self._calls: queue.PriorityQueue[_Call] = queue.PriorityQueue()
        self._came = threading.Condition()
        self._stopped = False
        self._dropped = 0

    def put(self, call: _Call) -> None:
        """Queue a command."""
        self._calls.put(call)

    def take(self, hand: _Hand | None) -> None:
        """Work with `hand` from now on; None: wait for one."""
        with self._came:
            self.hand = hand
            self._came.notify_all()

    def drop(self, number: int) -> None:
        """Fail everything that waits, and what was taken from the queue a moment ago: all up to `number`."""
        self._dropped = number
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            if call.name:
                call.answered(Answer(call.n, error=LOST))

    def stop(self) -> None:
        """Let the thread end once its worker is gone."""
        self._stopped = True
        self.take(None)
        self._calls.put(_Call(-1, -1, "", msgspec.Raw(b""), lambda _answer: None))

    def run(self) -> None:
        """Serve the queue until told to stop."""
        while not self._stopped:
            call = self._calls.get()
            if not call.name:
                continue
            with self._came:
                self._came.wait_for(lambda: self.hand is not None or self._stopped)
                hand = self.hand
            if hand is None or call.n <= self._dropped:
                call.answered(Answer(call.n, error=LOST))
                continue
            try:
                self._perform(call, hand)
            except TimeoutError:
                hand.end()
                call.answered(Answer(call.n, error=TOO_SLOW))
                self._on_lost(self.room, hand)
            except (EOFError, OSError):
                call.answered(Answer(call.n, error=LOST))
                self._on_lost(self.room, hand)

    def _perform(self, call: _Call, hand: _Hand) -> None:
        request = Request(call.n, call.name, call.command)
        hand.pipe.send_bytes(msgspec.msgpack.encode(request))
        while True:
            if self._deadline is not None and not hand.pipe.poll(self._deadline):
                raise TimeoutError
            answer = msgspec.msgpack.decode(hand.pipe.recv_bytes(worker.LARGEST_MESSAGE), type=Answer)
            if answer.ask is not None:
                hand.pipe.send_bytes(msgspec.msgpack.encode(self._ask(answer.ask)))
                continue
            call.answered(answer)
            if answer.progress is None:
                return


class WorkerJobs(Jobs):
    """Jobs over spawned processes, for the vault in `folder`."""

    def __init__(
        self, folder: Path, parent: QObject | None = None, reader_seconds: float = READER_SECONDS
    ) -> None:
        super().__init__(folder.name, parent)
        self._place = folder.parent
        self._spawn = multiprocessing.get_context("spawn")
        self._numbers = itertools.count(1)
        self._guard = threading.RLock()
        deadlines = {"reader": reader_seconds}
        self._lanes = {room: _Lane(room, deadlines.get(room), self._lost, self._asked) for room in ROOMS}
        for lane in self._lanes.values():
            lane.start()
        self._hire(KEYED)

    def _submit(
        self, lane: str, name: str, command: msgspec.Raw, answered: Callable[[Answer], None], priority: int
    ) -> None:
        if self._lanes[lane].hand is None:
            self._hire((lane,) if lane not in KEYED else KEYED)
        self._lanes[lane].put(_Call(priority, next(self._numbers), name, command, answered))

    def _hire(self, rooms: Iterable[str]) -> None:
        """Start workers for `rooms`; the keyed two are joined by a pipe that the window lets go of."""
        with self._guard:
            if self._closed:
                return
            ends: dict[str, Connection | None] = dict.fromkeys(rooms)
            if set(ends) == set(KEYED):
                ends["vault"], ends["screening"] = self._spawn.Pipe()
            for room, keys in ends.items():
                ours, theirs = self._spawn.Pipe()
                target: Callable[..., None] = sync.worker.run if room == "sync" else worker.run
                args = (theirs,) if room == "sync" else (room, theirs, keys, str(self._place / self.vault))
                process = self._spawn.Process(target=target, args=args, name=f"fieldapp-{room}", daemon=True)
                process.start()
                theirs.close()
                if keys is not None:
                    keys.close()
                job = bounds.bind(process.sentinel, worker.READER_MEMORY if room == "reader" else 0)
                self._lanes[room].take(_Hand(process, ours, job))

    def _asked(self, question: Request) -> Answer:
        """In the sync lane's thread: have another room answer, and wait for it."""
        lane = asked_lane(question.action)
        if lane is None:
            return Answer(question.n, error=Failure("bug", "bug", {"type": "AskRefused"}))
        future: Future[Answer] = Future()
        self._submit(lane, question.action, question.command, future.set_result, BACKGROUND)
        try:
            answer = future.result(ASK_SECONDS)
        except TimeoutError:
            return Answer(question.n, error=LOST)
        if answer.error is None:
            self._back.emit(Return(nouns=changed_by(question.action)))
        return msgspec.structs.replace(answer, n=question.n)

    def _dismiss(self, rooms: Iterable[str]) -> None:
        with self._guard:
            hands = [hand for room in rooms if (hand := self._lanes[room].hand) is not None]
            for hand in hands:
                hand.end()
            for room in rooms:
                self._lanes[room].take(None)
            for hand in hands:
                hand.process.join(5)
                bounds.release(hand.job)

    def _lost(self, room: str, hand: _Hand) -> None:
        """In a lane's thread: its worker is gone. A keyed one takes the other along: they share a key."""
        with self._guard:
            if self._closed or self._lanes[room].hand is not hand:
                return  # it was dismissed
            rooms = KEYED if room in KEYED else (room,)
            self._dismiss(rooms)
            for each in rooms:
                self._lanes[each].drop(next(self._numbers))
            if room in KEYED:
                self._hire(rooms)
                self._age += 1
                self._back.emit(Return(then=lambda _none: self.locked.emit()))

    def lock(self) -> None:
        """Kill the keyed workers, fail what waits for them, start fresh ones."""
        self._age += 1
        self._dismiss(KEYED)
        for room in KEYED:
            self._lanes[room].drop(next(self._numbers))
        self._hire(KEYED)
        self.locked.emit()

    def close(self) -> None:
        """End all workers and lanes."""
        with self._guard:
            self._closed = True
            self._dismiss(self._lanes)
        for lane in self._lanes.values():
            lane.drop(next(self._numbers))
            lane.stop()
        for lane in self._lanes.values():
            lane.join(5)

    def states(self) -> dict[str, str]:
        """Return "running" or "resting" for each worker."""
        return {room: "running" if lane.hand is not None else "resting" for room, lane in self._lanes.items()}
