"""What locks: nobody there, sleep, a locked screen, F12, a dialog open or not; and what is gone then."""

import ctypes
import ctypes.wintypes
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit

from fieldapp.enrolment import Policy
from tests.support.buses import daemon
from tests.support.window import Desktop, settle, until
from ui.idleness import Idleness, Moment
from ui.idleness.idleness import ASLEEP
from ui.idleness.logind import Logind
from ui.idleness.windows import WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, Messages, meaning, subscribe
from ui.widgets.ask import Ask

Make = Callable[..., Desktop]


class Hands:
    """Clocks turned by hand."""

    def __init__(self) -> None:
        self.moment = Moment.take()

    def pass_by(self, *, wall: float = 0, boot: float = 0, awake: float = 0) -> None:
        before = self.moment
        self.moment = msgspec.structs.replace(
            before,
            wall=before.wall + timedelta(seconds=wall),
            boot=before.boot + boot,
            awake=before.awake + awake,
        )


@pytest.fixture
def watched(qapp: object) -> Iterator[tuple[Idleness, Hands, list[bool]]]:
    hands, expired = Hands(), []
    idleness = Idleness(read=lambda: hands.moment)
    idleness.minutes = 5
    idleness.expired.connect(lambda: expired.append(True))
    yield idleness, hands, expired
    idleness.deleteLater()


def dialogs() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def locked(desktop: Desktop) -> bool:
    return desktop.window.desk.session is None and desktop.window.name == "unlock"


@pytest.mark.parametrize(
    ("clocks", "expires"),
    [
        ({"wall": 299, "boot": 299, "awake": 299}, False),
        ({"wall": 301, "boot": 301, "awake": 301}, True),
        ({"wall": 0, "boot": 301, "awake": 301}, True),  # the wall clock was set back meanwhile
        ({"wall": 301, "boot": 4, "awake": 4}, True),  # or forward
        ({"wall": 20, "boot": 20, "awake": 20 - ASLEEP - 1}, True),  # a short sleep
        (
            {"wall": 20, "boot": 20, "awake": 20 - ASLEEP / 2},
            False,
        ),  # no sleep: clocks read one after another
    ],
)
def test_time_alone(watched: tuple[Idleness, Hands, list[bool]], clocks: dict[str, float], expires: bool):
    idleness, hands, expired = watched
    hands.pass_by(**clocks)
    idleness.look()
    assert bool(expired) == expires


def test_looks_in_between_do_not_make_it_younger(watched: tuple[Idleness, Hands, list[bool]]):
    idleness, hands, expired = watched
    for _ in range(61):
        hands.pass_by(wall=5, boot=5, awake=5)
        idleness.look()
    assert expired


def test_nothing_expires_while_nothing_is_open(watched: tuple[Idleness, Hands, list[bool]]):
    idleness, hands, expired = watched
    idleness.minutes = None
    hands.pass_by(wall=9999, boot=9999, awake=0)
    idleness.look()
    idleness.take_sign("sleep")
    assert expired == []


def test_the_first_key_after_a_sleep_opens_nothing(watched: tuple[Idleness, Hands, list[bool]]):
    idleness, hands, expired = watched
    field = QLineEdit()
    field.show()
    settle(20)
    idleness.attend(field.windowHandle())
    hands.pass_by(wall=3600, boot=3600, awake=1)
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    assert expired
    field.close()


def test_idleness_locks(desk: Make):
    desktop = desk(policy=Policy(number=1, idle_lock_minutes=0)).unlock()
    settle(30)
    desktop.window.idleness.look()
    settle()
    assert locked(desktop)


@pytest.mark.parametrize("sign", ["sleep", "resume", "locked", "left"])
def test_every_sign_locks_with_a_dialog_open(desk: Make, sign: str):
    desktop = desk().unlock()
    desktop.window._navigate("keys")
    settle()
    assert dialogs()
    desktop.window.idleness.take_sign(sign)
    settle()
    assert locked(desktop)
    assert dialogs() == []


def test_f12_locks_from_inside_a_dialog(desk: Make):
    desktop = desk().unlock()
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    desktop.window.screens["scan"].decide("release")
    settle(20)
    asked = dialogs()[0]
    assert isinstance(asked, Ask)
    asked.field.setPlainText("Half a reason about Boyle and Sons")
    asked.activateWindow()
    until(lambda: asked.windowHandle() is not None)
    desktop.window.idleness.attend(asked.windowHandle())
    QTest.keyClick(asked.windowHandle(), Qt.Key.Key_F12)
    settle()
    assert locked(desktop)
    assert dialogs() == []


