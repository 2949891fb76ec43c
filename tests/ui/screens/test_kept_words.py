"""What is being typed is two seconds from safety at most: the program is killed, and the words are there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.actions import opening
from fieldapp.actions.opening import GetInspection
from fieldapp.consignment.document import Document
from fieldapp.consignment.papercode import PaperCode
from fieldapp.inspection.inspection import Inspection
from tests.support.window import Desktop, settle, until
from ui.screens.findings import FindingsScreen
from ui.screens.papers import PapersScreen
from ui.widgets.form import Form
from ui.widgets.picker import Picker

ROOT = Path(__file__).resolve().parents[3]
# A window of its own in a process of its own: it opens an inspection, types into three places, waits the two
# seconds that a person is promised, says so, types on, and is killed from outside while it lives.
CHILD = """
import json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
app = QApplication([])
from fieldapp.consignment.papercode import PaperCode
from tests.support.window import Desktop, settle, until
from ui.widgets.form import Form
desk = Desktop(Path(sys.argv[1])).unlock()
opened = desk.open()
window = desk.window
window.show_screen("inspection")
QTest.keyClicks(window.screens["inspection"].note_field, "Drum 4 leaks at the lid")
window.show_screen("checklist")
checklist = window.screens["checklist"]
checklist._begin("courier-parcel")
until(lambda: window.desk.inspection.checklist is not None)
line = checklist._rows["weight"]._line
line.setFocus()
QTest.keyClicks(line, "850")
window.show_screen("papers")
papers = window.screens["papers"]
papers._ask_number("packing_list", PaperCode(kind="packing_list", number=""), "")
until(lambda: isinstance(QApplication.activeModalWidget(), Form))
form = QApplication.activeModalWidget()
form._inputs["number"].setFocus()
QTest.keyClicks(form._inputs["number"], "PL-9")
QTest.keyClicks(form._inputs["gross"], "30 kg")
settle(2000)
print(json.dumps(opened.id), flush=True)
QTest.keyClicks(form._inputs["net"], "2")
settle(60_000)
"""


@pytest.fixture
def killed(tmp_path: Path) -> str:
    """Type in another process, kill it without a word, and return the inspection's id."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "desk0")],
        stdout=subprocess.PIPE,
        text=True,
        env=surroundings,
        cwd=ROOT,
    )
    assert child.stdout is not None
    line = next((each for each in child.stdout if each.startswith('"')), "")
    child.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    child.wait(30)
    child.stdout.close()
    assert line, "the window did not come to its typing"
    return str(json.loads(line))


def test_a_kill_loses_at_most_the_field_being_typed(
    killed: str, desk: Callable[..., Desktop], qapp: QApplication
) -> None:
    laptop = desk(made=False).unlock()
    window, read = laptop.window, list[Inspection]()
    laptop.jobs.run(opening.get_inspection, GetInspection(id=killed), done=read.append)
    until(lambda: bool(read))
    assert [(one.question, one.value) for one in read[0].answered] == [("weight", "850")]
    window.desk.put_inspection(read[0])

    finding = window.screens["inspection"]
    assert isinstance(finding, FindingsScreen)
    until(lambda: finding.note_field.toPlainText() == "Drum 4 leaks at the lid")

    window.show_screen("papers")
    papers = window.screens["papers"]
    assert isinstance(papers, PapersScreen)
    papers.enter_paper.click()
    settle()
    picker = QApplication.activeModalWidget()
    assert isinstance(picker, Picker)
    QTest.keyClicks(picker.search, "packing")
    QTest.keyClick(picker, Qt.Key.Key_Return)
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))
    form = QApplication.activeModalWidget()
    assert isinstance(form, Form)
    until(lambda: form.values()["number"] == "PL-9")
    assert form.values()["gross"] == "30 kg"

    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: any(paper.number == "PL-9" for paper in _papers(laptop)))
    settle(100)
    papers._ask_number("packing_list", papers_code(), "")
    until(lambda: isinstance(QApplication.activeModalWidget(), Form))
    settle(200)
    fresh = QApplication.activeModalWidget()
    assert isinstance(fresh, Form)
    assert fresh.values()["number"] == ""  # it has become a record, and is not offered again
    fresh.reject()


def test_what_was_given_up_does_not_come_back(desk: Callable[..., Desktop]) -> None:
    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("papers")
    papers = laptop.window.screens["papers"]
    assert isinstance(papers, PapersScreen)
    for expected in ("", ""):
        papers._ask_number("packing_list", papers_code(), "")
        until(lambda: isinstance(QApplication.activeModalWidget(), Form))
        form = QApplication.activeModalWidget()
        assert isinstance(form, Form)
        settle(200)
        assert form.values()["number"] == expected
        QTest.keyClicks(form._inputs["number"], "PL-9")
        settle(1200)
        form.no.click()
        settle(200)


def papers_code() -> PaperCode:
    return PaperCode(kind="packing_list", number="")


def _papers(laptop: Desktop) -> tuple[Document, ...]:
    inspection = laptop.window.desk.inspection
    return inspection.consignment.documents if inspection is not None else ()
