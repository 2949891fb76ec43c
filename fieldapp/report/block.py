"""Blocks: what a page is filled with, from top to bottom.

A block knows its height at a width, draws itself, and may be cut where a page ends. `para` is the one door
for words: whatever it is given, from a catalogue or from a stranger, is plain text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from fieldapp.report import fonts
from fieldapp.report.pen import Pen
from fieldapp.report.plain import plain
from fieldapp.report.structure import Element
from fieldapp.report.style import BODY, Style

_PARTS = "/-_:.,;()"


class Block(ABC):
    """One thing on a page. Lengths are points.

    What `leads` stands on the same page as the beginning of the block after it, as headings do; a `gap`
    vanishes at the top of a page; what `breaks` begins a new one.
    """

    leads = False
    gap = False
    breaks = False

    @abstractmethod
    def height(self, width: float) -> float:
        """Return the height at `width`."""

    @abstractmethod
    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw downward from `top`; `role` replaces the block's own role in the structure."""

    def least(self, width: float) -> float:
        """Return the room the block needs to begin on a page; the rest may follow on the next."""
        return self.height(width)

    def cut(self, width: float, room: float) -> tuple[Block, Block] | None:  # noqa: ARG002 - for blocks that can
        """Return the part that fits into `room` and the rest, or None where it cannot be cut there."""
        return None


class Space(Block):
    """Empty room between blocks."""

    gap = True

    def __init__(self, points: float) -> None:
        self._points = points

    def height(self, width: float) -> float:  # noqa: ARG002
        """The same at every width."""
        return self._points

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw nothing."""


class Break(Space):
    """Nothing, after which a new page begins."""

    breaks = True

    def __init__(self) -> None:
        super().__init__(0.0)


class Text(Block):
    """Lines of plain text, broken to the width, long runs anywhere. Made by `para`."""

    def __init__(self, text: str, style: Style, role: str, lines: list[str] | None = None) -> None:
        self.text = text
        self.style = style
        self._element = Element(role)
        self._lines = lines
        self._width = -1.0

    def lines(self, width: float) -> list[str]:
        """Return the lines at `width`."""
        if self._lines is None or (self._width not in (-1.0, width)):
            self._lines = break_lines(self.text, self.style, width)
        self._width = width
        return self._lines

    def height(self, width: float) -> float:
        """As many lines as it takes."""
        return len(self.lines(width)) * self.style.leading

    def draw(self, pen: Pen, x: float, top: float, width: float, parent: Element, role: str = "") -> None:
        """Draw the lines as one element, or the next part of one that began on the page before."""
        style = self.style
        if role:
            self._element.role = role
        parent.adopt(self._element)
        baseline = top - style.leading / 2 - style.size * 0.36
        with pen.content(self._element):
            for line in self.lines(width):
                if line:
                    pen.line(line, x, baseline, style)
                baseline -= style.leading

    def least(self, width: float) -> float:
        """Two lines, or all there are."""
        return min(len(self.lines(width)), 2) * self.style.leading

    def cut(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Cut between lines, never leaving one alone at the foot or the head of a page."""
        lines = self.lines(width)
        fit = int(room / self.style.leading)
        if fit >= len(lines):
            return None
        fit = min(fit, len(lines) - 2)
        if fit < 2:
            return None
        return self._part(lines[:fit], width), self._part(lines[fit:], width)

    def _part(self, lines: list[str], width: float) -> Text:
        part = Text("\n".join(lines), self.style, self._element.role, lines)
        part._element = self._element
        part._width = width
        return part


def para(text: str, style: Style = BODY, *, role: str = "P", leads: bool = False) -> Text:
    """Return `text` as a block: the only way words get onto a page."""
    block = Text(plain(text), style, role)
    block.leads = leads
    return block


def break_lines(text: str, style: Style, width: float) -> list[str]:
    """Break `text` at spaces into lines no wider than `width` points; a longer run is broken within."""
    limit = width * 1000 / style.size
    space = fonts.width(" ", style.font)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words: list[str] = []
        used = 0.0
        for word in paragraph.split(" "):
            wide = fonts.width(word, style.font)
            if words and used + space + wide <= limit:
                words.append(word)
                used += space + wide
                continue
            if words:
                lines.append(" ".join(words) + " ")  # so that who reads on, or copies, meets a space
            *full, rest = _pieces(word, style.font, limit) if wide > limit else (word,)
            lines.extend(full)
            words, used = [rest], fonts.width(rest, style.font)
        lines.append(" ".join(words))
    return lines


def _pieces(word: str, font: str, limit: float) -> list[str]:
    # A run without spaces: cut after a mark that parts a number, where there is one in the second half of the
    # line, else between clusters, so that no vowel sign is torn from its letter.
    pieces: list[str] = []
    piece, used = "", 0.0
    for cluster in _clusters(word):
        wide = fonts.width(cluster, font)
        if piece and used + wide > limit:
            at = max(piece.rfind(mark) for mark in _PARTS) + 1
            cut = at if 2 * at >= len(piece) else len(piece)
            pieces.append(piece[:cut])
            piece = piece[cut:]
            used = fonts.width(piece, font)
        piece += cluster
        used += wide
    return [*pieces, piece]


def _clusters(word: str) -> list[str]:
    clusters: list[str] = []
    for char in word:
        joins = fonts.is_mark(char) or (clusters and clusters[-1][-1] in "\u094d\u200d")
        if clusters and joins:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters
