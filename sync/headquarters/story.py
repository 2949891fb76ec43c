"""What became of a report, told in order, and which hit each judgement in it is about.

Read from the record, its reviews and what first reviewers said; nothing here is a decision.
"""

from datetime import datetime

import msgspec

from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.review import Remark, Review
from fieldapp.screening.hit import Adjudication
from sync.headquarters.reading import Reading
from sync.headquarters.reports import ReportLine
from sync.headquarters.review import Opinion


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The hit of a judgement: what was screened, the entry it met, and on which lists that stands."""

    subject: str
    listed: str
    lists: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a revision; `what` has words under `hq.event.<what>`. `at` is None where nobody noted."""

    what: str
    record: str
    revision: int
    at: datetime | None
    by: str = ""
    note: str = ""


def judgements(made: Inspection) -> tuple[tuple[Adjudication, Named | None], ...]:
    """Return each judgement with the hit it is about; None where no scan of the record shows that hit."""
    hits = {hit.id: hit for scan in made.scans for hit in scan.screening.every_hit()}
    told = []
    for judged in made.adjudications:
        hit = hits.get(judged.hit)
        named = None
        if hit is not None:
            lists = ", ".join(filter(None, (hit.source, hit.programme)))
            named = Named(subject=hit.subject.name, listed=hit.listed_name, lists=lists)
        told.append((judged, named))
    return tuple(told)


def events(reading: Reading, opinions: dict[str, tuple[Opinion, ...]]) -> tuple[Event, ...]:
    """Return the steps of every revision, oldest first. `opinions` are those of each record."""
    found: list[Event] = []
    for past in reading.revisions:
        found += _steps(past, opinions.get(past.record, ()), reading.reviews.get(past.record))
        if past.record == reading.line.record and reading.delivered:
            found.append(_event(past, "delivered", None, reading.device["name"]))
    return tuple(found)


def _steps(past: ReportLine, spoken: tuple[Opinion, ...], decided: Review | None) -> list[Event]:
    # Sealing stands first whatever its time says: a laptop's clock is a claim.
    made = [_event(past, "sealed", past.sealed, past.officer), _event(past, "received", past.received)]
    made += [_event(past, f"first-{one.kind}", one.at, one.by, _said(one.remarks)) for one in spoken]
    if decided is not None:
        made.append(_event(past, decided.outcome, decided.at, decided.by, _said(decided.remarks)))
    return made


def _event(past: ReportLine, what: str, at: datetime | None, by: str = "", note: str = "") -> Event:
    return Event(what=what, record=past.record, revision=past.revision, at=at, by=by, note=note)


def _said(remarks: tuple[Remark, ...]) -> str:
    return " · ".join(remark.text for remark in remarks)
