"""Where live pictures come from: a camera, a file, or anything with the same three verbs.

Promises: the newest picture, never an old one from a queue; a camera that is missing, busy or pulled out
is an error with its own code. Refuses: to start a thread; whoever has one puts frames into a `Mailbox`.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from fieldapp.errors import SituationError
from fieldapp.scan.picture import Grey

Frame = NDArray[np.uint8]
"""Rows by columns (grey) or rows by columns by 3 (blue, green, red), 8 bit."""


class CameraMissing(SituationError):
    """There is no such camera."""

    code = "camera-missing"


class CameraBusy(SituationError):
    """The camera is there but gives no picture: another program has it, or may not share it."""

    code = "camera-busy"


class CameraUnplugged(SituationError):
    """The camera stopped giving pictures while in use."""

    code = "camera-unplugged"


class FrameSource(Protocol):
    """Something that shows what it sees."""

    def read(self) -> Frame | None:
        """Return the newest frame, None where there is none yet; raises the errors of this module."""

    def close(self) -> None:
        """Let go of the device."""


class CameraFound(msgspec.Struct, frozen=True, kw_only=True):
    """One camera of this machine: the number to open it by, and its picture size."""

    index: int
    width: int
    height: int


class Camera:
    """A camera of this machine through OpenCV, at 1280 x 720 where it can."""

    def __init__(self, index: int, *, width: int = 1280, height: int = 720) -> None:
        self._index = index
        self._misses = 0
        self._device = _open(index)
        if not self._device.isOpened():
            self._device.release()
            raise CameraMissing(camera=index)
        self._device.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
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
        if self._misses >= 10:
            raise CameraUnplugged(camera=self._index)
        return None

    def torch(self, *, on: bool) -> bool:
        """Ask the driver for light; say whether it took the wish."""
        return bool(self._device.set(cv2.CAP_PROP_BACKLIGHT, 1.0 if on else 0.0))

    def close(self) -> None:
        """Let go of the camera."""
        self._device.release()


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


def _open(index: int) -> cv2.VideoCapture:
    if sys.platform == "win32":
        return cv2.VideoCapture(index, cv2.CAP_DSHOW)
    if sys.platform == "linux":
        return cv2.VideoCapture(index, cv2.CAP_V4L2)
    return cv2.VideoCapture(index)
