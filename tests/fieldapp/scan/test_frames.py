"""A camera by its driver: what it takes, and each way it can fail."""

import cv2
import pytest

from fieldapp.scan import film, frames
from fieldapp.scan.abilities import CameraAbilities, CameraWish
from fieldapp.scan.frames import Camera, CameraBusy, CameraMissing, CameraUnplugged, Pictures
from tests.support import barcodes
from tests.support.cameras import Driver


def test_only_what_the_driver_takes_is_offered() -> None:
    camera = Camera(0, device=Driver())
    assert camera.abilities() == CameraAbilities(sizes=((640, 480), (1280, 720)), width=1280, height=720)


@pytest.mark.parametrize(
    ("prop", "name"),
    [
        (cv2.CAP_PROP_ANDROID_DEVICE_TORCH, "torch"),
        (cv2.CAP_PROP_IOS_DEVICE_TORCH, "torch"),
        (cv2.CAP_PROP_BACKLIGHT, "backlight"),
    ],
)
def test_light_by_whatever_name_the_driver_has_for_it(prop: int, name: str) -> None:
    driver = Driver(torch=prop)
    camera = Camera(0, device=driver)
    assert (camera.abilities().light, camera.abilities().lit, driver.lit) == (name, False, 0)
    camera.adjust(CameraWish(light=True))
    assert camera.abilities().lit
    camera.adjust(CameraWish(size=(640, 480)))
    assert camera.abilities().lit, "another size leaves the light as it is"
    camera.adjust(CameraWish(light=False))
    assert not camera.abilities().lit


def test_a_size_the_driver_does_not_take_leaves_the_one_before() -> None:
    driver = Driver(sizes=((640, 480), (1280, 720), (1920, 1080)))
    camera = Camera(0, device=driver)
    camera.adjust(CameraWish(size=(1920, 1080)))
    assert driver.size == (1920, 1080)
    camera.adjust(CameraWish(size=(3840, 2160)))
    assert driver.size == (1920, 1080)
    camera.adjust(CameraWish(size=(800, 600)))
    assert driver.size == (1920, 1080)


def test_a_wish_for_light_that_is_not_there_changes_nothing() -> None:
    driver = Driver()
    Camera(0, device=driver).adjust(CameraWish(light=True))
    assert driver.lit == 0


def test_not_there_busy_and_pulled_out_are_told_apart() -> None:
    absent, taken, pulled = Driver(present=False), Driver(pictures=0), Driver(pictures=2)
    with pytest.raises(CameraMissing):
        Camera(97, device=absent)
    with pytest.raises(CameraBusy):
        Camera(97, device=taken)
    assert absent.released
    assert taken.released
    camera = Camera(97, device=pulled)
    assert camera.read() is not None
    for _ in range(9):
        assert camera.read() is None, "a dropped picture is no pulled plug"
    with pytest.raises(CameraUnplugged):
        camera.read()


def test_cameras_are_listed_with_the_busy_ones_left_out() -> None:
    def opener(index: int) -> Camera:
        return Camera(index, device=Driver(present=index < 3, pictures=0 if index == 1 else 5))

    assert [(each.index, each.width) for each in frames.cameras(4, opener)] == [(0, 1280), (2, 1280)]


def test_wishes_reach_the_camera_while_it_films() -> None:
    driver = Driver(torch=cv2.CAP_PROP_BACKLIGHT, pictures=10**9)
    running = film.Film(Camera(0, device=driver))
    try:
        assert running.adjust(CameraWish()).light == "backlight"
        changed = running.adjust(CameraWish(light=True, size=(640, 480)))
        assert (changed.lit, changed.width, changed.height) == (True, 640, 480)
    finally:
        running.close()
    assert driver.released


def test_a_wish_to_a_camera_pulled_out_says_so() -> None:
    running = film.Film(Pictures([barcodes.code()]))
    running._thread.join(10)
    with pytest.raises(CameraUnplugged):
        running.adjust(CameraWish(light=True))
    running.close()


def test_a_stand_in_has_no_abilities() -> None:
    assert Pictures([]).abilities() == CameraAbilities()
