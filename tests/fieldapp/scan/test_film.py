"""Pictures and films take a camera's place; thread, mailbox and watcher are the real ones."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fieldapp.actions import filming
from fieldapp.actions.filming import CloseCamera, DrawCode, NextSight, OpenCamera, Sighting
from fieldapp.scan import calibration, decode
from fieldapp.scan.frames import CameraMissing, CameraUnplugged
from fieldapp.scan.reader import CameraClosed, Reader
from tests.support import barcodes

CODE = barcodes.on_page(barcodes.code())
LOOK = NextSight(width=320)


def film_of(folder: Path, *pages: np.ndarray, times: int = 10) -> str:
    """A video that shows each page `times` times and ends."""
    file = folder / "film.avi"
    height, width = pages[0].shape
    out = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 30, (width, height))
    for page in pages:
        for _ in range(times):
            out.write(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR))
    out.release()
    return str(file)


def seen(reader: Reader) -> Sighting:
    """The next sight with a picture in it."""
    for _ in range(20):
        sighting = filming.next_sight(reader, LOOK)
        if sighting.state == "seeing":
            return sighting
    raise AssertionError("no picture came")


def test_a_picture_stands_in_and_its_code_is_fresh_once(tmp_path: Path) -> None:
    file = tmp_path / "label.png"
    file.write_bytes(barcodes.encoded(CODE))
    reader = Reader()
    assert filming.open_camera(reader, OpenCamera(path=str(file))).open
    first, second = seen(reader), seen(reader)
    assert [symbol.symbology for symbol in first.fresh] == ["DataMatrix"]
    assert second.fresh == ()
    assert len(second.symbols) == 1
    assert (first.width, first.height) == (640, 480)
    small = cv2.imdecode(np.frombuffer(first.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert small.shape[:2] == (240, 320)
    assert not filming.close_camera(reader, CloseCamera()).open


def test_the_end_of_a_film_is_a_camera_pulled_out(tmp_path: Path) -> None:
    reader = Reader()
    filming.open_camera(reader, OpenCamera(path=film_of(tmp_path, CODE, times=3)))
    reader.film()._thread.join(10)
    assert seen(reader).symbols, "what was seen last is still told"
    with pytest.raises(CameraUnplugged):
        filming.next_sight(reader, LOOK)
    with pytest.raises(CameraClosed):
        filming.next_sight(reader, LOOK)


def test_pictures_nobody_looked_at_are_dropped_not_queued(tmp_path: Path) -> None:
    reader = Reader()
    empty = np.full_like(CODE, 220)
    filming.open_camera(reader, OpenCamera(path=film_of(tmp_path, empty, CODE, times=30)))
    film = reader.film()
    film._thread.join(10)  # the film has run to its end, and nobody looked
    sighting = filming.next_sight(reader, LOOK)
    assert len(sighting.fresh) == 1, "the newest picture is shown, not the oldest"
    assert sighting.dropped == 59
    reader.close_camera()


def test_what_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    reader = Reader()
    with pytest.raises(CameraMissing):
        filming.open_camera(reader, OpenCamera(path=str(tmp_path / "none.png")))
    with pytest.raises(CameraClosed):
        filming.next_sight(reader, LOOK)
    assert not filming.close_camera(reader, CloseCamera()).open


def test_opening_another_closes_the_first(tmp_path: Path) -> None:
    file = tmp_path / "label.png"
    file.write_bytes(barcodes.encoded(CODE))
    reader = Reader()
    filming.open_camera(reader, OpenCamera(path=str(file)))
    first = reader.film()
    filming.open_camera(reader, OpenCamera(path=str(file)))
    assert not first._thread.is_alive()
    assert seen(reader).fresh
    reader.close_camera()


def test_the_calibration_code_is_drawn_as_it_is_read() -> None:
    drawn = filming.draw_code(Reader(), DrawCode(text=calibration.CODE, scale=6))
    (symbol,) = decode.decode_picture(drawn.png, "code.png").symbols
    assert bytes.fromhex(symbol.hex).decode() == calibration.CODE
    assert symbol.aim == "]d1"
