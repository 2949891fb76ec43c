"""The sections of an inspection: papers, checklist, samples, people, as an inspector fills them in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.actions import drafting, opening
from fieldapp.actions.drafting import HeldWords
from fieldapp.actions.opening import GetInspection
from fieldapp.inspection.inspection import Inspection
from fieldapp.settings import Settings
from tests.support.officers import OTHER_PASSPHRASE, shared_laptop
from tests.support.vaults import Headquarters
from tests.support.window import Desktop, desks, settle, until
from ui.screens.checklist import ChecklistScreen
from ui.screens.findings import FindingsScreen
from ui.screens.papers import PapersScreen
from ui.screens.people import PeopleScreen
from ui.screens.samples import SamplesScreen
from ui.screens.second import SecondOfficer
from ui.widgets.form import Form
from ui.widgets.picker import Picker


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Callable[..., Desktop]]:
    with desks(tmp_path) as make:
        yield make


def held(desk: Desktop) -> Inspection:
    inspection = desk.window.desk.inspection
    assert inspection is not None
    return inspection


def pick(words: str) -> None:
    """Type into the picker in front and press Enter, as a person does."""
    picker = QApplication.activeModalWidget()
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, words)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    settle()


def fill(**values: str) -> None:
    """Fill in the form in front and press Ctrl+Enter."""
    form = QApplication.activeModalWidget()
    assert isinstance(form, Form)
    for key, value in values.items():
        made = form._inputs[key]
        if hasattr(made, "choose"):
            made.choose(value)
            made.chosen.emit(value)
        elif hasattr(made, "setPlainText"):
            made.setPlainText(value)
        else:
            made.setText(value)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()


def test_alt_and_a_digit_walk_the_sections(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("inspection")
    order = (("2", "papers"), ("3", "checklist"), ("4", "samples"), ("5", "people"), ("6", "decision"))
    for digit, name in (*order, ("1", "inspection")):
        QTest.keyClick(laptop.window, digit, Qt.KeyboardModifier.AltModifier)
        settle()
        assert laptop.window.name == name


def test_a_paper_entered_is_compared(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("papers")
    screen = laptop.window.screens["papers"]
    assert isinstance(screen, PapersScreen)
    screen.enter_paper.click()
    settle()
    pick("Packing")
    fill(number="PL-9", consignee="Baltic Paper OU", gross="30 kg", net="25 kg", tare="2 kg")
    until(lambda: any(paper.number == "PL-9" for paper in held(laptop).consignment.documents))
    until(lambda: screen.rows.rowCount() > 0)
    told = " ".join(
        screen.rows.data(screen.rows.index(row, 0)) or "" for row in range(screen.rows.rowCount())
    )
    assert "the names differ" in told
    assert "gross is not net and tare together" in told


def test_a_checklist_saves_each_answer_and_hides_what_is_not_asked(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("checklist")
    screen = laptop.window.screens["checklist"]
    assert isinstance(screen, ChecklistScreen)
    screen._begin("courier-parcel")
    until(lambda: held(laptop).checklist is not None)
    opened = screen._rows["opened"]._choice
    assert opened is not None
    opened.choose("no")
    opened.chosen.emit("no")
    until(lambda: [one.question for one in held(laptop).answered] == ["opened"])
    assert not screen._rows["matches"].isVisibleTo(screen)
    line = screen._rows["weight"]._line
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "850")
    until(lambda: len(held(laptop).answered) == 2, 5)  # saved without leaving the field
    assert "2 of" in screen._count.text()
    QTest.keyClicks(line, "x")
    until(lambda: screen._rows["weight"].waits)
    assert screen._rows["weight"]._misfit.text()


def test_what_was_typed_last_survives_a_lock(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    opened = laptop.open()
    laptop.window.show_screen("checklist")
    screen = laptop.window.screens["checklist"]
    assert isinstance(screen, ChecklistScreen)
    screen._begin("courier-parcel")
    until(lambda: held(laptop).checklist is not None)
    line = screen._rows["weight"]._line
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "850")
    until(lambda: bool(held(laptop).answered), 5)
    laptop.window.lock()
    settle()
    laptop.unlock()
    kept: list[Inspection] = []
    laptop.jobs.run(opening.get_inspection, GetInspection(id=opened.id), done=kept.append)
    until(lambda: bool(kept))
    assert [(one.question, one.value) for one in kept[0].answered] == [("weight", "850")]


def test_a_sample_is_drawn_and_handed_over_by_keyboard(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("samples")
    screen = laptop.window.screens["samples"]
    assert isinstance(screen, SamplesScreen)
    screen.draw.click()
    settle()
    pick("NDPS")
    fill(package="3", net="5.2", gross="7.1", seal="S-1", net2="5.1", gross2="7.0", seal2="S-2")
    until(lambda: len(held(laptop).samples) == 2)
    screen.sample_list.select(0)
    screen.move_one.click()
    settle()
    pick("Handed")
    fill(taker="S. Rao", place="Gate 3", gross_in="7.1", seal_in="S-1")
    until(lambda: len(held(laptop).custody) == 1)
    screen.draw.click()
    settle()
    fill(package="3", net="1", gross="2", seal="S-5", net2="1", gross2="2", seal2="S-6")
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))  # refused: it comes back
    assert len(held(laptop).samples) == 2


def test_a_field_test_without_a_library_version_is_inconclusive(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("samples")
    screen = laptop.window.screens["samples"]
    assert isinstance(screen, SamplesScreen)
    screen.test.click()
    settle()
    pick("Raman")
    fill(shown="match", substance="ANPP", device="R-200", score="0.9", bar="0.8")
    until(lambda: len(held(laptop).field_tests) == 1)
    assert "Inconclusive" in (screen.tests.data(screen.tests.index(0, 0)) or "")


def test_people_and_refusals_are_entered(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("people")
    screen = laptop.window.screens["people"]
    assert isinstance(screen, PeopleScreen)
    screen.add_person.click()
    settle()
    fill(role="witness", name="A. Desai", outcome="refused", reason="in a hurry")
    until(lambda: len(held(laptop).present) == 1)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("name", ["papers", "checklist", "samples", "people", "decision"])
def test_every_section_fits_a_small_screen(desk: Callable[..., Desktop], name: str, language: str) -> None:
    laptop = desk(settings=Settings(language=language)).unlock()
    laptop.open()
    laptop.window.show_screen(name)
    settle()
    least = laptop.window.screens[name].minimumSizeHint()
    assert least.width() <= 1280 - 90
    assert least.height() <= 690


def test_a_note_being_typed_survives_a_lock(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    opened = laptop.open()
    laptop.window.show_screen("inspection")
    screen = laptop.window.screens["inspection"]
    assert isinstance(screen, FindingsScreen)
    QTest.keyClicks(screen.note_field, "Drum 4 leaks")
    settle(1300)  # a second behind the keyboard
    laptop.window.lock()
    settle()
    laptop.unlock()
    read: list[Inspection] = []
    laptop.jobs.run(opening.get_inspection, GetInspection(id=opened.id), done=read.append)
    until(lambda: bool(read))
    laptop.window.desk.put_inspection(read[0])
    again = laptop.window.screens["inspection"]
    assert isinstance(again, FindingsScreen)
    until(lambda: again.note_field.toPlainText() == "Drum 4 leaks")
    again.severity.choose("major")
    again._weigh()
    again.record.click()
    until(lambda: len(held(laptop).findings) == 1)
    settle(100)
    words: list[HeldWords] = []
    laptop.jobs.run(drafting.held_words, HeldWords(inspection=opened.id, field="finding"), done=words.append)
    until(lambda: bool(words))
    assert words[0].text == ""  # it is a record now


def test_a_refused_form_comes_back_with_what_was_typed(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("samples")
    screen = laptop.window.screens["samples"]
    assert isinstance(screen, SamplesScreen)
    screen.draw.click()
    settle()
    pick("NDPS")
    fill(package="3", net="abc", gross="7.1", seal="S-1", net2="5.1", gross2="7.0", seal2="S-2")
    again = QApplication.activeModalWidget()
    assert isinstance(again, Form)
    assert again.values()["seal"] == "S-1"
    fill(net="1")  # below the least: refused by the vault this time
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))
    fill(net="5.2")
    until(lambda: len(held(laptop).samples) == 2)


def test_a_hand_over_is_borne_out_by_the_taker_on_his_own_laptop(
    tmp_path: Path, desk: Callable[..., Desktop]
) -> None:
    shared_laptop(tmp_path / "desk0", Headquarters()).lock()
    laptop = desk(made=False).unlock()
    laptop.open()
    laptop.window.show_screen("samples")
    screen = laptop.window.screens["samples"]
    assert isinstance(screen, SamplesScreen)
    screen.draw.click()
    settle()
    pick("NDPS")
    fill(package="3", net="5.2", gross="7.1", seal="S-1", net2="5.1", gross2="7.0", seal2="S-2")
    until(lambda: len(held(laptop).samples) == 2)
    assert not screen.countersign.isEnabled()  # nothing was handed over yet
    screen.sample_list.select(0)
    screen.move_one.click()
    settle()
    pick("Handed")
    fill(taker="S. Rao", place="Gate 3", gross_in="7.1", seal_in="S-1")
    until(lambda: len(held(laptop).custody) == 1)
    screen.countersign.click()
    until(lambda: isinstance(QApplication.activeModalWidget(), SecondOfficer))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SecondOfficer)
    asked = " ".join(dialog._asked.ask.lines)
    assert "Seal found S-1" in asked
    assert "Weighed 7.1 g" in asked
    until(lambda: dialog.here.isVisible())
    QTest.keyClicks(dialog.passphrase, OTHER_PASSPHRASE)
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    until(lambda: held(laptop).custody[0].countersigned != "")
    settle()
    told = screen.steps.data(screen.steps.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "countersigned by S. Rao" in told
