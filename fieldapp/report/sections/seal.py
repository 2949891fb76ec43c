"""The seal: who signed, in what role, when, what the signature means, and where the ledger stood."""

from fieldapp import canonical
from fieldapp.report.block import Block, para
from fieldapp.report.chain import chain_code
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.sheet import Sheet, gap
from fieldapp.report.square import Square
from fieldapp.report.style import CODE, HASH, LABEL, SMALL, STRONG_BODY

_EDGE = 140.0  # points: half a millimetre a module for a code of version 19


def build(sheet: Sheet) -> list[Block]:
    """Return the signature (21 CFR 11.50), the ledger entry, and the code of the certificate beside them."""
    words, signed, entry = sheet.words, sheet.record.signature, sheet.given.entry
    blocks: list[Block] = [
        para(said, STRONG_BODY) for said in words.sentences(f"paper.meaning.{signed.meaning}")
    ]
    blocks.append(gap(3))
    code = certificate_code(sheet)
    if code is None:  # said in words: a blank would look like a fault of the printer
        blocks += [Stack(_facts(sheet)), *(para(said, SMALL) for said in words.sentences("paper.chain.none"))]
    else:
        row = [Stack(_facts(sheet)), code]
        blocks.append(Grid((0.7, 0.3), [row], ruled=False, pad=(0, 0), layout=True))
    blocks += [para(f"{words.label('paper.signature')}:", CODE), para(entry.signature.hex(), HASH)]
    blocks += [gap(3), *file_signature(sheet)]
    if sheet.record.clock_suspect:
        blocks += [para(said, STRONG_BODY) for said in words.sentences("paper.clock-suspect")]
    return blocks


def file_signature(sheet: Sheet) -> list[Block]:
    """Return whether the file itself is signed, and with which certificate."""
    words, x509 = sheet.words, sheet.given.x509
    if not x509:
        return [para(said, SMALL) for said in words.sentences("paper.file.unsigned")]
    said = [para(one, SMALL) for one in words.sentences("paper.file.signed")]
    return [*said, para(f"{words.label('paper.file.x509')}: {canonical.sha256(x509[0])}", HASH)]


def _facts(sheet: Sheet) -> list[Block]:
    words, signed, entry = sheet.words, sheet.record.signature, sheet.given.entry
    named = (
        (words.label("paper.name"), signed.name),
        (words.label("paper.role"), signed.role),
        (words.label("paper.signed-at"), words.times(signed.at)),
        (words.label("paper.meaning"), words.label(f"meaning.{signed.meaning}")),
        (words.label("paper.ledger-number"), str(entry.seq)),
        (words.label("paper.software"), f"Fieldapp {sheet.record.software.removeprefix('fieldapp ')}"),
    )
    rows = [(para(label, LABEL), para(value or "–", STRONG_BODY)) for label, value in named]
    hashes = (
        ("paper.device", entry.device.hex()),
        ("paper.record", sheet.facts.record),
        ("paper.before", entry.prev.hex()),
    )
    return [
        Grid((0.27, 0.73), rows, ruled=False, pad=(0, 1), labels=True),
        gap(2),
        *(para(f"{words.label(label)}: {value}", HASH) for label, value in hashes),
    ]


def certificate_code(sheet: Sheet) -> Square | None:
    """Return the code that says whose key signed, None where it would not hold or not fit."""
    given = sheet.given
    if given.certificate is None or given.keys is None:
        return None
    code = chain_code(given.certificate, given.keys)
    return Square(code, _EDGE, sheet.words.label("paper.chain-alt")) if code else None
