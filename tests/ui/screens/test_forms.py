"""Checklists from a file, and the place from a receiver, in the window."""

import functools
import operator
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.inspection.inspection import Inspection
from tests.fieldapp.actions.test_installing import NOW, courier
from tests.support.window import Desktop, desks, settle, until
from ui.screens import forms, locating
from ui.screens.checklist import ChecklistScreen
from ui.screens.people import PeopleScreen
from ui.widgets.buttons import Button
from ui.widgets.label import Label


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Callable[..., Desktop]]:
    with desks(tmp_path) as make:
        yield make


def held(laptop: Desktop) -> Inspection:
    assert laptop.window.desk.inspection is not None
    return laptop.window.desk.inspection


def checklist(laptop: Desktop) -> ChecklistScreen:
    laptop.window.show_screen("checklist")
    screen = laptop.window.screens["checklist"]
    assert isinstance(screen, ChecklistScreen)
    settle()
    return screen


def told(screen: ChecklistScreen | PeopleScreen) -> str:
    return "\n".join(label.text() for label in screen.banner.findChildren(Label))


def test_a_file_is_installed_offered_with_its_version_and_begun(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = checklist(laptop)
    file = tmp_path / "courier.toml"
    file.write_text(courier(NOW + 1), "utf-8")
    forms.take(screen, str(file))
    until(lambda: "is installed" in told(screen))
    settle()
    shown = "\n".join(label.text() for label in screen._scrolled.findChildren(Label))
    assert f"version {NOW + 1}, installed from a file" in shown
    assert "came with the program" in shown
    screen._begin("courier-parcel")
    until(lambda: held(laptop).checklist is not None)
    begun = held(laptop).checklist
    assert begun is not None
    assert begun.version == NOW + 1
    settle()
    assert screen._newer.isHidden()
    file.write_text(courier(NOW + 2), "utf-8")
    forms.take(screen, str(file))
    until(lambda: not screen._newer.isHidden())
    assert f"version {NOW + 1}" in screen._newer.text()
    again = held(laptop).checklist
    assert again is not None
    assert again.version == NOW + 1


def test_a_faulty_file_is_refused_by_its_lines_and_answers_stay(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = checklist(laptop)
    file = tmp_path / "courier.toml"
    lines = courier(NOW + 1).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("kind")) + 1
    file.write_text("\n".join(lines).replace(lines[at - 1], 'kind = "<b>"', 1), "utf-8")
    forms.take(screen, str(file))
    until(screen.banner.isVisible)
    assert f"Line {at}:" in told(screen)
    assert any(button.text().strip() for button in screen._scrolled.findChildren(Button))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_receiver_s_place_is_kept_and_a_silent_port_is_said(desk: Callable[..., Desktop]) -> None:
    import tty

    laptop = desk().unlock()
    laptop.open()
    laptop.window.show_screen("people")
    screen = laptop.window.screens["people"]
    assert isinstance(screen, PeopleScreen)
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    locating.listen(screen, os.ttyname(theirs))
    until(lambda: "speaks as a receiver" in told(screen))
    assert held(laptop).located is None
    body = "GPGGA,123519,1857.000,N,07257.000,E,1,08,4.0,5.4,M,46.9,M,,"
    line = f"${body}*{functools.reduce(operator.xor, body.encode()):02X}\r\n".encode()
    done = threading.Event()

    def speak() -> None:
        while not done.wait(0.05):
            os.write(ours, line)

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        locating.listen(screen, os.ttyname(theirs))
        until(lambda: held(laptop).located is not None)
    finally:
        done.set()
        speaker.join()
        os.close(ours)
        os.close(theirs)
    settle()
    assert screen.located.accessibleName() or screen.located.text()
    assert "device, ±20 m" in screen.located.toolTip() + screen.located.text()
