"""Samples as they were drawn, and the custody of each exhibit without a gap."""

import msgspec

from fieldapp import canonical
from fieldapp.enrolment import Certificate
from fieldapp.errors import FieldappError
from fieldapp.inspection import countersign, procedure
from fieldapp.inspection.custody import Step
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, gap, table
from fieldapp.report.style import SMALL, TABLE_STRONG
from fieldapp.report.words import Words


def build(sheet: Sheet) -> list[Block]:
    """Return the procedure followed, the samples, and every step."""
    inspection, words = sheet.inspection, sheet.words
    if not inspection.samples:
        return []
    blocks: list[Block] = [_samples(sheet)]
    if inspection.procedure in procedure.PROFILES:
        rules = procedure.profile(inspection.procedure)
        named = words.wording(rules.words)
        blocks = [para(f"{named} · {words.wording(rules.source)}", SMALL), gap(3), *blocks]
    if inspection.custody:
        blocks += [gap(7), _steps(words, inspection.custody, _moves(inspection.procedure, words))]
    return blocks


def _moves(name: str, words: Words) -> dict[str, str]:
    if name not in procedure.PROFILES:
        return {}
    return {move.action: words.wording(move.words) for move in procedure.profile(name).move}


def _borne_out(words: Words, step: Step) -> str:
    """Return who answered for the hand-over with his own vault, and when."""
    if not step.countersigned:
        return ""
    try:
        answer = countersign.read_answer(step.countersigned)
        name = canonical.decode(answer.certificate.payload, Certificate).name
    except (FieldappError, msgspec.DecodeError):
        return words.label("paper.countersign-unread")
    return words.label("paper.countersigned", name=name, time=words.time(answer.at))


def _samples(sheet: Sheet) -> Block:
    words = sheet.words
    rows = [
        (
            para(one.number, TABLE_STRONG),
            words.label(f"sample.{one.kind}"),
            one.package,
            f"{one.net_g} / {one.gross_g} g",
            one.seal,
            words.time(one.at),
        )
        for one in sheet.inspection.samples
    ]
    columns = (
        (0.27, words.label("paper.sample")),
        (0.13, words.label("paper.sample-kind")),
        (0.11, words.label("paper.package")),
        (0.15, words.label("paper.net-gross")),
        (0.15, words.label("paper.seal")),
        (0.19, words.label("paper.drawn")),
    )
    return table(columns, rows)


def _steps(words: Words, steps: tuple[Step, ...], moves: dict[str, str]) -> Block:
    rows = [
        (
            f"{one.exhibit} · {one.seq}",
            f"{moves.get(one.action, one.action)}, {one.place}",
            f"{one.giver} / {one.taker}",
            f"{one.gross_in_g} / {one.gross_out_g} g",
            f"{one.seal_in or '–'} / {one.seal_out or '–'}",
            " · ".join(
                filter(None, (one.receipt, words.time(one.at), one.discrepancy, _borne_out(words, one)))
            ),
        )
        for one in steps
    ]
    columns = (
        (0.20, words.label("paper.sample")),
        (0.17, words.label("paper.step")),
        (0.16, words.label("paper.from-to")),
        (0.13, words.label("paper.weight")),
        (0.13, words.label("paper.seal")),
        (0.21, words.label("paper.receipt")),
    )
    return table(columns, rows)
