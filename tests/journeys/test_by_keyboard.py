"""A whole usual inspection of a port container without a mouse, with every key counted.

The real window over real processes: assigned consignment, gun, hits judged, finding, checklist, sample,
hand-over, witness, decision, seal, the paper signed and saved. Only key presses reach the window; text that a
person writes freely is counted apart. The counts are printed, and bounded where the work sets a bound.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from fieldapp.inspection.answer import unfinished
from fieldapp.inspection.checklist import Question
from fieldapp.inspection.inspection import Inspection, open_hits
from tests.support.keys import type_on
from tests.support.vaults import PASSPHRASE
from tests.support.window import Desktop, settle, until
from ui.screens.checklist import ChecklistScreen
from ui.screens.findings import FindingsScreen
from ui.screens.people import PeopleScreen
from ui.screens.report import ReportScreen
from ui.screens.samples import SamplesScreen
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.form import Form
from ui.widgets.picker import Picker

CODE = "]d2010952123400001317281130" + "10KX-2291\x1d210007"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
MOST_TABS = 120


class Hands:
    """Two hands on a keyboard. `keys` counts commands, `letters` what was written freely."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop, self.window = desktop, desktop.window
        self.keys = self.letters = 0

    @property
    def target(self) -> QWidget:
        """What the next key goes to: the focus of the dialog in front, or of the window."""
        front = QApplication.activeModalWidget() or self.window
        return front.focusWidget() or front

    @property
    def inspection(self) -> Inspection:
        held = self.window.desk.inspection
        assert held is not None
        return held

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        if QApplication.activeWindow() is None:
            self.window.activateWindow()  # as a window manager does when a dialog has closed
            settle()
        QTest.keyClick(self.target, key, modifiers)
        self.keys += 1
        settle()

    def go(self, digit: str, section: str) -> None:
        """Alt and a digit lead to a section."""
        self.press(Qt.Key[f"Key_{digit}"], ALT)
        assert self.window.name == section, (self.window.name, self.target)

    def write(self, words: str) -> None:
        QTest.keyClicks(self.target, words)
        self.letters += len(words)
        settle()

    def pick(self, words: str) -> None:
        """Narrow a list by its first letters and take what is left."""
        self.front(Picker)
        for letter in words:
            QTest.keyClicks(self.target, letter)
            self.keys += 1
        self.press(Qt.Key.Key_Return)

    def front(self, kind: type[QDialog]) -> QDialog:
        until(lambda: isinstance(QApplication.activeModalWidget(), kind))
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        return found

    def tab_to(self, wanted: QWidget) -> None:
        for _ in range(MOST_TABS):
            if self.target is wanted or wanted.isAncestorOf(self.target):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {wanted.accessibleName() or wanted}")

    def choose(self, place: int) -> None:
        """Press the option of that place in the choice that has the cursor: 1 is the first."""
        self.press(Qt.Key(Qt.Key.Key_1 + place))

    def confirm_reason(self, words: str) -> None:
        self.front(Ask)
        self.write(words)
        self.press(Qt.Key.Key_Return, CTRL)

    def fill(self, **values: str) -> None:
        """Fill a form in its order: Tab moves on, a choice is pressed, Ctrl+Enter confirms."""
        form = self.front(Form)
        assert isinstance(form, Form)
        for key, value in values.items():
            made = form._inputs[key]
            self.tab_to(made)
            if hasattr(made, "choose"):
                self.choose(list(made._buttons).index(value))
            else:
                self.write(value)
        self.press(Qt.Key.Key_Return, CTRL)


def place_of(question: Question) -> int:
    """Where, among the options, the answer stands of one who finds everything in order."""
    if question.kind == "yes_no":
        return 1 if "yes" in question.finding else 0
    return next(at for at, one in enumerate(question.options) if one.value not in question.finding)


def answer_checklist(hands: Hands, screen: ChecklistScreen) -> None:
    for _ in range(60):
        held = hands.inspection
        assert held.checklist is not None
        waiting = unfinished(held.checklist, held.answered)
        if not waiting:
            return
        question = waiting[0].question
        hands.tab_to(screen._rows[question.id])
        if question.kind in ("yes_no", "choice"):
            hands.choose(place_of(question))
        else:
            words = {"number": "12", "quantity": "12", "date": "2026-11-20"}.get(question.kind, "as seen")
            hands.write(words)
            hands.press(Qt.Key.Key_Tab)
        until(lambda name=question.id: any(one.question == name for one in hands.inspection.answered))
    raise AssertionError("the checklist has no end")


def judge_hits(hands: Hands) -> None:
    while open_hits(hands.inspection):
        count = len(open_hits(hands.inspection))
        hands.press(Qt.Key.Key_Return)  # the next open hit is chosen already
        hands.front(QDialog)
        hands.press(Qt.Key.Key_1)
        hands.write("the same firm, by name and city")
        hands.press(Qt.Key.Key_Return, CTRL)
        until(lambda before=count: len(open_hits(hands.inspection)) < before)
        settle()


