"""A scanner is calibrated in the window, as its keys would come; its later scans are read back by it."""

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

from fieldapp import settings as stored
from fieldapp.scan.calibration import CODE, GS, NOTHING
from fieldapp.scan.wedge import Profile, put_right
from fieldapp.settings import Settings
from fieldapp.text import say
from tests.support.shared import shared_data
from tests.support.window import Desktop, settle, until
from ui.screens.calibration import Calibration, judged
from ui.screens.screen import close_dialogs
from ui.screens.settings import SettingsScreen
from ui.wedge import read_back

Make = Callable[..., Desktop]
NONE = Qt.KeyboardModifier.NoModifier
DATA = "010952123400001317291231" + GS + "10KX-2291" + GS + "21yZ0007"
# Y and Z change places, the hyphen is a letter of its own, the accent key is dead, GS comes as another key.
LAYOUT = {
    "y": "z", "z": "y", "Y": "Z", "Z": "Y", "-": "ß", "/": "-", "=": NOTHING + "´", "]": "+", "+": "*",
    "*": "#", "#": "]", GS: "\x1b",
}  # fmt: skip


def keys(text: str, layout: dict[str, str]) -> str:
    """What the keys give under `layout`; a dead key takes the space after it to show its accent."""
    out, place = "", 0
    while place < len(text):
        token = layout.get(text[place], text[place])
        out += token
        place += 1 + (len(token) == 2 and text[place + 1 : place + 2] == " ")
    return out


def type_on(window: QWindow | None, given: str, *, caps: bool = False, start: int = 10_000) -> None:
    """Send what a gun's keys give, one every five milliseconds, then Enter."""
    assert window is not None
    for number, mark in enumerate([*given, "\r"]):
        key, text, modifiers = (ord(mark.upper()[0]), mark, NONE)
        if mark == "\r":
            key = Qt.Key.Key_Return
        elif mark == NOTHING:
            key, text = Qt.Key.Key_Dead_Acute, ""
        elif mark < " ":
            key, modifiers = ord(mark) + 64, Qt.KeyboardModifier.ControlModifier
        elif mark.isupper() != caps:
            modifiers = Qt.KeyboardModifier.ShiftModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text)
            event.setTimestamp(start + 5 * number)
            QCoreApplication.sendEvent(window, event)


def opened(desktop: Desktop) -> Calibration:
    desktop.unlock()
    desktop.window.show_screen("settings")
    settings = desktop.window.screens["settings"]
    assert isinstance(settings, SettingsScreen)
    settings.calibrate_button.click()
    settle()
    (dialog,) = desktop.window.findChildren(Calibration)
    until(lambda: not dialog.picture.pixmap().isNull())
    return dialog


def advice(*codes: str) -> tuple[str, ...]:
    return tuple(say(f"calibration.advice.{code}", "en") for code in codes)


def test_a_foreign_layout_is_learnt_and_later_scans_are_read_back(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    assert dialog.words == advice("waiting")
    type_on(dialog.windowHandle(), keys("]d1" + CODE, LAYOUT))
    until(lambda: dialog.words != advice("waiting"))
    assert dialog.words == advice("layout-differs", "dead-keys")
    kept = stored.load().settings.keyboard
    assert kept["z"] == "y"
    assert kept["\x1b"] == GS
    close_dialogs()
    settle()
    desktop.open()
    desktop.window.show_screen("scan")
    type_on(desktop.window.windowHandle(), keys("]d2" + DATA, LAYOUT), start=90_000)
    until(lambda: bool(desktop.window.desk.inspection and desktop.window.desk.inspection.scans))
    (scan,) = desktop.window.desk.inspection.scans  # type: ignore[union-attr]
    assert scan.source == "gun"
    assert scan.symbol.aim == "]d2"
    assert bytes.fromhex(scan.symbol.hex).decode() == DATA
    assert scan.symbol.confirmed
    assert scan.identified.identifiers["batch"] == "KX-2291"


def test_the_same_layout_keeps_nothing(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), "]d1" + CODE)
    until(lambda: dialog.words == advice("layout-fits"))
    assert stored.load().settings.keyboard == {}


def test_under_caps_lock_nothing_is_kept(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), ("]d1" + CODE).swapcase(), caps=True)
    until(lambda: dialog.words != advice("waiting"))
    assert advice("caps-lock")[0] in dialog.words
    assert stored.load().settings.keyboard == {}


def test_a_gun_that_drops_the_separator_is_told_of(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), ("]d1" + CODE).replace(GS, ""))
    until(lambda: dialog.words != advice("waiting"))
    assert dialog.words == advice("layout-fits", "no-separator")


def test_another_code_is_not_the_code_and_a_kept_map_can_be_dropped(desk: Make):
    desktop = desk(settings=Settings(keyboard={"z": "y"}))
    dialog = opened(desktop)
    assert dialog.forget.isVisible()
    type_on(dialog.windowHandle(), "]d2" + DATA)
    until(lambda: dialog.words == advice("not-the-code"))
    assert desktop.window.settings.keyboard == {"z": "y"}
    dialog.forget.click()
    until(lambda: dialog.words == advice("forgotten"))
    assert desktop.window.settings.keyboard == {}
    assert not dialog.forget.isVisible()


def test_what_is_in_doubt_goes_on_as_unconfirmed():
    keyboard, _ = judged(put_right(keys("]d1" + CODE, {"A": "x"}), Profile()))
    doubtful = read_back(put_right("01x2345", Profile()), keyboard, Profile())
    sure = read_back(put_right("0112345", Profile()), keyboard, Profile())
    assert (doubtful.confirmed, sure.confirmed) == (False, True)
    locked = read_back(put_right("0112345abc", Profile(), caps_lock=True), keyboard, Profile())
    assert not locked.confirmed


def test_a_layout_changed_since_is_noticed_by_the_symbology():
    keyboard, _ = judged(put_right(keys("]d1" + CODE, LAYOUT), Profile()))
    assert not read_back(put_right("]d2" + DATA, Profile()), keyboard, Profile()).confirmed


def test_a_slow_gun_presses_no_button(desk: Make):
    dialog = opened(desk(settings=Settings(keyboard={"z": "y"})))
    assert dialog.forget.isVisible()
    for button in (dialog.forget, dialog.close_button):
        assert not button.hasFocus()
        assert not button.isDefault()


def test_recorded_layouts_come_back_right_or_unconfirmed():
    rows = [
        json.loads(line)
        for line in shared_data("keyboards", "typed_barcodes.jsonl").read_text("utf-8").splitlines()
    ]
    right = 0
    for row in rows:
        keyboard, _ = judged(put_right(row["baseline"] or "", Profile()))
        if not keyboard.origins:
            continue
        symbol = read_back(put_right(row["typed"], Profile()), keyboard, Profile())
        same = symbol.aim + bytes.fromhex(symbol.hex).decode() == row["truth"]
        assert same or not symbol.confirmed, row["layout"]
        right += same and symbol.confirmed
    assert right >= 0.9 * len(rows)


@pytest.mark.parametrize("tongue", ["en", "hi"])
def test_nothing_in_the_dialog_is_cut(desk: Make, tongue: str):
    desktop = desk(settings=Settings(language=tongue))  # type: ignore[arg-type]
    dialog = opened(desktop)
    dialog._show(("layout-differs", "no-separator", "dead-keys", "ambiguous"))
    settle(20)
    assert dialog.height() <= 690
    assert dialog.width() <= 1000
