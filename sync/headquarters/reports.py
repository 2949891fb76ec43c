"""Reports as people list them: one line per sealed revision, and where each stands.

A line is a reading of a record, made once when it is taken in. The standing is worked out, never stored:
a revision with a newer one after it is `superseded`, a decided one is `approved` or `returned`, two records
of the same revision are `diverged` until a supervisor rules which stands, one that a first reviewer passed on
is `second`, the rest are `waiting`.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Connection, RowMapping, Select, and_, case, func, literal, or_, select, update

from fieldapp.inspection import disposition
from fieldapp.inspection import inspection as inspections
from fieldapp.inspection import record as records
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.record import Record
from sync.headquarters import store, tables

Standing = Literal["waiting", "second", "returned", "approved", "superseded", "diverged"]
STANDINGS: tuple[Standing, ...] = ("waiting", "second", "diverged", "returned", "approved", "superseded")
SEVERITIES = ("critical", "major", "other")
CLOCKS = ("overdue", "soon", "running")
SOON = timedelta(hours=6)
_NOT_READ = -2


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
    substances: str = ""
    list_age: int = -1  # hours at sealing, -1 without a list
    due: datetime | None = None  # the first clock of the law that still ran at sealing
    place: str = ""
    two_reviewers: bool = False
    hits: int = 0
    overrides: int = 0


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What a person looks for in the list. Empty texts and 0 ask for nothing. `age` is in hours.

    `since` and `until` are days (YYYY-MM-DD) of sealing, both included, in this machine's zone.
    """

    standing: str = ""
    verdict: str = ""
    severity: str = ""
    site: str = ""
    substance: str = ""
    age: int = 0
    clock: str = ""
    text: str = ""
    since: str = ""
    until: str = ""


def line(record: Record, own: str, device: str, at: datetime) -> dict[str, object]:
    """Return the row of `record` for the report table."""
    made = record.inspection
    standing = [finding for finding in made.findings if not finding.withdrawn]
    worst = min((finding.severity for finding in standing), key=SEVERITIES.index, default="")
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
        **_read_more(record),
    }


