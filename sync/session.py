"""One exchange with headquarters, as a conversation without IO.

`exchange` and `enrol` are generators: each step they yield says what to do (ask the vault, post a message,
send a stretch of a blob), and they are sent what came of it, or thrown the error it met. No socket, clock or
die is in here, so a test can be the network, the vault and headquarters at once.

Order: open a session if none is open; push what the vault has not been answered for and take in the feed,
until both are empty; fetch a newly announced watchlist; send the blobs headquarters wants, from the byte it
has; push what came of all that. One round trip when there is nothing new. The same answer to the same
question twice is an error, not a loop. A blob that cannot be sent never holds up the others.
"""

from itertools import pairwise

import msgspec

import fieldapp
from fieldapp.actions import exchanging, hearing, obeying, provisioning, trusting
from fieldapp.actions.exchanging import Batch, OutboxState
from fieldapp.actions.hearing import Taken
from fieldapp.actions.provisioning import EnrolmentRequest, Unlocked
from fieldapp.errors import FieldappError, SituationError, TrustError
from fieldapp.screening.verdict import ListState
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.outbox import BlobRow
from fieldapp.vault.vault import VaultRolledBack
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Metadata, Target
from sync import wire
from sync.fetching import Line, fetch, fetch_given, post
from sync.steps import Ask, Conversation, SendBlob
from sync.wire import (
    BlobAnswer,
    EnrolAnswer,
    EnrolRequest,
    SessionAnswer,
    SessionRequest,
    SyncAnswer,
    SyncRequest,
)

MAX_ROUNDS = 10_000  # of one exchange; a month in the field with a batch of one is a tenth of it
MAX_RELEASE = 512 << 20  # bytes
_LIST_REFUSED = frozenset(refusal.code for refusal in trust.REFUSALS)
_DELTA_FAILED = frozenset(("release-wrong-base", "release-damaged", "release-foreign", "release-altered"))


class SyncStuck(SituationError):
    """Headquarters gave the same answer again and nothing moves; `seq` is where the vault wants to go on."""

    code = "sync-stuck"


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What an exchange did. `waiting` counts sealed records not wholly at headquarters.

    `altered` counts sealed files that could not be sent because they are missing here or were changed.
    `sealed`: headquarters ordered this vault to be sealed, and it is.
    """

    acknowledged: int = 0
    refused: int = 0
    waiting: int = 0
    applied: int = 0
    returned: tuple[str, ...] = ()
    blobs: int = 0
    altered: int = 0
    release: int = 0
    sealed: bool = False


class _Tally(msgspec.Struct):
    acknowledged: int = 0
    refused: int = 0
    applied: int = 0
    returned: tuple[str, ...] = ()
    blobs: int = 0
    altered: int = 0
    needed: dict[str, int] = {}  # what headquarters has of each file it wants
    ordered: bool = False
    rolled_back: TrustError | None = None
    metadata: Metadata | None = None
    wanted: Target | None = None


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
    answer = yield from post(
        Line(), "/v1/enrol", EnrolRequest(v=wire.VERSION, request=made.request), EnrolAnswer
    )
    accepted: Unlocked = yield Ask(
        provisioning.accept_enrolment,
        provisioning.AcceptEnrolment(invitation=made.invitation, answer=answer.answer),
    )
    return accepted


def exchange(line: Line) -> Conversation[Synced]:
    """Bring both sides to the same state, as far as the line lets."""
    tally = _Tally()
    try:
        yield from _push_and_pull(line, tally)
    except FieldappError:
        if tally.ordered:
            yield Ask(obeying.obey, obeying.Obey())
        raise
    if tally.ordered:
        # The records are through, and photos lie sealed to headquarters: whoever has this laptop now is shut
        # out first.
        obeyed: obeying.Obeyed = yield Ask(obeying.obey, obeying.Obey())
        if obeyed.sealed:
            return Synced(acknowledged=tally.acknowledged, refused=tally.refused, sealed=True)
    release, refused = 0, None
    try:
        release = yield from _update_list(line, tally)
    except TrustError as error:
        if error.code not in _LIST_REFUSED:
            raise
        refused = error  # the list in use stays; records and photos must not wait for a better one
    wanted: exchanging.Blobs = yield Ask(exchanging.needed_blobs, exchanging.NeededBlobs())
    for row in wanted.rows:
        # What arrived before a cut is known there and not here.
        known = msgspec.structs.replace(row, offset=tally.needed.get(row.h, row.offset))
        yield from _try_blob(line, known, tally)
    yield from fetch_given(line)
    if release or tally.applied or refused is not None:
        # Each left entries in the ledger; headquarters learns of them now and not tomorrow.
        yield from _push_and_pull(line, tally)
    for found in (tally.rolled_back, refused):
        if found is not None:
            raise found
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
    tally.wanted = batch.wanted
    batch = _asking(batch, tally)
    for _round in range(MAX_ROUNDS):
        answer = yield from _sync(line, batch)
        forged = yield from _note(batch, answer, tally)
        if forged:
            # The refusal stands in the ledger. Asking again would only bring, and record, more of them.
            return
        following: Batch = yield Ask(exchanging.next_batch, exchanging.NextBatch(limit=line.limit))
        if not (following.entries or following.returned or answer.more):
            return
        if _stands_still(batch, following):
            break
        batch = _asking(following, tally)
    raise SyncStuck(seq=batch.entries[0].seq if batch.entries else 0)


def _asking(batch: Batch, tally: _Tally) -> Batch:
    """Ask for metadata once an exchange: what came is judged when the records are through."""
    return batch if tally.metadata is None else msgspec.structs.replace(batch, trusted=None)


def _stands_still(batch: Batch, following: Batch) -> bool:
    before, after = batch.state, following.state
    same_place = (before.generation, before.cursor) == (after.generation, after.cursor)
    return same_place and (batch.entries, batch.returned) == (following.entries, following.returned)


def _sync(line: Line, batch: Batch) -> Conversation[SyncAnswer]:
    """Post one batch, opening a session first where none is open or the old one has run out."""
    line.belongs_to(batch.device)
    for _attempt in range(2):
        fresh = not line.token
        if fresh:
            yield from _open_session(line, batch.device)
        request = SyncRequest(
            v=wire.VERSION,
            software=f"fieldapp {fieldapp.__version__}",
            generation=batch.state.generation,
            cursor=batch.state.cursor,
            head=batch.head,
            entries=batch.entries,
            watchlist=batch.watchlist,
            waiting=batch.waiting,
            keys=batch.keys,
            trusted=batch.trusted,
            sent=_seconds(batch) if fresh or batch.entries else 0,  # a question without news stays small
            returned=batch.returned,
        )
        try:
            answer = yield from post(line, "/v1/sync", request, SyncAnswer)
        except wire.SessionRefused:
            line.token = ""
            continue
        _check(batch, answer)
        return answer
    raise wire.SessionRefused(why="again")


def _seconds(batch: Batch) -> int:
    """Return the laptop's clock as it travels; one from before 1970 is not told."""
    return max(0, int(batch.at.timestamp())) if batch.at is not None else 0


