"""The inspector's work by keyboard, in the real window over the real rooms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QWidget

from fieldapp import canonical
from fieldapp import settings as stored
from fieldapp.actions import disposing, finding, scanning
from fieldapp.screening.verdict import WORDS
from fieldapp.settings import Settings
from fieldapp.worker import Failure
from tests.support.window import LABELS, PASSPHRASE, Desktop, settle, shoot, until
from ui import theme
from ui.screens import files, photographing
from ui.screens.passphrase import AskPassphrase
from ui.screens.screen import close_dialogs
from ui.widgets.ask import Ask
from ui.window import Window

Make = Callable[..., Desktop]
CONTROL = Qt.KeyboardModifier.ControlModifier


def questions() -> list[QDialog]:
    """The dialogs that are open."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def dialog() -> QDialog:
    """The question in front."""
    shown = questions()
    assert len(shown) == 1, shown
    return shown[0]


def press(
    widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    widget.window().activateWindow()
    settle()
    QTest.keyClick(widget, key, modifiers)
    settle()


def answer(reason: str) -> None:
    """Write a reason and confirm with Ctrl+Enter."""
    asked = dialog()
    assert isinstance(asked, Ask)
    if asked.field is not None:
        asked.field.setPlainText(reason)
    if isinstance(asked, AskPassphrase):
        asked.secret_field.setText(PASSPHRASE)
    press(asked, Qt.Key.Key_Return, CONTROL)


def test_the_whole_inspection_by_keyboard(desk: Make):
    desktop = desk()
    window = desktop.window
    unlock = window.screens["unlock"]
    until(lambda: unlock.passphrase.hasFocus())
    QTest.keyClicks(unlock.passphrase, PASSPHRASE)
    press(unlock.passphrase, Qt.Key.Key_Return)
    until(lambda: window.desk.session is not None)
    assert window.name == "home"
    desktop.take_in("1-intermediate")
    home = window.screens["home"]
    until(lambda: home.consignment_list.view.hasFocus())
    press(home.consignment_list.view, Qt.Key.Key_Down)
    press(home.consignment_list.view, Qt.Key.Key_Return)
    until(lambda: window.desk.inspection is not None)
    assert window.name == "scan"
    scan = window.screens["scan"]
    assert scan.field.hasFocus()
    QTest.keyClicks(scan.field, "(01)09521234000013(10)KX-2291")
    press(scan.field, Qt.Key.Key_Return)
    until(lambda: scan.scans.rowCount() == 1)
    assert window.desk.inspection.scans[0].verdict.word == "hold"
    assert scan.card.isVisible()
    press(window, Qt.Key.Key_F5)
    answer("A controlled precursor and no NOC.")
    until(lambda: bool(window.desk.inspection.decisions))
    press(window, Qt.Key.Key_F4)
    findings = window.screens["inspection"]
    for hit, judgement in findings.hits.values():
        assert judgement is None
        findings.hit_list.select(0)
        press(findings.hit_list.view, Qt.Key.Key_Return)
        judging = dialog()
        judging.choice._buttons["true"].click()
        judging.reason.setPlainText("Same address in Pudong, confirmed by telephone")
        press(judging, Qt.Key.Key_Return, CONTROL)
        until(lambda hit=hit: hit.id in {each.hit for each in window.desk.inspection.adjudications})
    findings.note_field.setFocus()
    QTest.keyClicks(findings.note_field, "Inner label names another substance.")
    assert findings.severity.value() == "", "nobody said yet how serious it is"
    assert window.desk.inspection.findings == ()
    press(findings.severity._buttons["major"], Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return, CONTROL)
    until(lambda: len(window.desk.inspection.findings) == 1)
    findings.seal.setFocus()
    press(findings.seal, Qt.Key.Key_Space)
    answer("")
    until(lambda: window.desk.inspection.state == "sealed")
    assert window.name == "report"
    report = window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    file = desktop.folder / "report.pdf"
    report.write(str(file), report._made.rendered.pdf)
    assert file.read_bytes().startswith(b"%PDF")
    press(window, Qt.Key.Key_F10)
    assert window.screens["outbox"].records.rowCount() == 1


def test_a_wrong_passphrase_says_one_thing_and_forgets_what_was_typed(desk: Make):
    desktop = desk()
    unlock = desktop.window.screens["unlock"]
    unlock.passphrase.setText("not the one that was chosen")
    unlock.unlock_button.click()
    until(lambda: unlock.complaint.isVisible())
    assert "Caps" in unlock.complaint.text()
    assert unlock.passphrase.text() == ""
    assert desktop.window.desk.session is None
    assert desktop.window.name == "unlock"


def test_too_many_wrong_passphrases_hold_the_field_back(desk: Make):
    desktop = desk()
    unlock = desktop.window.screens["unlock"]
    for _ in range(5):
        if unlock.unlock_button.isEnabled():
            unlock.passphrase.setText("not the one that was chosen")
            unlock.unlock_button.click()
            settle(20)
    assert not unlock.unlock_button.isEnabled()
    assert unlock.complaint.isVisible()


def test_a_vault_is_made_on_a_new_laptop(desk: Make):
    desktop = desk(made=False)
    unlock = desktop.window.screens["unlock"]
    until(lambda: unlock.create_button.isVisible())
    unlock.new_name.setText("R. Nair")
    unlock.first.setText(PASSPHRASE)
    unlock.second.setText(PASSPHRASE + "?")
    unlock.create_button.click()
    assert unlock.create_complaint.isVisible()
    assert desktop.window.desk.session is None
    unlock.second.setText(PASSPHRASE)
    unlock.create_button.click()
    until(lambda: desktop.window.desk.session is not None)
    assert desktop.window.name == "outbox"  # where it is enrolled
    assert desktop.window.screens["outbox"].enrol_card.isVisible()


def test_a_held_enter_releases_nothing(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    press(desktop.window, Qt.Key.Key_F7)
    asked = dialog()
    assert isinstance(asked, Ask)
    assert not asked.yes.isEnabled()
    asked.field.setPlainText("The consignee was mistaken for another.")
    assert asked.yes.isEnabled()
    for receiver in (asked, asked.field, asked.yes):
        for key, modifiers in (
            (Qt.Key.Key_Return, CONTROL),
            (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        ):
            held = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, "\r", True)
            QCoreApplication.sendEvent(receiver, held)
        space = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QCoreApplication.sendEvent(asked.yes, space)
    settle()
    assert asked.isVisible()
    assert desktop.window.desk.inspection.decisions == ()
    press(asked, Qt.Key.Key_Return, CONTROL)
    until(lambda: bool(desktop.window.desk.inspection.decisions))
    assert desktop.window.desk.inspection.decisions[-1].needs_second
    banner = desktop.window.screens["scan"].banner
    assert banner.isVisible()
    assert "second officer" in banner.title.text()


def test_a_release_without_a_match_needs_a_reason_too(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.window.screens["scan"]._shown = None
    press(desktop.window, Qt.Key.Key_F7)
    assert questions() == []


def test_locking_closes_questions_and_forgets_the_case(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    window = desktop.window
    window.screens["inspection"].note_field.setPlainText("half a finding about Shanghai Boyle")
    window.screens["search"].search("Shanghai Boyle")
    settle(50)
    window.show_screen("scan")
    press(window, Qt.Key.Key_F7)
    dialog()
    QApplication.clipboard().setText("09521234000013")
    window.lock()
    settle()
    assert questions() == []
    assert window.name == "unlock"
    assert window.desk.session is None
    assert window.desk.inspection is None
    assert QApplication.clipboard().text() == ""
    shown = {each.text() for each in window.findChildren(QLabel)}
    assert not any("Boyl" in words for words in shown), shown
    assert window.screens["inspection"].note_field.toPlainText() == ""
    assert window.screens["scan"].scans.rowCount() == 0
    for name in ("home", "scan", "report"):  # and no way around the passphrase
        window.show_screen(name)
        assert window.name == "unlock"
    desktop.unlock()
    assert window.name == "home"
    assert window.screens["home"].inspections.rowCount() == 1


def test_practice_is_marked_on_every_screen(desk: Make):
    desktop = desk(practice=True).unlock()
    for name in desktop.window.screens:
        if name != "unlock":
            desktop.window.show_screen(name)
            assert desktop.window.practice.isVisible(), name
    assert "PRACTICE" in desktop.window.practice.text()
    assert not desk().unlock().window.practice.isVisible()


def test_an_old_list_is_a_verdict_of_its_own(desk: Make):
    desktop = desk(hours_old=9 * 24).unlock()
    desktop.open("2-tablets")
    desktop.scan_label("paracetamol-carton.png")
    scan = desktop.window.screens["scan"]
    assert scan._shown.verdict.word == "cannot_check"
    assert "days old" in scan.card.accessibleName()
    assert desktop.window.header.watchlist.property("kind") == "chip-warn"


def test_offline_says_so_and_says_why(desk: Make):
    desktop = desk().unlock()
    press(desktop.window, Qt.Key.Key_F10)
    outbox = desktop.window.screens["outbox"]
    outbox.send.click()
    until(lambda: outbox.banner.isVisible())
    assert outbox.banner.title.text()
    assert outbox.banner.sentence.text()
    assert desktop.window.desk.offline
    assert "Offline" in desktop.window.header.waiting.text()
    assert outbox.send.isEnabled()  # and it can be tried again at once


def test_a_failure_never_shows_nothing(desk: Make):
    desktop = desk().unlock()
    home = desktop.window.screens["home"]
    for failure in (
        Failure("situation", "never-heard-of"),
        Failure("bug", ""),
        Failure("inspector", "", {"x": 1}),
    ):
        home.complain(failure)
        assert home.banner.title.text().strip()
        assert home.banner.sentence.text().strip()


def test_a_thing_of_trust_stops_with_a_dialog(desk: Make):
    desktop = desk().unlock()
    desktop.window.screens["home"].complain(Failure("trust", "ledger-broken", {"seq": 4, "why": "signature"}))
    settle()
    assert dialog().isVisible()
    close_dialogs()


def test_a_damaged_picture_and_a_consignment_that_is_none(desk: Make, tmp_path: Path):
    desktop = desk().unlock()
    bad = tmp_path / "bad.json"
    bad.write_bytes(b'{"id": 7')
    home = desktop.window.screens["home"]
    home.take_in_file(str(bad))
    until(lambda: home.banner.isVisible())
    desktop.open()
    scan = desktop.window.screens["scan"]
    picture = tmp_path / "bad.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    scan.take_file(str(picture))
    until(lambda: scan.banner.isVisible())
    assert scan.banner.sentence.text()
    assert scan.scans.rowCount() == 0
    scan.take_file(str(tmp_path / "not there.png"))
    until(lambda: scan.banner.isVisible())


def test_a_full_disk_keeps_the_note(desk: Make):
    """What was typed stays until the action has answered well."""
    desktop = desk().unlock()
    desktop.open()
    findings = desktop.window.screens["inspection"]
    desktop.window.show_screen("inspection")
    findings.severity.choose("critical")
    findings.note_field.setPlainText("Seal broken on drum 7.")
    findings._record()
    findings.complain(Failure("situation", "disk-full"))
    assert findings.banner.isVisible()
    settle(50)
    assert desktop.window.desk.inspection.findings[-1].note == "Seal broken on drum 7."
    findings.note_field.setPlainText("Another note.")
    desktop.jobs.run(
        finding.record,
        finding.RecordFinding(inspection="0" * 36, severity="other", note="x"),
        failed=findings.complain,
    )
    settle(30)
    assert findings.note_field.toPlainText() == "Another note."


def test_a_gun_scans_into_the_station_from_any_screen(desk: Make):
    desktop = desk().unlock()
    desktop.open("2-tablets")
    window = desktop.window
    press(window, Qt.Key.Key_F4)
    findings = window.screens["inspection"]
    findings.note_field.setFocus()
    handle = window.windowHandle()
    at = 5000
    for mark in "0109521234000020":
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, ord(mark), Qt.KeyboardModifier.NoModifier, mark)
            event.setTimestamp(at)
            QCoreApplication.sendEvent(handle, event)
        at += 6
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
    event.setTimestamp(at)
    QCoreApplication.sendEvent(handle, event)
    until(lambda: len(window.desk.inspection.scans) == 1)
    settle(30)
    assert window.name == "scan"
    assert window.desk.inspection.scans[0].source == "gun"
    assert findings.note_field.toPlainText() == ""


@pytest.mark.parametrize(("key", "name"), [
    (Qt.Key.Key_F2, "scan"), (Qt.Key.Key_F3, "search"), (Qt.Key.Key_F4, "inspection"),
    (Qt.Key.Key_F9, "report"), (Qt.Key.Key_F10, "outbox"),
])  # fmt: skip
def test_every_screen_has_its_key_and_escape_leads_home(desk: Make, key: Qt.Key, name: str):
    window = desk().unlock().window
    press(window, key)
    assert window.name == name
    press(window, Qt.Key.Key_Escape)
    assert window.name == "home"


def test_f1_shows_the_keys_and_f11_the_outdoor_look(desk: Make, home: Path):
    window = desk().unlock().window
    press(window, Qt.Key.Key_F1)
    assert dialog().isVisible()
    close_dialogs()
    press(window, Qt.Key.Key_F11)
    assert theme.current() == "outdoor"
    assert stored.load().settings.theme == "outdoor"
    press(window, Qt.Key.Key_F11)
    assert theme.current() == "light"


def test_f11_goes_back_to_the_dark_it_came_from(desk: Make, home: Path):
    window = desk(settings=Settings(theme="dark")).unlock().window
    for look in ("outdoor", "dark"):
        press(window, Qt.Key.Key_F11)
        assert theme.current() == look


def test_the_stations_keys_work_while_the_field_has_the_cursor(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    scan = desktop.window.screens["scan"]
    scan.field.setFocus()
    press(scan.field, Qt.Key.Key_E, CONTROL)
    assert dialog().isVisible()
    close_dialogs()
    scan.field.setText("0952123")
    press(scan.field, Qt.Key.Key_K, CONTROL)  # the camera, not the end of the line
    assert scan.field.text() == "0952123"
    scan.camera.close_camera()
    QApplication.clipboard().setImage(QImage(str(LABELS / "pallet-sscc.png")))
    press(scan.field, Qt.Key.Key_V, CONTROL)
    until(lambda: len(desktop.window.desk.inspection.scans) == 2)


def test_how_long_a_reason_must_be_is_said(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    press(desktop.window, Qt.Key.Key_F7)
    asked = dialog()
    assert isinstance(asked, Ask)
    asked.field.setPlainText("Known")
    assert asked._least.isVisible()
    assert "10" in asked._least.text()
    assert "5" in asked._least.text()
    close_dialogs()


def test_a_saved_paper_has_its_suffix(desk: Make):
    desktop = desk().unlock()
    files.choose_new(desktop.window, "Save", "report.pdf", lambda _file: None)
    settle()
    saving = dialog()
    assert isinstance(saving, QFileDialog)
    assert saving.defaultSuffix() == "pdf"
    close_dialogs()


def test_another_language_takes_the_whole_window(desk: Make):
    window: Window = desk().unlock().window
    window.show_screen("settings")
    window.screens["settings"].tongue._buttons["hi"].click()
    settle()
    assert window.settings.language == "hi"
    assert stored.load().settings.language == "hi"
    assert window.name == "settings"
    words = {each.text() for each in window.findChildren(QLabel) if each.isVisible()}
    assert "सेटिंग" in words
    window.show_screen("home")
    settle()
    assert window.desk.session is not None


def test_qts_own_words_are_hindi_too(desk: Make):
    desk(settings=Settings(language="hi"))
    said = {QCoreApplication.translate("QDialogButtonBox", words) for words in ("OK", "Cancel", "&Close")}
    assert said == {"ठीक है", "रद्द करें", "बंद करें"}
    desk(settings=Settings(language="en"))
    assert QCoreApplication.translate("QDialogButtonBox", "Cancel") == "Cancel"


def test_a_picture_of_the_window_can_be_kept(desk: Make, tmp_path: Path):
    window = desk().unlock().window
    assert shoot(window, tmp_path / "home.png").stat().st_size > 10_000


def test_a_pasted_and_a_dropped_picture_are_scanned(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    window, scan = desktop.window, desktop.window.screens["scan"]
    QApplication.clipboard().setImage(QImage(str(LABELS / "drum-7-of-12.png")))
    press(window, Qt.Key.Key_V, CONTROL)
    until(lambda: len(window.desk.inspection.scans) == 1)
    files = QMimeData()
    files.setUrls(
        [QUrl.fromLocalFile(str(LABELS / name)) for name in ("pallet-sscc.png", "ibuprofen-drum.png")]
    )
    none = Qt.KeyboardModifier.NoModifier
    where, button = QPointF(20, 20), Qt.MouseButton.LeftButton
    for kind in (QDragEnterEvent, QDropEvent):
        event = kind(
            where.toPoint() if kind is QDragEnterEvent else where,
            Qt.DropAction.CopyAction,
            files,
            button,
            none,
        )
        QCoreApplication.sendEvent(scan, event)
    until(lambda: len(window.desk.inspection.scans) == 3)
    settle(50)
    words = [each.verdict.word for each in window.desk.inspection.scans[1:]]
    shown = scan._shown.verdict.word
    assert WORDS.index(shown) == min(WORDS.index(word) for word in words)  # the worst stays in front
    QApplication.clipboard().setText("09521234000013")
    press(window, Qt.Key.Key_V, CONTROL)
    assert scan.field.text() == "09521234000013"


def test_a_photo_becomes_evidence_of_a_finding(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    window, findings = desktop.window, desktop.window.screens["inspection"]
    window.show_screen("inspection")
    photographing.take(findings, str(LABELS / "drum-7-of-12.png"))
    until(lambda: len(window.desk.inspection.evidence) == 1)
    kept = window.desk.inspection.evidence[0]
    assert kept.plain_sha256 == canonical.sha256((LABELS / "drum-7-of-12.png").read_bytes())
    until(
        lambda: bool(findings.exhibits._pictures.get(kept.id))
    )  # opened by the vault, made small by the reader
    assert findings.photos.marked() == (kept.id,)
    findings.severity.choose("other")
    findings.note_field.setPlainText("Label of drum 7.")
    findings.record.click()
    until(lambda: bool(window.desk.inspection.findings))
    assert window.desk.inspection.findings[0].evidence == (kept.id,)
    photographing.take(findings, str(LABELS.parent / "README.md"))
    until(lambda: findings.banner.isVisible() and findings.banner.tone != "note")
    assert len(window.desk.inspection.evidence) == 1  # what is no picture is refused


def test_a_report_is_printed_page_by_page(desk: Make):
    desktop = desk().unlock()
    inspection = desktop.open("2-tablets")
    for action, command in (
        (
            finding.record,
            finding.RecordFinding(inspection=inspection.id, severity="other", note="Seal intact."),
        ),
        (disposing.decide, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Papers.")),
    ):
        desktop.jobs.run(action, command, done=desktop.window.desk.put_inspection)
    settle()
    desktop.window.screens["inspection"]._sealed(desktop.seal(inspection.id))
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    assert desktop.window.name == "report"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printed = desktop.folder / "printed.pdf"
    printer.setOutputFileName(str(printed))
    report.print_on(printer)
    until(printed.exists)
    settle(50)
    pages = desktop.jobs.ask(scanning.draw_preview, scanning.DrawPreview(path=str(printed), width=200)).pages
    assert pages == report._pages >= 1
    first = report._picture.pixmap().cacheKey()
    if report._pages > 1:
        report.on.click()
        until(lambda: report._picture.pixmap().cacheKey() != first)
        assert report.back.isEnabled()
    before = report._made
    report.tongue._buttons["hi"].click()
    until(lambda: report.save.isEnabled() and report._made != before, 60)
    report.write(str(desktop.folder / "no such folder" / "x.pdf"), b"")
    assert report.banner.isVisible()
    assert report.banner.tone == "warn"


def test_the_diagnostics_name_nobody_and_no_case(desk: Make):
    desktop = desk().unlock()
    inspection = desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    window = desktop.window
    window.show_screen("about")
    about = window.screens["about"]
    report = about.report.toPlainText()
    named = (
        window.desk.session.officer.name, window.desk.session.site, window.desk.session.device,
        inspection.number, inspection.id, inspection.consignment.reference, "Boyl", "09521234000013",
        str(desktop.folder),
    )  # fmt: skip
    assert [words for words in named if words in report] == []
    assert "watchlist 1" in report
    about.copy.click()
    assert QApplication.clipboard().text() == report


def test_a_mistyped_code_is_withdrawn_with_del_and_a_reason(desk: Make):
    desktop = desk().unlock()
    desktop.open("2-tablets")
    scan = desktop.window.screens["scan"]
    scan.field.setText("09521234000021")
    press(scan.field, Qt.Key.Key_Return)
    until(lambda: bool(desktop.window.desk.inspection.scans))
    scan.scan_list.view.setFocus()
    press(scan.scan_list.view, Qt.Key.Key_Delete)
    until(lambda: bool(questions()))
    answer("Mistyped")
    until(lambda: desktop.window.desk.inspection.scans[0].withdrawn == "Mistyped")
