"""A camera's stand-in, looked through by the real reader process: a label becomes remembered verdicts."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from fieldapp import canonical
from fieldapp.actions import evidence
from fieldapp.actions.evidence import EvidenceContent, ShowEvidence
from fieldapp.inspection.scan import label_of
from fieldapp.text import say
from tests.support import barcodes
from tests.support.window import LABELS, Desktop, settle, until
from ui.screens.scan import ScanScreen

SSCC = "(00)095212340000000013"


def at_work(desktop: Desktop) -> ScanScreen:
    desktop.unlock()
    desktop.open()
    desktop.window.show_screen("scan")
    scan = desktop.window.screens["scan"]
    assert isinstance(scan, ScanScreen)
    return scan


def label_of_two() -> barcodes.Grey:
    """A label with a product's Data Matrix and a pallet's GS1-128."""
    page = barcodes.on_page(barcodes.code(scale=5), 1280, 720, (120, 90))
    wide = barcodes.code(SSCC, "Code128", scale=2)
    page[420 : 420 + wide.shape[0], 120 : 120 + wide.shape[1]] = wide
    return page


def test_two_codes_of_one_label_are_one_picture(desk: Callable[..., Desktop], tmp_path: Path):
    desktop = desk()
    scan = at_work(desktop)
    file = tmp_path / "label.png"
    file.write_bytes(barcodes.encoded(label_of_two()))
    scan.camera.stand_in = str(file)
    scan.camera.toggle()
    until(lambda: len(desktop.scans) == 2, 40)
    scan.camera.close_camera()
    first, second = desktop.scans
    assert {first.symbol.symbology, second.symbol.symbology} == {"DataMatrix", "Code128"}
    assert first.picture == second.picture != ""
    assert label_of(first, desktop.scans) == (first, second)
    inspection = desktop.window.desk.inspection
    assert inspection is not None
    (kept,) = inspection.evidence
    assert (kept.purpose, kept.mime) == ("scan", "image/png")
    shown: list[EvidenceContent] = []
    ask = ShowEvidence(inspection=inspection.id, evidence=kept.id)
    desktop.jobs.run(evidence.show, ask, done=shown.append)
    until(lambda: bool(shown))
    assert canonical.sha256(shown[0].content) == kept.plain_sha256
    frame = cv2.imdecode(np.frombuffer(shown[0].content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert frame is not None
    assert np.array_equal(frame, label_of_two()), "every pixel as the camera gave it"


def test_pulled_out_in_the_middle_and_plugged_in_again(desk: Callable[..., Desktop], tmp_path: Path):
    desktop = desk()
    scan = at_work(desktop)
    film = tmp_path / "film.avi"
    out = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1100, 620))
    page = cv2.imread(str(LABELS / "pallet-sscc.png"))
    assert page is not None
    for _ in range(20):
        out.write(page)
    out.release()
    scan.camera.stand_in = str(film)
    scan.camera.toggle()
    until(lambda: scan.camera.retry.isVisible(), 40)
    assert scan.camera.words.text() == say("error.camera-unplugged", "en")
    until(lambda: len(desktop.scans) == 1)
    scan.camera.stand_in = str(LABELS / "drum-7-of-12.png")
    scan.camera.retry.click()
    until(lambda: len(desktop.scans) == 2, 40)
    assert desktop.scans[1].identified.identifiers["batch"] == "KX-2291"
    scan.camera.close_camera()
    settle()
