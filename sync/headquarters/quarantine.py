"""What was set aside, one entry at a time: why, what it says as far as it can be read, what was found out.

Nothing here changes or deletes an entry. A supervisor's finding is a line beside it; the newest one stands.
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, insert, select

from fieldapp import canonical, ids
from fieldapp.errors import InspectorError
from fieldapp.ledger import Entry
from sync.headquarters import audit, intake, store, tables
from sync.headquarters.office import Office

Outcome = Literal["open", "explained", "enquiry", "misuse"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SHOWN = 20_000  # signs of an entry on a page


class EntryUnknown(InspectorError):
    """There is no such entry in this realm's quarantine."""

    code = "aside-unknown"


class NoteMissing(InspectorError):
    """What was found out has to be said."""

    code = "aside-note-missing"


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What a supervisor found out."""

    outcome: str
    note: str
    by: str
    at: datetime


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was set aside. `entry` is the hash of its bytes, or the record's id."""

    entry: str
    device: str
    inspector: str
    seq: int
    why: str
    received: datetime
    kind: str = ""
    said: str = ""  # its payload, as text
    settled: tuple[Settled, ...] = ()

    @property
    def outcome(self) -> str:
        """What stands of what was found out."""
        return self.settled[-1].outcome if self.settled else "open"


def listed(connection: Connection, practice: bool) -> list[Aside]:
    """Return what lies in quarantine of one realm and what forked, newest first, the open ones before."""
    names = {row.id: row.name for row in connection.execute(select(tables.device.c.id, tables.device.c.name))}
    found: dict[str, list[Settled]] = {}
    kept = tables.settled
    for row in connection.execute(select(kept).order_by(kept.c.at)).mappings():
        told = Settled(outcome=row["outcome"], note=row["note"], by=row["by"], at=store.moment(row["at"]))
        found.setdefault(row["entry"], []).append(told)
    rows = [
        Aside(
            entry=_name(row["entry_id"], row["device"], row["seq"], row["why"]),
            device=row["device"],
            inspector=names.get(row["device"], ""),
            seq=row["seq"],
            why=row["why"] or "fork",
            received=store.moment(row["received"]),
            settled=tuple(found.get(_name(row["entry_id"], row["device"], row["seq"], row["why"]), ())),
        )
        for row in intake.set_aside(connection, practice)
    ]
    return sorted(rows, key=lambda row: row.outcome != "open")


def _name(entry_id: str, device: str, seq: int, why: str) -> str:
    """Name an entry by its id; one that is too spoiled to have one, by where it lies."""
    return entry_id or canonical.sha256(f"{device} {seq} {why}".encode())


def one(connection: Connection, practice: bool, entry: str) -> Aside:
    """Return one entry with what it says."""
    for row in listed(connection, practice):
        if row.entry == entry:
            kind, said = _said(connection, row)
            return msgspec.structs.replace(row, kind=kind, said=said)
    raise EntryUnknown


def _said(connection: Connection, aside: Aside) -> tuple[str, str]:
    kept = tables.record.c
    held = connection.execute(select(kept.kind, kept.payload).where(kept.id == aside.entry)).first()
    if held is not None:
        return held.kind, _text(held.payload)
    raws = tables.quarantine.c
    question = select(raws.raw).where(
        raws.device == aside.device, raws.seq == aside.seq, raws.why == aside.why
    )
    raw = connection.execute(question).scalar()
    if raw is None:
        return "", ""
    try:
        read = msgspec.msgpack.decode(raw, type=Entry)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return "", _text(raw)
    return read.kind, _text(read.payload)


def _text(raw: bytes) -> str:
    """Return bytes as text to look at: JSON in lines, anything else with signs for what is no text."""
    try:
        shown = msgspec.json.format(raw, indent=2).decode("utf-8")
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError):
        shown = raw[: 2 * SHOWN].decode("utf-8", "replace")
    return shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"


def settle(office: Office, practice: bool, entry: str, outcome: str, note: str, by: str) -> None:
    """Keep what `by` found out about an entry."""
    if outcome not in OUTCOMES or not note.strip():
        raise NoteMissing
    with store.writing(office.engine) as connection:
        one(connection, practice, entry)
        now = office.clock()
        row = {
            "id": ids.uuid7(now),
            "entry": entry,
            "outcome": outcome,
            "note": note.strip()[:4000],
            "by": by,
        }
        connection.execute(insert(tables.settled).values(**row, at=store.text(now)))
        audit.note(connection, now, by, f"aside-{outcome}", entry)
