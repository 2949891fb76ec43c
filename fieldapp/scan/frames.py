"""Where live pictures come from: a camera, a file, or anything with the same three verbs.

Promises: the newest picture, never an old one from a queue; a camera that is missing, busy or pulled out
is an error with its own code; light and size are changed only where the driver takes it. Refuses: to start
a thread; whoever has one puts frames into a `Mailbox`.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from fieldapp.errors import SituationError
from fieldapp.scan.abilities import CameraAbilities, CameraWish, Light, Size
from fieldapp.scan.picture import Grey

Frame = NDArray[np.uint8]
"""Rows by columns (grey) or rows by columns by 3 (blue, green, red), 8 bit."""

SIZES: tuple[Size, ...] = ((640, 480), (1280, 720), (1920, 1080), (3840, 2160))
# Whatever a driver calls its light, the better one first. Phones have a torch; on others, compensation for
# light from behind brightens what is held in front.
_LIGHTS: tuple[tuple[Light, int], ...] = (
    ("torch", cv2.CAP_PROP_ANDROID_DEVICE_TORCH),
    ("torch", cv2.CAP_PROP_IOS_DEVICE_TORCH),
    ("backlight", cv2.CAP_PROP_BACKLIGHT),
)
_WAIT = 10  # pictures that may fail in a row before the camera is given up


class CameraMissing(SituationError):
    """There is no such camera."""

    code = "camera-missing"


class CameraBusy(SituationError):
    """The camera is there but gives no picture: another program has it, or may not share it."""

    code = "camera-busy"


class CameraUnplugged(SituationError):
    """The camera stopped giving pictures while in use."""

    code = "camera-unplugged"


class Device(Protocol):
    """What is used of `cv2.VideoCapture`; anything with these verbs can stand in for a driver."""

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        """Say whether there is a camera."""

    def read(self) -> tuple[bool, Any]:
        """Return whether there was a picture, and the picture."""

    def get(self, prop: int, /) -> float:
        """Return a property; below zero where there is none."""

    def set(self, prop: int, value: float, /) -> bool:
        """Ask for a value; say whether the driver knows the property."""

    def release(self) -> None:
        """Let go."""


class FrameSource(Protocol):
    """Something that shows what it sees."""

    def read(self) -> Frame | None:
        """Return the newest frame, None where there is none yet; raises the errors of this module."""

    def abilities(self) -> CameraAbilities:
        """Return what can be asked of it; trying the sizes takes a driver a moment."""

    def adjust(self, wish: CameraWish) -> None:
        """Ask for light or another size; what the driver does not take stays as it is."""

    def close(self) -> None:
        """Let go of the device."""


class CameraFound(msgspec.Struct, frozen=True, kw_only=True):
    """One camera of this machine: the number to open it by, and its picture size."""

    index: int
    width: int
    height: int


class Camera:
    """A camera of this machine through OpenCV, at 1280 x 720 where it can."""

    def __init__(
        self, index: int, *, width: int = 1280, height: int = 720, device: Device | None = None
    ) -> None:
        self._index = index
        self._misses = 0
        self._sizes: tuple[Size, ...] | None = None
        self._device: Device = _open(index) if device is None else device
        if not self._device.isOpened():
            self._device.release()
            raise CameraBusy(camera=index) if _is_there(index) else CameraMissing(camera=index)
        self._resize((width, height))
        # One frame in the driver's queue: an old picture is worth nothing to a person aiming.
        self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        good, _ = self._device.read()
        if not good:
            self._device.release()
            raise CameraBusy(camera=index)

    def read(self) -> Frame | None:
        """Return the newest frame; ten misses in a row mean the camera is gone."""
        good, frame = self._device.read()
        if good:
            self._misses = 0
            return np.asarray(frame, dtype=np.uint8)
        self._misses += 1
        if self._misses >= _WAIT:
            raise CameraUnplugged(camera=self._index)
        return None

    def abilities(self) -> CameraAbilities:
        """Return what the driver takes: each size is tried once, then the picture is as it was."""
        now = self._size()
        if self._sizes is None:
            self._sizes = tuple(size for size in SIZES if self._resize(size) == size)
            self._resize(now)
        light, prop = self._light()
        width, height = self._size()
        return CameraAbilities(
            light=light,
            lit=light != "none" and self._device.get(prop) > 0,
            sizes=self._sizes,
            width=width,
            height=height,
        )

    def adjust(self, wish: CameraWish) -> None:
        """Ask for light or another size; a size the driver does not take leaves the one before."""
        light, prop = self._light()
        if wish.light is not None and light != "none":
            self._device.set(prop, 1.0 if wish.light else 0.0)
        now = self._size()
        if wish.size is not None and wish.size != now and self._resize(wish.size) != wish.size:
            self._resize(now)

    def close(self) -> None:
        """Let go of the camera."""
        self._device.release()

    def _light(self) -> tuple[Light, int]:
        # Set to what it is: a driver that does not know the property says so, and nothing flashes.
        for light, prop in _LIGHTS:
            now = self._device.get(prop)
            if now >= 0 and self._device.set(prop, now):
                return light, prop
        return "none", -1

    def _size(self) -> Size:
        get = self._device.get
        return round(get(cv2.CAP_PROP_FRAME_WIDTH)), round(get(cv2.CAP_PROP_FRAME_HEIGHT))

    def _resize(self, size: Size) -> Size:
        """Ask for a size and return the one there is then."""
        self._device.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        return self._size()


class Pictures:
    """Frames from a list or a generator, in place of a camera; at the end it counts as pulled out."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames: Iterator[Frame] = iter(frames)

    def read(self) -> Frame | None:
        """Return the next frame."""
        frame = next(self._frames, None)
        if frame is None:
            raise CameraUnplugged(camera=-1)
        return frame

    def abilities(self) -> CameraAbilities:
        """Return none."""
        return CameraAbilities()

    def adjust(self, wish: CameraWish) -> None:
        """Stay as it is."""
        del wish

    def close(self) -> None:
        """Drop the rest."""
        self._frames = iter(())


