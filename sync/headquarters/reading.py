"""A report as a supervisor reads it: the record, what signs it, its evidence opened, its history.

Everything shown is read again from the signed bytes; nothing is taken from the list. Checks are made here
and now, each with its own outcome: the vault's signature, its place in the chain, the witnessed head, each
piece of evidence against the hash in the record.
"""

from typing import Literal

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, RowMapping, select

from fieldapp import canonical, ledger
from fieldapp.errors import InspectorError, TrustError
from fieldapp.inspection import record as records
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.record import Record
from fieldapp.inspection.review import Review
from sync.headquarters import changes, enrolment, intake, keys, reports, review, store, tables
from sync.headquarters.blobs import well_named
from sync.headquarters.changes import Change
from sync.headquarters.office import Office
from sync.headquarters.reports import ReportLine

EvidenceState = Literal["whole", "coming", "altered"]
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class ReportUnknown(InspectorError):
    """There is no such report in this realm."""

    code = "report-unknown"


class EvidenceAltered(TrustError):
    """A file at headquarters does not open to what the record names."""

    code = "hq-evidence-altered"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence: whether its sealed file is here, and how much of it."""

    evidence: Evidence
    state: EvidenceState
    received: int


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was checked."""

    what: Literal["signature", "chain", "certificate", "clock"]
    good: bool
    facts: dict[str, str | int] = {}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One revision with all that belongs to it."""

    line: ReportLine
    record: Record
    seq: int
    head: int
    checks: tuple[Check, ...]
    evidence: tuple[Piece, ...]
    revisions: tuple[ReportLine, ...]
    reviews: dict[str, Review]
    device: RowMapping
    delivered: bool  # the vault has taken in the review of this revision
    changes: tuple[Change, ...]  # since the revision before this one


def read(office: Office, record: str, practice: bool) -> Reading:
    """Read one report of one realm."""
    with store.reading(office.engine) as connection:
        line = reports.one(connection, record, practice)
        row = store.one(connection, select(tables.record).where(tables.record.c.id == record))
        if line is None or row is None:
            raise ReportUnknown
        made = records.read(row["payload"])
        device = enrolment.get(connection, line.device)
        history = reports.revisions(connection, line.inspection, practice)
        reviews = {past.record: review.find(connection, past.record) for past in history}
        return Reading(
            line=line,
            record=made,
            seq=row["seq"],
            head=intake.head(connection, line.device).seq,
            checks=_checks(connection, row, made, device),
            evidence=tuple(_piece(connection, office, row, item) for item in made.inspection.evidence),
            revisions=history,
            reviews={name: review.read(kept) for name, kept in reviews.items() if kept is not None},
            device=device,
            changes=_changes(connection, made, history, line.revision),
            delivered=(own := reviews[record]) is not None and device["cursor"] >= own["pos"],
        )


def _changes(
    connection: Connection, made: Record, history: tuple[ReportLine, ...], revision: int
) -> tuple[Change, ...]:
    before = [past.record for past in history if past.revision < revision]
    if not before:
        return ()
    kept = tables.record.c
    payload: bytes = connection.execute(select(kept.payload).where(kept.id == before[-1])).scalar_one()
    return changes.compare(records.read(payload).inspection, made.inspection)


def _checks(connection: Connection, row: RowMapping, made: Record, device: RowMapping) -> tuple[Check, ...]:
    entry = intake.entry_of(row)
    try:
        ledger.check_signature(entry, Ed25519PublicKey.from_public_bytes(device["public"]))
        signed = ledger.entry_id(entry).hex() == row["id"]
    except ledger.LedgerBroken:
        signed = False
    forks = select(tables.record.c.id).where(
        tables.record.c.device == row["device"], tables.record.c.branch != 0
    )
    forked = connection.execute(forks.limit(1)).first() is not None
    certified = (made.signature.name, made.practice) == (device["name"], device["practice"])
    return (
        Check(what="signature", good=signed, facts={"name": device["name"]}),
        Check(what="chain", good=not forked and row["branch"] == 0, facts={"seq": row["seq"]}),
        Check(what="certificate", good=certified, facts={"name": device["name"]}),
        Check(what="clock", good=not made.clock_suspect),
    )


def _piece(connection: Connection, office: Office, record: RowMapping, item: Evidence) -> Piece:
    kept, named, h = tables.blob.c, tables.record_blob.c, item.sealed_sha256
    question = (
        select(kept.done, kept.size, named.size.label("claimed"))
        .join(tables.record_blob, named.h == kept.h)
        .where(kept.h == h, named.record == record["id"])
    )
    row = connection.execute(question).first()
    if row is not None and row.done:
        # What this record says of the size is held against this record alone.
        true = row.size == row.claimed == item.sealed_size
        return Piece(evidence=item, state="whole" if true else "altered", received=row.size)
    here = office.blobs.offset(h, record["device"]) if well_named(h) else 0
    return Piece(evidence=item, state="coming", received=here)


def open_evidence(office: Office, record: str, practice: bool, number: int) -> tuple[Evidence, bytes]:
    """Return the evidence `number` (from 1) of a report and its plain bytes, every hash checked."""
    pieces = read(office, record, practice).evidence
    if not 1 <= number <= len(pieces) or pieces[number - 1].state == "coming":
        raise ReportUnknown
    if pieces[number - 1].state == "altered":
        raise EvidenceAltered(number=number)
    item = pieces[number - 1].evidence
    sealed = office.blobs.read(item.sealed_sha256)
    if canonical.sha256(sealed) != item.sealed_sha256:
        raise EvidenceAltered(number=number)
    identity = pyrage.x25519.Identity.from_str(keys.realm(office.keyring, practice).evidence)
    try:
        plain = bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError:
        raise EvidenceAltered(number=number) from None
    if canonical.sha256(plain) != item.plain_sha256:
        raise EvidenceAltered(number=number)
    return item, plain
