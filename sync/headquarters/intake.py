"""Intake: each entry is accepted once, checked, stored, and answered with its final verdict.

Everything here happens inside one transaction that the caller commits before it answers. The same entry
again is `dup`. An entry whose predecessor is missing is `gap` and is sent again. Another entry at a place
already taken is a `fork`: both branches are kept, the vault is flagged. What is not signed by the vault that
brings it, or is not what its kind promises, is kept raw in quarantine; nothing is dropped. Kinds unknown
here are stored like any other.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter

import msgspec
import msgspec.inspect
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from fieldapp import ledger
from fieldapp.errors import FieldappError
from fieldapp.inspection import record as records
from fieldapp.ledger import Entry, Head
from sync.headquarters import reports, store, tables
from sync.headquarters.blobs import well_named
from sync.headquarters.store import Row
from sync.wire import MAX_BLOB, MAX_PAYLOAD, MAX_SEQ, Ack

_kept, _aside = tables.record.c, tables.quarantine.c
_device: BindParameter[str] = bindparam("device")
_IN_QUARANTINE = -1  # where the number of a branch stands
# Built once: putting a statement together costs more than running it.
_AROUND = union_all(
    select(_kept.id, _kept.seq, _kept.branch).where(
        _kept.device == _device, _kept.seq.between(bindparam("first"), bindparam("last"))
    ),
    select(_aside.entry_id, _aside.seq, literal(_IN_QUARANTINE)).where(
        _aside.device == _device, _aside.seq.between(bindparam("first"), bindparam("last"))
    ),
)
_HIGHEST = select(func.max(_kept.branch)).where(_kept.device == _device)
_HEAD = (
    select(_kept.seq, _kept.id)
    .where(_kept.device == _device, _kept.branch == 0)
    .order_by(_kept.seq.desc())
    .limit(1)
)
# What is added beside the records, table by table. A blob or a quarantined entry may be there already.
_ADDED = (
    ("reports", tables.report, False),
    ("blobs", tables.blob, True),
    ("named", tables.record_blob, False),
    ("quarantined", tables.quarantine, True),
)


def take_in(
    connection: Connection, device: RowMapping, entries: tuple[Entry, ...], at: datetime
) -> tuple[Ack, ...]:
    """Take in what the vault `device` brought; one final verdict an entry, in the same order.

    A batch asks the database first and adds its rows table by table then. The records are on their way
    while the next entry is still being checked: a database of its own works beside this.
    """
    if not entries:
        return ()
    place = _Place(connection, device["id"], [entry.seq for entry in entries])
    added: dict[str, list[Row]] = {name: [] for name, _table, _skip in _ADDED}
    acks: list[Ack] = []
    store.add(connection, tables.record, _records(place, added, acks, device, entries, at))
    for name, table, skip in _ADDED:
        store.add(connection, table, added[name], skip=skip)
    return tuple(acks)


class _Place:
    """Where a vault's chain stands around the entries it brings, kept up as they are taken in."""

    def __init__(self, connection: Connection, device: str, seqs: Sequence[int]) -> None:
        self.known: dict[str, tuple[int, int]] = {}
        self._aside: set[tuple[str, int]] = set()
        for first, last in _runs(seqs):
            asked = {"device": device, "first": first - 1, "last": last}
            for own, seq, branch in connection.execute(_AROUND, asked):
                if branch == _IN_QUARANTINE:
                    self._aside.add((own, seq))
                else:
                    self.known[own] = (seq, branch)
        self._taken = {(branch, seq) for seq, branch in self.known.values()}
        self._highest = int(connection.execute(_HIGHEST, {"device": device}).scalar() or 0)

    def parent(self, entry: Entry) -> int | None:
        """Return the branch that `entry` continues; None when what it follows is not here."""
        if entry.seq == 1:
            return 0
        prev = entry.prev.hex()
        seq, branch = self.known.get(prev, (0, 0))
        if seq == entry.seq - 1:
            return branch
        # What follows an entry in quarantine vouches for it by naming its id: the chain goes on.
        return 0 if (prev, entry.seq - 1) in self._aside else None

    def branch(self, seq: int, parent: int) -> int:
        """Return the branch for the entry at `seq`: its parent's, or a new one where that place is taken."""
        if (parent, seq) not in self._taken:
            return parent
        self._highest += 1
        return self._highest

    def take(self, own: str, seq: int, branch: int) -> None:
        """The entry `own` stands here now."""
        self.known[own] = (seq, branch)
        self._taken.add((branch, seq))

    def put_aside(self, own: str, seq: int) -> None:
        """The entry `own` lies in quarantine now."""
        self._aside.add((own, seq))


