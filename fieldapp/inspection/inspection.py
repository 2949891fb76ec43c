"""An inspection: one officer, one consignment, one place, revision by revision.

A revision is a draft until it is sealed; a sealed revision never changes. A returned report becomes a
draft again as revision n+1 that names the record before it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.statement import Statement
from fieldapp.errors import InspectorError
from fieldapp.inspection import disposition
from fieldapp.inspection.addendum import Addendum
from fieldapp.inspection.answer import Answer, unfinished
from fieldapp.inspection.checklist import Checklist
from fieldapp.inspection.custody import Step
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.disposition import Decision
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.inspection.finding import Finding
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.mark import Mark, SeenBefore, marks
from fieldapp.inspection.position import Position
from fieldapp.inspection.presence import Presence
from fieldapp.inspection.review import Review
from fieldapp.inspection.sample import Sample
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Adjudication, Hit
from fieldapp.screening.verdict import Word, worst

State = Literal["draft", "sealed", "returned", "approved"]


class NotDraft(InspectorError):
    """A sealed inspection is never edited."""

    code = "not-draft"


class CannotSeal(InspectorError):
    """Something is missing before this can be sealed; `why` names it."""

    code = "cannot-seal"


class NotFound(InspectorError):
    """The inspection has no such part; `what` and `id` name it."""

    code = "not-found"


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """Who inspects: the printed name, the role, the unit."""

    name: str
    role: str = ""
    unit: str = ""


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """Everything recorded so far. `number` is what people call it; `parents` are record ids it follows."""

    id: str
    number: str
    revision: int = 1
    state: State = "draft"
    practice: bool = False
    opened: datetime
    site: str
    officer: Officer
    consignment: Consignment
    scans: tuple[Scan, ...] = ()
    adjudications: tuple[Adjudication, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reviews: tuple[Review, ...] = ()
    parents: tuple[str, ...] = ()
    answers: str = ""  # the review this revision answers
    place: str = ""  # as typed
    located: Position | None = None  # degrees, as a device gave them or somebody typed them
    checklist: Checklist | None = None  # the whole of it: a newer version never changes this draft
    answered: tuple[Answer, ...] = ()
    found: tuple[Statement, ...] = ()  # weighed, counted and read on the spot
    field_tests: tuple[FieldTest, ...] = ()
    procedure: str = ""
    samples: tuple[Sample, ...] = ()
    custody: tuple[Step, ...] = ()
    holds: tuple[Hold, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    present: tuple[Presence, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    seen_before: tuple[SeenBefore, ...] = ()  # marks that other inspections in this vault bear


def open_hits(inspection: Inspection) -> tuple[Hit, ...]:
    """Return the hits in the strong and review bands that nobody has judged yet, each once.

    A controlled substance, and one that headquarters must be asked about, is a hit like any other.
    """
    judged = {judgement.hit for judgement in inspection.adjudications if judgement.verdict != "unsure"}
    seen: dict[str, Hit] = {}
    for scan in inspection.scans:
        for hit in scan.screening.every_hit():
            if hit.band in ("strong", "review") and hit.id not in judged:
                seen.setdefault(hit.id, hit)
    return tuple(seen.values())


def standing_hits(inspection: Inspection) -> tuple[Hit, ...]:
    """Return the hits in the strong and review bands that nobody judged to be another's, each once."""
    cleared = {judgement.hit for judgement in inspection.adjudications if judgement.verdict == "false"}
    seen: dict[str, Hit] = {}
    for scan in inspection.scans:
        for hit in scan.screening.every_hit():
            if hit.band in ("strong", "review") and hit.id not in cleared:
                seen.setdefault(hit.id, hit)
    return tuple(seen.values())


def standing_verdict(inspection: Inspection) -> Word:
    """Return the worst verdict word over the scans that count; without one nothing could be checked."""
    words = [scan.verdict.word for scan in inspection.scans if not scan.withdrawn]
    return worst(words) if words else "cannot_check"


def require_draft(inspection: Inspection) -> None:
    """Refuse to change what is not a draft."""
    if inspection.state != "draft":
        raise NotDraft(number=inspection.number, revision=inspection.revision)


def require_sealable(inspection: Inspection) -> None:
    """Refuse to seal while a hit is open, an answer lacks, nothing was decided, or nothing was examined."""
    require_draft(inspection)
    if all(scan.withdrawn for scan in inspection.scans) and not inspection.findings:
        raise CannotSeal(why="nothing-examined")
    if open_hits(inspection):
        raise CannotSeal(why="open-hits", count=len(open_hits(inspection)))
    waiting = unfinished(inspection.checklist, inspection.answered) if inspection.checklist else ()
    if waiting:
        raise CannotSeal(why="checklist", count=len(waiting))
    undecided = undecided_lines(inspection)
    if undecided or not inspection.decisions:
        raise CannotSeal(why="no-decision", count=len(undecided))
    disposition.require_standing(inspection.decisions, inspection.holds)


def undecided_lines(inspection: Inspection) -> tuple[int, ...]:
    """Return the goods lines of which nothing was decided, by name or with the whole."""
    return tuple(
        line.seq
        for line in inspection.consignment.goods
        if disposition.effective(inspection.decisions, line.seq) is None
    )


def effective_disposition(inspection: Inspection) -> disposition.Disposition | None:
    """Return what holds for the goods now, derived from the lines."""
    return disposition.of_lines(inspection.decisions, [line.seq for line in inspection.consignment.goods])


def marks_of(inspection: Inspection) -> frozenset[Mark]:
    """Return what of this inspection must not turn up in another."""
    seals = tuple(one.value for one in inspection.found if one.field == "seal")
    return marks(inspection.evidence, seals, inspection.samples, inspection.scans)