def _read_more(record: Record) -> dict[str, object]:
    made = record.inspection
    hits = {hit.id: hit for scan in made.scans if not scan.withdrawn for hit in scan.screening.every_hit()}
    counting = {name for name, hit in hits.items() if hit.band in ("strong", "review")}
    refuted = {judged.hit for judged in made.adjudications if judged.verdict == "false"}
    named = [
        match.name
        for scan in made.scans
        for answer in scan.screening.substances
        if not scan.withdrawn and answer.action in ("controlled", "ask_headquarters")
        for match in answer.substances
    ]
    issued = record.watchlist.issued
    age = -1 if issued is None else max(0, int((record.signature.at - issued).total_seconds() // 3600))
    running = [clock.due for clock in made.deadlines if clock.satisfied_at is None]
    return {
        "substances": "; ".join(dict.fromkeys(named))[:500],
        "list_age": min(age, 1_000_000),
        "due": store.text(min(running)) if running else "",
        "place": _place(made),
        "two_reviewers": needs_two(made),
        "hits": len(counting),
        "overrides": len(counting & refuted),
    }


def _place(made: Inspection) -> str:
    """Return the degrees where the record gives them, as places read them, else the place in words."""
    at = made.located
    return f"{at.latitude:.5f}, {at.longitude:.5f}" if at is not None else made.place[:200]


def needs_two(made: Inspection) -> bool:
    """Say whether two reviewers have to approve: goods seized, or let go despite a hit.

    Read from what the record shows, whatever its laptop thought of it.
    """
    lines = {None, *(decision.line for decision in made.decisions)}
    stand = {disposition.effective(made.decisions, line) for line in lines}
    waits = any(decision.needs_second for decision in made.decisions)
    hit = inspections.standing_verdict(made) in ("hold", "check") or any(
        entry.band in ("strong", "review")
        for scan in made.scans
        if not scan.withdrawn
        for entry in scan.screening.every_hit()
    )
    return "seize" in stand or waits or ("release" in stand and hit)


def refresh(connection: Connection) -> int:
    """Read the lines again that an older headquarters made; return how many."""
    kept = tables.report.c
    question = (
        select(kept.record, tables.record.c.payload)
        .join(tables.record, tables.record.c.id == kept.record)
        .where(kept.list_age == _NOT_READ)
    )
    rows = connection.execute(question).all()
    for row in rows:
        again = _read_more(records.read(row.payload))
        connection.execute(update(tables.report).where(kept.record == row.record).values(**again))
    return len(rows)


def _listed(practice: bool) -> Select[tuple[object, ...]]:
    kept, later = tables.report, tables.report.alias()
    same_inspection = and_(later.c.inspection == kept.c.inspection, later.c.practice == kept.c.practice)
    newer = select(later.c.record).where(same_inspection, later.c.revision > kept.c.revision).exists()
    twin = (
        select(later.c.record)
        .where(same_inspection, later.c.revision == kept.c.revision, later.c.record != kept.c.record)
        .exists()
    )
    ruled = tables.ruling.c
    same_place = and_(
        ruled.inspection == kept.c.inspection,
        ruled.revision == kept.c.revision,
        ruled.practice == kept.c.practice,
    )
    other_stands = select(ruled.record).where(same_place, ruled.record != kept.c.record).exists()
    stands = select(ruled.record).where(same_place, ruled.record == kept.c.record).exists()
    passed_on = select(tables.opinion.c.id).where(tables.opinion.c.record == kept.c.record).exists()
    standing = case(
        (tables.review.c.outcome.is_not(None), tables.review.c.outcome),
        (or_(newer, other_stands), literal("superseded")),
        (and_(twin, ~stands), literal("diverged")),
        (passed_on, literal("second")),
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
    sought: Sought = Sought(),  # noqa: B008 - frozen
    *,
    now: datetime | None = None,
    limit: int = 200,
) -> tuple[ReportLine, ...]:
    """Return the lines of one realm that were sought, newest first. A clock is sought as it stands `now`."""
    inner = _listed(practice).subquery()
    kept = inner.c
    question = select(inner).order_by(kept.received.desc(), kept.sealed.desc()).limit(limit)
    for name in ("standing", "verdict", "severity", "site"):
        if getattr(sought, name):
            question = question.where(kept[name] == getattr(sought, name))
    if sought.substance.strip():
        question = question.where(kept.substances.icontains(sought.substance.strip(), autoescape=True))
    if sought.age:
        question = question.where(or_(kept.list_age >= sought.age, kept.list_age < 0))
    if sought.clock in CLOCKS and now is not None:
        question = question.where(kept.due != "")
        here, soon = store.text(now), store.text(now + SOON)
        if sought.clock == "overdue":
            question = question.where(kept.due < here)
        else:
            question = question.where(kept.due >= here)
            question = question.where(kept.due < soon) if sought.clock == "soon" else question
    if sought.since:
        question = question.where(kept.sealed >= store.text(_midnight(sought.since)))
    if sought.until:
        question = question.where(kept.sealed < store.text(_midnight(sought.until) + timedelta(days=1)))
    if sought.text.strip():
        places = (kept.number, kept.reference, kept.consignee, kept.site, kept.officer, kept.substances)
        sign = sought.text.strip()
        question = question.where(or_(*(place.icontains(sign, autoescape=True) for place in places)))
    return tuple(_line_of(row) for row in connection.execute(question).mappings())


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time()).astimezone()


def sites(connection: Connection, practice: bool) -> tuple[str, ...]:
    """Return the sites that reports of one realm name, in order."""
    kept = tables.report.c
    question = select(kept.site).where(kept.practice == practice).distinct().order_by(kept.site)
    return tuple(connection.execute(question.limit(500)).scalars())


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
    named["due"] = store.moment(row["due"]) if row["due"] else None
    return ReportLine(**named)
