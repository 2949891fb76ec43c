"""What stands on every page around its body: what paper this is, which page of how many, and practice.

All of it is an artifact: a reader who listens hears the report, not its page furniture. The practice mark is
a large word under the text and a line above it, on every page without exception.
"""

import msgspec

from fieldapp.report import fonts
from fieldapp.report.pen import Pen
from fieldapp.report.plain import plain
from fieldapp.report.style import LINE, MARGIN, MUTED, PAGE_HEIGHT, PAGE_WIDTH, Style

_LONGEST = 300  # characters that are tried to fit on one line
_FURNITURE = Style(size=7.6, leading=10, colour=MUTED)
_PRACTICE = Style(font=fonts.STRONG, size=9, leading=12, colour="#8A4B00")
_WATERMARK = Style(font=fonts.STRONG, size=84, leading=100, colour="#F6E9D6")


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the frame; `page` is a text with `{page}` and `{pages}` in it."""

    head: str
    foot: str
    page: str
    practice: str = ""
    watermark: str = ""


def draw_frame(pen: Pen, frame: Frame, number: int, count: int) -> None:
    """Draw the frame of page `number` (from 1) of `count`; call before the body, so that it lies below."""
    with pen.artifact():
        if frame.practice:
            _watermark(pen, frame.watermark)
            _centred(pen, frame.practice, PAGE_HEIGHT - 24, _PRACTICE)
        if number > 1:
            _fitting(pen, frame.head, PAGE_HEIGHT - 40, PAGE_WIDTH - 2 * MARGIN)
        pen.rule(MARGIN, 44, PAGE_WIDTH - 2 * MARGIN, LINE)
        page = frame.page.format(page=number, pages=count)
        wide = _wide(page, _FURNITURE)
        _fitting(pen, frame.foot, 31, PAGE_WIDTH - 2 * MARGIN - wide - 16)
        pen.line(page, PAGE_WIDTH - MARGIN - wide, 31, _FURNITURE)


def _wide(text: str, style: Style) -> float:
    return fonts.width(text, style.font) * style.size / 1000


def _fitting(pen: Pen, text: str, y: float, room: float) -> None:
    shown = plain(text[:_LONGEST]).replace("\n", " ")
    while shown and _wide(shown, _FURNITURE) > room:
        shown = shown[: len(shown) * 9 // 10 - 1].rstrip() + "…"
    pen.line(shown, MARGIN, y, _FURNITURE)


def _centred(pen: Pen, text: str, y: float, style: Style) -> None:
    pen.line(text, (PAGE_WIDTH - _wide(text, style)) / 2, y, style)


def _watermark(pen: Pen, text: str) -> None:
    pen.canvas.saveState()
    pen.canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    pen.canvas.rotate(52)
    size = min(_WATERMARK.size, 760 * 1000 / fonts.width(text, _WATERMARK.font))
    style = msgspec.structs.replace(_WATERMARK, size=size)
    pen.line(text, -_wide(text, style) / 2, -size * 0.3, style)
    pen.canvas.restoreState()
