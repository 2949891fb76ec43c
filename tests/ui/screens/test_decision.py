"""Deciding line by line, holds, a second officer by code or on this laptop, and what comes after the seal."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp import ids
from fieldapp.actions import disposing, finding, opening, provisioning, sampling, sealing
from fieldapp.actions.disposing import Asked, AskSecond, Decide
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.opening import OpenInspection
from fieldapp.actions.provisioning import ConfirmPassphrase
from fieldapp.actions.sampling import DrawSample
from fieldapp.actions.sealing import Sealed, SealInspection
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.goods import GoodsLine
from fieldapp.enrolment import Policy
from fieldapp.inspection.inspection import Inspection, effective_disposition
from fieldapp.inspection.sample import Draw
from fieldapp.vault.proofs import subject
from tests.support.laptops import consignment
from tests.support.officers import OTHER_PASSPHRASE, shared_laptop
from tests.support.vaults import PASSPHRASE, Headquarters
from tests.support.window import Desktop, settle, until
from ui.models.sections import clock_words
from ui.screens.decision import DecisionScreen
from ui.screens.passphrase import AskPassphrase
from ui.screens.second import SecondOfficer, SignForAnother
from ui.widgets.ask import Ask
from ui.widgets.form import Form
from ui.widgets.picker import Picker

Make = Callable[..., Desktop]


def held(desk: Desktop) -> Inspection:
    inspection = desk.window.desk.inspection
    assert inspection is not None
    return inspection


def of_two_lines() -> Consignment:
    base = consignment("2-tablets")
    second = GoodsLine(seq=2, description="Empty cartons", packages=2, net_kg=4)
    return msgspec.structs.replace(base, id=ids.uuid7(), goods=(*base.goods, second))


def decision(laptop: Desktop, declared: Consignment | None = None) -> DecisionScreen:
    """Open an inspection with its decision in front."""
    command = OpenInspection(consignment=declared or consignment())
    laptop.jobs.run(opening.open_inspection, command, done=laptop.window.desk.put_inspection)
    until(lambda: laptop.window.desk.inspection is not None)
    laptop.window.show_screen("decision")
    settle()
    screen = laptop.window.screens["decision"]
    assert isinstance(screen, DecisionScreen)
    return screen


def front(kind: type) -> object:
    """Wait for a dialog of that kind in front."""
    until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def choose(words: str) -> None:
    picker = front(Picker)
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, words)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    settle()


def reason(words: str) -> Ask:
    ask = front(Ask)
    assert isinstance(ask, Ask)
    assert ask.field is not None
    QTest.keyClicks(ask.field, words)
    QTest.keyClick(ask, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    return ask


def seize(laptop: Desktop) -> None:
    command = Decide(inspection=held(laptop).id, disposition="seize", reason="a precursor without papers")
    laptop.jobs.run(disposing.decide, command, done=laptop.window.desk.put_inspection)
    until(lambda: bool(held(laptop).decisions))
    settle()


def test_each_line_is_decided_by_keyboard_and_the_consignment_is_what_they_are(desk: Make) -> None:
    laptop = desk().unlock()
    screen = decision(laptop, of_two_lines())
    for row, act in ((0, "Hold"), (1, "Refer")):
        screen.goods_list.select(row)
        QTest.keyClick(screen.goods_list.view, Qt.Key.Key_Return)
        settle()
        choose(act)
        reason("the seal of the door differs")
        until(lambda count=row: len(held(laptop).decisions) == count + 1)
    assert "all lines" in screen.whole.text()
    assert [one.line for one in held(laptop).decisions] == [1, 2]
    assert effective_disposition(held(laptop)) == "hold"
    told = screen.goods.data(screen.goods.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "Referred" in told


def test_a_release_over_an_open_hold_is_refused_before_anything_is_asked(desk: Make) -> None:
    laptop = desk().unlock()
    screen = decision(laptop)
    screen.add_hold.click()
    form = front(Form)
    assert isinstance(form, Form)
    form.put_values({"authority": "Customs", "reason": "papers do not agree"})
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(held(laptop).holds) == 1)
    settle()
    screen.whole.click()
    settle()
    choose("Release")
    assert QApplication.activeModalWidget() is None
    assert screen.banner.isVisible()
    assert "hold is still open" in screen.banner.sentence.text()
    assert held(laptop).decisions == ()
    screen.hold_list.select(0)
    QTest.keyClick(screen.hold_list.view, Qt.Key.Key_Return)
    settle()
    reason("the corrected invoice came")
    until(lambda: held(laptop).holds[0].lifted_at is not None)
    assert held(laptop).holds[0].lifted_why == "the corrected invoice came"


def test_a_paper_that_does_not_cover_the_goods_is_told_of_before_a_release(desk: Make) -> None:
    laptop = desk().unlock()
    base = consignment("1-intermediate")
    goods = tuple(msgspec.structs.replace(line, net_kg=400.0) for line in base.goods)
    screen = decision(laptop, msgspec.structs.replace(base, goods=goods))
    assert "all lines" not in screen.whole.text()  # there is one
    screen.whole.click()
    settle()
    choose("Release")
    ask = reason("short")
    assert held(laptop).decisions == ()  # a longer reason is wanted
    told = " ".join(label.text() for label in ask.findChildren(type(ask._least)))
    assert "not enough is left" in told
    assert "350" in told
    ask.reject()


def test_an_officer_with_a_vault_on_this_laptop_agrees_here(
    tmp_path: Path, qapp: QApplication, desk: Make
) -> None:
    shared_laptop(tmp_path / "desk0", Headquarters()).lock()
    laptop = desk(made=False).unlock()
    screen = decision(laptop)
    seize(laptop)
    assert screen.second.isVisible()
    screen.second.click()
    dialog = front(SecondOfficer)
    assert isinstance(dialog, SecondOfficer)
    until(lambda: dialog.here.isVisible())
    assert dialog.who.currentText() == "S. Rao"
    QTest.keyClicks(dialog.passphrase, "not his passphrase")
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    until(lambda: bool(dialog._wrong.text()))
    assert held(laptop).decisions[0].needs_second
    QTest.keyClicks(dialog.passphrase, OTHER_PASSPHRASE)
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    until(lambda: not held(laptop).decisions[0].needs_second)
    assert held(laptop).decisions[0].second_name == "S. Rao"
    assert effective_disposition(held(laptop)) == "seize"
    until(lambda: screen.clocks.rowCount() > 0)


def test_two_laptops_agree_by_two_codes(tmp_path: Path, desk: Make) -> None:
    shared_laptop(tmp_path / "desk0", Headquarters()).lock()
    laptop = desk(made=False).unlock()
    screen = decision(laptop)
    seize(laptop)
    asked: list[Asked] = []
    laptop.jobs.run(disposing.ask_second, AskSecond(inspection=held(laptop).id), done=asked.append)
    until(lambda: bool(asked))
    (tmp_path / "desk0" / "inspector-2").rename(tmp_path / "elsewhere")
    (tmp_path / "desk1").mkdir()
    (tmp_path / "elsewhere").rename(tmp_path / "desk1" / "vault")
    other = desk(made=False)
    unlock = other.window.screens["unlock"]
    unlock.passphrase.setText(OTHER_PASSPHRASE)  # type: ignore[attr-defined]
    unlock.unlock_button.click()  # type: ignore[attr-defined]
    until(lambda: other.window.desk.session is not None)
    other.open()
    other.window.show_screen("scan")
    scan = other.window.screens["scan"]
    QTest.keyClicks(scan.field, asked[0].text[:40])  # type: ignore[attr-defined]
    scan.field.setText(asked[0].text)  # type: ignore[attr-defined]
    QTest.keyClick(scan.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    sign = front(SignForAnother)
    assert isinstance(sign, SignForAnother)
    until(lambda: "a precursor without papers" in sign.told.text())
    assert other.scans == ()  # it was no code of goods
    sign.yes.click()
    proof = front(AskPassphrase)
    assert isinstance(proof, AskPassphrase)
    assert proof.secret_field is not None
    answers: list[str] = []
    signed = sign._signed
    sign._signed = lambda answer: (answers.append(answer.text), signed(answer))  # type: ignore[method-assign,assignment,func-returns-value]
    QTest.keyClicks(proof.secret_field, OTHER_PASSPHRASE)
    QTest.keyClick(proof.secret_field, Qt.Key.Key_Return)
    until(lambda: bool(answers))
    until(lambda: not sign.code.pixmap().isNull())
    sign.reject()
    settle()
    screen.second.click()
    dialog = front(SecondOfficer)
    assert isinstance(dialog, SecondOfficer)
    dialog.take_code(answers[0])
    until(lambda: not held(laptop).decisions[0].needs_second)


def test_an_answer_nobody_waits_for_is_no_scan(desk: Make) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("scan")
    scan = laptop.window.screens["scan"]
    scan.field.setText("FIELDCOS1:abc")  # type: ignore[attr-defined]
    QTest.keyClick(scan.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    settle()
    assert scan.banner.isVisible()
    assert laptop.scans == ()


def test_what_comes_after_the_seal_names_its_exhibit_in_the_next_revision(desk: Make) -> None:
    laptop = desk().unlock()
    screen = decision(laptop)
    name, keep = held(laptop).id, laptop.window.desk.put_inspection
    draw = Draw(package="3", net_g=Decimal("5.2"), gross_g=Decimal("7.1"), seal="S-1")
    order = DrawSample(inspection=name, procedure="dea-evidence", draw=draw)
    laptop.jobs.run(sampling.draw_sample, order, done=keep)
    note = RecordFinding(inspection=name, severity="major", note="a label over a label")
    laptop.jobs.run(finding.record, note, done=keep)
    laptop.jobs.run(
        disposing.decide, Decide(inspection=name, disposition="hold", reason="the test"), done=keep
    )
    until(lambda: bool(held(laptop).decisions))
    proofs: list[str] = []
    confirm = ConfirmPassphrase(passphrase=PASSPHRASE, signing=subject("authored", name))
    laptop.jobs.run(provisioning.confirm_passphrase, confirm, done=lambda given: proofs.append(given.proof))
    until(lambda: bool(proofs))

    def sealed(made: Sealed) -> None:
        keep(made.inspection)

    laptop.jobs.run(sealing.seal, SealInspection(inspection=name, proof=proofs[0]), done=sealed)
    until(lambda: held(laptop).state == "sealed")
    settle()
    screen.add_later.click()
    ask = front(Ask)
    assert isinstance(ask, Ask)
    QTest.keyClick(ask, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    form = front(Form)
    assert isinstance(form, Form)
    given = {"kind": "laboratory_result", "number": "CRCL/881", "issuer": "CRCL Delhi", "text": "4-ANPP 92 %"}
    form.put_values(given)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    again = front(Form)  # refused without its exhibit: it comes back with what was typed
    assert isinstance(again, Form)
    assert again.values()["number"] == "CRCL/881"
    again.put_values({"exhibit": held(laptop).samples[0].number})
    QTest.keyClick(again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: bool(held(laptop).addenda))
    assert held(laptop).revision == 2
    assert held(laptop).addenda[0].exhibit == held(laptop).samples[0].number
    assert "CRCL Delhi" in screen.addenda.data(screen.addenda.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("size", [(1024, 600), (1366, 728)])
def test_the_decision_bar_stays_in_sight_under_a_long_banner(desk: Make, size: tuple[int, int]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.resize(*size)
    laptop.window.show_screen("inspection")
    screen = laptop.window.screens["inspection"]
    screen.banner.show_alert("Something is wrong", "A long sentence about what is wrong. " * 12, "warn")
    settle(50)
    seal = screen.seal  # type: ignore[attr-defined]
    bottom = seal.mapTo(laptop.window, seal.rect().bottomLeft()).y()
    assert seal.isVisible()
    assert bottom <= laptop.window.height()


def test_the_first_clock_of_the_law_stands_over_every_section(desk: Make) -> None:
    laptop = desk(policy=Policy(number=1, seize_needs_second=False)).unlock()
    screen = decision(laptop)
    assert "left" not in screen._reference.accessibleName()
    seize(laptop)
    until(lambda: bool(held(laptop).deadlines))
    settle()
    first = min(held(laptop).deadlines, key=lambda one: one.due)
    assert clock_words(first, "en") in screen._reference.accessibleName()
