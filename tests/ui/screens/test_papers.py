"""Papers begun by their codes, and what is left of what they allow."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.consignment.document import Document
from fieldapp.consignment.papercode import PaperCode
from fieldapp.settings import Settings
from tests.support.keys import type_on
from tests.support.window import Desktop, settle, until
from ui.screens.papers import PapersScreen
from ui.widgets.form import Form
from ui.widgets.picker import Picker

Make = Callable[..., Desktop]
AWB = "020-1234 5675"


def papers(laptop: Desktop) -> PapersScreen:
    laptop.open()
    laptop.window.show_screen("papers")
    settle()
    screen = laptop.window.screens["papers"]
    assert isinstance(screen, PapersScreen)
    return screen


def documents(laptop: Desktop) -> tuple[Document, ...]:
    inspection = laptop.window.desk.inspection
    return inspection.consignment.documents if inspection is not None else ()


def form_in_front() -> Form:
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))
    form = QApplication.activeModalWidget()
    assert isinstance(form, Form)
    settle(50)
    return form


def confirm(form: Form) -> None:
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()


def test_papers_that_share_no_field_are_not_said_to_agree(desk: Make) -> None:
    laptop = desk().unlock()
    screen = papers(laptop)
    until(lambda: screen.rows.rowCount() > 0)
    assert {row.standing for row in screen.rows.values()} == {"alone"}
    assert "Nothing could be compared yet" in screen._count.text()
    assert "Enter another paper" in screen._count.text()


def test_a_gun_begins_the_entry_of_the_paper_it_reads(desk: Make) -> None:
    laptop = desk().unlock()
    screen = papers(laptop)
    type_on(laptop.window.windowHandle(), AWB)
    form = form_in_front()
    assert form.values()["number"] == "020-12345675"
    confirm(form)
    until(lambda: any(paper.kind == "air_waybill" for paper in documents(laptop)))
    kept = next(paper for paper in documents(laptop) if paper.kind == "air_waybill")
    assert kept.code == AWB
    assert laptop.window.name == "papers"
    assert laptop.scans == ()
    assert screen.code.text() == ""


def test_a_label_of_goods_read_over_the_papers_is_a_scan(desk: Make) -> None:
    laptop = desk().unlock()
    papers(laptop)
    type_on(laptop.window.windowHandle(), "]d2010952123400001317281130" + "10KX-2291")
    until(lambda: len(laptop.scans) == 1)
    assert laptop.window.name == "scan"


def test_a_number_of_no_known_form_asks_which_paper(desk: Make) -> None:
    laptop = desk().unlock()
    screen = papers(laptop)
    QTest.keyClicks(screen.code, "PL/26/77")
    QTest.keyClick(screen.code, Qt.Key.Key_Return)
    settle()
    picker = QApplication.activeModalWidget()
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, "packing")
    QTest.keyClick(picker, Qt.Key.Key_Return)
    form = form_in_front()
    assert form.values()["number"] == "PL/26/77"
    form.reject()


def test_the_balance_of_a_paper_is_shown_and_one_can_be_entered(desk: Make) -> None:
    laptop = desk().unlock()
    screen = papers(laptop)
    until(lambda: screen.balances.rowCount() == 1)
    told = screen.balances.data(screen.balances.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "left 350 kg" in told
    screen.enter_paper.click()
    settle()
    picker = QApplication.activeModalWidget()
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, "narcotics")
    QTest.keyClick(picker, Qt.Key.Key_Return)
    form = form_in_front()
    form.put_values({"number": "N-1", "sanctioned": "120"})
    confirm(form)
    until(lambda: screen.balances.rowCount() == 2)


@pytest.mark.parametrize(
    "values",
    [
        {"issued": "2099-01-01"},
        {"issued": "2026-11-01", "valid_to": "2026-10-01"},
        {"issued": "yesterday"},
        {"sanctioned": "-5"},
        {"sanctioned": "many"},
    ],
)
def test_a_paper_that_cannot_be_so_comes_back_with_one_sentence(desk: Make, values: dict[str, str]) -> None:
    laptop = desk().unlock()
    screen = papers(laptop)
    before = documents(laptop)
    screen._ask_number("export_noc", PaperCode(kind="export_noc", number=""), "")
    form = form_in_front()
    form.put_values({"number": "<b>=CMD()</b>", **values})
    confirm(form)
    again = form_in_front()
    assert again is not form
    assert again.values()["number"] == "<b>=CMD()</b>"
    assert documents(laptop) == before
    again.reject()


def test_the_other_languages_words_are_found_in_a_picker(desk: Make) -> None:
    laptop = desk(settings=Settings(language="hi")).unlock()
    laptop.open()
    laptop.window.show_screen("samples")
    settle()
    laptop.window.screens["samples"].draw.click()  # type: ignore[attr-defined]
    settle()
    picker = QApplication.activeModalWidget()
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, "NDPS")
    shown = [row for row in range(picker.list.count()) if not picker.list.item(row).isHidden()]
    assert len(shown) == 1
    assert picker.list.visualItemRect(picker.list.item(shown[0])).height() >= 44
    picker.reject()
