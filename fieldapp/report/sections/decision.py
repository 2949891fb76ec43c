"""What was decided about the goods, by whom and why, and what still waits for a second officer."""

from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, sentences, table
from fieldapp.report.style import STRONG_BODY, TABLE_STRONG


def build(sheet: Sheet) -> list[Block]:
    """Return every decision in its order, the last one holding."""
    words, decisions = sheet.words, sheet.inspection.decisions
    if not decisions:
        return sentences(words.sentences("paper.decision.none"))
    rows = [
        (
            words.time(decision.at),
            para(words.label(f"disposition.{decision.disposition}"), TABLE_STRONG),
            decision.reason,
            decision.by,
        )
        for decision in decisions
    ]
    columns = (
        (0.19, words.label("paper.time")),
        (0.15, words.label("paper.decided")),
        (0.48, words.label("paper.reason")),
        (0.18, words.label("paper.by")),
    )
    blocks = [table(columns, rows)]
    if decisions[-1].needs_second:
        blocks += [para(said, STRONG_BODY) for said in words.sentences("paper.needs-second")]
    return blocks
