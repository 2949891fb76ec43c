"""Grids: tables with a head that repeats, pairs of label and value, sheets of photos.

A row stays on one page unless it is high; then its cells are cut where their blocks can be. The head is
drawn again on every page.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.report.block import Block, para
from fieldapp.report.pen import Pen
from fieldapp.report.structure import Element
from fieldapp.report.style import BODY_HEIGHT, LINE, SUNKEN

Row = Sequence[Block]
_LEAST = 40.0  # no part of a row is less than this
_GUTTER = 6.0  # between a value and the label after it
_HIGH = 110.0  # a row of a table up to this height stays on one page


class Stack(Block):
    """Blocks under one another in one cell."""

    def __init__(self, blocks: Sequence[Block], role: str = "Div", element: Element | None = None) -> None:
        self._blocks = list(blocks)
        self._element = element or Element(role)

    def height(self, width: float) -> float:
        """The sum of its blocks."""
        return sum(block.height(width) for block in self._blocks)

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw one under the other."""
        if role:
            self._element.role = role
        parent.adopt(self._element)
        for block in self._blocks:
            block.draw(pen, x, top, width, self._element)
            top -= block.height(width)

    def least(self, width: float) -> float:
        """What its first block needs."""
        return self._blocks[0].least(width) if self._blocks else 0.0

    def cut(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Cut between blocks, or within the first that does not fit."""
        for number, block in enumerate(self._blocks):
            high = block.height(width)
            if high > room:
                parts = block.cut(width, room)
                if parts is None and number == 0:
                    return None
                head, rest = ([parts[0]], [parts[1]]) if parts else ([], [block])
                return (
                    Stack([*self._blocks[:number], *head], element=self._element),
                    Stack([*rest, *self._blocks[number + 1 :]], element=self._element),
                )
            room -= high
        return None


class Whole(Stack):
    """Blocks that belong on one page; cut only where they are higher than a page."""

    def least(self, width: float) -> float:
        """All of it, where a page can hold it."""
        high = self.height(width)
        return high if high <= BODY_HEIGHT else super().least(width)

    def cut(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Move to the next page as one."""
        return super().cut(width, room) if self.height(width) > BODY_HEIGHT else None


class Grid(Block):
    """Rows of cells. `columns` are shares of the width; `head` is drawn on a ground on every page."""

    def __init__(
        self,
        columns: Sequence[float],
        rows: Sequence[Row],
        *,
        head: Row | None = None,
        ruled: bool = True,
        pad: tuple[float, float] = (4.0, 2.4),
        labels: bool = False,
        layout: bool = False,
        element: Element | None = None,
    ) -> None:
        self._columns = columns
        self._rows = list(rows)
        self._head = head
        self._ruled = ruled
        self._across, self._down = pad
        self._gutter = _GUTTER if labels else 0.0
        self._labels = labels  # every other cell, from the first, names the one after it
        self._layout = layout  # things beside one another, and no table to who listens
        self._element = element or Element("Div" if layout else "Table")
        self._heights: dict[float, list[float]] = {}

    def height(self, width: float) -> float:
        """The head and every row."""
        return self._head_height(width) + sum(self._row_heights(width))

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:  # noqa: ARG002
        """Draw the head and the rows that are left in this part."""
        parent.adopt(self._element)
        if self._head:
            high = self._head_height(width)
            with pen.artifact():
                pen.box(x, top - high, width, high, SUNKEN)
            self._draw_row(pen, self._head, x, top, width, "TH")
            top -= high
        for row, high in zip(self._rows, self._row_heights(width), strict=True):
            self._draw_row(pen, row, x, top, width, "TD")
            top -= high
            if self._ruled:
                with pen.artifact():
                    pen.rule(x, top, width, LINE)

    def least(self, width: float) -> float:
        """The head and the first row, or a part of a high one."""
        rows = self._row_heights(width)
        first = rows[0] if rows else 0.0
        return self._head_height(width) + (first if first <= self._high() else _LEAST + 2 * self._down + 1)

    def cut(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Cut between rows, and within a high one."""
        room -= self._head_height(width)
        for number, high in enumerate(self._row_heights(width)):
            if high > room:
                done, row, left = self._rows[:number], self._rows[number], self._rows[number + 1 :]
                halves = self._cut_row(row, width, room - 2 * self._down) if high > self._high() else None
                if halves:
                    return self._part([*done, halves[0]]), self._part([halves[1], *left])
                return (self._part(done), self._part([row, *left])) if done else None
            room -= high
        return None

    def _cut_row(self, row: Row, width: float, room: float) -> tuple[Row, Row] | None:
        upper: list[Block] = []
        lower: list[Block] = []
        cut = False
        for block, share in zip(row, self._columns, strict=False):
            inner = self._inner(share, width)
            if block.height(inner) <= room:
                upper.append(block)
                lower.append(para(""))
                continue
            parts = block.cut(inner, room)
            cut = cut or parts is not None
            first, second = parts or (para(""), block)
            upper.append(first)
            lower.append(second)
        return (upper, lower) if cut and room > _LEAST else None

    def _inner(self, share: float, width: float) -> float:
        return share * width - 2 * self._across - self._gutter

    def _high(self) -> float:
        # A photo and its caption stay together; a long note may go on over the page.
        return BODY_HEIGHT / 2 if self._layout else _HIGH

    def _part(self, rows: Sequence[Row]) -> Grid:
        return Grid(
            self._columns,
            rows,
            head=self._head,
            ruled=self._ruled,
            pad=(self._across, self._down),
            labels=self._labels,
            layout=self._layout,
            element=self._element,
        )

    def _draw_row(self, pen: Pen, row: Row, x: float, top: float, width: float, role: str) -> None:
        element = Element("Div" if self._layout else "TR", self._element)
        for number, (block, share) in enumerate(zip(row, self._columns, strict=False)):
            cell_role = "TH" if self._labels and number % 2 == 0 else "" if self._layout else role
            inner = self._inner(share, width)
            block.draw(pen, x + self._across, top - self._down, inner, element, cell_role)
            x += share * width

    def _row_heights(self, width: float) -> list[float]:
        if width not in self._heights:
            self._heights[width] = [self._row_height(row, width) for row in self._rows]
        return self._heights[width]

    def _row_height(self, row: Row, width: float) -> float:
        cells = zip(row, self._columns, strict=False)
        return max(block.height(self._inner(share, width)) for block, share in cells) + 2 * self._down

    def _head_height(self, width: float) -> float:
        return self._row_height(self._head, width) if self._head else 0.0
