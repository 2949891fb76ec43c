"""Reports saved, signed and printed from the window: one by keyboard, many at once."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from fieldapp.actions import disposing, finding
from fieldapp.actions.disposing import Decide
from fieldapp.actions.finding import RecordFinding
from fieldapp.report.verify import verify_file
from tests.support.vaults import PASSPHRASE
from tests.support.window import Desktop, settle, until
from ui.screens import making, printing
from ui.screens.making import Batch, Line
from ui.screens.passphrase import AskPassphrase

Make = Callable[..., Desktop]


def sealed(desktop: Desktop, file: str) -> tuple[str, str, int]:
    inspection = desktop.open(file)
    put = desktop.window.desk.put_inspection
    note = RecordFinding(inspection=inspection.id, severity="other", note="Seal intact.")
    desktop.jobs.run(finding.record, note, done=put)
    command = Decide(inspection=inspection.id, disposition="hold", reason="Papers are awaited.")
    desktop.jobs.run(disposing.decide, command, done=put)
    settle()
    desktop.window.screens["inspection"]._sealed(desktop.seal(inspection.id))
    return inspection.id, inspection.number, inspection.revision


def asked() -> AskPassphrase | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, AskPassphrase) else None


def answer() -> None:
    until(lambda: asked() is not None, 60)
    dialog = asked()
    assert dialog is not None
    QTest.keyClicks(dialog.secret_field, PASSPHRASE)
    QTest.keyClick(dialog.secret_field, Qt.Key.Key_Return)


def chosen() -> QFileDialog | None:
    return next(
        (w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()), None
    )


def test_a_report_is_saved_and_printed_by_keyboard(desk: Make) -> None:
    desktop = desk().unlock()
    sealed(desktop, "2-tablets")
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    file = desktop.folder / "signed.pdf"
    QTest.keyClick(desktop.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    answer()
    until(lambda: chosen() is not None, 30)
    dialog = chosen()
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.close()
    until(file.exists)
    found = verify_file(file.read_bytes())
    assert found.ok
    assert {check.name: check.ok for check in found.checks}["file-signature"]
    desktop.window.activateWindow()
    settle(100)
    QTest.keyClick(desktop.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    until(lambda: any(isinstance(w, QPrintDialog) for w in QApplication.topLevelWidgets()))
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QPrintDialog):
            widget.reject()
    settle()


def test_the_same_file_is_signed_once(desk: Make) -> None:
    desktop = desk().unlock()
    sealed(desktop, "2-tablets")
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    report.save.click()
    answer()
    for _again in range(2):
        until(lambda: chosen() is not None, 30)
        assert asked() is None
        dialog = chosen()
        assert dialog is not None
        dialog.reject()
        settle(50)
        report.save.click()


def test_leaving_the_question_writes_nothing(desk: Make) -> None:
    desktop = desk().unlock()
    sealed(desktop, "2-tablets")
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    report.save.click()
    until(lambda: asked() is not None)
    dialog = asked()
    assert dialog is not None
    dialog.reject()
    settle(50)
    assert chosen() is None


def test_every_copy_can_be_chosen_and_the_file_is_named_for_it(desk: Make) -> None:
    desktop = desk().unlock()
    _id, number, _revision = sealed(desktop, "2-tablets")
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    for copy in ("court", "trader"):
        before = report._made
        report.copy._buttons[copy].click()
        until(lambda before=before: report._made not in (None, before), 60)
        assert report._made is not None
        assert making.file_name(report._made.rendered, "hi", copy) == f"{number}-r1-hi-{copy}.pdf"


def batch(
    desktop: Desktop, folder: Path
) -> tuple[Batch, list[tuple[int, int, Line]], list[tuple[Line, ...]]]:
    steps: list[tuple[int, int, Line]] = []
    done: list[tuple[Line, ...]] = []
    screen = desktop.window.screens["report"]
    made = Batch(
        screen, str(folder), "en", "full", lambda at, of, line: steps.append((at, of, line)), done.append
    )
    return made, steps, done


def test_many_reports_are_signed_once_and_a_bad_one_stops_no_other(desk: Make) -> None:
    desktop = desk().unlock()
    first, second = sealed(desktop, "2-tablets"), sealed(desktop, "3-active-ingredient")
    draft = desktop.open("1-intermediate")
    made, steps, done = batch(desktop, desktop.folder)
    made.save([first, (draft.id, draft.number, 1), second])
    answer()
    until(lambda: bool(done), 60)
    assert [line.number for line in done[0] if not line.why] == [first[1], second[1]]
    assert [line.number for line in done[0] if line.why] == [draft.number]
    assert [(at, of) for at, of, _line in steps] == [(1, 3), (2, 3), (3, 3)]
    for line in done[0]:
        if line.file:
            assert verify_file((desktop.folder / line.file).read_bytes()).ok
    assert list(desktop.folder.glob("*.part")) == []


def test_a_batch_that_is_left_leaves_nothing_behind(desk: Make) -> None:
    desktop = desk().unlock()
    one = sealed(desktop, "2-tablets")
    made, _steps, done = batch(desktop, desktop.folder)
    made.save([one])
    until(lambda: asked() is not None, 60)
    dialog = asked()
    assert dialog is not None
    dialog.reject()
    until(lambda: bool(done))
    assert done[0][0].why
    assert list(desktop.folder.glob("*.pdf*")) == []


def test_a_folder_that_cannot_be_written_is_said_for_each(desk: Make) -> None:
    desktop = desk().unlock()
    one = sealed(desktop, "2-tablets")
    made, _steps, done = batch(desktop, desktop.folder / "no such folder")
    made.save([one])
    until(lambda: bool(done), 60)
    assert [bool(line.why) for line in done[0]] == [True]


def test_several_pdfs_are_one_run_of_the_printer(desk: Make) -> None:
    desktop = desk().unlock()
    sealed(desktop, "2-tablets")
    report = desktop.window.screens["report"]
    until(lambda: report.save.isEnabled(), 60)
    assert report._made is not None
    pdf = report._made.rendered.pdf
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    out = desktop.folder / "printed.pdf"
    printer.setOutputFileName(str(out))
    sheets = printing.Sheets(report, printer)
    sheets.put(pdf, lambda: sheets.put(pdf, sheets.end, pytest.fail), pytest.fail)
    until(lambda: out.exists() and out.read_bytes().rstrip().endswith(b"%%EOF"), 60)
    with pypdfium2.PdfDocument(out.read_bytes()) as printed, pypdfium2.PdfDocument(pdf) as once:
        assert len(printed) == 2 * len(once)
