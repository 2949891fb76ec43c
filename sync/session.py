"""One exchange with headquarters, as a conversation without IO.

`exchange` and `enrol` are generators: each step they yield says what to do (ask the vault, post a message,
send a stretch of a blob), and they are sent what came of it, or thrown the error it met. No socket, clock or
die is in here, so a test can be the network, the vault and headquarters at once.

Order: open a session if none is open; push what the vault has not been answered for and take in the feed,
until both are empty; fetch a newly announced watchlist; send the blobs headquarters wants, from the byte it
has; push what came of all that. One round trip when there is nothing new. The same answer to the same
question twice is an error, not a loop. A blob that cannot be sent never holds up the others.
"""

from collections.abc import Callable, Generator
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

import fieldapp
from fieldapp.actions import exchanging, provisioning
from fieldapp.actions.exchanging import Batch, OutboxState, Taken
from fieldapp.actions.provisioning import EnrolmentRequest, Unlocked
from fieldapp.enrolment import ReleasePointer
from fieldapp.errors import SituationError, TrustError
from fieldapp.screening.verdict import ListState
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.outbox import BlobRow
from sync import wire
from sync.wire import (
    BlobAnswer,
    EnrolAnswer,
    EnrolRequest,
    SessionAnswer,
    SessionRequest,
    SyncAnswer,
    SyncRequest,
    TargetPart,
)

FULL_BATCH = 100  # entries
MAX_ROUNDS = 10_000  # of one exchange; a month in the field with a batch of one is a tenth of it
MAX_RELEASE = 512 << 20  # bytes
T = TypeVar("T")


class SyncStuck(SituationError):
    """Headquarters gave the same answer again and nothing moves; `seq` is where the vault wants to go on."""

    code = "sync-stuck"


class Ask(msgspec.Struct, frozen=True):
    """Run this action, in the room its first parameter names, with this command."""

    action: Callable[..., Any]
    command: msgspec.Struct


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """Post a message; the answer is a message of the type `of`."""

    path: str
    message: msgspec.Struct
    of: type
    token: str = ""


class SendBlob(msgspec.Struct, frozen=True, kw_only=True):
    """PATCH the blob `h` with at most `length` of its bytes from `offset`; the answer is a BlobAnswer."""

    h: str
    offset: int
    length: int
    token: str


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """GET a stretch of a published release from `offset`; the answer is a TargetPart."""

    h: str
    offset: int
    token: str


Step = Ask | Post | SendBlob | Fetch
Conversation = Generator[Step, Any, T]


