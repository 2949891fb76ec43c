"""From a sealed record to a PDF.

Promises: the same input gives the same bytes, in any process and on any machine with the same version;
photos are the original bytes, on the page or attached; the sealed record is attached; every page says which
paper it is and, in practice, that it is practice. Refuses: a record that its own ledger entry does not carry,
or that cannot be read.
"""

import io
from collections.abc import Callable
from datetime import UTC

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from fieldapp import __version__, canonical
from fieldapp.report import fonts, recordfile
from fieldapp.report.attachment import attach
from fieldapp.report.block import Block, Break
from fieldapp.report.flow import flow
from fieldapp.report.frame import Frame, draw_frame
from fieldapp.report.grid import Whole
from fieldapp.report.heading import Heading
from fieldapp.report.paper import Copy, Language, ReportInput, facts_of
from fieldapp.report.pen import Pen
from fieldapp.report.picture import is_kept
from fieldapp.report.plain import plain
from fieldapp.report.sections import (
    addenda,
    annex,
    checking,
    checklist,
    consignment,
    custody,
    decision,
    examination,
    exhibits,
    findings,
    history,
    matrix,
    opening,
    panchnama,
    scans,
    seal,
    structures,
    trader,
    watchlist,
    why,
)
from fieldapp.report.sheet import Sheet, gap
from fieldapp.report.structure import Structure, document
from fieldapp.report.style import BODY_HEIGHT, BODY_WIDTH, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, TOP
from fieldapp.report.words import Words, words_of

Build = Callable[[Sheet], list[Block]]
# A section: the key of its heading, what builds it, and whether it stands on one page, heading and all. In
# the order of the paper, after the opening; a section that has nothing to say is left out.
Section = tuple[str, Build, bool]

FULL: tuple[Section, ...] = (
    ("why", why.build, False),
    ("structures", structures.build, False),
    ("decision", decision.build, False),
    ("findings", findings.build, False),
    ("consignment", consignment.build, False),
    ("matrix", matrix.build, False),
    ("scans", scans.build, False),
    ("checklist", checklist.build, False),
    ("examination", examination.build, False),
    ("custody", custody.build, False),
    ("exhibits", exhibits.build, False),
    ("addenda", addenda.build, False),
    ("history", history.build, False),
    ("watchlist", watchlist.build, True),
    ("seal", seal.build, True),
    ("checking", checking.build, True),
)
COURT: tuple[Section, ...] = (*FULL, ("panchnama", panchnama.build, True), ("annex", annex.build, True))
APART = ("panchnama", "annex")  # papers of their own, to be signed by hand: each begins a page
TRADER: tuple[Section, ...] = (
    ("consignment", trader.declared, False),
    ("taken", trader.taken, False),
    ("checking", trader.checked, True),
)
COPIES: dict[Copy, tuple[Build, tuple[Section, ...]]] = {
    "full": (opening.build, FULL),
    "court": (opening.build, COURT),
    "trader": (trader.opening, TRADER),
}

_SHORT = 200  # characters of a field that the title bar of a viewer is given

# Binary streams, and no comments that name ReportLab's classes.
rl_config.useA85 = 0
rl_config.pdfComments = 0


class NotOfThisEntry(ValueError):
    """The record is not the payload of the entry: a bug of whoever gathered the input."""


def render(given: ReportInput, language: Language = "en", copy: Copy = "full") -> bytes:
    """Return the report as a PDF: in full, with the annex for a court, or redacted for the trader."""
    if given.record != given.entry.payload:
        raise NotOfThisEntry
    record = recordfile.read_payload(given.record)
    words = words_of(language)
    sheet = Sheet(given=given, record=record, facts=facts_of(record, given.entry), words=words)
    pages = flow(_blocks(sheet, copy), BODY_WIDTH, BODY_HEIGHT)

    out = io.BytesIO()
    fonts.font(fonts.REGULAR)
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang="hi-IN" if language == "hi" else "en-IN",
        initialFontName=fonts.REGULAR,  # type: ignore[arg-type]  # the types are wrong: it is a name
    )
    _describe(canvas, sheet, language, copy)
    structure = Structure()
    pen = Pen(canvas, structure)
    frame = _frame(sheet, copy)
    for number, page in enumerate(pages, start=1):
        draw_frame(pen, frame, number, len(pages))
        for placed in page:
            placed.block.draw(pen, MARGIN, PAGE_HEIGHT - TOP - placed.down, BODY_WIDTH, structure.root)
        pen.new_page()
    structure.write(canvas)
    if copy != "trader":
        attach(canvas, _attached(sheet))
    canvas.save()
    return out.getvalue()


def _attached(sheet: Sheet) -> dict[str, bytes]:
    # Without its original, nobody could tell from the file whether a picture that is not JPEG was changed.
    files = {
        f"record-{sheet.facts.record[:16]}{recordfile.SUFFIX}": recordfile.write(
            recordfile.of_input(sheet.given)
        )
    }
    for number, item in enumerate(sheet.inspection.evidence, start=1):
        content = sheet.given.photos.get(item.id)
        if content is not None and canonical.sha256(content) == item.plain_sha256 and not is_kept(content):
            files[f"exhibit-{number:05d}"] = content
    return files


def _blocks(sheet: Sheet, copy: Copy) -> list[Block]:
    begin, sections = COPIES[copy]
    blocks = begin(sheet)
    number = 0
    for key, build, whole in sections:
        content = build(sheet)
        if content:
            number += 1
            section = [Heading(number, sheet.words.label(f"paper.section.{key}")), *content]
            before = Break() if key in APART else gap(13)
            blocks += [before, *([Whole(section, role="Sect")] if whole else section)]
    return blocks


def _describe(canvas: Canvas, sheet: Sheet, language: Language, copy: Copy) -> None:
    sealed = sheet.facts.sealed.astimezone(UTC)
    canvas.setTitle(plain(f"{sheet.words.label(_title(copy))} {sheet.inspection.number[:_SHORT]}"))
    canvas.setAuthor(plain(sheet.record.signature.name[:_SHORT]))
    canvas.setSubject(plain(f"{sheet.inspection.consignment.reference[:_SHORT]} · {sheet.facts.record}"))
    canvas.setKeywords(f"report {language} {copy}" + (" signed" if sheet.given.x509 else ""))
    canvas.setCreator(f"Fieldapp {__version__}")
    canvas.setProducer(f"Fieldapp {__version__}")
    canvas.setDateFormatter(lambda *_: f"D:{sealed:%Y%m%d%H%M%S}Z")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()
    document(canvas).info.trapped = "False"


def _title(copy: Copy) -> str:
    return "paper.trader.title" if copy == "trader" else "paper.title"


def _frame(sheet: Sheet, copy: Copy) -> Frame:
    words: Words = sheet.words
    inspection = sheet.inspection
    official = "paper.trader.official" if copy == "trader" else "paper.official"
    name = f"{inspection.number} · {words.label('paper.revision')} {inspection.revision}"
    return Frame(
        head=f"{words.label(_title(copy))} · {inspection.site}",
        foot=f"{name} · {sheet.facts.record[:16]} · {words.label(official)}",
        page=words.label("paper.page-of"),
        practice=words.label("paper.practice-line") if sheet.record.practice else "",
        watermark=words.label("paper.practice") if sheet.record.practice else "",
    )
