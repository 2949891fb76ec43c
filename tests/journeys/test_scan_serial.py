"""A serial scanner: connected, scanning, pulled out. A pseudo terminal stands in for the port."""

import os
import sys
from collections.abc import Callable, Iterator

import pytest

from fieldapp.settings import Settings
from fieldapp.text import say
from tests.support.window import Desktop, settle, until

if sys.platform == "win32":
    pytest.skip("a pseudo terminal stands in for the port", allow_module_level=True)

import pty
import tty

GS = b"\x1d"
DRUM = b"]d201095212340000131728113010KX-2291" + GS + b"210007\r\n"


class Gun:
    """The far end of the port."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)

    def send(self, raw: bytes) -> None:
        os.write(self._master, raw)

    def pull(self) -> None:
        for end in (self._slave, self._master):
            if end >= 0:
                os.close(end)
        self._master = self._slave = -1


@pytest.fixture
def gun() -> Iterator[Gun]:
    made = Gun()
    yield made
    made.pull()


def test_a_serial_scanner_from_plugging_in_to_pulling_out(desk: Callable[..., Desktop], gun: Gun):
    desktop = desk(settings=Settings(port=gun.port))
    window = desktop.window
    assert window.port.state == "off", "nothing listens while the vault is locked"
    desktop.unlock()
    until(lambda: window.port.state == "connected", 30)
    desktop.open()
    intake = window.screens["scan"].intake  # type: ignore[attr-defined]
    assert intake.port_words.text() == say("port.connected", "en", port=gun.port)
    gun.send(DRUM)
    until(lambda: len(desktop.scans) == 1)
    (scan,) = desktop.scans
    assert bytes.fromhex(scan.symbol.hex) == DRUM[3:].strip()
    assert (scan.source, scan.device) == ("gun", gun.port)
    assert scan.identified.identifiers["serial"] == "0007"
    assert scan.verdict.word == "hold"
    gun.send(b"00095212340000")
    gun.send(b"000013")  # in two pieces, ended by silence
    until(lambda: len(desktop.scans) == 2)
    gun.pull()
    until(lambda: window.port.state == "unplugged", 10)
    assert "Plug it in again" in intake.port_words.text()
    window.lock()
    settle()
    assert window.port.state == "off"


def test_a_port_that_is_not_there_is_said_and_another_is_chosen(desk: Callable[..., Desktop], gun: Gun):
    desktop = desk(settings=Settings(port="/dev/ttyNOWHERE")).unlock()
    window = desktop.window
    until(lambda: window.port.state == "absent", 30)
    settings = window.screens["settings"]
    window.show_screen("settings")
    assert "not there" in settings.port_words.accessibleName()  # type: ignore[attr-defined]
    chosen = settings.port  # type: ignore[attr-defined]
    chosen.addItem(gun.port, gun.port)
    chosen.setCurrentIndex(chosen.findData(gun.port))
    chosen.activated.emit(chosen.currentIndex())
    until(lambda: window.port.state == "connected", 10)
    assert window.settings.port == gun.port
