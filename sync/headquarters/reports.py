"""Reports as people list them: one line per sealed revision, and where each stands.

A line is a reading of a record, made once when it is taken in. The standing is worked out, never stored:
a revision with a newer one after it is `superseded`, a decided one is `approved` or `returned`, two records
of the same revision are `diverged`, the rest are `waiting`.
"""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, RowMapping, Select, and_, case, func, literal, or_, select

from fieldapp.inspection import inspection as inspections
from fieldapp.inspection.record import Record
from sync.headquarters import store, tables

Standing = Literal["waiting", "returned", "approved", "superseded", "diverged"]
STANDINGS: tuple[Standing, ...] = ("waiting", "diverged", "returned", "approved", "superseded")
_SEVERITIES = ("critical", "major", "other")


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """One revision in a list. Texts come from the record, so they are shown as plain text."""

    record: str
    device: str
    inspection: str
    revision: int
    number: str
    site: str
    officer: str
    reference: str
    consignee: str
    verdict: str
    disposition: str
    severity: str
    findings: int
    sealed: datetime
    received: datetime
    standing: Standing
    blobs: int
    blobs_done: int


def line(record: Record, own: str, device: str, at: datetime) -> dict[str, object]:
    """Return the row of `record` for the report table."""
    made = record.inspection
    standing = [finding for finding in made.findings if not finding.withdrawn]
    worst = min((finding.severity for finding in standing), key=_SEVERITIES.index, default="")
    consignees = [party.name for party in made.consignment.parties if party.role == "consignee"]
    return {
        "record": own,
        "device": device,
        "practice": record.practice,
        "inspection": made.id,
        "revision": made.revision,
        "number": made.number,
        "site": made.site,
        "officer": made.officer.name,
        "reference": made.consignment.reference,
        "consignee": consignees[0] if consignees else "",
        "verdict": inspections.standing_verdict(made),
        "disposition": inspections.effective_disposition(made) or "",
        "severity": worst,
        "findings": len(standing),
        "sealed": store.text(record.signature.at),
        "received": store.text(at),
    }


def _listed(practice: bool) -> Select[tuple[object, ...]]:
    kept, later = tables.report, tables.report.alias()
    same_inspection = and_(later.c.inspection == kept.c.inspection, later.c.practice == kept.c.practice)
    newer = select(later.c.record).where(same_inspection, later.c.revision > kept.c.revision).exists()
    twin = (
        select(later.c.record)
        .where(same_inspection, later.c.revision == kept.c.revision, later.c.record != kept.c.record)
        .exists()
    )
    standing = case(
        (tables.review.c.outcome.is_not(None), tables.review.c.outcome),
        (newer, literal("superseded")),
        (twin, literal("diverged")),
        else_=literal("waiting"),
    ).label("standing")
    named = select(func.count()).where(tables.record_blob.c.record == kept.c.record)
    whole = named.join(tables.blob, tables.blob.c.h == tables.record_blob.c.h).where(tables.blob.c.done != "")
    return (
        select(
            kept,
            standing,
            named.scalar_subquery().label("blobs"),
            whole.scalar_subquery().label("blobs_done"),
        )
        .outerjoin(tables.review, tables.review.c.record == kept.c.record)
        .where(kept.c.practice == practice)
    )


def queue(
    connection: Connection,
    practice: bool,
    *,
    standing: str = "",
    verdict: str = "",
    text: str = "",
    limit: int = 200,
) -> tuple[ReportLine, ...]:
    """Return the lines of one realm, newest first, narrowed by standing, verdict word and a text."""
    inner = _listed(practice).subquery()
    question = select(inner).order_by(inner.c.received.desc(), inner.c.sealed.desc()).limit(limit)
    if standing:
        question = question.where(inner.c.standing == standing)
    if verdict:
        question = question.where(inner.c.verdict == verdict)
    if text.strip():
        places = (inner.c.number, inner.c.reference, inner.c.consignee, inner.c.site, inner.c.officer)
        question = question.where(or_(*(place.icontains(text.strip(), autoescape=True) for place in places)))
    return tuple(_line_of(row) for row in connection.execute(question).mappings())


def counts(connection: Connection, practice: bool) -> dict[str, int]:
    """Return how many revisions of one realm stand where."""
    inner = _listed(practice).subquery()
    question = select(inner.c.standing, func.count()).group_by(inner.c.standing)
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(question)}
    return {standing: found.get(standing, 0) for standing in STANDINGS}


def one(connection: Connection, record: str, practice: bool) -> ReportLine | None:
    """Return the line of one record of one realm."""
    row = store.one(connection, _listed(practice).where(tables.report.c.record == record))
    return _line_of(row) if row else None


def revisions(connection: Connection, inspection: str, practice: bool) -> tuple[ReportLine, ...]:
    """Return every revision of one inspection, oldest first."""
    kept = tables.report.c
    question = _listed(practice).where(kept.inspection == inspection).order_by(kept.revision, kept.received)
    return tuple(_line_of(row) for row in connection.execute(question).mappings())


def _line_of(row: RowMapping) -> ReportLine:
    named = {name: row[name] for name in ReportLine.__struct_fields__}
    named["sealed"], named["received"] = store.moment(row["sealed"]), store.moment(row["received"])
    return ReportLine(**named)
