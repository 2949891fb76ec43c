"""How anyone can check this paper, with and without the file."""

from fieldapp.report.block import Block
from fieldapp.report.sheet import Sheet, gap, sentences


def build(sheet: Sheet) -> list[Block]:
    """Return the instructions."""
    blocks: list[Block] = []
    for key in ("paper.checking.code", "paper.checking.file", "paper.checking.limits"):
        blocks += [*sentences(sheet.words.sentences(key)), gap(3)]
    return blocks[:-1]
