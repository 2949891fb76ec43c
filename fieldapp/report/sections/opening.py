"""The top of the first page: what this is, the square code, the verdict, and the references."""

from fieldapp.consignment.assignment import Assignment
from fieldapp.report.band import Band
from fieldapp.report.block import Block, para
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.sheet import Sheet, gap, pairs
from fieldapp.report.square import Square
from fieldapp.report.style import SMALL, STRONG_BODY, TITLE
from fieldapp.report.words import Words

_EDGE = 104.0  # points: at least half a millimetre a module


def build(sheet: Sheet) -> list[Block]:
    """Return title, code, band and references."""
    words, inspection, facts = sheet.words, sheet.inspection, sheet.facts
    title: list[Block] = [para(said, TITLE, role="H") for said in words.sentences("paper.title")]
    title.append(
        para(words.label("paper.number-line", number=inspection.number, revision=inspection.revision))
    )
    title.append(para(f"{words.label('paper.sealed')}: {words.times(facts.sealed)}", SMALL))
    title.append(para(f"{words.label('paper.record')}: {facts.record}", SMALL))
    blocks: list[Block] = []
    if sheet.given.paper_code:
        code = Square(sheet.given.paper_code, _EDGE, words.label("paper.code-alt", number=inspection.number))
        blocks.append(Grid((0.77, 0.23), [[Stack(title), code]], ruled=False, pad=(0, 0), layout=True))
    else:
        blocks += title
    if sheet.record.practice:
        blocks.append(para(words.label("paper.practice-line"), STRONG_BODY))
    said = words.sentences(f"paper.verdict.{facts.verdict}", scans=facts.scans, findings=facts.findings)
    blocks += [gap(8), Band(facts.verdict, words.sentences(f"verdict.{facts.verdict}"), said), gap(10)]
    blocks.append(_references(sheet))
    return blocks


def _references(sheet: Sheet) -> Block:
    words, inspection, used = sheet.words, sheet.inspection, sheet.record.watchlist
    consignment = inspection.consignment
    named = {party.role: party.name for party in reversed(consignment.parties)}
    disposition = sheet.facts.disposition
    officer = ", ".join(
        filter(None, (inspection.officer.name, inspection.officer.role, inspection.officer.unit))
    )
    return pairs(
        (
            (words.label("paper.site"), inspection.site),
            (words.label("paper.reference"), consignment.reference),
            (words.label("paper.officer"), officer),
            (words.label("paper.direction"), words.label(f"paper.direction.{consignment.direction}")),
            (words.label("paper.opened"), words.time(inspection.opened)),
            (words.label("role.exporter"), named.get("exporter") or named.get("consignor", "")),
            (
                words.label("paper.goods-now"),
                words.label(f"disposition.{disposition}") if disposition else "",
            ),
            (words.label("role.consignee"), named.get("consignee") or named.get("importer", "")),
            (words.label("paper.watchlist"), used.name),
            (words.label("paper.containers"), ", ".join(consignment.containers)),
            *_order(words, consignment.assignment),
        )
    )


def _order(words: Words, order: Assignment | None) -> tuple[tuple[str, str], ...]:
    if order is None:
        return ()
    return (
        (words.label("paper.order"), f"{order.order} · {words.label(f'lane.{order.lane}')}"),
        (words.label("paper.why-selected"), ", ".join(order.reasons)),
    )
