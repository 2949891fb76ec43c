"""What was done at the goods, in words for the report page: papers compared, checklist, samples, custody,
field tests, holds, deadlines, who was present, additions, marks seen before.

Read from the record alone. A code that this headquarters has no words for is shown as the code. Every text is
plain; the page escapes it.
"""

from datetime import datetime

import msgspec

from fieldapp.consignment import quantity
from fieldapp.inspection import deadline, fieldtest, procedure
from fieldapp.inspection.answer import Standing, standings
from fieldapp.inspection.checklist import Wording
from fieldapp.inspection.comparison import Cell, by_source, compare_papers
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.procedure import Procedure
from fieldapp.inspection.record import Record
from sync.headquarters.words import Words

_OWN = ("declared", "label", "found")
_BAD = ("differ", "unreadable", "similar")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a table: `state` is good, look, bad or "" and has its own look; `cells` are plain texts."""

    cells: tuple[str, ...]
    state: str = ""
    under: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the page. `key` names its heading, `heads` its columns (both `hq.exam.<...>`)."""

    key: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    wanting: int = 0  # rows that a reader has to look at


def examine(record: Record, words: Words, now: datetime) -> tuple[Section, ...]:
    """Return the parts that have something to say, in the order in which a reviewer reads them."""
    made = record.inspection
    parts = (
        _clocks(made, words, now),
        _holds(made, words),
        _seen(made, words),
        _papers(record, words),
        _checklist(made, words),
        _found(made, words),
        _tests(made, words),
        _samples(made, words),
        _custody(made, words),
        _present(made, words),
        _addenda(made, words),
    )
    return tuple(part for part in parts if part.rows)


def _section(key: str, heads: tuple[str, ...], rows: list[Row], note: str = "") -> Section:
    wanting = sum(row.state in ("bad", "look") for row in rows)
    return Section(key=key, heads=heads, rows=tuple(rows), note=note, wanting=wanting)


def _wording(wording: Wording, words: Words) -> str:
    return wording.hi if words.language == "hi" else wording.en


def _rules(made: Inspection) -> Procedure | None:
    return procedure.profile(made.procedure) if made.procedure in procedure.PROFILES else None


def _clocks(made: Inspection, words: Words, now: datetime) -> Section:
    rows = []
    for one in made.deadlines:
        standing = deadline.standing(one, now)
        state = {"overdue": "bad", "late": "bad", "soon": "look"}.get(standing, "good")
        told = words.code("deadline", standing, {"left": words.span(int(abs(one.due - now).total_seconds()))})
        cells = (_clock_name(one, words), words.moment(one.starts), words.moment(one.due), told)
        rows.append(Row(cells=cells, state=state))
    return _section("clocks", ("clock", "starts", "due", "standing"), rows)


def _clock_name(one: Deadline, words: Words) -> str:
    if one.procedure in procedure.PROFILES:
        for clock in procedure.profile(one.procedure).clock:
            if clock.kind == one.kind:
                return _wording(clock.words, words)
    return one.kind


def _holds(made: Inspection, words: Words) -> Section:
    rows = []
    for one in made.holds:
        open_still = one.lifted_at is None
        told = words.say("hq.hold.open")
        if not open_still:
            told = f"{words.say('hq.hold.lifted')} {words.moment(one.lifted_at)}, {one.lifted_by}"
        cells = (one.authority, _line(one.line, words), one.reason, told)
        under = f"{one.by}, {words.moment(one.at)}" + (f" · {one.lifted_why}" if one.lifted_why else "")
        rows.append(Row(cells=cells, state="look" if open_still else "good", under=under))
    return _section("holds", ("authority", "line", "reason", "standing"), rows)


def _line(line: int | None, words: Words) -> str:
    return words.say("hq.line-n", number=line) if line is not None else words.say("hq.line-all")


def _seen(made: Inspection, words: Words) -> Section:
    rows = [
        Row(
            cells=(
                words.code("seen", one.mark.kind, {"numbers": ", ".join(one.inspections)}),
                one.mark.value,
            ),
            state="bad",
        )
        for one in made.seen_before
    ]
    return _section("seen", ("what", "mark"), rows)


def _papers(record: Record, words: Words) -> Section:
    made = record.inspection
    day = record.signature.at.date()
    rows = []
    for one in compare_papers(made.consignment, made.scans, made.found, today=day):
        if one.standing == "alone":
            continue
        said = "; ".join(f"{_source(cell, words)}: {values}" for cell, values in by_source(one))
        standing = words.code("compare", one.standing)
        why = words.code("compare.why", one.why) if one.why else ""
        state = "bad" if one.standing == "differ" else "look" if one.standing in _BAD else "good"
        cells = (words.code("field", one.field), _line(one.line, words), said, standing)
        rows.append(Row(cells=cells, state=state, under=why))
    return _section("papers", ("field", "line", "said", "standing"), rows)