class Mailbox:
    """One slot for the latest frame. Putting a frame in drops the one before; nothing ever queues."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: Frame | None = None
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Replace what is in the slot."""
        with self._lock:
            self.dropped += self._frame is not None
            self._frame = frame

    def take(self) -> Frame | None:
        """Empty the slot and return what was in it."""
        with self._lock:
            frame, self._frame = self._frame, None
            return frame


def cameras(most: int = 4, opener: Callable[[int], FrameSource] = Camera) -> tuple[CameraFound, ...]:
    """Return the cameras that give a picture now; opening each is the only way to know."""
    found = []
    for index in range(most):
        try:
            camera = opener(index)
        except SituationError:
            continue
        frame = camera.read()
        camera.close()
        if frame is not None:
            found.append(CameraFound(index=index, width=frame.shape[1], height=frame.shape[0]))
    return tuple(found)


def to_grey(frame: Frame) -> Grey:
    """Return a frame as 8-bit grey."""
    return frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)


def to_jpeg(frame: Frame, quality: int = 90, width: int = 0) -> bytes:
    """Return a frame as JPEG, `width` pixels wide where that is smaller."""
    if 0 < width < frame.shape[1]:
        height = max(1, round(frame.shape[0] * width / frame.shape[1]))
        frame = np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    done, content = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes() if done else b""


def to_png(frame: Frame) -> bytes:
    """Return a frame as PNG, every pixel as it was; packed lightly, for the next frame waits."""
    done, content = cv2.imencode(".png", frame, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return content.tobytes() if done else b""


def _is_there(index: int) -> bool:
    """Say whether the system knows a camera that cannot be opened: then another program has it."""
    return sys.platform == "linux" and Path(f"/dev/video{index}").exists()


def _open(index: int) -> cv2.VideoCapture:
    if sys.platform == "win32":
        return cv2.VideoCapture(index, cv2.CAP_DSHOW)
    if sys.platform == "linux":
        return cv2.VideoCapture(index, cv2.CAP_V4L2)
    return cv2.VideoCapture(index)
