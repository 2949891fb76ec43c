"""Exhibits: every file taken in, by its hash, and the photos as they were taken.

A file that is not a picture, or whose bytes are not the ones that were sealed, is named with its hash and a
sentence; nothing stands in its place.
"""

from fieldapp import canonical
from fieldapp.errors import FieldappError
from fieldapp.inspection.evidence import Evidence
from fieldapp.report.block import Block, para
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.picture import Picture, prepare
from fieldapp.report.sheet import Sheet, gap, sentences
from fieldapp.report.style import HASH, SMALL, STRONG_BODY

_TALLEST = 150.0


def build(sheet: Sheet) -> list[Block]:
    """Return a sheet of exhibits, two in a row."""
    evidence = sheet.inspection.evidence
    if not evidence:
        return sentences(sheet.words.sentences("paper.exhibits.none"))
    cells = [_exhibit(sheet, number, item) for number, item in enumerate(evidence, start=1)]
    if len(cells) % 2:
        cells.append(para(""))
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    note = [para(said, SMALL, leads=True) for said in sheet.words.sentences("paper.exhibits.hashes")]
    return [*note, Grid((0.5, 0.5), rows, ruled=False, pad=(4, 5), layout=True)]


def _exhibit(sheet: Sheet, number: int, item: Evidence) -> Block:
    words = sheet.words
    name = f"{words.label('paper.exhibit')} {number}"
    return Stack(
        [
            *_shown(sheet, number, item),
            gap(3),
            para(f"{name}  {item.caption}", STRONG_BODY),
            para(f"{words.time(item.at)} · {item.size:,} B · {item.original_name or item.mime}", SMALL),
            *_derived(sheet, item),
            *(para(words.label(f"claim.doubt.{doubt}"), SMALL) for doubt in item.doubts),
            para(item.plain_sha256, HASH),
        ]
    )


def _derived(sheet: Sheet, item: Evidence) -> list[Block]:
    """Return which exhibit a marked or covered picture was made of; that one has its own place and hash."""
    if not item.derived_from:
        return []
    words = sheet.words
    numbers = {one.plain_sha256: str(n) for n, one in enumerate(sheet.inspection.evidence, start=1)}
    original = numbers.get(item.derived_from, item.derived_from)
    said = "paper.exhibit.covered" if item.redacted else "paper.exhibit.marked"
    return [para(words.label(said, number=original), SMALL)]


def _shown(sheet: Sheet, number: int, item: Evidence) -> list[Block]:
    words = sheet.words
    if not item.mime.startswith("image/"):
        return [para(said, SMALL) for said in words.sentences("paper.exhibit.no-image")]
    content = sheet.given.photos.get(item.id)
    if content is None:
        return [para(said, SMALL) for said in words.sentences("paper.exhibit.not-printed")]
    if canonical.sha256(content) != item.plain_sha256:
        return [para(said, STRONG_BODY) for said in words.sentences("paper.exhibit.altered")]
    try:
        prepared = prepare(content)
    except FieldappError as problem:
        why = words.explain(f"error.{problem.code}", problem.facts)
        said = words.sentences("paper.exhibit.no-picture")
        return [para(f"{line} {reason}", SMALL) for line, reason in zip(said, why * len(said), strict=False)]
    alt = f"{words.label('paper.exhibit')} {number}: {item.caption}"
    shown: list[Block] = [Picture(prepared, f"exhibit-{number}", alt, _TALLEST)]
    if prepared.cut:
        shown += [para(line, SMALL) for line in words.sentences("paper.exhibit.cut")]
    return shown
