"""Home by keyboard: numbers that are doors, finding, narrowing, lanes, what goes out, the story."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp import canonical
from fieldapp.actions import disposing, exporting, opening, scanning
from fieldapp.actions.exporting import ExportInspections
from fieldapp.actions.opening import PAGE, TakeInConsignment
from fieldapp.clock import now
from fieldapp.inspection.wanted import Wanted
from tests.support.laptops import consignment
from tests.support.window import PASSPHRASE, Desktop, settle, until
from ui.screens.home import TILES, HomeScreen
from ui.screens.passphrase import AskPassphrase
from ui.screens.screen import close_dialogs
from ui.widgets.form import Form
from ui.widgets.picker import Picker

Make = Callable[..., Desktop]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def home(desktop: Desktop) -> HomeScreen:
    desktop.window.show_screen("home")
    settle(20)
    found = desktop.window.screens["home"]
    assert isinstance(found, HomeScreen)
    return found


def press(
    desktop: Desktop, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    desktop.window.activateWindow()
    settle()
    QTest.keyClick(QApplication.focusWidget() or desktop.window, key, modifiers)
    settle()


def front(kind: type) -> Any:
    until(lambda: any(isinstance(each, kind) and each.isVisible() for each in QApplication.topLevelWidgets()))
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )


def many(desktop: Desktop, count: int) -> None:
    """Have that many inspections, each with its own reference."""
    for number in range(count):
        held = msgspec.structs.replace(consignment(), id=f"c-{number}", reference=f"SB 77{number:04d}")
        desktop.jobs.ask(opening.open_inspection, opening.OpenInspection(consignment=held))


@pytest.fixture
def desktop(desk: Make) -> Desktop:
    return desk().unlock()


def test_words_find_and_the_arrows_take_over(desktop: Desktop):
    many(desktop, 3)
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == 3)
    press(desktop, Qt.Key.Key_F, CONTROL)
    assert screen.worklist.field.hasFocus()
    QTest.keyClicks(screen.worklist.field, "770001 boyl")
    press(desktop, Qt.Key.Key_Return)
    until(lambda: screen.inspections.rowCount() == 1)
    assert screen.inspections.values()[0].reference == "SB 770001"
    QTest.keyClicks(screen.worklist.field, " nothing of the kind")
    until(lambda: screen.inspections.rowCount() == 0)
    assert screen.worklist._none._words.text() == "No inspection fits"


def test_scrolling_reads_on_and_keeps_the_order(desktop: Desktop):
    many(desktop, PAGE + 20)
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == PAGE)
    bar = screen.inspection_list.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    until(lambda: screen.inspections.rowCount() == PAGE + 20)
    references = [row.reference for row in screen.inspections.values()]
    assert references == [f"SB 77{number:04d}" for number in range(PAGE + 19, -1, -1)]
    assert screen.worklist._count.accessibleName() == f"{PAGE + 20} inspections"


@pytest.mark.parametrize("name", [name for name, _icon, _tone, wanted in TILES if wanted is not None])
def test_each_number_opens_its_list(desktop: Desktop, name: str):
    many(desktop, 2)
    screen = home(desktop)
    until(lambda: screen.tiles["drafts"].text() == "2")
    screen.tiles[name].setFocus()
    press(desktop, Qt.Key.Key_Space)
    until(lambda: screen.inspections.rowCount() == int(screen.tiles[name].text()))
    assert screen.worklist._filters.isVisible()
    assert screen.worklist._said.text()
    screen.worklist.widen.click()
    until(lambda: screen.inspections.rowCount() == 2)
    assert not screen.worklist._filters.isVisible()


def test_filters_are_kept_by_a_name_and_come_back(desktop: Desktop):
    many(desktop, 2)
    screen = home(desktop)
    press(desktop, Qt.Key.Key_F, CONTROL | SHIFT)
    form = front(Form)
    form._inputs["state"].setCurrentIndex(form._inputs["state"].findData("returned"))
    form._inputs["from"].setText("2026-01-01")
    form._inputs["name"].setText("Come back")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    until(lambda: screen.worklist.kept.currentText() == "Come back")
    assert screen.inspections.rowCount() == 0
    assert screen.worklist.wanted.state == "returned"
    assert str(screen.worklist.wanted.opened_from) == "2026-01-01"
    screen.worklist._choose_kept(0)
    until(lambda: screen.inspections.rowCount() == 2)
    screen.worklist._choose_kept(1)
    until(lambda: screen.worklist.wanted.state == "returned")
    screen.worklist.forget.click()
    until(lambda: not screen.worklist.kept.isVisible())


def test_a_day_that_is_none_narrows_nothing(desktop: Desktop):
    many(desktop, 1)
    screen = home(desktop)
    press(desktop, Qt.Key.Key_F, CONTROL | SHIFT)
    form = front(Form)
    form._inputs["from"].setText("31.12.")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    settle(20)
    assert screen.worklist.wanted == Wanted()
    assert screen.inspections.rowCount() == 1


def test_what_waits_is_narrowed_by_lane_and_due(desktop: Desktop):
    raw = consignment("1-intermediate")
    assert raw.assignment is not None
    late = msgspec.structs.replace(raw.assignment, due=now() - timedelta(hours=1))
    overdue = canonical.encode(msgspec.structs.replace(raw, assignment=late))
    desktop.jobs.ask(opening.take_in_consignment, TakeInConsignment(raw=overdue))
    desktop.take_in("2-tablets", "3-active-ingredient")
    screen = home(desktop)
    until(lambda: screen.consignments.rowCount() == 3)
    assert screen.tiles["due"].text() == "1"
    for lane, reference in (("red", raw.reference), ("yellow", "SB 7741257"), ("blue", "SB 7741230")):
        screen.lane.setCurrentIndex(screen.lane.findData(lane))
        assert [one.reference for one in screen.consignments.values()] == [reference]
    screen.tiles["due"].click()
    assert screen.lane.currentData() == "overdue"
    assert [one.reference for one in screen.consignments.values()] == [raw.reference]


def test_the_chosen_go_out_and_the_banner_says_so(desktop: Desktop):
    many(desktop, 3)
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == 3)
    view = screen.inspection_list.view
    view.setFocus()
    screen.inspection_list.select(0)
    press(desktop, Qt.Key.Key_Down, SHIFT)
    chosen = screen.worklist.selected()
    assert [row.reference for row in chosen] == ["SB 770002", "SB 770001"]
    press(desktop, Qt.Key.Key_E, CONTROL | SHIFT)
    picker = front(Picker)
    offered = [picker.list.item(at).text() for at in range(picker.list.count())]
    assert offered[0] == "Spreadsheet (CSV): 2 chosen"
    assert any("3 inspections" in words for words in offered)
    close_dialogs()
    file = desktop.folder / "out.json"
    names = tuple(row.id for row in chosen)
    screen.worklist.outgoing.write(ExportInspections(path=str(file), form="json", chosen=names))
    until(screen.banner.isVisible)
    assert [one["inspection"]["id"] for one in json.loads(file.read_bytes())] == list(names)
    assert "out.json" in screen.banner.title.text()


def test_a_file_that_cannot_be_written_is_said(desktop: Desktop, tmp_path: Path):
    many(desktop, 1)
    screen = home(desktop)
    screen.worklist.outgoing.write(ExportInspections(path=str(tmp_path / "none" / "x.csv"), form="csv"))
    until(screen.banner.isVisible)
    assert screen.banner.tone != "note"


def test_the_story_is_told_from_the_list_and_the_way_back_leads_there(desktop: Desktop):
    opened = desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    press(desktop, Qt.Key.Key_T, CONTROL)
    story: Any = desktop.window.screens["story"]
    until(lambda: story.rows.rowCount() > 3)
    assert desktop.window.name == "story"
    press(desktop, Qt.Key.Key_Escape)
    assert desktop.window.name == "scan"
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == 1)
    screen.inspection_list.view.setFocus()
    press(desktop, Qt.Key.Key_T, CONTROL)
    assert desktop.window.name == "story"
    assert desktop.window.desk.story == opened.id
    story.part.setCurrentIndex(story.part.findData("scans"))
    kinds = {one.kind for one in story.rows.values()}
    assert kinds == {"scanned", "hit"}
    press(desktop, Qt.Key.Key_Escape)
    assert desktop.window.name == "home"


def test_a_click_with_a_key_only_chooses(desktop: Desktop):
    many(desktop, 2)
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == 2)
    view = screen.inspection_list.view
    at = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CONTROL, at)
    settle(20)
    assert desktop.window.name == "home"
    assert screen.worklist.selected()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    until(lambda: desktop.window.name == "scan")


def test_sealed_reports_go_into_a_folder_and_what_fails_is_named(desktop: Desktop):
    desktop.open("2-tablets")
    desktop.scan_label("paracetamol-carton.png")
    inspection = desktop.window.desk.inspection
    assert inspection is not None
    decide = disposing.Decide(inspection=inspection.id, disposition="hold", reason="A paper lacks")
    desktop.jobs.ask(disposing.decide, decide)
    sealed = desktop.seal(inspection.id).inspection
    many(desktop, 1)
    screen = home(desktop)
    until(lambda: screen.inspections.rowCount() == 2)
    folder = desktop.folder / "reports"
    folder.mkdir()
    screen.worklist.outgoing.save(screen.inspections.values(), str(folder))
    asked = front(AskPassphrase)
    asked.secret_field.setText(PASSPHRASE)
    QTest.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    until(lambda: screen.banner.isVisible() and screen.banner.tone == "warn", 60)
    (file,) = folder.iterdir()
    assert sealed.number in file.name
    assert file.read_bytes().startswith(b"%PDF")
    assert "1 report made" in screen.banner.title.text()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(desktop.folder / "paper.pdf"))
    screen.banner.hide()
    rows = [row for row in screen.inspections.values() if row.id == sealed.id]
    screen.worklist.outgoing.print([*rows, *rows], printer)
    until(lambda: "2 reports made" in screen.banner.title.text(), 60)
    preview = scanning.DrawPreview(path=str(desktop.folder / "paper.pdf"), width=200)
    assert desktop.jobs.ask(scanning.draw_preview, preview).pages >= 2


def test_exports_name_no_form_that_the_action_does_not_know():
    from ui.screens.outgoing import FORMS

    assert {form for form, _suffix in FORMS} == set(exporting.Form.__args__)  # type: ignore[attr-defined]
