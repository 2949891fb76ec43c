"""The camera on the scan station: a label appears, its verdict comes; and what is said when there is none."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.scan.abilities import CameraWish
from fieldapp.scan.film import Film
from fieldapp.scan.frames import Camera
from fieldapp.settings import Settings
from fieldapp.text import say
from fieldapp.worker import Failure
from tests.support import barcodes
from tests.support.window import LABELS, Desktop, settle, until
from ui.screens.scan import ScanScreen

Make = Callable[..., Desktop]


def station(desktop: Desktop) -> ScanScreen:
    desktop.unlock()
    desktop.open()
    desktop.window.show_screen("scan")
    scan = desktop.window.screens["scan"]
    assert isinstance(scan, ScanScreen)
    return scan


def scanned(desktop: Desktop) -> int:
    opened = desktop.window.desk.inspection
    return len(opened.scans) if opened is not None else 0


def film(folder: Path, *shots: tuple[str, int]) -> str:
    """A video of labels, each for so many pictures; "" is an empty table."""
    file = folder / "film.avi"
    out = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1100, 620))
    for label, times in shots:
        page = cv2.imread(str(LABELS / label)) if label else np.full((620, 1100, 3), 90, np.uint8)
        for _ in range(times):
            out.write(page)
    out.release()
    return str(file)


def press_k(desktop: Desktop) -> None:
    desktop.window.activateWindow()
    settle()
    QTest.keyClick(desktop.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)


def test_a_label_held_up_gets_its_verdict_and_counts_once(desk: Make):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    press_k(desktop)
    until(lambda: scanned(desktop) == 1)
    until(lambda: scan.card.isVisible())
    (taken,) = desktop.window.desk.inspection.scans  # type: ignore[union-attr]
    assert taken.source == "camera"
    assert taken.identified.identifiers["gtin"] == "09521234000013"
    assert taken.verdict.word == "hold"
    sights: list[object] = []
    scan.camera.view.seen.connect(sights.append)
    until(lambda: len(sights) > 5)
    assert scanned(desktop) == 1, "what stays in sight is one scan"
    assert scan.camera.words.text() == say("camera.taken", "en", count=1)
    press_k(desktop)
    until(lambda: not scan.camera.isVisible())
    assert not scan.camera.view.running
    shown = len(sights)
    settle(120)
    assert len(sights) == shown, "a closed camera shows nothing more"


def test_a_label_that_comes_back_is_scanned_again(desk: Make, tmp_path: Path):
    desktop = desk()
    scan = station(desktop)
    label = "drum-7-of-12.png"
    scan.camera.stand_in = film(tmp_path, (label, 20), ("", 80), (label, 40))
    scan.camera.toggle()
    until(lambda: scanned(desktop) == 2)
    texts = [each.symbol.text for each in desktop.window.desk.inspection.scans]  # type: ignore[union-attr]
    assert texts[0] == texts[1]


def test_pulled_out_in_the_middle_it_says_so_and_can_be_tried_again(desk: Make, tmp_path: Path):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = film(tmp_path, ("pallet-sscc.png", 15))
    scan.camera.toggle()
    until(lambda: scan.camera.view.running and scan.camera.view.sighting is not None)
    until(lambda: not scan.camera.view.running)
    assert scan.camera.words.text() == say("error.camera-unplugged", "en")
    assert scan.camera.retry.isVisible()
    until(lambda: scanned(desktop) == 1)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.retry.click()
    until(lambda: scanned(desktop) == 2)
    assert not scan.camera.retry.isVisible()
    scan.camera.close_camera()


def test_no_camera_is_a_sentence(desk: Make, tmp_path: Path):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(tmp_path / "none.png")
    scan.camera.toggle()
    until(lambda: scan.camera.retry.isVisible())
    assert scan.camera.words.text() == say("error.camera-missing", "en")
    assert not scan.camera.view.isVisible()
    assert scanned(desktop) == 0


def test_a_busy_camera_is_a_sentence_too(desk: Make):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.toggle()
    scan.camera.view._ended(Failure("situation", "camera-busy", {"camera": 0}))
    assert scan.camera.words.text() == say("error.camera-busy", "en")
    settle()
    assert scan.camera.retry.isVisible()


def test_another_screen_closes_the_camera_and_so_does_a_lock(desk: Make):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    for leave in (lambda: desktop.window.show_screen("search"), desktop.window.lock):
        desktop.window.show_screen("scan")
        scan.camera.open_camera()
        until(lambda: scan.camera.view.sighting is not None)
        reader, view = desktop.jobs._services["reader"].room, scan.camera.view
        assert reader._film is not None  # type: ignore[attr-defined]
        leave()
        assert not view.running
        settle(50)
        assert reader._film is None  # type: ignore[attr-defined]


def test_an_unsure_code_is_outlined_and_not_taken(desk: Make, tmp_path: Path):
    """Interleaved 2 of 5 of six digits is never sure however long it is held up."""
    desktop = desk()
    scan = station(desktop)
    page = barcodes.on_page(barcodes.code("123456", "ITF", gs1=False, scale=3), at=(150, 180))
    file = tmp_path / "weak.png"
    file.write_bytes(barcodes.encoded(page))
    scan.camera.stand_in = str(file)
    scan.camera.toggle()
    until(lambda: scan.camera.words.text() == say("camera.unsure", "en"))
    settle(600)
    assert scanned(desktop) == 0
    scan.camera.close_camera()


class Lamp:
    """A driver that knows a torch and two sizes."""

    def __init__(self) -> None:
        self.values = {
            float(cv2.CAP_PROP_ANDROID_DEVICE_TORCH): 0.0,
            float(cv2.CAP_PROP_FRAME_WIDTH): 1280.0,
            float(cv2.CAP_PROP_FRAME_HEIGHT): 720.0,
        }

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def read(self) -> tuple[bool, object]:
        time.sleep(0.01)
        width = round(self.values[cv2.CAP_PROP_FRAME_WIDTH])
        height = round(self.values[cv2.CAP_PROP_FRAME_HEIGHT])
        return True, np.full((height, width, 3), 90, np.uint8)

    def get(self, prop: int, /) -> float:
        return self.values.get(prop, -1.0)

    def set(self, prop: int, value: float, /) -> bool:
        sizes = {cv2.CAP_PROP_FRAME_WIDTH: (640, 1280), cv2.CAP_PROP_FRAME_HEIGHT: (480, 720)}
        if prop not in self.values or value not in sizes.get(prop, (0.0, 1.0)):
            return False
        self.values[prop] = value
        return True

    def release(self) -> None:
        pass


def test_light_and_size_are_offered_where_the_driver_takes_them(desk: Make):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.toggle()
    until(lambda: scan.camera._options.isVisible())
    assert not scan.camera.light.isVisible(), "a picture has no lamp"
    assert not scan.camera.size_list.isVisible()
    lamp = Lamp()
    reader = desktop.jobs._services["reader"].room  # type: ignore[attr-defined]
    reader.close_camera()
    reader._film = Film(Camera(0, device=lamp))
    scan.camera._adjust(CameraWish())
    until(lambda: scan.camera.light.isVisible())
    offered = [scan.camera.size_list.itemData(row) for row in range(scan.camera.size_list.count())]
    assert offered == [(640, 480), (1280, 720)]
    desktop.window.activateWindow()
    settle()
    QTest.keyClick(desktop.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    until(lambda: lamp.values[cv2.CAP_PROP_ANDROID_DEVICE_TORCH] == 1.0)
    until(scan.camera.light.isChecked)
    scan.camera.size_list.setCurrentIndex(0)
    scan.camera.size_list.activated.emit(0)
    until(lambda: lamp.values[cv2.CAP_PROP_FRAME_WIDTH] == 640)
    scan.camera.close_camera()


def test_another_camera_can_be_asked_for(desk: Make):
    desktop = desk()
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.toggle()
    until(lambda: scan.camera.other.isVisible())
    scan.camera.other.click()
    assert not scan.camera.view.running
    assert scan.camera.words.text() == say("camera.choose", "en")
    until(lambda: scan.camera.retry.isVisible())
    scan.camera._choose("3")
    assert desktop.window.settings.camera == 3
    scan.camera.close_camera()


@pytest.mark.parametrize("tongue", ["en", "hi"])
def test_with_the_camera_open_the_decision_stays_in_sight(desk: Make, tongue: str):
    desktop = desk(settings=Settings(language=tongue))  # type: ignore[arg-type]
    scan = station(desktop)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.toggle()
    until(lambda: scanned(desktop) == 1)
    for size in ((1366, 728), (1024, 600)):
        desktop.window.resize(*size)
        settle(30)
        page = scan.parentWidget()
        assert page is not None
        assert scan.height() <= page.height(), f"{size}: nothing to scroll"
        foot = scan.hold.mapTo(desktop.window, scan.hold.rect().bottomLeft())
        assert foot.y() <= size[1]
    scan.camera.close_camera()
