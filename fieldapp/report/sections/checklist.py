"""The checklist as it was answered: the questions that were asked, with units, notes and sources."""

from fieldapp.consignment.quantity import symbol
from fieldapp.inspection.answer import Answer, Standing, standings
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, gap, table
from fieldapp.report.style import SMALL, TABLE, TABLE_STRONG
from fieldapp.report.words import Words


def build(sheet: Sheet) -> list[Block]:
    """Return one table a section of the checklist; a question that was not asked is left out."""
    held = sheet.inspection.checklist
    if held is None:
        return []
    words = sheet.words
    named = words.wording(held.words)
    blocks: list[Block] = [
        para(f"{named} · {held.id} {words.label('paper.version-of', number=held.version)}", SMALL)
    ]
    by_id = {one.question.id: one for one in standings(held, sheet.inspection.answered)}
    for number, section in enumerate(held.section):
        rows = [_row(words, by_id[question.id]) for question in section.question if by_id[question.id].asked]
        if rows:
            head = words.wording(section.words)
            columns = ((0.52, head), (0.18, words.label("paper.answer")), (0.30, words.label("paper.note")))
            blocks += [gap(5 if number else 3), table(columns, rows)]
    return blocks


def _row(words: Words, one: Standing) -> tuple[str | Block, ...]:
    asked = words.wording(one.question.words)
    answer = one.answer
    if answer is None or not answer.value:
        return (asked, "–", answer.note if answer else "")
    said = _said(words, one, answer)
    return (asked, para(said, TABLE_STRONG if one.wants_finding else TABLE), answer.note)


def _said(words: Words, one: Standing, answer: Answer) -> str:
    if one.question.kind == "yes_no" and answer.value in ("yes", "no", "na"):
        return words.label(f"answer.{answer.value}")
    option = next((each for each in one.question.options if each.value == answer.value), None)
    if option is not None:
        return words.wording(option.words)
    unit = symbol(answer.unit or one.question.unit)
    doubt = f" ± {answer.uncertainty}" if answer.uncertainty else ""
    return f"{answer.value} {unit}".strip() + doubt
