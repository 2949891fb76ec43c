"""The one style sheet. Widgets say what they are by the property `kind`; nothing else carries style.

A focused control wears a 3-pixel ring; its padding shrinks by as much, so nothing moves.
"""

from string import Template

import msgspec

from ui.theme.tokens import VERDICTS, Tokens

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QWidget[kind="page"], QDialog, QStackedWidget, QScrollArea[kind="page"] { background: $bg; }
QScrollArea { border: none; background: transparent; }
QWidget[kind="clear"] { background: transparent; }
QFrame[kind="card"] { background: $surface; border: ${line_width}px solid $line; border-radius: 10px; }
QFrame[kind="strip"] { background: $sunken; border: ${strip}px solid $line; border-radius: 8px; }
QFrame[kind="rule"] { background: $line; border: none; max-height: ${line_width}px;
    min-height: ${line_width}px; }
QFrame[kind="drop"] { background: $surface; border: 3px dashed $accent; border-radius: 10px; }

QLabel { background: transparent; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="error"] { color: $hold; }
QLabel[kind="key"] { border: 1px solid $line_strong; border-radius: 5px;
    padding: 2px 6px; background: $surface; color: $text; }

QFrame[kind="header"] { background: $header; border: none; }
QFrame[kind="header"] QLabel[kind="number"] { color: $header_text; }
QFrame[kind="header"] QLabel[kind="place"] { color: $header_muted; }
QLabel[kind="practice"] { background: #FFC233; color: #1D1100;
    padding: 5px 16px; }
QPushButton[kind="chip"], QPushButton[kind="chip-ok"], QPushButton[kind="chip-warn"] {
    border: 3px solid transparent; border-radius: 22px; padding: 0 14px;
    min-height: 38px; text-align: center; }
QPushButton[kind="chip"] { background: $chip; color: $chip_text; }
QPushButton[kind="chip-ok"] { background: $chip_ok; color: $chip_ok_text; }
QPushButton[kind="chip-warn"] { background: $chip_warn; color: $chip_warn_text; }
QPushButton[kind="chip"]:focus, QPushButton[kind="chip-ok"]:focus,
QPushButton[kind="chip-warn"]:focus { border-color: $chip_focus; padding: 0 14px; }

QFrame[kind="nav"] { background: $nav; border: none; border-right: ${line_width}px solid $line; }
QAbstractButton[kind="nav"] { border: 3px solid transparent; border-radius: 10px; background: transparent; }

QPushButton { background: $surface; color: $text; border: ${edge}px solid $line_strong; border-radius: 8px;
    padding: 0 ${pad}px; min-height: ${small}px; }
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:disabled { color: $muted; background: $sunken; border-style: dashed; }
QPushButton[kind="action"], QPushButton[kind="primary"], QPushButton[kind="danger"] {
    min-height: ${main}px; }
QPushButton[kind="primary"], QPushButton[kind="primary-small"] { background: $accent; color: $on_accent;
    border-color: $accent; }
QPushButton[kind="danger"] { background: $hold_band; color: #FFFFFF; border-color: $hold_band; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled,
QPushButton[kind="primary-small"]:disabled { color: $muted; background: $sunken; border-color: $line_strong; }
QPushButton:focus { border: 3px solid $focus; padding: 0 ${pad_focus}px; }
QPushButton[kind="danger"]:focus, QPushButton[kind="primary"]:focus, QPushButton[kind="primary-small"]:focus {
    border: 3px solid $ring_on_fill; }
QPushButton:checked { background: $accent_soft; border: 2px solid $accent; color: $accent; }
QPushButton[kind="choice"]:checked { background: $chosen; color: $on_chosen; }
QPushButton:checked:focus { border: 3px solid $focus; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox { background: $surface; color: $text;
    border: ${edge}px solid $line_strong; border-radius: 8px; padding: 0 12px; min-height: ${small}px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted; }
QPlainTextEdit { padding: 8px 10px; }
QLineEdit[kind="scan"] { min-height: 52px; border: 2px solid $line_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus { border: 3px solid $focus; }
QLineEdit[kind="scan"]:focus { border: 3px solid $focus; }
QLineEdit:read-only { background: $sunken; }
QComboBox::drop-down { border: none; width: 32px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $line_strong;
    selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox QLineEdit, QSpinBox QLineEdit:focus { border: none; background: transparent; min-height: 0;
    padding: 0; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; }

QListView { background: transparent; border: none; outline: none; }
QListView:focus { border: 3px solid $focus; border-radius: 8px; }
QListWidget::item { padding: 0 12px; color: $text; }
QListWidget::item:selected { background: $accent; color: $on_accent; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar::handle:vertical { background: $line_strong; border-radius: 5px; min-height: 44px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 0; }
QScrollBar::handle:horizontal { background: $line_strong; border-radius: 5px; min-width: 44px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[kind="banner-error"] { background: $error_soft; border: 2px solid $hold; border-radius: 8px; }
QFrame[kind="banner-note"] { background: $accent_soft; border: 2px solid $accent; border-radius: 8px; }
QFrame[kind="banner-warn"] { background: $surface; border: 2px solid $check; border-radius: 8px; }
QToolTip { background: $surface; color: $text; border: 1px solid $line_strong; padding: 6px; }
QMenu { background: $surface; color: $text; border: 1px solid $line_strong; }
QMenu::item { padding: 8px 24px; min-height: 28px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
$bands
""")


def style_sheet(worn: Tokens) -> str:
    """Return the style sheet of one theme."""
    outdoor = worn.line_width > 1
    edge = 2 if outdoor else 1
    bands = "\n".join(
        f'QFrame[kind="band-{word}"] {{ background: {look.band}; border: none;'
        f" border-top-left-radius: 9px; border-top-right-radius: 9px; }}"
        f'QFrame[kind="band-{word}"] QLabel {{ color: {look.on_band}; }}'
        for word, look in VERDICTS.items()
    )
    return _SHEET.substitute(
        msgspec.to_builtins(worn),
        edge=edge,
        strip=edge if outdoor else 0,
        pad=16,
        pad_focus=16 + edge - 3,
        small=46 - 2 * edge,
        main=54 - 2 * edge,
        target=44,
        chosen=worn.accent if outdoor else worn.accent_soft,  # in the sun a tint is white
        on_chosen=worn.on_accent if outdoor else worn.accent,
        nav=worn.surface if outdoor else worn.bg if worn.bg.startswith("#0D") else worn.surface,
        chip_focus="#FFFFFF" if not outdoor else worn.focus,
        ring_on_fill=worn.text,
        hold_band=VERDICTS["hold"].band,
        bands=bands,
    )
