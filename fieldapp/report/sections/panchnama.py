"""Annex for a court: the draft of a panchnama, the memorandum of what was done before witnesses.

Everything in it is taken from the sealed record; what only hands can add, signatures and addresses that were
not written down, stays a line. A draft and called one: the department's own form prevails.
"""

from collections.abc import Iterable

from fieldapp.inspection import procedure
from fieldapp.inspection.disposition import effective
from fieldapp.inspection.presence import Presence
from fieldapp.report.block import Block, para
from fieldapp.report.grid import Stack
from fieldapp.report.sheet import Sheet, gap, pairs, sentences, table
from fieldapp.report.style import SMALL, STRONG_BODY, TABLE

BLANK, SHORT, _LINE = "_" * 20, "_" * 11, "_" * 44
_PEN = 9.0  # points above a line
_SIGNED = ("paper.annex.place", "paper.annex.date", "paper.panchnama.officer-signs")
_LEAST_WITNESSES = 2


def build(sheet: Sheet) -> list[Block]:
    """Return the memorandum in the order in which such a paper is read."""
    words, inspection = sheet.words, sheet.inspection
    head = (
        (words.label("paper.opened"), words.time(inspection.opened)),
        (words.label("paper.sealed"), words.time(sheet.facts.sealed)),
        (words.label("paper.place"), inspection.place or inspection.site),
        (words.label("paper.reference"), inspection.consignment.reference),
    )
    told = words.sentences(
        "paper.panchnama.told",
        name=inspection.officer.name,
        role=inspection.officer.role or "–",
        scans=sheet.facts.scans,
        findings=sheet.facts.findings,
        exhibits=sheet.facts.photos,
    )
    return [
        *(para(said, SMALL) for said in words.sentences("paper.panchnama.draft")),
        gap(4),
        pairs(head),
        gap(4),
        *sentences(told),
        gap(4),
        _present(sheet),
        *_taken(sheet),
        gap(6),
        *sentences(words.sentences("paper.panchnama.read-over")),
        *by_hand(words.label(key) for key in _SIGNED),
    ]


def by_hand(labels: Iterable[str]) -> list[Block]:
    """Return a line to write on for each label, with room for a pen."""
    return [block for label in labels for block in (gap(_PEN), para(f"{label}: {_LINE}", STRONG_BODY))]


def _present(sheet: Sheet) -> Block:
    words, inspection = sheet.words, sheet.inspection
    people = inspection.present
    rows: list[tuple[str | Block, ...]] = [
        (
            f"{words.label(f'presence.{one.role}')} {number}",
            one.name,
            one.address or BLANK,
            one.read_over_in or "–",
            _signs(sheet, one),
        )
        for number, one in enumerate(people, start=1)
    ]
    known = sum(one.role == "witness" for one in people)
    rows += [
        tuple(_blank(text) for text in (words.label("presence.witness"), SHORT, BLANK, SHORT, BLANK))
        for _missing in range(max(0, _needed(inspection.procedure) - known))
    ]
    columns = (
        (0.17, words.label("paper.present")),
        (0.20, words.label("paper.name")),
        (0.23, words.label("paper.address")),
        (0.14, words.label("paper.read-over-in")),
        (0.26, words.label("paper.signature-or-refusal")),
    )
    return table(columns, rows)


def _blank(text: str) -> Block:
    return Stack([gap(_PEN), para(text, TABLE)])


def _signs(sheet: Sheet, one: Presence) -> str | Block:
    if one.outcome == "signs-paper":
        return _blank(BLANK)
    outcome = sheet.words.label(f"presence.{one.outcome}")
    return f"{outcome}: {one.reason}" if one.reason else outcome


def _needed(name: str) -> int:
    return procedure.profile(name).witnesses if name in procedure.PROFILES else _LEAST_WITNESSES


def _taken(sheet: Sheet) -> list[Block]:
    """Return the goods with what became of them, and the samples with their seals."""
    words, inspection = sheet.words, sheet.inspection
    blocks: list[Block] = []
    goods = [
        (
            str(line.seq),
            line.description,
            "–" if line.packages is None else str(line.packages),
            words.quantity(line.net_kg),
            words.label(f"disposition.{now}") if (now := effective(inspection.decisions, line.seq)) else "–",
        )
        for line in inspection.consignment.goods
    ]
    if goods:
        columns = (
            (0.08, words.label("paper.no")),
            (0.44, words.label("paper.declared-goods")),
            (0.13, words.label("paper.packages")),
            (0.15, words.label("paper.net")),
            (0.20, words.label("paper.decided")),
        )
        blocks += [gap(6), table(columns, goods)]
    samples = [
        (
            one.number,
            words.label(f"sample.{one.kind}"),
            one.package,
            f"{one.net_g} / {one.gross_g} g",
            one.seal,
        )
        for one in inspection.samples
    ]
    if samples:
        columns_of_samples = (
            (0.34, words.label("paper.sample")),
            (0.17, words.label("paper.sample-kind")),
            (0.14, words.label("paper.package")),
            (0.18, words.label("paper.net-gross")),
            (0.17, words.label("paper.seal")),
        )
        blocks += [gap(6), table(columns_of_samples, samples)]
    return blocks
