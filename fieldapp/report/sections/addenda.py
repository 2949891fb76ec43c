"""What came after an earlier revision was sealed: results, orders, each with the exhibit it is about."""

from fieldapp.report.block import Block
from fieldapp.report.sheet import Sheet, table


def build(sheet: Sheet) -> list[Block]:
    """Return the addenda in their order."""
    words, addenda = sheet.words, sheet.inspection.addenda
    if not addenda:
        return []
    rows = [
        (
            words.time(one.at),
            words.label(f"addendum.{one.kind}"),
            ", ".join(filter(None, (one.issuer, one.number))),
            one.exhibit,
            one.text,
        )
        for one in addenda
    ]
    columns = (
        (0.195, words.label("paper.time")),
        (0.17, words.label("paper.what")),
        (0.20, words.label("paper.issuer")),
        (0.20, words.label("paper.sample")),
        (0.235, words.label("paper.text")),
    )
    return [table(columns, rows)]
