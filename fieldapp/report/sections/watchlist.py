"""Which watchlist was used and how old it was, and what a verdict does not say."""

from fieldapp import clock
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, gap, pairs, sentences
from fieldapp.report.style import STRONG_BODY


def build(sheet: Sheet) -> list[Block]:
    """Return name, number, age and size of the list, and the limits of the comparison."""
    words, used = sheet.words, sheet.record.watchlist
    blocks: list[Block]
    if used.number == 0 or used.issued is None:
        blocks = [para(said, STRONG_BODY) for said in words.sentences("paper.watchlist.none")]
    else:
        hours = clock.age_hours(used.issued, sheet.facts.sealed)
        facts = (
            (words.label("paper.list"), f"{used.name} ({used.number})"),
            (words.label("paper.entries"), f"{used.entries:,}"),
            (words.label("paper.issued"), words.time(used.issued)),
            (words.label("paper.age"), words.label("paper.age-hours", hours=f"{hours:.1f}")),
        )
        blocks = [pairs(facts)]
    return [*blocks, gap(4), *sentences(words.sentences("paper.limits"))]