def _open_session(line: Line, device: bytes) -> Conversation[None]:
    asked = yield from post(line, "/v1/session", SessionRequest(v=wire.VERSION, device=device), SessionAnswer)
    signed: exchanging.Signed = yield Ask(
        exchanging.sign_challenge, exchanging.SignChallenge(nonce=asked.nonce)
    )
    answer = SessionRequest(v=wire.VERSION, device=device, nonce=asked.nonce, signature=signed.signature)
    opened = yield from post(line, "/v1/session", answer, SessionAnswer)
    line.token = opened.token


def _check(batch: Batch, answer: SyncAnswer) -> None:
    """Refuse an answer that does not answer: other entries than were sent, or a feed out of order."""
    if [ack.seq for ack in answer.acks] != [entry.seq for entry in batch.entries]:
        raise wire.FrameRefused(why="acks")
    start = batch.state.cursor if answer.generation == batch.state.generation else 0
    places = [start, *(item.pos for item in answer.feed)]
    if any(later <= earlier for earlier, later in pairwise(places)):
        raise wire.FrameRefused(why="feed")


def _note(batch: Batch, answer: SyncAnswer, tally: _Tally) -> Conversation[bool]:
    """Hand the answer to the vault, which checks every signature; say whether all of its feed was false."""
    try:
        yield Ask(
            exchanging.note_acks,
            exchanging.NoteAcks(
                generation=answer.generation,
                acks=tuple(exchanging.Ack(seq=ack.seq, state=ack.state, why=ack.why) for ack in answer.acks),
                head=answer.head.seq,
                witness=answer.witness,
                keys=answer.keys,
                certificate=answer.certificate,
                returned=batch.returned,
                at=answer.time,
            ),
        )
    except TrustError as error:
        if error.code != VaultRolledBack.code:
            raise
        tally.rolled_back = error  # noted; what the old copy made since goes through all the same
    tally.metadata = answer.metadata or tally.metadata
    tally.needed.update({need.h: need.offset for need in answer.need})
    tally.acknowledged += sum(ack.state in ("new", "dup") for ack in answer.acks)
    tally.refused += sum(ack.state in ("fork", "quarantined") for ack in answer.acks)
    if answer.feed:
        taken: Taken = yield Ask(
            hearing.take_feed,
            hearing.TakeFeed(
                generation=answer.generation,
                items=tuple(hearing.FeedItem(pos=item.pos, statement=item.statement) for item in answer.feed),
            ),
        )
        tally.applied += taken.applied
        tally.returned = (*tally.returned, *taken.returned)
        tally.ordered = tally.ordered or taken.ordered
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


def _update_list(line: Line, tally: _Tally) -> Conversation[int]:
    """Have the vault judge what is new about releases, and fetch what it asks for; return its number."""
    target = tally.wanted
    if tally.metadata is not None:
        target = yield from _believe(tally.metadata)
    if target is None:
        return 0
    try:
        return (yield from _fetch_and_adopt(line, target))
    except FieldappError as error:
        if not target.base or error.code not in _DELTA_FAILED:
            raise
    whole = yield from _believe(Metadata(), whole=True)
    return 0 if whole is None else (yield from _fetch_and_adopt(line, whole))


def _fetch_and_adopt(line: Line, target: Target) -> Conversation[int]:
    content = yield from fetch(line, target.sha256, target.size, MAX_RELEASE)
    return (yield from _adopt(target, content))


def take_carried(raw: bytes) -> Conversation[int]:
    """Take in a release that came on a stick; return its number, 0 when the one in use is as new."""
    metadata, content = trust.unpack_carried(raw)
    target = yield from _believe(metadata, whole=True)
    return 0 if target is None else (yield from _adopt(target, content))


def _believe(metadata: Metadata, *, whole: bool = False) -> Conversation[Target | None]:
    command = trusting.TakeMetadata(metadata=metadata, whole=whole)
    believed: trusting.Believed = yield Ask(trusting.take_metadata, command)
    return believed.target


def _adopt(target: Target, content: bytes) -> Conversation[int]:
    """Have the screening room check and adopt the release, and the vault remember it."""
    adopted: ListState = yield Ask(
        provisioning.adopt_release, provisioning.AdoptRelease(target=target, content=content)
    )
    yield Ask(provisioning.note_release, provisioning.NoteRelease(state=adopted))
    return adopted.number
