"""Annex for a court: a draft of the certificate under section 63(4)(c) of the Bharatiya Sakshya Adhiniyam,
2023, Part A, with the manifest of hashes it refers to.

A draft and called one: what the device cannot know stays a line to fill in by hand, and the form in the
Schedule to the Act prevails over this one.
"""

from fieldapp import canonical
from fieldapp.inspection.machine import Machine
from fieldapp.report.block import Block, para
from fieldapp.report.sections.panchnama import by_hand
from fieldapp.report.sheet import Sheet, gap, sentences, table
from fieldapp.report.style import HASH, SMALL

_BLANK = "_" * 44


def build(sheet: Sheet) -> list[Block]:
    """Return the draft and the manifest."""
    words, signed = sheet.words, sheet.record.signature
    blocks: list[Block] = [para(said, SMALL) for said in words.sentences("paper.annex.draft")]
    blocks += [
        gap(4),
        *sentences(words.sentences("paper.annex.i", name=signed.name, role=signed.role or "–")),
        gap(4),
    ]
    for key, told in _device(sheet):
        blocks += [gap(4), para(f"{words.label(f'paper.annex.{key}')}: {told or _BLANK}")]
    blocks += [gap(4), *sentences(words.sentences("paper.annex.statement")), gap(6)]
    blocks.append(_manifest(sheet))
    return [
        *blocks,
        *by_hand(words.label(f"paper.annex.{key}") for key in ("place", "date", "signature")),
    ]


def _device(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    # As the machine named itself when the record was sealed; whoever signs compares it with the plate.
    machine = sheet.record.machine or Machine()
    return (
        ("parent", ""),
        ("address", ""),
        ("device", " ".join(filter(None, (machine.make, machine.model)))),
        ("serial", machine.serial),
        ("address-of-device", machine.address),
        ("produced", sheet.words.times(sheet.facts.sealed)),
    )


def _manifest(sheet: Sheet) -> Block:
    words = sheet.words
    rows: list[tuple[str | Block, ...]] = [
        (
            words.label("paper.record"),
            f"{len(sheet.given.record):,}",
            words.time(sheet.facts.sealed),
            para(canonical.sha256(sheet.given.record), HASH),
        )
    ]
    rows += [
        (
            f"{words.label('paper.exhibit')} {number}",
            f"{item.size:,}",
            words.time(item.at),
            para(item.plain_sha256, HASH),
        )
        for number, item in enumerate(sheet.inspection.evidence, start=1)
    ]
    columns = (
        (0.17, words.label("paper.annex.file")),
        (0.12, words.label("paper.annex.bytes")),
        (0.21, words.label("paper.time")),
        (0.50, "SHA-256"),
    )
    return table(columns, rows)
