"""Intake: each entry is accepted once, checked, stored, and answered with its final verdict.

Everything here happens inside one transaction that the caller commits before it answers. The same entry
again is `dup`. An entry whose predecessor is missing is `gap` and is sent again. Another entry at a place
already taken is a `fork`: both branches are kept, the vault is flagged. What is not signed by the vault that
brings it, or is not what its kind promises, is kept raw in quarantine; nothing is dropped. Kinds unknown
here are stored like any other.
"""

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
import msgspec.inspect
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    RowMapping,
    bindparam,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from fieldapp import ledger
from fieldapp.errors import FieldappError
from fieldapp.inspection import record as records
from fieldapp.ledger import Entry, Head
from sync.headquarters import reports, store, tables
from sync.headquarters.blobs import well_named
from sync.wire import MAX_BLOB, MAX_PAYLOAD, MAX_SEQ, Ack

_kept, _aside = tables.record.c, tables.quarantine.c
_device: BindParameter[str] = bindparam("device")
# Built once: putting a statement together costs more than running it.
_KNOWN = select(_kept.id, _kept.seq, _kept.branch).where(_kept.id.in_(bindparam("ids", expanding=True)))
_ASIDE = select(_aside.entry_id, _aside.seq).where(
    _aside.device == _device, _aside.entry_id.in_(bindparam("ids", expanding=True))
)
_TAKEN = select(_kept.branch, _kept.seq).where(
    _kept.device == _device, _kept.seq.in_(bindparam("seqs", expanding=True))
)
_HIGHEST = select(func.max(_kept.branch)).where(_kept.device == _device)
_HEAD = (
    select(_kept.seq, _kept.id)
    .where(_kept.device == _device, _kept.branch == 0)
    .order_by(_kept.seq.desc())
    .limit(1)
)
# By dialect: what is added, table by table. A blob or a quarantined entry may be there already.
_ADDED: dict[str, tuple[tuple[str, Insert], ...]] = {
    dialect: (
        ("records", insert(tables.record)),
        ("reports", insert(tables.report)),
        ("blobs", or_skip(tables.blob).on_conflict_do_nothing()),
        ("named", insert(tables.record_blob)),
        ("quarantined", or_skip(tables.quarantine).on_conflict_do_nothing()),
    )
    for dialect, or_skip in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
Row = dict[str, object]


def take_in(
    connection: Connection, device: RowMapping, entries: tuple[Entry, ...], at: datetime
) -> tuple[Ack, ...]:
    """Take in what the vault `device` brought; one final verdict an entry, in the same order.

    A batch asks the database three questions and adds its rows table by table.
    """
    if not entries:
        return ()
    public = Ed25519PublicKey.from_public_bytes(device["public"])
    judged = [(entry, *_foreign(entry, device, public)) for entry in entries]
    place = _Place(connection, device["id"], judged)
    statements = _ADDED[connection.dialect.name]
    added: dict[str, list[Row]] = {name: [] for name, _statement in statements}
    acks = tuple(_take_one(place, added, device, entry, why, own, at) for entry, why, own in judged)
    for name, statement in statements:
        if added[name]:
            connection.execute(statement, added[name])
    return acks


class _Place:
    """Where a vault's chain stands around the entries it brings, kept up as they are taken in."""

    def __init__(self, connection: Connection, device: str, judged: Sequence[tuple[Entry, str, str]]) -> None:
        self._connection, self._device = connection, device
        sound = [(entry, own) for entry, why, own in judged if not why]
        ids = list({own for _entry, own in sound} | {entry.prev.hex() for entry, _own in sound})
        seqs = [entry.seq for entry, _own in sound]
        self.known: dict[str, tuple[int, int]] = {
            row.id: (row.seq, row.branch) for row in connection.execute(_KNOWN, {"ids": ids})
        }
        aside = connection.execute(_ASIDE, {"device": device, "ids": ids})
        self._aside = {(row.entry_id, row.seq) for row in aside}
        taken = connection.execute(_TAKEN, {"device": device, "seqs": seqs})
        self._taken = {(row.branch, row.seq) for row in taken}
        self._highest: int | None = None

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
        if self._highest is None:
            self._highest = int(self._connection.execute(_HIGHEST, {"device": self._device}).scalar() or 0)
        self._highest += 1
        return self._highest

    def take(self, own: str, seq: int, branch: int) -> None:
        """The entry `own` stands here now."""
        self.known[own] = (seq, branch)
        self._taken.add((branch, seq))

    def put_aside(self, own: str, seq: int) -> None:
        """The entry `own` lies in quarantine now."""
        self._aside.add((own, seq))


def _take_one(
    place: _Place,
    added: dict[str, list[Row]],
    device: RowMapping,
    entry: Entry,
    why: str,
    own: str,
    at: datetime,
) -> Ack:
    if why:
        place.put_aside(own, entry.seq)
        added["quarantined"].append(_set_aside(device, entry, own, why, at))
        return Ack(seq=entry.seq, state="quarantined", why=why)
    if own in place.known:
        return Ack(seq=entry.seq, state="dup")
    parent = place.parent(entry)
    if parent is None:
        return Ack(seq=entry.seq, state="gap")
    branch = place.branch(entry.seq, parent)
    place.take(own, entry.seq, branch)
    flag = _add(added, device, entry, own, branch, at)
    if flag:
        return Ack(seq=entry.seq, state="quarantined", why=flag)
    return Ack(seq=entry.seq, state="fork" if branch else "new")


def _foreign(entry: Entry, device: RowMapping, public: Ed25519PublicKey) -> tuple[str, str]:
    """Return why this cannot be an entry of `device` ("" if it can), and its id where it has one."""
    if entry.seq > MAX_SEQ or len(entry.payload) > MAX_PAYLOAD:
        return "malformed", ""
    try:
        own = ledger.entry_id(entry).hex()
    except (FieldappError, ValueError, struct.error):
        return "malformed", ""
    if entry.device.hex() != device["id"]:
        return "device", own
    if device["revoked"]:
        return "revoked", own
    try:
        ledger.check_signature(entry, public)
    except ledger.LedgerBroken:
        return "signature", own
    if (entry.seq == 1) != (entry.prev == ledger.GENESIS):
        return "malformed", own
    return "", own


def _add(
    added: dict[str, list[Row]], device: RowMapping, entry: Entry, own: str, branch: int, at: datetime
) -> str:
    """Add the entry and, of a readable inspection, its line and its blobs; return its flag."""
    read, flag = _content(entry, device)
    row: Row = {
        "id": own,
        "device": device["id"],
        "seq": entry.seq,
        "branch": branch,
        "prev": entry.prev.hex(),
        "kind": entry.kind,
        "payload": entry.payload,
        "signature": entry.signature,
        "flag": flag,
        "received": store.text(at),
    }
    added["records"].append(row)
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
    if isinstance(value, msgspec.Struct):
        return all(_well_dated(getattr(value, name)) for name in _dated_fields(type(value)))
    if isinstance(value, datetime):
        try:
            return value.tzinfo is not None and value.astimezone(UTC) is not None
        except OverflowError:
            return False
    if isinstance(value, tuple | list):
        return all(map(_well_dated, value))
    return not isinstance(value, dict) or all(map(_well_dated, value.values()))


@lru_cache(maxsize=128)
def _dated_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the fields of `kind` in which a moment can stand: most of a record is text and numbers."""
    told = msgspec.inspect.type_info(kind)
    assert isinstance(told, msgspec.inspect.StructType), "asked for a struct"
    return tuple(field.name for field in told.fields if _holds_moment(field.type, (kind,)))


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


def _set_aside(device: RowMapping, entry: Entry, own: str, why: str, at: datetime) -> Row:
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
        "received": store.text(at),
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
