"""Review: a supervisor's word on one sealed record, signed and sent back.

The decision, its signed statement in the vault's feed and its line in the audit trail are one transaction.
Goods seized, or let go despite a hit, are approved by two: the first one's word is kept as an opinion, and
the review is signed when another person agrees. A reviewer may also pass any report on.
Refused: a second decision on the same record, a decision on a revision that a newer one replaced, a return
without a remark, a decision on one's own report, a second word of the same person, a form whose id or outcome
is not of ours. Posting the same form twice is one review.
"""

import re
from datetime import datetime
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select

from fieldapp import enrolment, ids
from fieldapp.enrolment import Statement
from fieldapp.errors import InspectorError
from fieldapp.inspection.review import Remark, Review
from sync.headquarters import audit, feed, keys, reports, store, tables
from sync.headquarters.office import Office
from sync.headquarters.reports import ReportLine

Outcome = Literal["approved", "returned"]
OpinionKind = Literal["approved", "escalated"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MAX_REMARKS = 20
MAX_REMARK = 4000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReviewRefused(InspectorError):
    """This decision cannot be taken; `why` names the guard."""

    code = "review-refused"


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What a first reviewer said: approved, or passed on to another with a remark."""

    id: str
    record: str
    kind: OpinionKind
    by: str
    at: datetime
    remarks: tuple[Remark, ...] = ()


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor's decision. `id` is minted with the form, so that posting it twice is one review."""

    id: str
    record: str
    practice: bool
    outcome: Outcome
    remarks: tuple[Remark, ...] = ()


def new_id(office: Office) -> str:
    """Return an id for a form that may become a review."""
    return ids.uuid7(office.clock())


def outcome_of(text: str) -> Outcome:
    """Read the outcome that a form names; anything else is refused, never taken for one of the two."""
    for outcome in OUTCOMES:
        if outcome == text:
            return outcome
    raise ReviewRefused(why="form")


def decide(office: Office, command: Decide, by: str) -> Review | Opinion:
    """Decide on a record, sign the decision and put it into the feed of the vault that sealed it.

    The first of two approvals is an opinion, and nothing is sent yet.
    """
    outcome_of(command.outcome)
    with store.writing(office.engine) as connection:
        known = find(connection, command.record)
        if known is not None and known["id"] == command.id:
            return read(known)
        before = opinions(connection, command.record)
        for one in before:
            if one.id == command.id and one.by == by:
                return one
        line = _reviewable(connection, command, by)
        if command.outcome == "returned" and not any(remark.text.strip() for remark in command.remarks):
            raise ReviewRefused(why="remark-missing")
        if any(_same(one.by, by) for one in before):
            raise ReviewRefused(why="second-reviewer")
        agreed = any(one.kind == "approved" for one in before)
        if command.outcome == "approved" and line.two_reviewers and not agreed:
            return _enter_opinion(connection, office, command, "approved", by)
        return _enter(connection, office, command, line, by, before)


def escalate(office: Office, command: Decide, by: str) -> Opinion:
    """Pass a report on to another reviewer, with a remark that says why."""
    with store.writing(office.engine) as connection:
        _reviewable(connection, command, by)
        if not any(remark.text.strip() for remark in command.remarks):
            raise ReviewRefused(why="remark-missing")
        if any(_same(one.by, by) for one in opinions(connection, command.record)):
            raise ReviewRefused(why="second-reviewer")
        return _enter_opinion(connection, office, command, "escalated", by)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _reviewable(connection: Connection, command: Decide, by: str) -> ReportLine:
    """Return the line of a record that `by` may say something about."""
    if _UUID.fullmatch(command.id) is None:
        raise ReviewRefused(why="form")
    line = reports.one(connection, command.record, command.practice)
    if line is None:
        raise ReviewRefused(why="unknown")
    if line.standing in ("approved", "returned", "superseded"):
        raise ReviewRefused(why=line.standing)
    if _same(line.officer, by):
        raise ReviewRefused(why="own-report")
    if len(command.remarks) > MAX_REMARKS or any(len(remark.text) > MAX_REMARK for remark in command.remarks):
        raise ReviewRefused(why="remark-long")
    namesake = select(tables.review.c.record).where(tables.review.c.id == command.id)
    if store.one(connection, namesake) is not None:
        raise ReviewRefused(why="form")  # a form of another report
    return line


def opinions(connection: Connection, record: str) -> tuple[Opinion, ...]:
    """Return what first reviewers said of a record, oldest first."""
    kept = tables.opinion
    rows = connection.execute(select(kept).where(kept.c.record == record).order_by(kept.c.at)).mappings()
    return tuple(
        Opinion(
            id=row["id"],
            record=record,
            kind=row["kind"],
            by=row["by"],
            at=store.moment(row["at"]),
            remarks=msgspec.json.decode(row["remarks"], type=tuple[Remark, ...]),
        )
        for row in rows
    )


def _enter_opinion(
    connection: Connection, office: Office, command: Decide, kind: OpinionKind, by: str
) -> Opinion:
    now = office.clock()
    remarks = tuple(remark for remark in command.remarks if remark.text.strip())
    made = Opinion(id=command.id, record=command.record, kind=kind, by=by, at=now, remarks=remarks)
    kept = {"id": made.id, "record": made.record, "kind": kind, "by": by, "at": store.text(now)}
    connection.execute(insert(tables.opinion).values(**kept, remarks=msgspec.json.encode(remarks)))
    audit.note(connection, now, by, f"first-{kind}", made.record)
    return made


def _enter(
    connection: Connection,
    office: Office,
    command: Decide,
    line: ReportLine,
    by: str,
    before: tuple[Opinion, ...],
) -> Review:
    now = office.clock()
    agreed = [one for one in before if one.kind == "approved" and command.outcome == "approved"]
    made = Review(
        id=command.id,
        record=line.record,
        inspection=line.inspection,
        revision=line.revision,
        outcome=command.outcome,
        by=", ".join([*(one.by for one in agreed), by]),
        at=now,
        remarks=(
            *(remark for one in agreed for remark in one.remarks),
            *(remark for remark in command.remarks if remark.text.strip()),
        ),
    )
    statement = enrolment.sign("review", made, keys.realm(office.keyring, command.practice).signing)
    pos = feed.append(connection, line.device, statement, office.clock)
    connection.execute(
        insert(tables.review).values(
            id=made.id,
            record=made.record,
            outcome=made.outcome,
            by=by,
            at=store.text(now),
            statement=msgspec.msgpack.encode(statement),
            pos=pos,
        )
    )
    audit.note(connection, now, by, made.outcome, made.record)
    return made


def rule(office: Office, record: str, practice: bool, note: str, by: str) -> None:
    """Rule which of several records of one revision stands; the others are kept and count as replaced."""
    note = note.strip()
    with store.writing(office.engine) as connection:
        line = reports.one(connection, record, practice)
        if line is None or line.standing != "diverged":
            raise ReviewRefused(why="unknown" if line is None else "not-diverged")
        if not note:
            raise ReviewRefused(why="remark-missing")
        if _same(line.officer, by):
            raise ReviewRefused(why="own-report")
        now = office.clock()
        connection.execute(
            insert(tables.ruling).values(
                record=record,
                inspection=line.inspection,
                revision=line.revision,
                practice=practice,
                note=note[:MAX_REMARK],
                by=by,
                at=store.text(now),
            )
        )
        audit.note(connection, now, by, "ruled", record)


def find(connection: Connection, record: str) -> RowMapping | None:
    """Return the row of the review of a record, None while there is none."""
    return store.one(connection, select(tables.review).where(tables.review.c.record == record))


def read(row: RowMapping) -> Review:
    """Return the review that a row keeps, from the bytes that were signed."""
    statement = msgspec.msgpack.decode(row["statement"], type=Statement)
    return enrolment.open_statement(statement, "review", Review, (statement.key.hex(),))