@pytest.fixture
def hands(desk: Callable[..., Desktop]) -> Hands:
    return Hands(desk().unlock())


def begin(hands: Hands) -> None:
    """From the list of what waits to the first verdict: Down, Enter, and the gun."""
    hands.desktop.take_in("1-intermediate")
    home = hands.window.screens["home"]
    until(lambda: home.consignments.rowCount() > 0)  # type: ignore[attr-defined]
    settle(50)
    hands.tab_to(home.consignment_list.view)  # type: ignore[attr-defined]
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    until(lambda: hands.window.desk.inspection is not None)
    settle()
    type_on(hands.window.windowHandle(), CODE)
    until(lambda: len(hands.inspection.scans) == 1)
    settle()


def record_finding(hands: Hands, words: str) -> None:
    """F4, Ctrl+N, what was seen, Ctrl+Enter, how grave it is."""
    count = len(hands.inspection.findings)
    hands.press(Qt.Key.Key_F4)
    hands.press(Qt.Key.Key_N, CTRL)
    hands.write(words)
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.pick("2")
    until(lambda: len(hands.inspection.findings) == count + 1)


def test_from_a_scan_to_a_recorded_finding_takes_six_keys_at_most(
    hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(hands)
    before = hands.keys
    record_finding(hands, "A label over a label on drum 7")
    with capsys.disabled():
        sys.stdout.write(f"\nfrom scan to recorded finding: {hands.keys - before} keys\n")
    assert hands.keys - before <= 6
    assert hands.inspection.findings[0].severity == "major"


def test_a_port_container_without_a_mouse(
    hands: Hands, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = hands.window
    begin(hands)
    record_finding(hands, "A label over a label on drum 7")
    finding = window.screens["inspection"]
    assert isinstance(finding, FindingsScreen)
    hands.tab_to(finding.hit_list.view)
    judge_hits(hands)

    hands.go("3", "checklist")
    checklist = window.screens["checklist"]
    assert isinstance(checklist, ChecklistScreen)
    settle(400)  # the list of what is installed is read
    ports = [each for each in checklist.findChildren(Button) if "ontainer" in each.accessibleName()]
    hands.tab_to(next(each for each in ports if each.isVisible()))
    hands.press(Qt.Key.Key_Space)
    until(lambda: hands.inspection.checklist is not None)
    settle()
    answer_checklist(hands, checklist)

    hands.go("4", "samples")
    samples = window.screens["samples"]
    assert isinstance(samples, SamplesScreen)
    hands.tab_to(samples.draw)
    hands.press(Qt.Key.Key_Space)
    hands.pick("ndps")
    hands.fill(package="7", net="5.2", gross="7.1", seal="S-1", net2="5.1", gross2="7.0", seal2="S-2")
    until(lambda: len(hands.inspection.samples) == 2)
    hands.tab_to(samples.move_one)
    hands.press(Qt.Key.Key_Space)
    hands.pick("handed")
    hands.fill(taker="S. Rao", place="Gate 3", gross_in="7.1", seal_in="S-1")
    until(lambda: len(hands.inspection.custody) == 1)

    hands.go("5", "people")
    people = window.screens["people"]
    assert isinstance(people, PeopleScreen)
    hands.write("Nhava Sheva, gate 3")
    hands.tab_to(people.add_person)
    until(lambda: hands.inspection.place != "")
    hands.press(Qt.Key.Key_Space)
    hands.fill(role="witness", name="A. Desai", outcome="refused", reason="no time")
    until(lambda: len(hands.inspection.present) == 1)

    hands.go("1", "inspection")
    hands.press(Qt.Key.Key_F5)
    hands.confirm_reason("a precursor under another name")
    until(lambda: bool(hands.inspection.decisions))
    hands.press(Qt.Key.Key_S, CTRL)
    hands.front(Ask)
    hands.write(PASSPHRASE)
    hands.press(Qt.Key.Key_Return)
    until(lambda: hands.inspection.state == "sealed")
    until(lambda: window.name == "report")
    report = window.screens["report"]
    assert isinstance(report, ReportScreen)
    until(lambda: report._made is not None and report.save.isEnabled(), 60)
    paper = tmp_path / "report.pdf"
    hands.press(Qt.Key.Key_S, CTRL)
    hands.front(Ask)  # the paper is signed too
    hands.write(PASSPHRASE)
    hands.press(Qt.Key.Key_Return)
    dialog = hands.front(QFileDialog)
    name = dialog.findChild(QLineEdit)
    assert name is not None
    assert name.hasFocus()
    hands.press(Qt.Key.Key_A, CTRL)
    hands.write(str(paper))
    hands.press(Qt.Key.Key_Return)
    until(paper.exists, 30)
    assert paper.read_bytes().startswith(b"%PDF-")
    with capsys.disabled():
        sys.stdout.write(f"\nfrom assignment to sealed paper: {hands.keys} keys, {hands.letters} letters\n")
    assert hands.keys <= 200
