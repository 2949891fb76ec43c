"""An open camera under watch: a thread takes its pictures, whoever looks gets the newest.

Promises: pictures never queue (one slot, the latest wins); a camera that fails or falls silent is told with
its own error at the next look; closing ends the thread and lets go of the device; only that thread ever
speaks to the device. Refuses: to keep pictures.
A picture or a video file can stand in for a camera; a video's end counts as pulled out.
"""

import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import cv2
import numpy as np

from fieldapp.errors import SituationError
from fieldapp.scan import picture
from fieldapp.scan.abilities import CameraAbilities, CameraWish
from fieldapp.scan.frames import Camera, CameraMissing, CameraUnplugged, Frame, FrameSource, Mailbox, Pictures
from fieldapp.scan.live import Live, Sight

VIDEOS = frozenset({".avi", ".mkv", ".mov", ".mp4", ".webm"})
BEAT = 1 / 30  # seconds between two pictures of a stand-in
PATIENCE = 5.0  # seconds a driver may take to change its picture
SILENCE = 3.0  # seconds without a picture after which a camera counts as pulled out


class Film:
    """One source, its thread, and the watcher that remembers the last half second of reads."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._live = Live()
        self._mailbox = Mailbox()
        self._came = threading.Event()
        self._ended = threading.Event()
        self._trouble: SituationError | None = None
        self._wishes = queue.SimpleQueue[tuple[CameraWish, Future[CameraAbilities]]]()
        self._last = time.perf_counter()
        self._thread = threading.Thread(target=self._take, name="film", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Return how many pictures came while the one before was still being looked at."""
        return self._mailbox.dropped

    def look(self, patience: float = 0.5) -> tuple[Frame, Sight] | None:
        """Return the newest picture and what it shows; None where none came within `patience` seconds."""
        self._came.wait(patience)
        self._came.clear()
        frame = self._mailbox.take()
        now = time.perf_counter()
        if frame is not None:
            self._last = now
            return frame, self._live.look(frame, now * 1000)
        if self._trouble is not None:
            raise self._trouble
        if now - self._last > SILENCE:
            raise CameraUnplugged(camera=-1)
        return None

    def adjust(self, wish: CameraWish) -> CameraAbilities:
        """Change light or size where the driver takes it, and return what it can; raises CameraUnplugged.

        An empty wish only asks. The picture stands still for as long as the driver needs.
        """
        answer = Future[CameraAbilities]()
        self._wishes.put((wish, answer))
        waited = 0.0
        while self._thread.is_alive() and waited < PATIENCE:
            try:
                return answer.result(0.1)
            except TimeoutError:
                waited += 0.1
        raise self._trouble or CameraUnplugged(camera=-1)

    def close(self) -> None:
        """End the thread, then let go of the device; a driver that hangs is left to its own end."""
        self._ended.set()
        self._thread.join(2)
        self._source.close()

    def _take(self) -> None:
        while not self._ended.is_set():
            try:
                self._grant()
                frame = self._source.read()
            except SituationError as trouble:
                self._trouble = trouble
                self._came.set()
                return
            if frame is not None:
                self._mailbox.put(frame)
                self._came.set()

    def _grant(self) -> None:
        """Do what was wished for between two pictures."""
        while not self._wishes.empty():
            wish, answer = self._wishes.get()
            self._source.adjust(wish)
            answer.set_result(self._source.abilities())
            self._last = time.perf_counter()


def open_source(index: int, path: str) -> FrameSource:
    """Return camera `index`, or the file at `path` in its place; raises the errors of `frames`."""
    if not path:
        return Camera(index)
    place = Path(path)
    if not place.is_file():
        raise CameraMissing(camera=index)
    if place.suffix.lower() in VIDEOS:
        return Pictures(_paced(_video(place)))
    picture.check_bytes(place.stat().st_size)
    shown = picture.open_picture(place.read_bytes())
    picture.check_size(*shown.size)
    pixels = np.asarray(shown.convert("RGB"), dtype=np.uint8)[:, :, ::-1]
    return Pictures(_paced(_always(np.ascontiguousarray(pixels))))


def _always(frame: Frame) -> Iterator[Frame]:
    while True:
        yield frame


def _video(file: Path) -> Iterator[Frame]:
    film = cv2.VideoCapture(str(file))
    try:
        good, frame = film.read()
        while good:
            yield np.asarray(frame, dtype=np.uint8)
            good, frame = film.read()
    finally:
        film.release()


def _paced(frames: Iterator[Frame]) -> Iterator[Frame]:
    for frame in frames:
        yield frame
        time.sleep(BEAT)
