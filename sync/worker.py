"""The sync worker's room: it has the socket and no key.

A `Courier` lives in its own process. What it needs of the vault (batches, signatures, sealed bytes) and of
the screening room it gets by `ask(action, command)`, which the process's owner passes in; a conversation of
`session` says what to do and the courier does it.
"""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fieldapp import enrolment, worker
from fieldapp.actions import exchanging
from fieldapp.actions.provisioning import Unlocked
from fieldapp.errors import FieldappError
from fieldapp.watchlist import trust
from fieldapp.worker import Answer, Progress, Request
from sync import session, wire
from sync.fetching import Line
from sync.session import Synced
from sync.steps import Ask, Conversation, Fetch, Post, SendBlob, Step
from sync.transport import Call, HeadquartersUnreachable, OpenTransport, Reply, Transport, answered

T = TypeVar("T")
AskRoom = Callable[[Callable[..., Any], Any], Any]  # (action, command) -> result
Tell = Callable[[int], None]  # bytes of evidence sent so far


class Enrol(msgspec.Struct, frozen=True, kw_only=True):
    """Enrol the vault with the text of an invitation file or QR code."""

    text: str


class SyncNow(msgspec.Struct, frozen=True, kw_only=True):
    """Exchange with headquarters now."""


class TakeRelease(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the watchlist release that headquarters wrote to the file at `path`."""

    path: str


class TakenRelease(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the number of the release now in use, 0 when the one in use was as new."""

    number: int


class _NoLine:
    """Where nothing is to be sent."""

    def carry(self, call: Call) -> Reply:
        """Refuse."""
        raise HeadquartersUnreachable(why="connect", path=call.path)

    def close(self) -> None:
        """Nothing to let go of."""


class Courier:
    """One vault's line to headquarters, kept open between exchanges."""

    def __init__(
        self, ask: AskRoom, open_transport: OpenTransport | None = None, tell: Tell | None = None
    ) -> None:
        self.ask = ask
        self._open_transport = open_transport
        self.tell = tell
        self._transport: Transport | None = None
        self._address: tuple[str, tuple[str, ...]] = ("", ())
        self._sent = 0
        self.line = Line()

    def converse(self, url: str, conversation: Conversation[T], authorities: tuple[str, ...] = ()) -> T:
        """Carry a conversation with headquarters through; errors it does not take are raised.

        `authorities` (PEM) are whom its server's certificate must come from; without one, whom the system
        trusts.
        """
        self._sent = 0
        return self._carry(self._reach(url, authorities), conversation)

    def within(self, conversation: Conversation[T]) -> T:
        """Carry a conversation through that stays on this laptop."""
        return self._carry(_NoLine(), conversation)

    def _carry(self, transport: Transport, conversation: Conversation[T]) -> T:
        try:
            step = next(conversation)
            while True:
                try:
                    came = self._perform(transport, step)
                except FieldappError as error:
                    step = conversation.throw(error)
                else:
                    step = conversation.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    def _reach(self, url: str, authorities: tuple[str, ...]) -> Transport:
        if self._transport is None or (url, authorities) != self._address:
            self.close()
            if self._open_transport is not None:
                self._transport = self._open_transport(url)
            else:
                from sync.transport.https import Https, trust_only  # loads the HTTP client: not before needed

                self._transport = Https(url, trust=trust_only(authorities))
            self._address = (url, authorities)
        return self._transport

    def _perform(self, transport: Transport, step: Step) -> Any:  # noqa: ANN401 - what the step promises
        if isinstance(step, Ask):
            return self.ask(step.action, step.command)
        if isinstance(step, Post):
            body = wire.pack(step.message, dictionary=step.dictionary)
            call = Call(method="POST", path=step.path, body=body, token=step.token)
            return wire.unpack(answered(transport.carry(call)), step.of)
        if isinstance(step, SendBlob):
            return self._send_blob(transport, step)
        return self._fetch(transport, step)

    def _send_blob(self, transport: Transport, step: SendBlob) -> wire.BlobAnswer:
        read = exchanging.ReadBlob(h=step.h, offset=step.offset, length=step.length)
        part: exchanging.BlobPart = self.ask(exchanging.read_blob, read)
        call = Call(
            method="PATCH",
            path=f"/v1/blob/{step.h}",
            body=part.content,
            token=step.token,
            offset=step.offset,
        )
        answer = wire.unpack(answered(transport.carry(call)), wire.BlobAnswer)
        self._sent += len(part.content)
        if self.tell is not None:
            self.tell(self._sent)
        return answer

    def _fetch(self, transport: Transport, step: Fetch) -> wire.TargetPart:
        call = Call(method="GET", path=f"/v1/target/{step.h}", token=step.token, offset=step.offset)
        return wire.unpack(answered(transport.carry(call)), wire.TargetPart)

    def close(self) -> None:
        """Close the connection; the session's token goes with it."""
        if self._transport is not None:
            self._transport.close()
        self._transport, self._address, self.line = None, ("", ()), Line()


def enrol(courier: Courier, command: Enrol) -> Unlocked:
    """Enrol the vault at the headquarters that the invitation names."""
    invited = enrolment.read_invitation(command.text)
    authorities = (invited.authority,) if invited.authority else ()
    return courier.converse(invited.url, session.enrol(command.text), authorities)


def take_release(courier: Courier, command: TakeRelease) -> TakenRelease:
    """Take in a release from a stick: the same checks as over the wire, and nothing is sent."""
    file = Path(command.path)
    try:
        with file.open("rb") as opened:
            raw = opened.read(session.MAX_RELEASE + trust.MAX_CARRIED)
    except OSError:
        raise trust.CarriedForeign(file=file.name) from None
    return TakenRelease(number=courier.within(session.take_carried(raw)))


def sync_now(courier: Courier, _command: SyncNow) -> Synced:
    """Exchange with headquarters; what is already recorded stays whatever happens."""
    batch: exchanging.Batch = courier.ask(exchanging.next_batch, exchanging.NextBatch(limit=1))
    try:
        done = courier.converse(batch.url, session.exchange(courier.line), batch.authorities)
    except HeadquartersUnreachable:
        courier.line.failed()
        raise
    courier.line.held()
    return done


ACTIONS = (enrol, sync_now, take_release)


def run(pipe: Connection) -> None:
    """Serve the window until the pipe closes: the main function of the sync worker's process.

    The wire is that of `fieldapp.worker`. While a command runs, what the courier asks of another room goes
    out as `Answer.ask` and its answer is the next message in.
    """
    worker.end_with_parent()
    running = 0  # the number of the request that is being served

    def ask(action: Callable[..., Any], command: Any) -> Any:  # noqa: ANN401 - the action's own types
        asked = Request(running, worker.name_of(action), msgspec.Raw(msgspec.msgpack.encode(command)))
        pipe.send_bytes(msgspec.msgpack.encode(Answer(running, ask=asked)))
        came = msgspec.msgpack.decode(pipe.recv_bytes(worker.LARGEST_MESSAGE), type=Answer)
        if came.error is not None or came.result is None:
            raise worker.error_of(came.error or worker.Failure("situation", "worker-lost"))
        return msgspec.msgpack.decode(came.result, type=worker.types_of(action)[1])

    def tell(sent: int) -> None:
        pipe.send_bytes(msgspec.msgpack.encode(Answer(running, progress=Progress("sync.sent", sent, 0))))

    service = worker.Service("sync", Courier(ask, tell=tell), ACTIONS)
    while True:
        try:
            raw = pipe.recv_bytes(worker.LARGEST_MESSAGE)
        except (EOFError, OSError):
            return
        request = msgspec.msgpack.decode(raw, type=Request)
        running = request.n
        pipe.send_bytes(msgspec.msgpack.encode(service.perform(request, lambda _step: None)))
