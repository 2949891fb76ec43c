"""Live scanning over made-up streams; the camera's own errors over devices that are not there."""

import cv2
import numpy as np
import pytest

from fieldapp.scan import frames, live
from fieldapp.scan.frames import CameraMissing, CameraUnplugged, Mailbox, Pictures
from tests.support import barcodes

CODE = barcodes.on_page(barcodes.code())
LINEAR = barcodes.on_page(barcodes.code("(00)006141411234567890", "Code128", scale=2), at=(120, 190))
EMPTY = np.full((480, 640), 200, np.uint8)


def test_a_square_code_is_taken_at_once_and_once() -> None:
    watcher = live.Live(budget_ms=200)
    first, second = watcher.look(CODE, 0), watcher.look(CODE, 33)
    assert [symbol.symbology for symbol in first.fresh] == ["DataMatrix"]
    assert first.picture[:2] == b"\xff\xd8"
    assert second.fresh == ()
    assert len(second.symbols) == 1


def test_out_of_sight_for_a_second_and_a_half_arms_it_again() -> None:
    watcher = live.Live(budget_ms=200)
    assert watcher.look(CODE, 0).fresh
    assert watcher.look(CODE, 1400).fresh == ()
    assert watcher.look(EMPTY, 2000).symbols == ()
    assert watcher.look(CODE, 2800).fresh == ()
    assert watcher.look(CODE, 4400).fresh == (), "nobody looked meanwhile: it may have been there"
    for at in range(4500, 6000, 200):
        watcher.look(EMPTY, at)
    assert watcher.look(CODE, 6100).fresh


def test_a_linear_code_needs_two_frames_within_half_a_second() -> None:
    only_quick = live.Live(budget_ms=0)
    assert only_quick.look(LINEAR, 0).fresh == ()
    assert not only_quick.look(LINEAR, 900).fresh
    (symbol,) = only_quick.look(LINEAR, 1000).fresh
    assert symbol.votes == 2


def test_a_turned_code_is_found_by_the_rotating_steps() -> None:
    watcher = live.Live(budget_ms=500)
    frame = barcodes.rotated(LINEAR, 31)
    fresh = [symbol for number in range(8) for symbol in watcher.look(frame, number * 33.0).fresh]
    assert [symbol.text for symbol in fresh] == ["00006141411234567890"]


def test_no_time_means_the_quick_look_only() -> None:
    sight = live.Live(budget_ms=0).look(barcodes.rotated(LINEAR, 31), 0)
    assert sight.symbols == ()


def test_a_grainy_frame_is_calmed_and_read() -> None:
    dark = barcodes.noisy(barcodes.dim(CODE, 12, 60), 5)
    assert live.Live(budget_ms=0).look(dark, 0).fresh


def test_a_frame_that_is_dear_to_look_at_is_looked_at_in_the_middle() -> None:
    """With no budget the whole frame is looked at every fourth time only: the code at its edge waits."""
    corner = barcodes.on_page(barcodes.code(), 1280, 720, at=(20, 20))
    watcher = live.Live(budget_ms=0)
    seen = [bool(watcher.look(corner, number * 33.0).symbols) for number in range(8)]
    assert seen == [True, False, False, True, False, False, False, True]


def test_colour_frames_and_empty_ones() -> None:
    colour = np.repeat(CODE[:, :, None], 3, axis=2)
    assert live.Live(budget_ms=0).look(colour, 0).fresh
    assert live.Live().look(np.zeros((0, 0), np.uint8), 0).symbols == ()


def test_the_mailbox_holds_the_latest_only() -> None:
    box = Mailbox()
    for value in range(5):
        box.put(np.full((2, 2), value, np.uint8))
    taken = box.take()
    assert taken is not None
    assert int(taken[0, 0]) == 4
    assert box.take() is None
    assert box.dropped == 4


def test_the_end_of_a_stream_is_a_camera_pulled_out() -> None:
    source = Pictures([CODE])
    assert source.read() is CODE
    with pytest.raises(CameraUnplugged):
        source.read()


def test_a_missing_camera_is_said_so() -> None:
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        with pytest.raises(CameraMissing):
            frames.Camera(97)
    finally:
        cv2.utils.logging.setLogLevel(before)


def test_cameras_are_those_that_give_a_picture() -> None:
    def opener(index: int) -> Pictures:
        if index == 1:
            raise CameraMissing(camera=index)
        return Pictures([CODE])

    assert [camera.index for camera in frames.cameras(3, opener)] == [0, 2]


def test_jpeg_is_shrunk_never_grown() -> None:
    assert frames.to_jpeg(CODE, width=100)[:2] == b"\xff\xd8"
    assert len(frames.to_jpeg(CODE, width=100)) < len(frames.to_jpeg(CODE))
