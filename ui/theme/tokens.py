"""The three themes as values, and the look of the four verdicts, which is the same in all of them."""

from enum import IntEnum

import msgspec
from PySide6.QtCore import Qt

from fieldapp.screening.verdict import Word
from fieldapp.settings import Theme


class Part(IntEnum):
    """What a row of a list offers besides its title: the roles models answer and the row painter asks."""

    SUBTITLE = Qt.ItemDataRole.UserRole + 1
    TRAILING = Qt.ItemDataRole.UserRole + 2
    ICON = Qt.ItemDataRole.UserRole + 3
    TONE = Qt.ItemDataRole.UserRole + 4
    VALUE = Qt.ItemDataRole.UserRole + 5
    TIE = Qt.ItemDataRole.UserRole + 6


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """One theme. Colours are #RRGGBB; `line_width` is in logical pixels."""

    bg: str
    surface: str
    sunken: str
    text: str
    muted: str
    line: str
    line_strong: str
    line_width: int
    accent: str
    accent_soft: str
    on_accent: str
    focus: str
    highlight: str
    on_highlight: str
    header: str
    header_text: str
    header_muted: str
    chip: str
    chip_text: str
    chip_ok: str
    chip_ok_text: str
    chip_warn: str
    chip_warn_text: str
    error_soft: str
    hold: str  # the verdicts' marks on `surface`; their bands are in VERDICTS
    check: str
    cannot_check: str
    no_match: str


class Look(msgspec.Struct, frozen=True):
    """How a verdict looks: the colour of its band, the words on it, its shape."""

    band: str
    on_band: str
    icon: str


VERDICTS: dict[Word, Look] = {
    "hold": Look("#A8112A", "#FFFFFF", "octagon-x"),
    "check": Look("#FFC233", "#1D1100", "triangle-alert"),
    "cannot_check": Look("#40467F", "#FFFFFF", "circle-question-mark"),
    "no_match": Look("#0B6138", "#FFFFFF", "circle-check"),
}

THEMES: dict[Theme, Tokens] = {
    "light": Tokens(
        bg="#F3F5F7", surface="#FFFFFF", sunken="#E9EDF0", text="#0C1318", muted="#3F4B55",
        line="#CBD3DA", line_strong="#66737E", line_width=1,
        accent="#0A57A4", accent_soft="#E1ECF8", on_accent="#FFFFFF", focus="#0A57A4",
        highlight="#FFE08A", on_highlight="#0C1318",
        header="#10202C", header_text="#FFFFFF", header_muted="#B9C6D0",
        chip="#22333F", chip_text="#FFFFFF", chip_ok="#0F3B29", chip_ok_text="#C9F2DA",
        chip_warn="#3F2E05", chip_warn_text="#FFDF94", error_soft="#FCE8EB",
        hold="#A8112A", check="#7A4A00", cannot_check="#40467F", no_match="#0B6138",
    ),
    "dark": Tokens(
        bg="#0D1216", surface="#161D23", sunken="#10161B", text="#F1F5F8", muted="#B4C0CA",
        line="#2C3841", line_strong="#8494A1", line_width=1,
        accent="#7DB9F5", accent_soft="#17324D", on_accent="#04182B", focus="#9CCBFA",
        highlight="#6B5200", on_highlight="#FFFFFF",
        header="#070B0E", header_text="#FFFFFF", header_muted="#B9C6D0",
        chip="#22333F", chip_text="#FFFFFF", chip_ok="#0F3B29", chip_ok_text="#C9F2DA",
        chip_warn="#3F2E05", chip_warn_text="#FFDF94", error_soft="#3A141B",
        hold="#FF9AA8", check="#FFC233", cannot_check="#B8BDFF", no_match="#6FD79B",
    ),
    "outdoor": Tokens(
        bg="#FFFFFF", surface="#FFFFFF", sunken="#FFFFFF", text="#000000", muted="#000000",
        line="#000000", line_strong="#000000", line_width=2,
        accent="#003E8A", accent_soft="#FFFFFF", on_accent="#FFFFFF", focus="#D10074",
        highlight="#FFE500", on_highlight="#000000",
        header="#000000", header_text="#FFFFFF", header_muted="#FFFFFF",
        chip="#FFFFFF", chip_text="#000000", chip_ok="#FFFFFF", chip_ok_text="#000000",
        chip_warn="#FFE500", chip_warn_text="#000000", error_soft="#FFFFFF",
        hold="#8C0A20", check="#4A2C00", cannot_check="#23286B", no_match="#004526",
    ),
}  # fmt: skip
