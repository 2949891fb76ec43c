"""The pen: the few strokes a report is made of, and what each of them means to a reader who cannot see.

Every stroke belongs to an element of the document's structure (a paragraph, a heading, a table cell, a
picture with its words) or is an artifact (rules, grounds, page numbers). Shaped lines carry their original
characters as ActualText, so that search, copy and reading aloud give the text letter for letter.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from reportlab.lib.colors import Color, toColor
from reportlab.pdfgen.canvas import Canvas

from fieldapp.report import fonts
from fieldapp.report.structure import Element, Structure, document
from fieldapp.report.style import Style

# Characters of a literal string that PDF would read otherwise (ISO 32000-1, 7.3.4.2).
_ESCAPED = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256), *b"()\\")}


class Pen:
    """Draws on the current page of a canvas. Coordinates are points from the bottom left."""

    def __init__(self, canvas: Canvas, structure: Structure) -> None:
        self.canvas = canvas
        self.structure = structure
        self._colour = ""

    @contextmanager
    def content(self, of: Element) -> Iterator[None]:
        """Everything drawn inside is content of the element `of`."""
        mark = self.structure.mark(of, self.canvas.getPageNumber() - 1)
        self.canvas.addLiteral(f"/{of.role} <</MCID {mark}>> BDC")
        yield
        self.canvas.addLiteral("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Everything drawn inside is decoration or page furniture."""
        self.canvas.addLiteral("/Artifact BMC")
        yield
        self.canvas.addLiteral("EMC")

    def new_page(self) -> None:
        """Finish the page."""
        self.canvas.showPage()
        self._colour = ""

    def line(self, text: str, x: float, baseline: float, style: Style) -> None:
        """Draw one line of plain text that fits."""
        self.ink(style.colour)
        shaped = fonts.needs_shaping(text)
        if shaped:
            self.canvas.addLiteral(
                f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex().upper()}>>> BDC"
            )
        if shaped:
            out = self.canvas.beginText(x, baseline)
            out.setFont(style.font, style.size)
            for part, special in fonts.runs(text):
                out.textOut(fonts.shape(part, style.font) if special else part)
            self.canvas.drawText(out)
            self.canvas.addLiteral("EMC")
        else:
            self.canvas.addLiteral(self._plain_line(text, x, baseline, style))

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """Fill a rectangle with its lower left corner at (x, y)."""
        self.ink(colour)
        if radius:
            self.canvas.roundRect(x, y, width, height, radius, stroke=0, fill=1)
        else:
            self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def rule(self, x: float, y: float, width: float, colour: str, thickness: float = 0.5) -> None:
        """Draw a level line from (x, y) to the right."""
        self.box(x, y - thickness / 2, width, thickness, colour)

    def _plain_line(self, text: str, x: float, baseline: float, style: Style) -> str:
        # What ReportLab's text object would write, without measuring what is measured already.
        loaded, doc = fonts.font(style.font), document(self.canvas)
        shown = []
        for subset, codes in loaded.splitString(text, doc):
            literal = codes.decode("latin-1").translate(_ESCAPED)
            shown.append(f"{loaded.getSubsetInternalName(subset, doc)} {style.size:g} Tf ({literal}) Tj")
        return f"BT 1 0 0 1 {x:.3f} {baseline:.3f} Tm {' '.join(shown)} ET"

    def ink(self, colour: str) -> None:
        """Fill with `colour` from here on."""
        if colour != self._colour:
            self.canvas.setFillColor(_parse(colour))
            self._colour = colour


@lru_cache
def _parse(colour: str) -> Color:
    return toColor(colour)
