"""The listed entries behind a scan: plain text, whole, with the age of the list."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from fieldapp.actions.listing import Shown
from fieldapp.clock import now
from fieldapp.screening.verdict import ListState
from fieldapp.settings import Settings
from fieldapp.text import LANGUAGES
from fieldapp.watchlist.entry import Entry as ListedEntry
from fieldapp.watchlist.entry import ListedIdentifier, ListedName
from tests.support.window import Desktop, settle, until
from ui.screens.entry import Entry, facts_of, plain_words

WHOLE = ListedEntry(
    id="7", source="un", kind="person",
    names=(ListedName("<b>Rashid</b> Ali"), ListedName("Abu Ali", "weak"), ListedName("R. Aly", "former")),
    countries=("ae", "ruritania"), birth_dates=("1961", "1961-04-02"),
    identifiers=(ListedIdentifier("passport", "F 57"), ListedIdentifier("odd", "1")),
    addresses=("Deira\x1d, Dubai",), father="Ali", gender="male", programme="X", listed_on="2019-01-02",
    remarks="see also 8",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_the_list_says_is_left_out(language: str):
    said = "\n".join(words for _, words in facts_of(WHOLE, language))
    for words in (
        "Abu Ali", "R. Aly", "AE", "ruritania", "1961-04-02", "F 57", "Deira␝, Dubai", "2019-01-02", "see a",
    ):  # fmt: skip
        assert words in said
    used = ListState(number=4, name="joint list", issued=now(), entries=1)
    copied = plain_words(Shown(key="un:7", entry=WHOLE, watchlist=used), language)
    assert copied.startswith("<b>Rashid</b> Ali\n")
    assert "joint list" in copied.splitlines()[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thousand_aliases_are_counted(language: str):
    names = tuple(ListedName(f"Alias {at}") for at in range(1000))
    (aliases,) = [
        words for _, words in facts_of(ListedEntry(id="1", source="s", kind="other", names=names), language)
    ][:1]
    assert len(aliases.splitlines()) == 61
    assert "939" in aliases.splitlines()[-1]


@pytest.fixture(params=["en", "hi"])
def dialog(desk: Callable[..., Desktop], request: pytest.FixtureRequest) -> Entry:
    desktop = desk(settings=Settings(language=request.param)).unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    QTest.keyClick(desktop.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    until(lambda: any(isinstance(each, Entry) for each in QApplication.topLevelWidgets()))
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, Entry)]
    until(lambda: bool(found._shown))
    settle()
    return found


def test_the_dialog_tells_why_and_then_the_entry_as_listed(dialog: Entry):
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "BOYLE CHEMICAL CO., LTD." in said
    assert any("practice" in words for words in said)  # the list, with its age
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))


def test_keys_scroll_copy_and_close(dialog: Entry):
    bar = dialog.area.verticalScrollBar()
    QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(dialog, Qt.Key.Key_PageUp)
    assert bar.value() == 0
    QTest.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "OFAC-16907" in QApplication.clipboard().text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle()
    assert not [
        each for each in QApplication.topLevelWidgets() if isinstance(each, Entry) and each.isVisible()
    ]
