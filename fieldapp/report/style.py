"""Colours, sizes and kinds of type of a report: black on white paper, readable when photocopied.

Lengths are points, 1/72 of an inch. Colours are the light tokens of the window, so that a verdict looks the
same on paper; each verdict also has its word and its own shape, for readers and printers without colour.
"""

import msgspec

from fieldapp.report.fonts import REGULAR, STRONG
from fieldapp.screening.verdict import Word

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN = 48.0
TOP, BOTTOM = 52.0, 54.0
BODY_WIDTH = PAGE_WIDTH - 2 * MARGIN
BODY_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

INK = "#0C1318"
MUTED = "#3F4B55"
LINE = "#CBD3DA"
SUNKEN = "#EEF1F4"
WHITE = "#FFFFFF"

# Ground and ink of the band, as in the window.
BAND: dict[Word, tuple[str, str]] = {
    "hold": ("#A8112A", "#FFFFFF"),
    "check": ("#FFC233", "#1D1100"),
    "cannot_check": ("#40467F", "#FFFFFF"),
    "no_match": ("#0B6138", "#FFFFFF"),
}


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of type. `leading` is the distance of base lines."""

    font: str = REGULAR
    size: float = 9.2
    leading: float = 13.2
    colour: str = INK


BODY = Style()
STRONG_BODY = Style(font=STRONG)
SMALL = Style(size=7.8, leading=11.0, colour=MUTED)
LABEL = Style(size=8.0, leading=13.2, colour=MUTED)
TABLE = Style(size=8.0, leading=11.2)
TABLE_HEAD = Style(font=STRONG, size=8.0, leading=11.2)
TABLE_STRONG = Style(font=STRONG, size=8.0, leading=11.2)
TITLE = Style(font=STRONG, size=19.0, leading=25.0)
HEADING = Style(font=STRONG, size=12.0, leading=17.0)
CODE = Style(size=7.4, leading=10.4, colour=MUTED)
HASH = Style(size=6.3, leading=9.6, colour=MUTED)  # 64 hex digits on half the width, 128 on the whole
