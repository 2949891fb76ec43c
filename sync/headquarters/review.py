"""Review: a supervisor's word on one sealed record, signed and sent back.

The decision, its signed statement in the vault's feed and its line in the audit trail are one transaction.
Refused: a second decision on the same record, a decision on a revision that a newer one replaced, a return
without a remark, a decision on one's own report, a form whose id or outcome is not of ours. Posting the same
form twice is one review.
"""

import re
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
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MAX_REMARKS = 20
MAX_REMARK = 4000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReviewRefused(InspectorError):
    """This decision cannot be taken; `why` names the guard."""

    code = "review-refused"


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


def decide(office: Office, command: Decide, by: str) -> Review:
    """Decide on a record, sign the decision and put it into the feed of the vault that sealed it."""
    outcome_of(command.outcome)
    if _UUID.fullmatch(command.id) is None:
        raise ReviewRefused(why="form")
    with store.writing(office.engine) as connection:
        known = find(connection, command.record)
        if known is not None and known["id"] == command.id:
            return read(known)
        line = reports.one(connection, command.record, command.practice)
        if line is None:
            raise ReviewRefused(why="unknown")
        _guard(command, line, by)
        namesake = select(tables.review.c.record).where(tables.review.c.id == command.id)
        if store.one(connection, namesake) is not None:
            raise ReviewRefused(why="form")  # a form of another report
        return _enter(connection, office, command, line, by)


def _guard(command: Decide, line: ReportLine, by: str) -> None:
    if line.standing in ("approved", "returned", "superseded"):
        raise ReviewRefused(why=line.standing)
    if line.officer.strip().casefold() == by.strip().casefold():
        raise ReviewRefused(why="own-report")
    if command.outcome == "returned" and not any(remark.text.strip() for remark in command.remarks):
        raise ReviewRefused(why="remark-missing")
    if len(command.remarks) > MAX_REMARKS or any(len(remark.text) > MAX_REMARK for remark in command.remarks):
        raise ReviewRefused(why="remark-long")


def _enter(connection: Connection, office: Office, command: Decide, line: ReportLine, by: str) -> Review:
    now = office.clock()
    made = Review(
        id=command.id,
        record=line.record,
        inspection=line.inspection,
        revision=line.revision,
        outcome=command.outcome,
        by=by,
        at=now,
        remarks=tuple(remark for remark in command.remarks if remark.text.strip()),
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


def find(connection: Connection, record: str) -> RowMapping | None:
    """Return the row of the review of a record, None while there is none."""
    return store.one(connection, select(tables.review).where(tables.review.c.record == record))


def read(row: RowMapping) -> Review:
    """Return the review that a row keeps, from the bytes that were signed."""
    statement = msgspec.msgpack.decode(row["statement"], type=Statement)
    return enrolment.open_statement(statement, "review", Review, (statement.key.hex(),))
