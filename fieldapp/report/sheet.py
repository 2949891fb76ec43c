"""What every section is handed: the record as it was sealed, and the words to tell it in."""

from collections.abc import Iterable

import msgspec

from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.record import Record
from fieldapp.report.block import Block, Space, Text, para
from fieldapp.report.grid import Grid
from fieldapp.report.paper import PaperFacts, ReportInput
from fieldapp.report.style import BODY, LABEL, STRONG_BODY, TABLE, TABLE_HEAD, Style
from fieldapp.report.words import Words


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The material of one report."""

    given: ReportInput
    record: Record
    facts: PaperFacts
    words: Words

    @property
    def inspection(self) -> Inspection:
        """The inspection inside the record."""
        return self.record.inspection


def pairs(of: Iterable[tuple[str, str]]) -> Block:
    """Return labels and values in two columns of pairs, read from left to right."""
    cells: list[Text] = []
    for label, value in of:
        cells += [para(label, LABEL), para(value or "–", STRONG_BODY)]
    if len(cells) % 4:
        cells += [para(""), para("")]
    rows = [cells[at : at + 4] for at in range(0, len(cells), 4)]
    return Grid((0.17, 0.33, 0.17, 0.33), rows, ruled=False, pad=(0, 1.5), labels=True)


def table(columns: Iterable[tuple[float, str]], rows: Iterable[Iterable[str | Block]]) -> Block:
    """Return a ruled table: shares of the width with their headings, then rows of words or blocks."""
    wanted = tuple(columns)
    return Grid(
        [share for share, _ in wanted],
        [[cell if isinstance(cell, Block) else para(cell, TABLE) for cell in row] for row in rows],
        head=[para(words, TABLE_HEAD) for _, words in wanted],
    )


def sentences(said: tuple[str, ...], style: Style = BODY) -> list[Block]:
    """Return one paragraph a language."""
    return [para(sentence, style) for sentence in said]


def gap(points: float = 8.0) -> Space:
    """Return room between blocks."""
    return Space(points)
