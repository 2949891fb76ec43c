"""What was decided about the goods, by whom and why; holds; the clocks of the law; the second officer."""

from fieldapp.inspection import procedure
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.disposition import Decision, effective
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, gap, sentences, table
from fieldapp.report.style import STRONG_BODY, TABLE_STRONG
from fieldapp.report.words import Words


def build(sheet: Sheet) -> list[Block]:
    """Return every decision in its order, the last one holding, then holds and clocks."""
    words, inspection = sheet.words, sheet.inspection
    blocks: list[Block] = (
        [_decisions(words, inspection.decisions), *_standing(sheet)]
        if inspection.decisions
        else sentences(words.sentences("paper.decision.none"))
    )
    if any(decision.needs_second for decision in inspection.decisions):
        blocks += [para(said, STRONG_BODY) for said in words.sentences("paper.needs-second")]
    if inspection.holds:
        blocks += [gap(7), _holds(sheet)]
    if inspection.deadlines:
        blocks += [gap(7), _clocks(words, inspection.deadlines)]
    return blocks


def _decisions(words: Words, decisions: tuple[Decision, ...]) -> Block:
    rows = [
        (
            words.time(decision.at),
            str(decision.line or words.label("paper.all-lines")),
            para(words.label(f"disposition.{decision.disposition}"), TABLE_STRONG),
            decision.reason,
            _by(words, decision),
        )
        for decision in decisions
    ]
    columns = (
        (0.195, words.label("paper.time")),
        (0.09, words.label("paper.line")),
        (0.14, words.label("paper.decided")),
        (0.375, words.label("paper.reason")),
        (0.20, words.label("paper.by")),
    )
    return table(columns, rows)


def _standing(sheet: Sheet) -> list[Block]:
    """Return what holds for each goods line, where not the same holds for all."""
    words, inspection = sheet.words, sheet.inspection
    if all(decision.line is None for decision in inspection.decisions):
        return []
    now = [(line, effective(inspection.decisions, line.seq)) for line in inspection.consignment.goods]
    rows = [
        (
            str(line.seq),
            line.description,
            para(words.label(f"disposition.{held}") if held else "–", TABLE_STRONG),
        )
        for line, held in now
    ]
    columns = (
        (0.08, words.label("paper.no")),
        (0.62, words.label("paper.declared-goods")),
        (0.30, words.label("paper.stands")),
    )
    return [gap(7), table(columns, rows)] if rows else []


def _by(words: Words, decision: Decision) -> str:
    if decision.needs_second:
        return f"{decision.by}; {words.label('paper.second-missing')}"
    if decision.second is None:
        return decision.by
    second = words.label("paper.second-officer", name=decision.second_name)
    return f"{decision.by}; {second}, {words.time(decision.second.at)}"


def _holds(sheet: Sheet) -> Block:
    words = sheet.words
    rows = [
        (
            hold.authority,
            str(hold.line or words.label("paper.all-lines")),
            hold.reason,
            f"{words.time(hold.at)}, {hold.by}",
            words.label("paper.hold-open")
            if hold.lifted_at is None
            else f"{words.time(hold.lifted_at)}, {hold.lifted_by}: {hold.lifted_why}",
        )
        for hold in sheet.inspection.holds
    ]
    columns = (
        (0.18, words.label("paper.hold")),
        (0.09, words.label("paper.line")),
        (0.28, words.label("paper.reason")),
        (0.20, words.label("paper.placed")),
        (0.25, words.label("paper.lifted")),
    )
    return table(columns, rows)


def _clocks(words: Words, deadlines: tuple[Deadline, ...]) -> Block:
    rows = [
        (
            _clock(words, one),
            words.time(one.starts),
            para(words.time(one.due), TABLE_STRONG),
            words.time(one.satisfied_at) if one.satisfied_at else "–",
        )
        for one in deadlines
    ]
    columns = (
        (0.40, words.label("paper.clock")),
        (0.20, words.label("paper.starts")),
        (0.20, words.label("paper.due")),
        (0.20, words.label("paper.satisfied")),
    )
    return table(columns, rows)


def _clock(words: Words, deadline: Deadline) -> str:
    if deadline.procedure in procedure.PROFILES:
        for clock in procedure.profile(deadline.procedure).clock:
            if clock.kind == deadline.kind:
                return f"{words.wording(clock.words)} ({words.wording(clock.source)})"
    return deadline.kind
