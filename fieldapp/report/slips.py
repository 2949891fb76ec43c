"""What is printed at the goods: labels for samples, and receipts for hand-overs of exhibits.

A label bears the fields that its procedure of law names, in their order, and a Data Matrix of the exhibit's
number, so that a laboratory's scanner finds it. A receipt is printed twice on one sheet, one half for each
party, under the number that the step of custody bears, with a Code 128 of it besides. Both come from a draft:
they prove nothing by themselves and name the inspection they belong to. The same input gives the same bytes.
"""

import io
from collections.abc import Iterable

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from fieldapp.inspection import procedure
from fieldapp.inspection.custody import Step
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.procedure import Procedure
from fieldapp.inspection.sample import Sample
from fieldapp.report import fonts
from fieldapp.report.block import Block, para
from fieldapp.report.flow import flow
from fieldapp.report.frame import Frame, draw_frame
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.paper import Language
from fieldapp.report.pen import Pen
from fieldapp.report.sheet import gap, pairs
from fieldapp.report.square import Bars, Square
from fieldapp.report.structure import Structure
from fieldapp.report.style import (
    BODY_HEIGHT,
    BODY_WIDTH,
    HEADING,
    LABEL,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SMALL,
    STRONG_BODY,
    TOP,
)
from fieldapp.report.words import Words, words_of

CODE = 62.0  # points: a Data Matrix that reads from an arm's length
_SIGN = "_" * 34


def labels(inspection: Inspection, language: Language = "en") -> bytes:
    """Return a sheet of labels, two in a row, one for each sample."""
    words = words_of(language)
    cells: list[Block] = [_label(words, inspection, sample) for sample in inspection.samples]
    if len(cells) % 2:
        cells.append(para(""))
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    return _sheet(
        words, inspection, [Grid((0.5, 0.5), rows, ruled=True, pad=(8, 8), layout=True)] if rows else []
    )


def receipt(inspection: Inspection, step: Step, language: Language = "en") -> bytes:
    """Return the receipt of one step of custody, a half for the giver and a half for the taker."""
    words = words_of(language)
    halves: list[Block] = []
    for party in ("giver", "taker"):
        halves += [*_receipt(words, inspection, step, party), gap(30)]
    return _sheet(words, inspection, halves)


def _label(words: Words, inspection: Inspection, sample: Sample) -> Block:
    rules = procedure.profile(sample.procedure)
    told = [
        Grid(
            (0.42, 0.58),
            [[para(name, LABEL), para(value or "", STRONG_BODY)]],
            ruled=False,
            pad=(0, 0.5),
            labels=True,
        )
        for name, value in _facts(words, inspection, sample, rules)
    ]
    alt = f"Data Matrix {sample.number}"
    return Stack(
        [Square(sample.number, CODE, alt, "DataMatrix"), para(sample.number, HEADING), gap(2), *told]
    )


def _facts(
    words: Words, inspection: Inspection, sample: Sample, rules: Procedure
) -> Iterable[tuple[str, str]]:
    given = {
        "number": sample.number,
        "kind": words.label(f"sample.{sample.kind}"),
        "inspection": inspection.number,
        "package": sample.package,
        "substance": sample.description,
        "net": f"{sample.net_g} g",
        "gross": f"{sample.gross_g} g",
        "seal": sample.seal,
        "date": words.time(sample.at),
        "place": inspection.place or inspection.site,
        "officer": inspection.officer.name,
        "witnesses": ", ".join(one.name for one in inspection.present if one.role == "witness"),
    }
    for name in rules.label:
        if name != "number":  # it stands above, in large letters
            yield words.label(f"label.{name}"), given.get(name, "")


def _receipt(words: Words, inspection: Inspection, step: Step, party: str) -> list[Block]:
    facts = (
        (words.label("label.number"), step.exhibit),
        (words.label("label.inspection"), inspection.number),
        (words.label("label.giver"), step.giver),
        (words.label("label.taker"), step.taker),
        (words.label("label.gross"), f"{step.gross_in_g} g"),
        (words.label("label.seal"), f"{step.seal_in or '–'} / {step.seal_out or '–'}"),
        (words.label("label.date"), words.time(step.at)),
        (words.label("label.place"), step.place),
        (words.label("label.discrepancy"), step.discrepancy),
    )
    title = f"{words.label('label.receipt', number=step.receipt)} · {words.label(f'label.{party}')}"
    lines = [para(f"{words.label(f'label.{one}')}  {_SIGN}", SMALL) for one in ("giver", "taker")]
    return [
        para(title, HEADING, role="H"),
        gap(4),
        Square(step.receipt, CODE, f"Data Matrix {step.receipt}", "DataMatrix"),
        pairs(facts),
        gap(6),
        Bars(step.receipt, f"Code 128 {step.receipt}"),
        gap(26),
        Grid((0.5, 0.5), [lines], ruled=False, pad=(0, 2), layout=True),
    ]


def _sheet(words: Words, inspection: Inspection, blocks: list[Block]) -> bytes:
    rl_config.useA85 = 0
    out = io.BytesIO()
    fonts.font(fonts.REGULAR)
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        lang="hi-IN" if words.languages[0] == "hi" else "en-IN",
        initialFontName=fonts.REGULAR,  # type: ignore[arg-type]  # the types are wrong: it is a name
    )
    structure = Structure()
    pen = Pen(canvas, structure)
    pages = flow(blocks, BODY_WIDTH, BODY_HEIGHT)
    frame = Frame(
        head=f"{inspection.number} · {inspection.site}",
        foot=f"{inspection.number} · {words.label('label.draft')}",
        page=words.label("paper.page-of"),
        practice=words.label("paper.practice-line") if inspection.practice else "",
        watermark=words.label("paper.practice") if inspection.practice else "",
    )
    for number, page in enumerate(pages, start=1):
        draw_frame(pen, frame, number, len(pages))
        for placed in page:
            placed.block.draw(pen, MARGIN, PAGE_HEIGHT - TOP - placed.down, BODY_WIDTH, structure.root)
        pen.new_page()
    structure.write(canvas)
    canvas.save()
    return out.getvalue()
