"""A new list reaches the window: progress, the list of what would now have hit, judgement and addendum."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import resources
from fieldapp.actions import disposing, judging, opening, provisioning, rescreening
from fieldapp.actions.provisioning import NoteRelease
from fieldapp.clock import now
from fieldapp.inspection.inspection import Inspection, open_hits
from fieldapp.settings import Settings
from fieldapp.watchlist.entry import Entry as ListedEntry
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from tests.support.lists import entry
from tests.support.window import Desktop, settle, until
from ui.screens.findings import FindingsScreen
from ui.screens.home import HomeScreen
from ui.screens.judgement import Judgement
from ui.screens.rescreen import LaterHits
from ui.widgets.ask import Ask

FORWARDER = entry("Konkan Freight Services", number="WL-77", source="csv", countries=("in",))


@pytest.fixture(params=["en", "hi"])
def desktop(desk: Callable[..., Desktop], request: pytest.FixtureRequest) -> Desktop:
    made = desk(settings=Settings(language=request.param)).unlock()
    until(lambda: not made.window.rescreening.under_way)
    return made


def adopt(desktop: Desktop, *more: ListedEntry, number: int = 2) -> None:
    """Take in the practice list with `more` entries, and tell the vault, as an exchange does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "release"
        held = source("csv").read([resources.path("practice", "watchlist.csv")])
        header = Header(number=number, name="practice", issued=now() - timedelta(hours=1))
        write_release(file, header, [*held, *more])
        screener: Any = desktop.jobs._services["screening"].room
        state = screener.adopt(file.read_bytes())
    desktop.jobs.ask(provisioning.note_release, NoteRelease(state=state))
    until(
        lambda: (
            desktop.window.desk.session is not None and desktop.window.desk.session.watchlist.number == number
        )
    )
    until(lambda: not desktop.window.rescreening.under_way)
    settle(20)


def sealed(desktop: Desktop) -> Inspection:
    """Scan, judge, decide and seal an inspection."""
    inspection = desktop.open("1-intermediate")
    desktop.scan_label("drum-7-of-12.png")
    held = desktop.jobs.ask(opening.get_inspection, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        command = judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="As listed")
        desktop.jobs.ask(judging.adjudicate, command)
    decide = disposing.Decide(inspection=inspection.id, disposition="hold", reason="Listed consignee")
    desktop.jobs.ask(disposing.decide, decide)
    return desktop.seal(inspection.id).inspection


def home(desktop: Desktop) -> HomeScreen:
    desktop.window.show_screen("home")
    settle(20)
    found = desktop.window.screens["home"]
    assert isinstance(found, HomeScreen)
    return found


def front(kind: type) -> Any:
    until(lambda: any(isinstance(each, kind) and each.isVisible() for each in QApplication.topLevelWidgets()))
    (found,) = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    ]
    return found


def test_what_would_now_have_hit_is_on_the_home_screen_and_leads_to_an_addendum(desktop: Desktop):
    first = sealed(desktop)
    assert not home(desktop).later.isVisible()
    adopt(desktop, FORWARDER)
    notice = home(desktop).later
    until(notice.isVisible)
    notice.button.click()
    dialog = front(LaterHits)
    (row,) = dialog.rows.values()
    assert (row.number, row.hit.entry) == (first.number, "WL-77")
    assert dialog.judge.isEnabled()
    QTest.keyClick(dialog.list.view, Qt.Key.Key_Return)
    question = front(Ask)
    assert first.number in " ".join(label.text() for label in question.findChildren(type(notice.words)))
    QTest.keyClick(question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desktop.window.desk.inspection is not None and desktop.window.desk.inspection.revision == 2)
    assert desktop.window.name == "inspection"
    draft = desktop.window.desk.inspection
    assert draft is not None
    assert [hit.entry for hit in open_hits(draft)] == ["WL-77"]
    before = desktop.jobs.ask(opening.get_inspection, opening.GetInspection(id=first.id, revision=1))
    assert before == first
    until(lambda: not home(desktop).later.found.rows or home(desktop).later.found.rows[0].state == "draft")


def test_a_false_hit_is_judged_from_the_list_and_the_record_stays(desktop: Desktop):
    first = sealed(desktop)
    adopt(desktop, FORWARDER)
    desktop.window.desk.put_inspection(first)
    desktop.window.show_screen("inspection")
    screen = desktop.window.screens["inspection"]
    assert isinstance(screen, FindingsScreen)
    until(screen.later.isVisible)
    screen.later.button.click()
    dialog = front(LaterHits)
    dialog.judge.click()
    question = front(Judgement)
    question.choice.choose("false")
    question.reason.setPlainText("Another forwarder, registered in Pune")
    QTest.keyClick(question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: dialog.rows.rowCount() == 0)
    dialog.accept()
    until(lambda: not screen.later.isVisible())
    held = desktop.jobs.ask(opening.get_inspection, opening.GetInspection(id=first.id))
    assert held == first


def test_a_draft_shows_its_new_hits_among_those_to_judge(desktop: Desktop):
    desktop.open("2-tablets")
    desktop.scan_label("paracetamol-carton.png")
    desktop.window.show_screen("inspection")
    exporter = desktop.window.desk.inspection.consignment.parties[0]  # type: ignore[union-attr]
    adopt(desktop, entry(exporter.name, number="WL-78", source="csv"))
    screen = desktop.window.screens["inspection"]
    assert isinstance(screen, FindingsScreen)
    until(lambda: screen.hits.rowCount() == 1)
    assert not screen.later.isVisible()
    hit, judgement = screen.hits.values()[0]
    assert (hit.entry, judgement) == ("WL-78", None)


def test_a_judged_hit_stays_in_the_inspection_with_its_judgement(desktop: Desktop):
    inspection = desktop.open("1-intermediate")
    desktop.scan_label("drum-7-of-12.png")
    desktop.window.show_screen("inspection")
    screen = desktop.window.screens["inspection"]
    assert isinstance(screen, FindingsScreen)
    settle()
    count = screen.hits.rowCount()
    assert screen.hit_list.view.hasFocus() or screen.hit_list.view.currentIndex().row() == 0
    QTest.keyClick(screen.hit_list.view, Qt.Key.Key_Return)
    question = front(Judgement)
    QTest.keyClick(question.focusWidget(), Qt.Key.Key_1)
    assert question.reason.hasFocus()
    QTest.keyClicks(question.reason, "Same firm: name, city and 2 addresses agree")
    QTest.keyClick(question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: bool(desktop.window.desk.inspection.adjudications))  # type: ignore[union-attr]
    settle()
    assert screen.hits.rowCount() == count
    judged = [judgement for _, judgement in screen.hits.values() if judgement is not None]
    assert [each.verdict for each in judged] == ["true"]
    last = screen.hits.shown(screen.hits.values()[-1])
    assert "R. Nair" in last.subtitle
    assert inspection.number


def test_the_comparison_says_how_far_it_is(desktop: Desktop):
    sealed(desktop)
    steps: list[tuple[int, int]] = []
    desktop.window.rescreening.progressed.connect(lambda done, total: steps.append((done, total)))
    adopt(desktop, number=3)
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] > 3
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert desktop.jobs.ask(rescreening.next_work, rescreening.NextWork()).due is False
