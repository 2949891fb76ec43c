"""Headings that can be found: in the outline, in the structure, and never alone at the foot of a page."""

from fieldapp.report.block import Text
from fieldapp.report.pen import Pen
from fieldapp.report.plain import plain
from fieldapp.report.structure import Element
from fieldapp.report.style import HEADING, LINE


class Heading(Text):
    """A numbered heading with its bookmark and a rule under it."""

    leads = True

    def __init__(self, number: int, words: str) -> None:
        super().__init__(plain(f"{number}  {words}"), HEADING, "H1")
        self._key = f"section-{number}"

    def height(self, width: float) -> float:
        """The lines and the rule."""
        return super().height(width) + 5

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw it and enter it into the outline."""
        pen.canvas.bookmarkHorizontal(self._key, 0, top)
        pen.canvas.addOutlineEntry(self.text, self._key, 0)
        super().draw(pen, x, top, width, parent, role)
        with pen.artifact():
            pen.rule(x, top - self.height(width) + 3, width, LINE)
