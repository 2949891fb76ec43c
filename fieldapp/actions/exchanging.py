"""What sync asks of the vault: batches to push, answers to note; the feed is taken in by `hearing`.

The sync worker holds no key. It gets signed entries and sealed bytes, and every statement it brings back is
checked before it changes anything.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp import canonical, enrolment
from fieldapp.actions import hearing, trusting
from fieldapp.enrolment import CarriedReply, HeadquartersKeys, ReplySeal, Statement, Witness
from fieldapp.errors import InspectorError
from fieldapp.ledger import Entry, Head, entry_id
from fieldapp.vault import anchor
from fieldapp.vault.outbox import BlobRow, SyncState, Waiting
from fieldapp.vault.vault import Enrolment, Tx, Vault, VaultRolledBack
from fieldapp.watchlist.trust import Target, Versions

SESSION = b"FIELDSES1"


class NothingToAnswer(InspectorError):
    """The challenge has not the form of a session's."""

    code = "challenge-refused"


class NextBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for what to push: at most `limit` entries above `after`, about `size` bytes of payload."""

    limit: int = 100
    size: int = 262_144
    after: int = 0


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What to push, and where both sides stand.

    `returned` are reviews that a restored headquarters may have lost, signed by itself; `at` is this
    machine's idea of the time.
    """

    url: str
    device: bytes
    practice: bool
    head: Head
    state: SyncState
    watchlist: int
    entries: tuple[Entry, ...]
    waiting: int
    keys: bytes = b""
    recipients: tuple[str, ...] = ()  # to whom a bundle is sealed
    authorities: tuple[str, ...] = ()  # who certifies headquarters' server (PEM)
    trusted: Versions | None = None
    wanted: Target | None = None
    returned: tuple[Statement, ...] = ()
    at: datetime | None = None


class SignChallenge(msgspec.Struct, frozen=True, kw_only=True):
    """Sign a session's nonce (32 bytes)."""

    nonce: bytes


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """An Ed25519 signature, 64 bytes."""

    signature: bytes


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """Headquarters' final word on one entry; `id` names it where the answer came later than the question."""

    seq: int
    state: Literal["new", "dup", "gap", "fork", "quarantined", "held"]
    why: str = ""
    id: bytes = b""


class NoteAcks(msgspec.Struct, frozen=True, kw_only=True):
    """Headquarters' answers to a push. `head` is where it says this chain stands there.

    `keys` is its keys statement where this vault holds another: signed by the root, it comes first.
    `certificate` renews the lease. `returned` says which statements it was given back. An answer that was
    `carried` may be old: of another generation than the one last heard, and not newer than `at`,
    it changes nothing.
    """

    generation: str
    acks: tuple[Ack, ...]
    head: int
    witness: Statement | None = None
    keys: Statement | None = None
    certificate: Statement | None = None
    returned: tuple[Statement, ...] = ()
    at: datetime | None = None
    carried: bool = False


class NeededBlobs(msgspec.Struct, frozen=True, kw_only=True):
    """Ask which sealed files headquarters still needs."""


class Blobs(msgspec.Struct, frozen=True, kw_only=True):
    """Sealed files with what headquarters has of each."""

    rows: tuple[BlobRow, ...]


