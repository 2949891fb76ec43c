"""Intake: each entry is accepted once, checked, stored, and answered with its final verdict.

Everything here happens inside one transaction that the caller commits before it answers. The same entry
again is `dup`. An entry whose predecessor is missing is `gap` and is sent again. Another entry at a place
already taken is a `fork`: both branches are kept, the vault is flagged. What is not signed by the vault that
brings it, or is not what its kind promises, is kept raw in quarantine; nothing is dropped. Kinds unknown
here are stored like any other.
"""

import hashlib
import struct
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, func, insert, or_, select, union_all
from sqlalchemy.dialects.sqlite import insert as insert_or_skip

from fieldapp import ledger
from fieldapp.errors import FieldappError
from fieldapp.inspection import record as records
from fieldapp.ledger import Entry, Head
from sync.headquarters import reports, store, tables
from sync.headquarters.blobs import well_named
from sync.wire import MAX_BLOB, MAX_PAYLOAD, MAX_SEQ, Ack

_kept, _aside = tables.record.c, tables.quarantine.c
_id: BindParameter[str] = bindparam("id")
_device: BindParameter[str] = bindparam("device")
_seq: BindParameter[int] = bindparam("seq")
_branch_no: BindParameter[int] = bindparam("branch")
# Built once: putting a statement together costs more than running it.
_KNOWN = select(_kept.flag).where(_kept.id == _id)
_PARENT = select(_kept.branch).where(_kept.id == _id, _kept.device == _device, _kept.seq == _seq)
_PARENT_ASIDE = select(_aside.seq).where(_aside.entry_id == _id, _aside.device == _device, _aside.seq == _seq)
_TAKEN = select(_kept.id).where(_kept.device == _device, _kept.branch == _branch_no, _kept.seq == _seq)
_HIGHEST = select(func.max(_kept.branch)).where(_kept.device == _device)
_ADD_RECORD, _ADD_REPORT = insert(tables.record), insert(tables.report)
_ADD_RECORD_BLOB = insert(tables.record_blob)
_ADD_BLOB = insert_or_skip(tables.blob).on_conflict_do_nothing()
_ADD_QUARANTINE = insert_or_skip(tables.quarantine).on_conflict_do_nothing()


def take_in(
    connection: Connection, device: RowMapping, entries: tuple[Entry, ...], at: datetime
) -> tuple[Ack, ...]:
    """Take in what the vault `device` brought; one final verdict an entry, in the same order."""
    public = Ed25519PublicKey.from_public_bytes(device["public"])
    return tuple(_take_one(connection, device, public, entry, at) for entry in entries)


def _take_one(
    connection: Connection, device: RowMapping, public: Ed25519PublicKey, entry: Entry, at: datetime
) -> Ack:
    why, own = _foreign(entry, device, public)
    if why:
        return _set_aside(connection, device, entry, own, why, at)
    if connection.execute(_KNOWN, {"id": own}).first() is not None:
        return Ack(seq=entry.seq, state="dup")
    parent = _parent_branch(connection, device["id"], entry)
    if parent is None:
        return Ack(seq=entry.seq, state="gap")
    branch = _branch(connection, device["id"], entry.seq, parent)
    flag = _store(connection, device, entry, own, branch, at)
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


def _parent_branch(connection: Connection, device: str, entry: Entry) -> int | None:
    """Return the branch that `entry` continues; None when what it follows is not here."""
    if entry.seq == 1:
        return 0
    here = {"id": entry.prev.hex(), "device": device, "seq": entry.seq - 1}
    branch: int | None = connection.execute(_PARENT, here).scalar()
    if branch is not None:
        return branch
    # What follows an entry in quarantine vouches for it by naming its id: the chain goes on.
    return 0 if connection.execute(_PARENT_ASIDE, here).first() else None


def _branch(connection: Connection, device: str, seq: int, parent: int) -> int:
    """Return the branch for the entry at `seq`: its parent's, or a new one where that place is taken."""
    if connection.execute(_TAKEN, {"device": device, "branch": parent, "seq": seq}).first() is None:
        return parent
    return int(connection.execute(_HIGHEST, {"device": device}).scalar_one()) + 1


def _store(
    connection: Connection, device: RowMapping, entry: Entry, own: str, branch: int, at: datetime
) -> str:
    """Store the entry and, of a readable inspection, its line and its blobs; return its flag."""
    read, flag = _content(entry, device)
    row = {
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
    connection.execute(_ADD_RECORD, row)
    if read is not None and not flag:
        connection.execute(_ADD_REPORT, reports.line(read, own, device["id"], at))
        for ref in {ref.h: ref for ref in read.blobs}.values():
            connection.execute(_ADD_BLOB, {"h": ref.h, "size": 0, "mime": ref.t, "done": ""})
            named = {"record": own, "h": ref.h, "device": device["id"], "size": ref.n}
            connection.execute(_ADD_RECORD_BLOB, named)
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
    if isinstance(value, datetime):
        try:
            return value.tzinfo is not None and value.astimezone(UTC) is not None
        except OverflowError:
            return False
    if isinstance(value, msgspec.Struct):
        return all(_well_dated(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, tuple | list):
        return all(map(_well_dated, value))
    return not isinstance(value, dict) or all(map(_well_dated, value.values()))


def _set_aside(
    connection: Connection, device: RowMapping, entry: Entry, own: str, why: str, at: datetime
) -> Ack:
    """Keep the raw entry for a supervisor. The same bytes again change nothing."""
    raw = msgspec.msgpack.encode(entry)
    row = {
        "hash": hashlib.sha256(raw).hexdigest(),
        "device": device["id"],
        "practice": device["practice"],
        "entry_id": own,
        "seq": min(entry.seq, MAX_SEQ),
        "why": why,
        "raw": raw,
        "received": store.text(at),
    }
    connection.execute(_ADD_QUARANTINE, row)
    return Ack(seq=entry.seq, state="quarantined", why=why)


def head(connection: Connection, device: str) -> Head:
    """Return where the main branch of a vault's chain stands here."""
    kept = tables.record
    question = (
        select(kept.c.seq, kept.c.id)
        .where(kept.c.device == device, kept.c.branch == 0)
        .order_by(kept.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(question).first()
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
