"""A scanner gun at the real window: its scans arrive whole, and nothing else does."""

from collections.abc import Callable
from itertools import count

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from fieldapp.inspection.scan import Caught
from fieldapp.scan.symbol import Symbol
from tests.support.window import settle, until
from ui.wedge import Wedge

GS = "\x1d"
SCANS = [f"010952123400001317291231{GS}10KX-{number:04d}{GS}21{number * 7919:010d}" for number in range(50)]
NONE = Qt.KeyboardModifier.NoModifier


class Station(QMainWindow):
    """A window with a button, a field and notes, and a gun."""

    def __init__(self) -> None:
        super().__init__()
        centre = QWidget()
        column = QVBoxLayout(centre)
        self.button, self.field, self.notes = QPushButton("Release"), QLineEdit(), QPlainTextEdit()
        for each in (self.button, self.field, self.notes):
            column.addWidget(each)
        self.setCentralWidget(centre)
        self.clicks = 0
        self.button.clicked.connect(self._click)
        self.caught: list[Caught] = []
        self.wedge = Wedge(35, self)
        self.wedge.scanned.connect(self.caught.append)
        self._at = count(1000)

    @property
    def scans(self) -> list[Symbol]:
        return [each.symbol for each in self.caught]

    def _click(self) -> None:
        self.clicks += 1

    def type(self, words: str, gap_ms: int, end: Qt.Key | None = Qt.Key.Key_Return, start: int = 0) -> int:
        """Send `words` as the system would, one key every `gap_ms`; return the time of the last."""
        at = start or next(self._at) * 1000
        keys: list[tuple[int, str, Qt.KeyboardModifier]] = []
        for mark in words:
            if mark == GS:
                keys.append((Qt.Key.Key_BracketRight, GS, Qt.KeyboardModifier.ControlModifier))
            else:
                shift = Qt.KeyboardModifier.ShiftModifier if mark.isupper() else NONE
                keys.append((ord(mark.upper()), mark, shift))
        if end is not None:
            keys.append((end, "\r", NONE))
        handle = self.windowHandle()
        assert handle is not None
        for key, text, modifiers in keys:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, modifiers, text)
                event.setTimestamp(at)
                QCoreApplication.sendEvent(handle, event)
            at += gap_ms
        return at


@pytest.fixture
def station(qtbot: object) -> Station:
    made = Station()
    qtbot.addWidget(made)  # type: ignore[attr-defined]
    made.show()
    made.activateWindow()
    handle = made.windowHandle()
    assert handle is not None
    made.wedge.watch(handle)
    settle()
    return made


def test_fifty_scans_arrive_whole_with_a_button_focused(station: Station):
    station.button.setFocus()
    for scan in SCANS:
        station.type(scan, 8)
    settle(200)
    assert [each.text for each in station.scans] == SCANS
    assert [bytes.fromhex(each.hex).decode() for each in station.scans] == SCANS
    assert station.clicks == 0


@pytest.mark.parametrize("gap", [0, 1, 12, 30])
def test_a_scan_leaves_the_notes_as_they_were(station: Station, gap: int):
    station.notes.setPlainText("Seal 4471 intact. ")
    station.notes.setFocus()
    for scan in SCANS[:5]:
        station.type(scan, gap)
    settle(200)
    assert len(station.scans) == 5
    assert station.notes.toPlainText() == "Seal 4471 intact. "


def test_slow_typing_reaches_the_field_in_order(station: Station):
    station.field.setFocus()
    entered: list[str] = []
    station.field.returnPressed.connect(lambda: entered.append(station.field.text()))
    at = 5000
    for mark in "Drum 7, seal 4471":
        station.type(mark, 0, end=None, start=at)
        settle(45)  # the silence between a person's keys
        at += 140
    station.type("", 0, end=Qt.Key.Key_Return, start=at)
    settle(100)
    assert station.field.text() == "Drum 7, seal 4471"
    assert entered == ["Drum 7, seal 4471"]
    assert station.scans == []


def test_a_window_that_was_busy_takes_no_typing_for_a_gun(station: Station):
    """All keys are handled at once, but the system's times say that a person typed them."""
    station.field.setFocus()
    station.type("paracetamol", 150, end=None)
    settle(200)
    assert station.scans == []
    assert station.field.text() == "paracetamol"


def test_a_gun_without_enter_is_understood_by_its_silence(station: Station):
    station.button.setFocus()
    station.type("09521234000013", 5, end=None)
    until(lambda: bool(station.scans))
    assert station.scans[0].text == "09521234000013"


def test_the_symbology_a_gun_names_is_kept(station: Station):
    station.type("]d2" + SCANS[0], 5)
    settle(150)
    assert (station.scans[0].aim, station.scans[0].text) == ("]d2", SCANS[0])


def test_function_keys_and_shortcuts_are_a_persons(station: Station):
    seen: list[int] = []

    class Spy(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
            seen.append(event.key())

    spy = Spy()
    spy.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    station.centralWidget().layout().addWidget(spy)
    spy.show()
    spy.setFocus()
    handle = station.windowHandle()
    assert handle is not None
    control = Qt.KeyboardModifier.ControlModifier
    for key, modifiers, text in (
        (Qt.Key.Key_F8, NONE, ""), (Qt.Key.Key_E, control, "\x05"), (Qt.Key.Key_Return, NONE, "\r"),
        (Qt.Key.Key_Escape, NONE, "\x1b"),
    ):  # fmt: skip
        QCoreApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))
    settle(60)
    assert seen == [Qt.Key.Key_F8, Qt.Key.Key_E, Qt.Key.Key_Return, Qt.Key.Key_Escape]


def test_a_deaf_wedge_lets_everything_through(station: Station):
    station.wedge.enabled = False
    station.field.setFocus()
    station.type("correct horse battery staple", 3)
    settle(60)
    assert station.field.text() == "correct horse battery staple"
    assert station.scans == []


def test_a_dialogs_keys_are_its_own(station: Station, qtbot: Callable[..., object]):
    other = QLineEdit()
    qtbot.addWidget(other)  # type: ignore[attr-defined]
    other.show()
    handle = other.windowHandle()
    assert handle is not None
    for mark in "09521234000013":
        QCoreApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, ord(mark), NONE, mark))
    settle(120)
    assert station.scans == []