def _source(cell: Cell, words: Words) -> str:
    if cell.source in _OWN:
        return words.code("paper-of", cell.source)
    return f"{words.code('document', cell.source)} {cell.number}".strip()


def _checklist(made: Inspection, words: Words) -> Section:
    held = made.checklist
    if held is None:
        return _section("checklist", (), [])
    rows = []
    for one in standings(held, made.answered):
        if one.asked:
            note = one.answer.note if one.answer else ""
            state = "look" if one.wants_finding or one.misfit else ""
            asked = _wording(one.question.words, words)
            rows.append(Row(cells=(asked, _answer(one, words), note), state=state))
    note = f"{_wording(held.words, words)} · {held.id} {held.version}"
    return _section("checklist", ("question", "answer", "note"), rows, note)


def _answer(one: Standing, words: Words) -> str:
    answer = one.answer
    if answer is None or not answer.value:
        return "–"
    if one.question.kind == "yes_no":
        return words.code("answer", answer.value)
    option = next((each for each in one.question.options if each.value == answer.value), None)
    if option is not None:
        return _wording(option.words, words)
    unit = quantity.symbol(answer.unit or one.question.unit)
    doubt = f"± {answer.uncertainty}" if answer.uncertainty else ""
    return " ".join(filter(None, (answer.value, unit, doubt)))


def _found(made: Inspection, words: Words) -> Section:
    rows = [
        Row(cells=(words.code("field", one.field), _line(one.line, words), one.value, one.uncertainty))
        for one in made.found
    ]
    return _section("found", ("field", "line", "value", "uncertainty"), rows)


def _tests(made: Inspection, words: Words) -> Section:
    rows = []
    for one in made.field_tests:
        told = (
            *(words.code("test.limit", limit) for limit in fieldtest.limits(one)),
            *(words.code("test.doubt", doubt) for doubt in one.doubts),
        )
        limits = "; ".join(told)
        result = f"{words.code('test.word', fieldtest.word(one))} {one.substance}".strip()
        score = f"{one.score:.2f} / {one.bar:.2f}" if one.score is not None and one.bar is not None else ""
        library = f"{one.library} {one.library_version}".strip()
        means = ", ".join(filter(None, (one.device, one.serial, library, score, one.kit_lot)))
        cells = (words.code("test", one.kind), result, means, one.sample or _line(one.goods_seq, words))
        under = " · ".join(filter(None, (limits, one.operator, words.moment(one.at), one.note)))
        rows.append(Row(cells=cells, state="look" if limits else "", under=under))
    return _section("tests", ("test", "result", "means", "sample"), rows, words.say("hq.exam.presumptive"))


def _samples(made: Inspection, words: Words) -> Section:
    rows = [
        Row(
            cells=(
                one.number, words.code("sample", one.kind), one.package,
                f"{one.net_g} / {one.gross_g} g", one.seal,
            ),
            under=" · ".join(filter(None, (words.moment(one.at), one.description))),
        )
        for one in made.samples
    ]  # fmt: skip
    rules = _rules(made)
    note = f"{_wording(rules.words, words)} · {rules.source}" if rules else made.procedure
    return _section("samples", ("sample", "kind", "package", "weight", "seal"), rows, note)


def _custody(made: Inspection, words: Words) -> Section:
    rules = _rules(made)
    moves = {move.action: _wording(move.words, words) for move in rules.move} if rules else {}
    rows = []
    for one in made.custody:
        odd = bool(one.discrepancy)
        cells = (
            f"{one.exhibit} · {one.seq}",
            moves.get(one.action, one.action),
            f"{one.giver} → {one.taker}",
            f"{one.gross_in_g} → {one.gross_out_g} g",
            f"{one.seal_in or '–'} → {one.seal_out or '–'}",
        )
        under = " · ".join(filter(None, (words.moment(one.at), one.place, one.receipt, one.discrepancy)))
        rows.append(Row(cells=cells, state="look" if odd else "", under=under))
    return _section("custody", ("sample", "step", "from-to", "weight", "seal"), rows)


def _present(made: Inspection, words: Words) -> Section:
    rows = []
    for one in made.present:
        refused = one.outcome == "refused"
        cells = (words.code("presence", one.role), one.name, words.code("presence", one.outcome))
        under = " · ".join(filter(None, (one.reason, one.address, one.read_over_in)))
        rows.append(Row(cells=cells, state="look" if refused else "", under=under))
    return _section("present", ("role", "name", "signature"), rows)


def _addenda(made: Inspection, words: Words) -> Section:
    rows = [
        Row(
            cells=(words.code("addendum", one.kind), one.text, one.issuer or "–", one.exhibit or "–"),
            under=words.moment(one.at),
        )
        for one in made.addenda
    ]
    return _section("addenda", ("what", "text", "issuer", "sample"), rows)
