"""The papers against each other: every field that two sources speak of, and whether they agree.

The day of sealing decides what a two-digit year means, so the table is the same whenever it is printed.
"""

from fieldapp.inspection.comparison import Cell, Row, by_source, compare_papers
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, table
from fieldapp.report.style import TABLE, TABLE_STRONG
from fieldapp.report.words import Words

_OWN = ("declared", "label", "found")


def build(sheet: Sheet) -> list[Block]:
    """Return the rows with more than one source, those that differ in bold."""
    words, inspection = sheet.words, sheet.inspection
    day = sheet.facts.sealed.astimezone(words.zone).date()
    rows = compare_papers(inspection.consignment, inspection.scans, inspection.found, today=day)
    told = [_told(words, row) for row in rows if row.standing != "alone"]
    if not told:
        return []
    columns = (
        (0.18, words.label("paper.field")),
        (0.06, words.label("paper.line")),
        (0.48, words.label("paper.said")),
        (0.28, words.label("paper.agreement")),
    )
    return [table(columns, told)]


def _told(words: Words, row: Row) -> tuple[str | Block, ...]:
    said = "; ".join(f"{_source(words, cell)}: {values}" for cell, values in by_source(row))
    standing = words.label(f"compare.{row.standing}")
    if row.why:
        standing = f"{standing}: {words.label(f'compare.why.{row.why}')}"
    style = TABLE if row.standing == "agree" else TABLE_STRONG
    return (words.label(f"field.{row.field}"), str(row.line or "–"), said, para(standing, style))


def _source(words: Words, cell: Cell) -> str:
    if cell.source in _OWN:
        return words.label(f"paper-of.{cell.source}")
    return f"{words.label(f'document.{cell.source}')} {cell.number}".strip()
