"""What came before this revision: earlier sealed records, reviews and their remarks."""

from fieldapp.report.block import Block, para
from fieldapp.report.grid import Stack
from fieldapp.report.sheet import Sheet, gap, table
from fieldapp.report.style import CODE, TABLE


def build(sheet: Sheet) -> list[Block]:
    """Return earlier records and reviews; nothing for a first revision that nobody has reviewed."""
    words, inspection = sheet.words, sheet.inspection
    blocks: list[Block] = []
    earlier = sheet.given.history or inspection.parents
    if earlier:
        records = [(str(number), para(record, CODE)) for number, record in enumerate(earlier, start=1)]
        blocks.append(
            table(((0.14, words.label("paper.revision")), (0.86, words.label("paper.record"))), records)
        )
    if inspection.reviews:
        columns = (
            (0.10, words.label("paper.revision")),
            (0.14, words.label("paper.outcome")),
            (0.39, words.label("paper.remarks")),
            (0.18, words.label("paper.by")),
            (0.19, words.label("paper.time")),
        )
        rows = [
            (
                str(review.revision),
                words.label(f"state.{review.outcome}"),
                Stack(
                    [para(f"{remark.path or '–'}: {remark.text}", TABLE) for remark in review.remarks]
                    or [para("–", TABLE)]
                ),
                review.by,
                words.time(review.at),
            )
            for review in inspection.reviews
        ]
        blocks += [gap(7), table(columns, rows)] if blocks else [table(columns, rows)]
    return blocks
