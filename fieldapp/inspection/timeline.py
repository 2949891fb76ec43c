"""The story of one consignment: everything that was done, found, decided and answered, in the order of time.

Promises: each thing an inspection holds stands here once, with its moment and who it was by; what was taken
back later stands as it was and is told of as taken back. A moment is the one recorded, in UTC, whatever a
clock said later; things of one moment keep the order of the work. Words of people and papers come as they
were written and are shown as plain text.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.inspection import fieldtest
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.disposition import Decision
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan

Kind = Literal[
    "ordered", "opened", "scanned", "hit", "judged", "found", "photographed", "filed", "tested", "answered",
    "drawn", "handed", "held", "lifted", "decided", "seconded", "attended", "clock", "met", "due", "sealed",
    "reviewed", "added",
]  # fmt: skip
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # of one moment, in this order


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened. `code` is a word of a closed list (a verdict, a disposition, a move);
    `name` what it is about; `text` what was written; `by` who, "" where nobody is named.
    """

    at: datetime
    kind: Kind
    by: str = ""
    code: str = ""
    name: str = ""
    text: str = ""
    revision: int = 0
    withdrawn: bool = False


class Sealing(msgspec.Struct, frozen=True, kw_only=True):
    """That a revision was sealed: when, by whom, under which record id."""

    revision: int
    at: datetime
    by: str
    record: str


def timeline(inspection: Inspection, sealings: Sequence[Sealing] = ()) -> tuple[Moment, ...]:
    """Return the moments of the newest revision, which holds all before it, and of the sealings."""
    found = [
        *_beginning(inspection),
        *_examination(inspection),
        *_goods(inspection),
        *_law(inspection),
        *_answers(inspection),
        *(
            Moment(at=one.at, kind="sealed", by=one.by, name=one.record[:16], revision=one.revision)
            for one in sealings
        ),
    ]
    return tuple(sorted(found, key=lambda moment: (moment.at, KINDS.index(moment.kind))))


def _beginning(inspection: Inspection) -> Iterator[Moment]:
    order = inspection.consignment.assignment
    if order is not None:
        why = ", ".join(order.reasons)
        yield Moment(at=order.issued, kind="ordered", code=order.lane, name=order.order, text=why)
        if order.due is not None:
            yield Moment(at=order.due, kind="due", name=order.order)
    officer = inspection.officer.name
    yield Moment(
        at=inspection.opened, kind="opened", by=officer, name=inspection.number, text=inspection.site
    )


def _examination(inspection: Inspection) -> Iterator[Moment]:
    officer = inspection.officer.name
    names: dict[str, str] = {}
    for scan in inspection.scans:
        names |= {hit.id: hit.listed_name for hit in scan.screening.every_hit()}
        yield from _scanned(scan, officer)
    for judged in inspection.adjudications:
        yield Moment(
            at=datetime.fromisoformat(judged.at), kind="judged", by=judged.by, code=judged.verdict,
            name=names.get(judged.hit, ""), text=judged.reason,
        )  # fmt: skip
    for finding in inspection.findings:
        yield Moment(
            at=finding.at, kind="found", by=officer, code=finding.severity, name=str(finding.number),
            text=finding.note, withdrawn=bool(finding.withdrawn),
        )  # fmt: skip
    for item in inspection.evidence:
        picture = item.mime.startswith("image/")
        yield Moment(
            at=item.at, kind="photographed" if picture else "filed", by=officer,
            name=item.original_name or item.plain_sha256[:16], text=item.caption,
        )  # fmt: skip
    for test in inspection.field_tests:
        yield Moment(
            at=test.at, kind="tested", by=test.operator, code=fieldtest.word(test), name=test.substance,
            text=test.note,
        )  # fmt: skip
    if inspection.answered:
        last = max(answer.at for answer in inspection.answered)
        yield Moment(at=last, kind="answered", by=officer, name=str(len(inspection.answered)))


def _scanned(scan: Scan, officer: str) -> Iterator[Moment]:
    named = scan.identified.identifiers
    code = named.get("gtin") or named.get("sscc") or named.get("container") or scan.identified.text
    gone = bool(scan.withdrawn)
    yield Moment(
        at=scan.at, kind="scanned", by=officer, code=scan.verdict.word, name=code, text=scan.withdrawn,
        withdrawn=gone,
    )  # fmt: skip
    seen: set[str] = set()
    for hit in scan.screening.every_hit():
        if hit.band in ("strong", "review") and hit.id not in seen:
            seen.add(hit.id)
            yield Moment(
                at=scan.at, kind="hit", code=hit.band, name=hit.listed_name, text=hit.subject.name,
                withdrawn=gone,
            )  # fmt: skip


def _goods(inspection: Inspection) -> Iterator[Moment]:
    for sample in inspection.samples:
        yield Moment(
            at=sample.at, kind="drawn", by=inspection.officer.name, name=sample.number, text=sample.seal
        )
    for step in inspection.custody:
        parties = f"{step.giver} → {step.taker}" if step.giver != step.taker else step.taker
        yield Moment(
            at=step.at, kind="handed", by=parties, code=step.action, name=step.exhibit, text=step.discrepancy
        )
    for person in inspection.present:
        yield Moment(
            at=person.at, kind="attended", by=person.name, code=person.outcome, name=person.role,
            text=person.reason,
        )  # fmt: skip


def _law(inspection: Inspection) -> Iterator[Moment]:
    for decision in inspection.decisions:
        yield from _decided(decision)
    for hold in inspection.holds:
        yield from _held(hold)
    for clock in inspection.deadlines:
        yield from _clock(clock)


def _decided(decision: Decision) -> Iterator[Moment]:
    line = "" if decision.line is None else str(decision.line)
    what = decision.disposition
    yield Moment(at=decision.at, kind="decided", by=decision.by, code=what, name=line, text=decision.reason)
    if decision.second is not None:
        yield Moment(at=decision.second.at, kind="seconded", by=decision.second_name, code=what, name=line)


def _held(hold: Hold) -> Iterator[Moment]:
    yield Moment(at=hold.at, kind="held", by=hold.by, name=hold.authority, text=hold.reason)
    if hold.lifted_at is not None:
        yield Moment(
            at=hold.lifted_at, kind="lifted", by=hold.lifted_by, name=hold.authority, text=hold.lifted_why
        )


def _clock(clock: Deadline) -> Iterator[Moment]:
    yield Moment(at=clock.starts, kind="clock", name=clock.kind, code=clock.procedure)
    if clock.satisfied_at is not None:
        late = "late" if clock.satisfied_at > clock.due else "satisfied"
        yield Moment(at=clock.satisfied_at, kind="met", name=clock.kind, code=clock.procedure, text=late)
    else:
        yield Moment(at=clock.due, kind="due", name=clock.kind, code=clock.procedure)


def _answers(inspection: Inspection) -> Iterator[Moment]:
    for review in inspection.reviews:
        remarks = " · ".join(remark.text for remark in review.remarks)
        yield Moment(
            at=review.at, kind="reviewed", by=review.by, code=review.outcome, text=remarks,
            revision=review.revision,
        )  # fmt: skip
    for addendum in inspection.addenda:
        yield Moment(
            at=addendum.at, kind="added", by=addendum.issuer, code=addendum.kind,
            name=addendum.exhibit or addendum.number, text=addendum.text,
        )  # fmt: skip
