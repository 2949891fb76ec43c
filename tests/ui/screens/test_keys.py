"""The sheet of keys names every key that is bound, and no other."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton

from fieldapp.text import has
from tests.support.window import Desktop
from ui.screens.keys import KEYS
from ui.screens.section import SECTIONS

# Keys that lists, fields and dialogs take themselves; the tests of those hold them.
IN_PLACE = {"Ctrl+↵", "Del", "1 2 3", "↑ ↓ ↵", "Shift+↑ ↓"}


def named() -> set[str]:
    """The keys of the sheet, one by one."""
    single = {key for key, _words in KEYS} - {f"Alt+1 … {len(SECTIONS)}"}
    return single | {f"Alt+{number}" for number in range(1, len(SECTIONS) + 1)}


def bound(desktop: Desktop) -> set[str]:
    """The keys that the window and its screens listen to."""
    window = desktop.window
    keys = {each.key().toString() for each in window.findChildren(QShortcut)}
    keys |= {
        button.shortcut().toString()
        for button in window.findChildren(QAbstractButton)
        if not button.shortcut().isEmpty()
    }
    return keys


def test_every_key_that_is_bound_stands_in_the_sheet(desk: Callable[..., Desktop]):
    keys = bound(desk())
    told = {QKeySequence(key).toString() for key in named() - IN_PLACE}
    aliases = {"Ctrl+Return", "Return", "Enter", "Del", ""}
    assert keys - told - aliases == set()
    assert told - keys == set()


def test_every_key_has_its_words():
    for _key, words in KEYS:
        assert has(words, "en"), words
        assert has(words, "hi"), words
