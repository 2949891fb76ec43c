"""A scanner is calibrated in the window, as its keys would come; its later scans are read back by it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QWindow

from fieldapp import settings as stored
from fieldapp.inspection.scan import Caught
from fieldapp.scan.calibration import CODE, GS
from fieldapp.scan.wedge import Profile, put_right
from fieldapp.settings import Scanner, Settings
from fieldapp.text import say
from tests.support.keys import LAYOUT, NONE, type_on
from tests.support.keys import under as keys
from tests.support.shared import shared_data
from tests.support.window import Desktop, settle, until
from ui.screens.calibration import Calibration, judged
from ui.screens.screen import close_dialogs
from ui.screens.settings import SettingsScreen
from ui.wedge import Wedge, read_back

Make = Callable[..., Desktop]
DATA = "010952123400001317291231" + GS + "10KX-2291" + GS + "21yZ0007"


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
    settings = stored.load().settings
    assert settings.scanner == "Scanner 1"
    kept = settings.scanners[0].keyboard
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


def test_the_same_layout_needs_no_map(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), "]d1" + CODE)
    until(lambda: dialog.words == advice("layout-fits"))
    assert stored.load().settings.scanners == (Scanner(name="Scanner 1"),)


def test_under_caps_lock_nothing_is_kept(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), ("]d1" + CODE).swapcase(), caps=True)
    until(lambda: dialog.words != advice("waiting"))
    assert advice("caps-lock")[0] in dialog.words
    assert stored.load().settings.scanners == ()


def test_a_gun_that_drops_the_separator_is_told_of(desk: Make):
    desktop = desk()
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), ("]d1" + CODE).replace(GS, ""))
    until(lambda: dialog.words != advice("waiting"))
    assert dialog.words == advice("layout-fits", "no-separator")


OLD = Settings(scanners=(Scanner(name="Gate 3", keyboard={"z": "y"}),), scanner="Gate 3")


def test_another_code_is_not_the_code_and_a_kept_scanner_can_be_removed(desk: Make):
    desktop = desk(settings=OLD)
    dialog = opened(desktop)
    type_on(dialog.windowHandle(), "]d2" + DATA)
    until(lambda: dialog.words == advice("not-the-code"))
    assert desktop.window.settings.scanners == OLD.scanners
    close_dialogs()
    settings = desktop.window.screens["settings"]
    assert isinstance(settings, SettingsScreen)
    settings.remove_button.click()
    assert desktop.window.settings.scanners == ()
    assert stored.load().settings.scanner == ""
    assert not settings.remove_button.isEnabled()


def test_scanners_have_names_and_the_chosen_one_is_used(desk: Make):
    desktop = desk(settings=OLD)
    dialog = opened(desktop)
    dialog.name.setText("Warehouse")
    type_on(dialog.windowHandle(), keys("]d1" + CODE, LAYOUT))
    until(lambda: desktop.window.settings.scanner == "Warehouse")
    dialog.name.setText("Warehouse 2")  # renamed after the scan
    dialog.name.editingFinished.emit()
    assert [each.name for each in desktop.window.settings.scanners] == ["Gate 3", "Warehouse 2"]
    close_dialogs()
    settings = desktop.window.screens["settings"]
    assert isinstance(settings, SettingsScreen)
    settings.scanner.setCurrentIndex(settings.scanner.findData("Gate 3"))
    settings.scanner.activated.emit(settings.scanner.currentIndex())
    assert stored.load().settings.scanner == "Gate 3"
    desktop.open()
    desktop.window.show_screen("scan")
    type_on(desktop.window.windowHandle(), "]d20109521234000013", start=90_000)
    until(lambda: bool(desktop.window.desk.inspection and desktop.window.desk.inspection.scans))
    (scan,) = desktop.window.desk.inspection.scans  # type: ignore[union-attr]
    assert scan.device == "Gate 3"


def test_the_system_names_the_scanner_where_it_can():
    gun = QInputDevice("Honeywell 1900", 77, QInputDevice.DeviceType.Keyboard)
    wedge = Wedge(35)
    heard: list[Caught] = []
    wedge.scanned.connect(heard.append)
    swapped = {**{chr(each): chr(each) for each in range(48, 91)}, "a": "q"}
    wedge.set_scanners(
        (Scanner(name="Left", device="Honeywell 1900", keyboard=swapped), Scanner(name="R")), "R"
    )
    window = QWindow()
    wedge.watch(window)
    for device, start in ((gun, 1000), (QInputDevice.primaryKeyboard(), 9000)):
        for number, mark in enumerate("0101234\r"):
            key = Qt.Key.Key_Return if mark == "\r" else Qt.Key(ord(mark))
            event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, 0, 0, 0, mark, False, 1, device)
            event.setTimestamp(start + 5 * number)
            QCoreApplication.sendEvent(window, event)
    assert [each.device for each in heard] == ["Left", "R"]
    assert heard[0].anomalies == ("keys-turned-back",)
    assert bytes.fromhex(heard[0].typed) == b"0101234"


def test_the_map_kept_before_scanners_had_names_is_one_of_them(tmp_path: Path):
    file = tmp_path / "settings.toml"
    file.write_text('theme = "dark"\n[keyboard]\nz = "y"\n', "utf-8")
    loaded = stored.load(file)
    assert loaded.moved_aside is None
    assert loaded.settings.theme == "dark"
    assert loaded.settings.scanners == (Scanner(name="USB", keyboard={"z": "y"}),)
    assert loaded.settings.scanner == "USB"


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
    dialog = opened(desk(settings=OLD))
    assert not dialog.close_button.hasFocus()
    assert not dialog.close_button.isDefault()


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