def test_nothing_of_the_case_stays(desk: Make):
    desktop = desk().unlock()
    inspection = desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    listed = desktop.scans[0].screening.hits[0].listed_name
    QApplication.clipboard().setText(inspection.number)
    old = dict(desktop.window.screens)
    assert old["scan"].scans.rowCount() == 1
    desktop.window.lock()
    settle(20)
    assert locked(desktop)
    assert QApplication.clipboard().text() == ""
    assert desktop.window.desk.inspection is None
    assert desktop.window.screens["scan"].scans.rowCount() == 0
    assert desktop.window.screens["inspection"].hits.rowCount() == 0
    for words in (inspection.number, listed, inspection.consignment.reference):
        held = [
            each
            for each in QApplication.allWidgets()
            if (isinstance(each, QLabel | QLineEdit) and words in each.text())
            or (isinstance(each, QPlainTextEdit) and words in each.toPlainText())
        ]
        assert held == [], words


def test_worker_processes_are_others_after_a_lock(desk: Make):
    desktop = desk(processes=True).unlock()
    before = desktop.jobs._lanes["vault"].hand.process
    desktop.window._navigate("keys")
    desktop.window.idleness.take_sign("locked")
    until(lambda: locked(desktop))
    assert not before.is_alive()
    assert desktop.jobs._lanes["vault"].hand.process.pid != before.pid


@pytest.mark.parametrize(
    ("message", "wparam", "means"),
    [
        (WM_WTSSESSION_CHANGE, 0x7, "locked"), (WM_WTSSESSION_CHANGE, 0x8, ""),
        (WM_WTSSESSION_CHANGE, 0x2, "left"), (WM_WTSSESSION_CHANGE, 0x4, "left"),
        (WM_POWERBROADCAST, 0x4, "sleep"), (WM_POWERBROADCAST, 0x12, "resume"),
        (WM_POWERBROADCAST, 0xA, ""), (0x0016, 1, "left"), (0x0016, 0, ""), (0x0100, 0x7, ""),
    ],
)  # fmt: skip
def test_messages_of_windows(qapp: object, message: int, wparam: int, means: str):
    """Simulated: the bytes that Windows would hand to the filter, made by hand."""
    assert meaning(message, wparam) == means
    messages, heard = Messages(), []
    messages.said.away.connect(heard.append)
    raw = ctypes.wintypes.MSG()
    raw.message, raw.wParam = message, wparam
    kind = QByteArray(b"windows_generic_MSG")
    assert messages.nativeEventFilter(kind, ctypes.addressof(raw)) == (False, 0)
    assert heard == ([means] if means else [])
    assert not subscribe(0)  # not on this system


@pytest.fixture
def buses() -> Iterator[tuple[QDBusConnection, QDBusConnection]]:
    """A bus of our own with two guests: one who hears and one who calls."""
    names = ("fieldapp-hears", "fieldapp-calls")
    with daemon() as address:
        yield tuple(QDBusConnection.connectToBus(address, name) for name in names)  # type: ignore[misc]
        for name in names:
            QDBusConnection.disconnectFromBus(name)


@pytest.mark.parametrize(
    ("path", "interface", "member", "arguments", "means"),
    [
        ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [True], "sleep"),
        ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [False], "resume"),
        ("/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Lock", [], "locked"),
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", [True], "locked"),
        ("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [False], ""),
        ("/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Unlock", [], ""),
    ],
)
def test_signals_of_the_linux_desktop(
    desk: Make, buses: tuple[QDBusConnection, QDBusConnection], path, interface, member, arguments, means
):
    """Over a real bus; the signals are those of logind and the screen savers, sent by the test."""
    hears, calls = buses
    desktop = desk().unlock()
    logind, heard = Logind(desktop.window, hears, hears), []
    assert all(logind.hears)
    logind.away.connect(heard.append)
    logind.away.connect(desktop.window.idleness.take_sign)
    signal = QDBusMessage.createSignal(path, interface, member)
    signal.setArguments(arguments)
    assert calls.send(signal)
    last = QDBusMessage.createSignal("/org/mate/ScreenSaver", "org.mate.ScreenSaver", "ActiveChanged")
    last.setArguments([True])
    if not means:
        assert calls.send(last)
    until(lambda: bool(heard))
    assert heard == [means or "locked"]
    settle()
    assert locked(desktop)