def _runs(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Return the first and the last of each unbroken run of places; what an honest vault brings is one."""
    places = {seq for seq in seqs if 0 < seq <= MAX_SEQ}
    firsts = sorted(seq for seq in places if seq - 1 not in places)
    lasts = sorted(seq for seq in places if seq + 1 not in places)
    return zip(firsts, lasts, strict=True)


def _records(
    place: _Place,
    added: dict[str, list[Row]],
    acks: list[Ack],
    device: RowMapping,
    entries: Sequence[Entry],
    at: datetime,
) -> Iterator[Row]:
    """Judge one entry after the other; yield the rows of those to keep, fill `acks` and what is `added`."""
    public, received = Ed25519PublicKey.from_public_bytes(device["public"]), store.text(at)
    for entry in entries:
        why, own = _foreign(entry, device, public)
        if why:
            place.put_aside(own, entry.seq)
            added["quarantined"].append(_set_aside(device, entry, own, why, received))
            acks.append(Ack(seq=entry.seq, state="quarantined", why=why))
        elif own in place.known:
            acks.append(Ack(seq=entry.seq, state="dup"))
        elif (parent := place.parent(entry)) is None:
            acks.append(Ack(seq=entry.seq, state="gap"))
        else:
            branch = place.branch(entry.seq, parent)
            place.take(own, entry.seq, branch)
            flag = _read(added, device, entry, own, at)
            acks.append(_verdict(entry.seq, branch, flag))
            yield _row(entry, own, branch, flag, received)


def _verdict(seq: int, branch: int, flag: str) -> Ack:
    if flag:
        return Ack(seq=seq, state="quarantined", why=flag)
    return Ack(seq=seq, state="fork" if branch else "new")


def _row(entry: Entry, own: str, branch: int, flag: str, received: str) -> Row:
    return {
        "id": own,
        "device": entry.device.hex(),
        "seq": entry.seq,
        "branch": branch,
        "prev": entry.prev.hex(),
        "kind": entry.kind,
        "payload": entry.payload,
        "signature": entry.signature,
        "flag": flag,
        "received": received,
    }


def _foreign(entry: Entry, device: RowMapping, public: Ed25519PublicKey) -> tuple[str, str]:
    """Return why this cannot be an entry of `device` ("" if it can), and its id where it has one."""
    if entry.seq > MAX_SEQ or len(entry.payload) > MAX_PAYLOAD:
        return "malformed", ""
    try:
        digest = hashlib.sha256(entry.payload).digest()
        own = ledger.entry_id(entry, digest).hex()
    except (FieldappError, ValueError, struct.error):
        return "malformed", ""
    if entry.device.hex() != device["id"]:
        return "device", own
    if device["revoked"]:
        return "revoked", own
    try:
        ledger.check_signature(entry, public, digest)
    except ledger.LedgerBroken:
        return "signature", own
    if (entry.seq == 1) != (entry.prev == ledger.GENESIS):
        return "malformed", own
    return "", own


def _read(added: dict[str, list[Row]], device: RowMapping, entry: Entry, own: str, at: datetime) -> str:
    """Add the line and the blobs of a readable inspection; return what does not hold of it, "" if it does."""
    read, flag = _content(entry, device)
    if read is not None and not flag:
        added["reports"].append(reports.line(read, own, device["id"], at))
        for ref in {ref.h: ref for ref in read.blobs}.values():
            added["blobs"].append({"h": ref.h, "size": 0, "mime": ref.t, "done": ""})
            added["named"].append({"record": own, "h": ref.h, "device": device["id"], "size": ref.n})
    return flag


def _content(entry: Entry, device: RowMapping) -> tuple[records.Record | None, str]:
    if entry.kind != records.KIND:
        return None, ""
    try:
        read = records.read(entry.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError):
        return None, "schema"
    if not (1 <= read.inspection.revision <= MAX_SEQ and _well_dated(read)):
        return read, "schema"
    if read.practice != device["practice"] or read.inspection.practice != device["practice"]:
        return read, "realm"
    if not all(well_named(ref.h) and 0 < ref.n <= MAX_BLOB for ref in read.blobs):
        return read, "schema"
    return read, ""


def _well_dated(value: object) -> bool:
    """Say whether every moment in `value` is one: with its zone, and a moment in UTC as well."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, msgspec.Struct):
            waiting += _dated_fields(type(one))(one)
        elif isinstance(one, datetime):
            if one.tzinfo is None or not _in_utc(one):
                return False
        elif isinstance(one, tuple | list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
    return True


def _in_utc(moment: datetime) -> bool:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


@lru_cache(maxsize=128)
def _dated_fields(kind: type[msgspec.Struct]) -> Callable[[object], tuple[object, ...]]:
    """Return what takes from a `kind` the fields in which a moment can stand: most are text and numbers."""
    told = msgspec.inspect.type_info(kind)
    assert isinstance(told, msgspec.inspect.StructType), "asked for a struct"
    names = [field.name for field in told.fields if _holds_moment(field.type, (kind,))]
    if len(names) > 1:
        return attrgetter(*names)  # a tuple, of several
    take = attrgetter(*names) if names else None
    return lambda one: (take(one),) if take else ()


def _holds_moment(told: msgspec.inspect.Type, within: tuple[type, ...]) -> bool:
    if isinstance(told, msgspec.inspect.StructType):
        inner = (*within, told.cls)
        return told.cls not in within and any(_holds_moment(field.type, inner) for field in told.fields)
    if isinstance(told, msgspec.inspect.UnionType):
        return any(_holds_moment(one, within) for one in told.types)
    if isinstance(told, msgspec.inspect.DictType):
        return _holds_moment(told.value_type, within)
    if isinstance(told, msgspec.inspect.TupleType):
        return any(_holds_moment(one, within) for one in told.item_types)
    if isinstance(told, msgspec.inspect.CollectionType):
        return _holds_moment(told.item_type, within)
    return isinstance(told, msgspec.inspect.DateTimeType)


def _set_aside(device: RowMapping, entry: Entry, own: str, why: str, received: str) -> Row:
    """Return the raw entry as a row for a supervisor. The same bytes again change nothing."""
    raw = msgspec.msgpack.encode(entry)
    return {
        "hash": hashlib.sha256(raw).hexdigest(),
        "device": device["id"],
        "practice": device["practice"],
        "entry_id": own,
        "seq": min(entry.seq, MAX_SEQ),
        "why": why,
        "raw": raw,
        "received": received,
    }


def head(connection: Connection, device: str) -> Head:
    """Return where the main branch of a vault's chain stands here."""
    row = connection.execute(_HEAD, {"device": device}).first()
    return Head(seq=row.seq, id=row.id) if row else Head()


def chain(connection: Connection, device: str, after: int = 0) -> tuple[Entry, ...]:
    """Return the main branch of a vault's chain from `after` on, as it was signed."""
    kept = tables.record
    question = (
        select(kept)
        .where(kept.c.device == device, kept.c.branch == 0, kept.c.seq > after)
        .order_by(kept.c.seq)
    )
    return tuple(entry_of(row) for row in connection.execute(question).mappings())


def entry_of(row: RowMapping) -> Entry:
    """Return a stored row as the entry that was signed."""
    return Entry(
        row["kind"],
        bytes.fromhex(row["device"]),
        row["seq"],
        bytes.fromhex(row["prev"]),
        row["payload"],
        row["signature"],
    )


def set_aside(connection: Connection, practice: bool) -> list[RowMapping]:
    """Return what waits in quarantine of one realm, and records whose content did not hold; newest first."""
    kept, aside, owner = tables.record, tables.quarantine, tables.device
    question = union_all(
        select(aside.c.device, aside.c.seq, aside.c.why, aside.c.received, aside.c.entry_id).where(
            aside.c.practice == practice
        ),
        select(kept.c.device, kept.c.seq, kept.c.flag, kept.c.received, kept.c.id)
        .join(owner, owner.c.id == kept.c.device)
        .where(owner.c.practice == practice, or_(kept.c.flag != "", kept.c.branch != 0)),
    )
    rows = connection.execute(question).mappings().all()
    return sorted(rows, key=lambda row: str(row["received"]), reverse=True)
