"""Codes on the page, drawn as ink and not as a picture: sharp on any printer."""

from fieldapp.report.block import Block
from fieldapp.report.pen import Pen
from fieldapp.report.structure import Element
from fieldapp.report.style import INK, WHITE
from fieldapp.scan.draw import Drawable, draw_code


class Square(Block):
    """A matrix code `edge` points wide, quiet zone included, at the right of its column."""

    def __init__(self, content: str, edge: float, alt: str, symbology: Drawable = "QRCode") -> None:
        self._modules = draw_code(content, symbology, level="M" if symbology == "QRCode" else "") < 128
        self._edge = edge
        self._element = Element("Figure", alt=alt)

    def height(self, width: float) -> float:
        """As high as wide, or less in a narrow column."""
        return min(self._edge, width)

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw every run of dark modules as one rectangle."""
        edge = self.height(width)
        left = x + width - edge
        module = edge / len(self._modules)
        ink: list[str] = []
        for row, line in enumerate(self._modules):
            y = top - (row + 1) * module
            start = None
            for column, dark in enumerate([*line.tolist(), False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    ink.append(
                        f"{left + start * module:.3f} {y:.3f} {(column - start) * module:.3f} {module:.3f} re"
                    )
                    start = None
        (Element(role, parent) if role else parent).adopt(self._element)
        with pen.content(self._element):
            pen.box(left, top - edge, edge, edge, WHITE)
            pen.ink(INK)
            pen.canvas.addLiteral("\n".join(ink) + " f")


class Bars(Block):
    """A Code 128, for scanners that know no other, at the left of its column; nothing where it is too wide.

    A module is an inch's hundredth wide: two dots at 200 dots an inch, and read back at 150.
    """

    MODULE, HIGH = 0.96, 30.0  # points

    def __init__(self, content: str, alt: str) -> None:
        self._modules = draw_code(content, "Code128")[0] < 128
        self._element = Element("Figure", alt=alt)

    def height(self, width: float) -> float:
        """Nothing where the code would have to be narrower than can be read."""
        return self.HIGH if len(self._modules) * self.MODULE <= width else 0.0

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw every bar as one rectangle."""
        if not self.height(width):
            return
        ink: list[str] = []
        start = None
        for column, dark in enumerate([*self._modules.tolist(), False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                wide = (column - start) * self.MODULE
                ink.append(f"{x + start * self.MODULE:.3f} {top - self.HIGH:.3f} {wide:.3f} {self.HIGH} re")
                start = None
        (Element(role, parent) if role else parent).adopt(self._element)
        with pen.content(self._element):
            pen.ink(INK)
            pen.canvas.addLiteral("\n".join(ink) + " f")