class Line(msgspec.Struct):
    """What outlives one exchange: the token of the open session, and how much to push at once."""

    token: str = ""
    limit: int = FULL_BATCH

    def failed(self) -> None:
        """Halve the next batch: what was too much for this line may pass in parts."""
        self.limit = max(1, self.limit // 2)

    def held(self) -> None:
        """Go back to full batches."""
        self.limit = FULL_BATCH


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What an exchange did. `waiting` counts sealed records not wholly at headquarters.

    `altered` counts sealed files that could not be sent because they are missing here or were changed.
    """

    acknowledged: int = 0
    refused: int = 0
    waiting: int = 0
    applied: int = 0
    returned: tuple[str, ...] = ()
    blobs: int = 0
    altered: int = 0
    release: int = 0


class _Tally(msgspec.Struct):
    acknowledged: int = 0
    refused: int = 0
    applied: int = 0
    returned: tuple[str, ...] = ()
    blobs: int = 0
    altered: int = 0
    pointer: ReleasePointer | None = None


def pause(failures: int, chance: float) -> float:
    """Return the seconds to wait after `failures` in a row, 15 minutes at most.

    `chance` is drawn from [0, 1) by the caller, and the whole span is drawn from, so laptops that lost
    headquarters together do not come back together.
    """
    return min(900.0, 2.0 ** min(failures, 12)) * chance


def enrol(text: str) -> Conversation[Unlocked]:
    """Enrol the vault with the text of an invitation."""
    made: EnrolmentRequest = yield Ask(
        provisioning.prepare_enrolment, provisioning.PrepareEnrolment(text=text)
    )
    answer: EnrolAnswer = yield Post(
        path="/v1/enrol", message=EnrolRequest(request=made.request), of=EnrolAnswer
    )
    accepted: Unlocked = yield Ask(
        provisioning.accept_enrolment,
        provisioning.AcceptEnrolment(invitation=made.invitation, answer=answer.answer),
    )
    return accepted


def exchange(line: Line) -> Conversation[Synced]:
    """Bring both sides to the same state, as far as the line lets."""
    tally = _Tally()
    yield from _push_and_pull(line, tally)
    release = 0
    if tally.pointer is not None:
        release = yield from _fetch_release(line, tally.pointer)
    wanted: exchanging.Blobs = yield Ask(exchanging.needed_blobs, exchanging.NeededBlobs())
    for row in wanted.rows:
        yield from _try_blob(line, row, tally)
    if release or tally.applied:
        # Both left entries in the ledger; headquarters learns of them now and not tomorrow.
        yield from _push_and_pull(line, tally)
    left: OutboxState = yield Ask(exchanging.outbox, exchanging.ListOutbox())
    return Synced(
        acknowledged=tally.acknowledged,
        refused=tally.refused,
        waiting=left.waiting,
        applied=tally.applied,
        returned=tally.returned,
        blobs=tally.blobs,
        altered=tally.altered,
        release=release,
    )


def _push_and_pull(line: Line, tally: _Tally) -> Conversation[None]:
    batch: Batch = yield Ask(exchanging.next_batch, exchanging.NextBatch(limit=line.limit))
    for _round in range(MAX_ROUNDS):
        answer = yield from _sync(line, batch)
        forged = yield from _note(answer, tally)
        if forged:
            # The refusal stands in the ledger. Asking again would only bring, and record, more of them.
            return
        following: Batch = yield Ask(exchanging.next_batch, exchanging.NextBatch(limit=line.limit))
        if not (following.entries or answer.more):
            return
        if _stands_still(batch, following):
            break
        batch = following
    raise SyncStuck(seq=batch.entries[0].seq if batch.entries else 0)


def _stands_still(batch: Batch, following: Batch) -> bool:
    before, after = batch.state, following.state
    same_place = (before.generation, before.cursor) == (after.generation, after.cursor)
    return same_place and batch.entries == following.entries


def _sync(line: Line, batch: Batch) -> Conversation[SyncAnswer]:
    """Post one batch, opening a session first where none is open or the old one has run out."""
    for _attempt in range(2):
        if not line.token:
            yield from _open_session(line, batch.device)
        request = SyncRequest(
            software=f"fieldapp {fieldapp.__version__}",
            generation=batch.state.generation,
            cursor=batch.state.cursor,
            head=batch.head,
            entries=batch.entries,
            watchlist=batch.watchlist,
            waiting=batch.waiting,
        )
        try:
            answer: SyncAnswer = yield Post(path="/v1/sync", message=request, of=SyncAnswer, token=line.token)
        except wire.SessionRefused:
            line.token = ""
            continue
        _check(batch, answer)
        return answer
    raise wire.SessionRefused(why="again")


def _open_session(line: Line, device: bytes) -> Conversation[None]:
    asked: SessionAnswer = yield Post(
        path="/v1/session", message=SessionRequest(device=device), of=SessionAnswer
    )
    signed: exchanging.Signed = yield Ask(
        exchanging.sign_challenge, exchanging.SignChallenge(nonce=asked.nonce)
    )
    opened: SessionAnswer = yield Post(
        path="/v1/session",
        message=SessionRequest(device=device, nonce=asked.nonce, signature=signed.signature),
        of=SessionAnswer,
    )
    line.token = opened.token


def _check(batch: Batch, answer: SyncAnswer) -> None:
    """Refuse an answer that does not answer: other entries than were sent, or a feed out of order."""
    if [ack.seq for ack in answer.acks] != [entry.seq for entry in batch.entries]:
        raise wire.FrameRefused(why="acks")
    start = batch.state.cursor if answer.generation == batch.state.generation else 0
    places = [start, *(item.pos for item in answer.feed)]
    if any(later <= earlier for earlier, later in pairwise(places)):
        raise wire.FrameRefused(why="feed")


def _note(answer: SyncAnswer, tally: _Tally) -> Conversation[bool]:
    """Hand the answer to the vault, which checks every signature; say whether all of its feed was false."""
    yield Ask(
        exchanging.note_acks,
        exchanging.NoteAcks(
            generation=answer.generation,
            acks=tuple(exchanging.Ack(seq=ack.seq, state=ack.state, why=ack.why) for ack in answer.acks),
            head=answer.head.seq,
            witness=answer.witness,
        ),
    )
    tally.acknowledged += sum(ack.state in ("new", "dup") for ack in answer.acks)
    tally.refused += sum(ack.state in ("fork", "quarantined") for ack in answer.acks)
    if answer.feed:
        taken: Taken = yield Ask(
            exchanging.take_feed,
            exchanging.TakeFeed(
                generation=answer.generation,
                items=tuple(
                    exchanging.FeedItem(pos=item.pos, statement=item.statement) for item in answer.feed
                ),
            ),
        )
        tally.applied += taken.applied
        tally.returned = (*tally.returned, *taken.returned)
        tally.pointer = taken.release or tally.pointer
        return taken.refused > 0 and taken.applied == 0
    return False


def _try_blob(line: Line, row: BlobRow, tally: _Tally) -> Conversation[None]:
    """Send one blob and count what came of it; one that is missing or changed here is left where it is."""
    try:
        tally.blobs += yield from _send_blob(line, row)
    except TrustError as error:
        # By its code: the vault may be another process, whose errors come back as their family.
        if error.code != EvidenceAltered.code:
            raise
        tally.altered += 1


def _send_blob(line: Line, row: BlobRow) -> Conversation[int]:
    """Send one blob from the byte that headquarters has; return 1 when it is whole there."""
    offset, tries = row.offset, 0
    while 0 <= offset <= row.n:
        try:
            answer: BlobAnswer = yield SendBlob(
                h=row.h, offset=offset, length=wire.PATCH_BYTES, token=line.token
            )
        except wire.BlobUnwanted:
            return 0  # its record is not there yet, or waits in quarantine
        except (wire.BlobOffset, wire.BlobDamaged) as error:
            tries += 1
            if tries > 2:
                return 0  # the next exchange tries again; other blobs must not wait for this one
            offset = int(error.facts.get("offset", 0))
            continue
        if not (answer.done or offset < answer.offset <= row.n):
            return 0  # nothing moves: the file ends here before it should, or headquarters keeps none of it
        offset = answer.offset
        yield Ask(exchanging.note_blob, exchanging.NoteBlob(h=row.h, offset=offset, done=answer.done))
        if answer.done:
            return 1
    return 0  # headquarters speaks of a byte that this file does not have


def _fetch_release(line: Line, pointer: ReleasePointer) -> Conversation[int]:
    """Fetch the announced release, have the screening room check and adopt it; return its number."""
    if pointer.size > MAX_RELEASE:
        raise wire.FrameRefused(why="size")
    content = bytearray()
    while len(content) < pointer.size:
        part: TargetPart = yield Fetch(h=pointer.sha256, offset=len(content), token=line.token)
        if part.offset != len(content) or not part.content or part.size != pointer.size:
            raise wire.FrameRefused(why="release")
        content += part.content
    adopted: ListState = yield Ask(
        provisioning.adopt_release, provisioning.AdoptRelease(pointer=pointer, content=bytes(content))
    )
    yield Ask(provisioning.note_release, provisioning.NoteRelease(state=adopted))
    return adopted.number
