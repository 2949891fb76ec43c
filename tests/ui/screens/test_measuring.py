"""An instrument's result file in the window: dropped, shown with its sources, recorded presumptively."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp import clock
from fieldapp.inspection.inspection import Inspection
from tests.support import results
from tests.support.window import Desktop, desks, settle, until
from ui.screens.measuring import same_person
from ui.screens.samples import SamplesScreen
from ui.widgets.form import Form
from ui.widgets.label import Label


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Callable[..., Desktop]]:
    with desks(tmp_path) as make:
        yield make


def held(laptop: Desktop) -> Inspection:
    assert laptop.window.desk.inspection is not None
    return laptop.window.desk.inspection


def samples(laptop: Desktop) -> SamplesScreen:
    laptop.open()
    laptop.window.show_screen("samples")
    screen = laptop.window.screens["samples"]
    assert isinstance(screen, SamplesScreen)
    return screen


def drop(screen: SamplesScreen, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(screen, QDragEnterEvent(QPoint(20, 20), *given))
    QApplication.sendEvent(screen, QDropEvent(QPointF(20, 20), *given, QEvent.Type.Drop))


def form() -> Form:
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))
    found = QApplication.activeModalWidget()
    assert isinstance(found, Form)
    return found


def test_a_dropped_file_is_shown_with_its_sources_and_recorded(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    screen = samples(laptop)
    file = tmp_path / "run.csv"
    file.write_bytes(results.delimited())
    drop(screen, file)
    shown = form()
    told = "\n".join(label.text() for label in shown.findChildren(Label))
    assert "Table of hits" in told
    assert "check every value against the instrument" in told
    assert "3 hits in the file" in told
    assert "line 13" in told
    assert "presumptive" in told
    assert "measured on 2026-11-20, not today" in told
    assert "names A. Rao as the operator, not you" in told
    assert not held(laptop).field_tests  # nothing is recorded that was not shown
    values = shown.values()
    assert (values["substance"], values["score"], values["shown"]) == ("4-ANPP", "0.97", "match")
    shown.put_values({"substance": "4-ANPP base"})
    QTest.keyClick(shown, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(held(laptop).field_tests) == 1)
    (made,) = held(laptop).field_tests
    sources = {each.field: each.source for each in made.sources}
    assert (sources["substance"], sources["score"]) == ("typed", "file")
    assert held(laptop).evidence[-1].purpose == "result"
    settle()
    row = screen.tests.data(screen.tests.index(0, 0)) or ""
    assert "PRESUMPTIVE positive" in row
    assert "PRESUMPTIVE positive" in screen.banner.accessibleName() or screen.banner.isVisible()


def test_a_file_of_today_and_of_this_officer_warns_of_nothing(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    screen = samples(laptop)
    file = tmp_path / "run.csv"
    today = clock.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    file.write_bytes(results.delimited(time=today, operator="NAIR R"))
    drop(screen, file)
    told = "\n".join(label.text() for label in form().findChildren(Label))
    assert "presumptive" in told
    assert "Warning" not in told
    form().reject()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NAIR", "R. Nair", True),
        ("Nair, R.", "R. Nair", True),
        ("R", "R. Nair", False),
        ("R. Rao", "R. Nair", False),
        ("...", "R. Nair", False),
        ("आर. नायर", "नायर", True),
    ],
)
def test_ways_of_writing_one_name(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same


def test_a_file_nobody_knows_and_a_hostile_one_are_one_sentence_each(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    screen = samples(laptop)
    for name, content, part in (
        ("odd.csv", b"one,two\n1,2\n", "Ask your office"),
        ("bomb.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><Run>&x;</Run>', "definitions"),
        ("blob.txt", bytes(range(256)), "not a text file"),
    ):
        screen.banner.hide()
        file = tmp_path / name
        file.write_bytes(content)
        drop(screen, file)
        until(screen.banner.isVisible)
        assert part in "\n".join(label.text() for label in screen.banner.findChildren(Label))
        assert QApplication.activeModalWidget() is None
    assert held(laptop).evidence == ()


def test_what_was_typed_over_comes_back_when_it_is_refused(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    screen = samples(laptop)
    file = tmp_path / "run.txt"
    file.write_bytes(results.pairs())
    drop(screen, file)
    first = form()
    first.put_values({"score": "ninety", "note": "seen by both witnesses"})
    QTest.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: QApplication.activeModalWidget() not in (None, first))
    again = form()
    assert again.values()["note"] == "seen by both witnesses"
    again.put_values({"score": "97"})
    QTest.keyClick(again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(held(laptop).field_tests) == 1)
    assert held(laptop).field_tests[0].score == 97.0
