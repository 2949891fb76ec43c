"""Searching as you type: one entry once, the words that stand there answered, everything by keyboard."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from fieldapp.settings import Settings
from tests.support.window import Desktop, settle, until
from ui.screens.search import SearchScreen


@pytest.fixture(params=["en", "hi"])
def desktop(desk: Callable[..., Desktop], request: pytest.FixtureRequest) -> Desktop:
    made = desk(settings=Settings(language=request.param)).unlock()
    made.window.show_screen("search")
    settle()
    return made


def screen(desktop: Desktop) -> SearchScreen:
    found = desktop.window.screens["search"]
    assert isinstance(found, SearchScreen)
    return found


def words_on(desktop: Desktop) -> str:
    return "\n".join(label.text() for label in screen(desktop).sheet.findChildren(QLabel))


def type_in(desktop: Desktop, words: str) -> None:
    QTest.keyClicks(screen(desktop).field, words)


def test_entries_come_while_somebody_types(desktop: Desktop):
    type_in(desktop, "boyle chem")
    until(lambda: screen(desktop).hits.rowCount() > 0)
    first = screen(desktop).hits.values()[0]
    assert first.name == "BOYLE CHEMICAL CO., LTD."
    until(lambda: "OFAC-16907" in words_on(desktop))
    assert "boylechem" in words_on(desktop)
    assert "practice" in screen(desktop)._list.accessibleName()
    assert not screen(desktop).card.isVisible()


def test_an_entry_hit_by_two_names_stands_once_and_says_which(desktop: Desktop):
    type_in(desktop, "shanghai boyle chemical")
    until(lambda: screen(desktop).hits.rowCount() > 0)
    keys = [row.key for row in screen(desktop).hits.values()]
    assert len(keys) == len(set(keys))
    first = screen(desktop).hits.values()[0]
    assert (first.name, first.met) == ("BOYLE CHEMICAL CO., LTD.", "SHANGHAI BOYLE CHEMICAL CO., LTD.")
    assert first.met in str(screen(desktop).hits.shown(first).subtitle)


def test_the_words_that_stand_there_are_the_ones_answered(desktop: Desktop):
    field = screen(desktop).field
    type_in(desktop, "shanghai")
    settle(80)  # asked for
    field.clear()
    type_in(desktop, "rashid")
    until(lambda: screen(desktop)._asked == "rashid" and not screen(desktop)._under_way)
    settle()
    assert all("SHANGHAI" not in row.met.upper() for row in screen(desktop).hits.values())
    field.clear()
    settle(120)
    assert screen(desktop).hits.rowCount() == 0
    assert not screen(desktop)._left.isVisible()


def test_arrows_walk_the_entries_without_leaving_the_field(desktop: Desktop):
    type_in(desktop, "chemical")
    until(lambda: screen(desktop).hits.rowCount() > 1)
    screen(desktop).field.setFocus()
    QTest.keyClick(screen(desktop).field, Qt.Key.Key_Down)
    second = screen(desktop).hits.values()[1]
    until(lambda: second.name in words_on(desktop))
    QTest.keyClick(screen(desktop).field, Qt.Key.Key_Up)
    QTest.keyClick(screen(desktop).field, Qt.Key.Key_Up)
    assert screen(desktop).hit_list.view.currentIndex().row() == 0


def test_a_number_finds_its_entry(desktop: Desktop):
    type_in(desktop, "www.boylechem.com")
    until(lambda: screen(desktop).hits.rowCount() > 0)
    first = screen(desktop).hits.values()[0]
    assert first.name == "BOYLE CHEMICAL CO., LTD."
    assert first.how != "name"
    assert "www.boylechem.com" in screen(desktop).hits.shown(first).subtitle


def test_an_entry_is_copied_as_plain_text(desktop: Desktop):
    type_in(desktop, "boyle chemical")
    until(lambda: "OFAC-16907" in words_on(desktop))
    QTest.keyClick(
        desktop.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    settle()
    copied = QApplication.clipboard().text()
    assert copied.startswith("BOYLE CHEMICAL CO., LTD.")
    assert "OFAC-16907" in copied


def test_enter_compares_the_words_and_typing_on_leaves_the_verdict(desktop: Desktop):
    type_in(desktop, "shanghai boyl chemicals")
    QTest.keyClick(screen(desktop).field, Qt.Key.Key_Return)
    until(lambda: screen(desktop).card.isVisible())
    assert screen(desktop).hits.rowCount() > 0
    lines = [label.text() for label in screen(desktop).card.findChildren(QLabel)]
    assert len([words for words in lines if "OFAC-16907" in words]) == 1  # one text, one entry, one line
    screen(desktop).field.setFocus()
    QTest.keyClick(screen(desktop).field, Qt.Key.Key_End)
    type_in(desktop, " x")
    until(lambda: not screen(desktop).card.isVisible())


def test_it_works_over_processes_and_a_lock_ends_it(desk: Callable[..., Desktop]):
    made = desk(processes=True).unlock()
    made.window.show_screen("search")
    type_in(made, "boyle chemical")
    until(lambda: "OFAC-16907" in words_on(made))
    screen(made).field.clear()
    type_in(made, "shang")
    settle(70)  # under way
    made.window.lock()
    until(lambda: made.window.name == "unlock")
    assert made.window.desk.session is None
    assert screen(made).hits.rowCount() == 0
    made.unlock()
    made.window.show_screen("search")
    type_in(made, "boyle chemical")
    until(lambda: screen(made).hits.rowCount() > 0)