class ReadBlob(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for a stretch of a sealed file."""

    h: str
    offset: int
    length: int = 1_048_576


class BlobPart(msgspec.Struct, frozen=True, kw_only=True):
    """Sealed bytes."""

    content: bytes


class NoteBlob(msgspec.Struct, frozen=True, kw_only=True):
    """Note how much of a file headquarters has."""

    h: str
    offset: int
    done: bool


class OpenReply(msgspec.Struct, frozen=True, kw_only=True):
    """Open what headquarters answered to a bundle: the sealed bytes of the file."""

    sealed: bytes


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was in it, checked."""

    content: bytes


class ListOutbox(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what waits."""


class OutboxState(msgspec.Struct, frozen=True, kw_only=True):
    """Sealed records newest first, how many are not wholly at headquarters, where sync stands.

    `head` is the end of this ledger. `agrees`: the entry that headquarters countersigned last is the one that
    stands here, so both hold the same chain up to it; None while nothing was countersigned.
    """

    rows: tuple[Waiting, ...]
    waiting: int
    sync: SyncState
    head: Head
    agrees: bool | None = None


def next_batch(vault: Vault, command: NextBatch) -> Batch:
    """Return the lowest entries without a final answer, in order."""
    with vault.reading() as tx:
        enrolled = tx.require_enrolment()
        first = tx.outbox.first_open(command.after)
        entries = tx.journal.entries(first, command.limit) if first is not None else ()
        batch: list[Entry] = []
        size = 0
        for entry in entries:
            size += len(entry.payload)
            if batch and size > command.size:
                break
            batch.append(entry)
        return Batch(
            url=enrolled.url,
            device=vault.device,
            practice=enrolled.certificate.practice,
            head=tx.journal.head(),
            state=_state(tx),
            watchlist=tx.meta.get("release-number", int) or 0,
            entries=tuple(batch),
            waiting=tx.outbox.waiting(),
            keys=enrolment.mark(enrolled.keys_statement),
            recipients=enrolled.keys.evidence_recipients,
            authorities=enrolled.keys.authorities,
            trusted=trusting.versions(tx),
            wanted=trusting.wanted(vault, tx),
            returned=hearing.to_return(tx) if first is None else (),
            at=datetime.fromisoformat(tx.now),
        )


def sign_challenge(vault: Vault, command: SignChallenge) -> Signed:
    """Sign the nonce for a session; nothing else can be signed this way."""
    if len(command.nonce) != 32:
        raise NothingToAnswer
    return Signed(signature=vault.sign(SESSION + vault.device + command.nonce))


def note_acks(vault: Vault, command: NoteAcks) -> OutboxState:
    """Note the answers. A new generation means headquarters was restored: offer all above its head again."""
    with vault.transaction() as tx:
        enrolled = _with_keys(tx, tx.require_enrolment(), command.keys)
        state = _state(tx)
        if command.carried and _is_stale(tx, state, command):
            return _told(tx)
        if state.generation and state.generation != command.generation:
            tx.outbox.queue_again(command.head, tx.now)
            tx.outbox.need_blobs_again()
            hearing.return_all(tx)
            state = msgspec.structs.replace(state, cursor=0)
        acks = tuple(ack for ack in command.acks if _is_of_this_chain(tx, ack))
        if any(ack.state == "gap" for ack in acks) and not command.carried:
            tx.outbox.queue_again(command.head, tx.now)  # it lost entries it once acknowledged
        for ack in acks:
            if ack.state in ("new", "dup"):
                tx.outbox.note(ack.seq, "acknowledged", "", tx.now)
            elif ack.state in ("fork", "quarantined"):
                tx.outbox.note(ack.seq, "refused", ack.why or ack.state, tx.now)
        # Headquarters holds more of this chain, or another branch of it: an old copy was put back.
        older = command.head > tx.journal.head().seq or any(ack.state == "fork" for ack in acks)
        if older:
            tx.meta.put_raw("rolled-back", b"1")
        state = msgspec.structs.replace(
            state, generation=command.generation, last=datetime.fromisoformat(tx.now)
        )
        if command.at is not None:
            tx.meta.put("heard", command.at)
        hearing.note_returned(tx, command.returned)
        if command.certificate is not None:
            hearing.take_certificate(vault, tx, command.certificate)
        if command.witness is not None and not (command.carried and command.head < state.witnessed.seq):
            state = _witnessed(vault, tx, enrolled, state, command.witness)
        tx.meta.put("sync", state)
    if older:
        raise VaultRolledBack
    return outbox(vault, ListOutbox())


def _is_stale(tx: Tx, state: SyncState, command: NoteAcks) -> bool:
    """Say whether a carried answer speaks of a life of headquarters that has since ended."""
    heard = tx.meta.get("heard", datetime)
    other = bool(state.generation) and state.generation != command.generation
    return other and heard is not None and command.at is not None and command.at <= heard


def _is_of_this_chain(tx: Tx, ack: Ack) -> bool:
    """Say whether the entry an answer speaks of is the one that stands here, not one of a lost copy."""
    if not ack.id:
        return True
    found = tx.journal.entries(ack.seq, 1)
    return bool(found) and found[0].seq == ack.seq and entry_id(found[0]) == ack.id


def _with_keys(tx: Tx, enrolled: Enrolment, statement: Statement | None) -> Enrolment:
    """Take in a newer keys statement of the same root; an older one, replayed, changes nothing."""
    if statement is None:
        return enrolled
    named = enrolment.open_statement(statement, "keys", HeadquartersKeys, (enrolled.root,))
    if named.practice != enrolled.keys.practice:
        raise enrolment.StatementRefused(kind="keys", why="content")
    if named.issued <= enrolled.keys.issued:
        return enrolled
    renewed = msgspec.structs.replace(enrolled, keys=named, keys_statement=statement)
    tx.meta.put("enrolment", renewed)
    tx.journal.note("keys-renewed", tx.now, issued=named.issued.isoformat())
    return renewed


def _witnessed(
    vault: Vault, tx: Tx, enrolled: Enrolment, state: SyncState, statement: Statement
) -> SyncState:
    seen = enrolment.open_statement(statement, "witness", Witness, enrolled.keys.signing)
    if seen.device != vault.device.hex():
        raise enrolment.StatementRefused(kind="witness", why="content")
    tx.meta.put("witness", statement)
    anchor.keep(vault.folder, statement)
    hearing.raise_floor(tx, seen.at)
    return msgspec.structs.replace(state, witnessed=Head(seq=seen.seq, id=seen.id))


def needed_blobs(vault: Vault, _command: NeededBlobs) -> Blobs:
    """Return the sealed files to send."""
    with vault.reading() as tx:
        return Blobs(rows=tx.outbox.blobs())


def read_blob(vault: Vault, command: ReadBlob) -> BlobPart:
    """Return sealed bytes as they travel; the whole file is checked before its first part leaves."""
    if command.offset == 0:
        with vault.reading() as tx:
            vault.check_sealed(command.h, tx.outbox.blob_size(command.h))
    return BlobPart(content=vault.read_sealed(command.h, command.offset, command.length))


def note_blob(vault: Vault, command: NoteBlob) -> OutboxState:
    """Note how much of a file arrived."""
    with vault.transaction() as tx:
        tx.outbox.note_blob(command.h, command.offset, done=command.done)
    return outbox(vault, ListOutbox())


def open_reply(vault: Vault, command: OpenReply) -> Opened:
    """Open headquarters' reply to a bundle: sealed to this vault, signed by a key that the root names."""
    try:
        carried = msgspec.msgpack.decode(vault.unseal(command.sealed), type=CarriedReply)
    except msgspec.DecodeError:
        raise enrolment.StatementRefused(kind="reply", why="content") from None
    with vault.reading() as tx:
        enrolled = tx.require_enrolment()
    signing = enrolled.keys.signing
    if enrolment.mark(carried.keys) != enrolment.mark(enrolled.keys_statement):
        named = enrolment.open_statement(carried.keys, "keys", HeadquartersKeys, (enrolled.root,))
        if named.issued > enrolled.keys.issued:
            signing = named.signing
    seal = enrolment.open_statement(carried.statement, "reply", ReplySeal, signing)
    if seal.device != vault.device.hex() or seal.sha256 != canonical.sha256(carried.content):
        raise enrolment.StatementRefused(kind="reply", why="content")
    return Opened(content=carried.content)


def outbox(vault: Vault, _command: ListOutbox) -> OutboxState:
    """Return what waits."""
    with vault.reading() as tx:
        return _told(tx)


def _told(tx: Tx) -> OutboxState:
    state = _state(tx)
    return OutboxState(
        rows=tuple(_with_remarks(tx, row) for row in tx.outbox.rows()),
        waiting=tx.outbox.waiting(),
        sync=state,
        head=tx.journal.head(),
        agrees=_agrees(tx, state.witnessed),
    )


def _with_remarks(tx: Tx, row: Waiting) -> Waiting:
    if row.standing != "returned":
        return row
    reviews = tx.inspections.get(row.inspection, row.revision).reviews
    return msgspec.structs.replace(row, remarks=len(reviews[-1].remarks) if reviews else 0)


def _agrees(tx: Tx, witnessed: Head) -> bool | None:
    if not witnessed.seq:
        return None
    found = tx.journal.entries(witnessed.seq, 1)
    if not found:
        return False
    digest = None if found[0].payload else tx.journal.purged().get(witnessed.seq)
    return entry_id(found[0], digest).hex() == witnessed.id


def _state(tx: Tx) -> SyncState:
    return tx.meta.get("sync", SyncState) or SyncState()
