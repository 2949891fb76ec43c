"""The trader's copy: that his consignment was examined, by whom, and what became of the goods.

Only what the trader declared himself, and what he is owed, stands on it. No verdict, no reason, no list, no
scan, no finding, no caption, no photo, no square code of the record and no attached record: all of those can
tell what the authorities know. Fields are named one by one, so a new field of the record stays off it. The
one code on it is that of the officer's certificate, which says nothing of the consignment.
"""

from fieldapp.report.block import Block, para
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.sections import consignment
from fieldapp.report.sections.seal import certificate_code, file_signature
from fieldapp.report.sheet import Sheet, gap, pairs, sentences, table
from fieldapp.report.style import CODE, HASH, SMALL, STRONG_BODY, TITLE


def opening(sheet: Sheet) -> list[Block]:
    """Return title and references."""
    words, inspection, signed = sheet.words, sheet.inspection, sheet.record.signature
    blocks: list[Block] = [para(said, TITLE, role="H") for said in words.sentences("paper.trader.title")]
    blocks.append(
        para(words.label("paper.number-line", number=inspection.number, revision=inspection.revision))
    )
    blocks.append(para(f"{words.label('paper.record')}: {sheet.facts.record}", SMALL))
    if sheet.record.practice:
        blocks.append(para(words.label("paper.practice-line"), STRONG_BODY))
    disposition = sheet.facts.disposition
    references = (
        (words.label("paper.site"), inspection.site),
        (words.label("paper.reference"), inspection.consignment.reference),
        (words.label("paper.officer"), ", ".join(filter(None, (signed.name, signed.role)))),
        (words.label("paper.opened"), words.time(inspection.opened)),
        (words.label("paper.goods-now"), words.label(f"disposition.{disposition}") if disposition else ""),
        (words.label("paper.sealed"), words.time(sheet.facts.sealed)),
    )
    return [*blocks, gap(8), pairs(references), gap(6), *sentences(words.sentences("paper.trader.scope"))]


def declared(sheet: Sheet) -> list[Block]:
    """Return what the trader declared."""
    return consignment.build(sheet)


def taken(sheet: Sheet) -> list[Block]:
    """Return the files that were taken in by their hashes, and nothing else of them."""
    words = sheet.words
    rows = [
        (str(number), words.time(item.at), f"{item.size:,}", para(item.plain_sha256, HASH))
        for number, item in enumerate(sheet.inspection.evidence, start=1)
    ]
    columns = (
        (0.07, words.label("paper.no")),
        (0.25, words.label("paper.time")),
        (0.16, words.label("paper.annex.bytes")),
        (0.52, "SHA-256"),
    )
    return [table(columns, rows)] if rows else []


def checked(sheet: Sheet) -> list[Block]:
    """Return where the whole report can be asked for, and whose signature the file bears."""
    words, entry = sheet.words, sheet.given.entry
    number = f"{words.label('paper.ledger-number')}: {entry.seq}"
    said = [*sentences(words.sentences("paper.trader.check")), gap(3), para(number, CODE)]
    said += file_signature(sheet)
    code = certificate_code(sheet) if sheet.given.x509 else None
    if code is None:
        return said
    said += [gap(3), *sentences(words.sentences("paper.trader.code"))]
    return [Grid((0.7, 0.3), [[Stack(said), code]], ruled=False, pad=(0, 0), layout=True)]
