"""Whether somebody is there: keys, presses and wheels in any window of ours count, nothing else is watched.

Promises: `expired` comes after the policy's minutes without a sign of life, by the time since start, which
counts sleep and which nobody can set, and by the clock of the wall, whichever has gone further; at once when
the laptop was asleep; when the system says that it goes to sleep or its screen is locked; and when F12 is
pressed in any window, a dialog in front included. Refuses: to lock; whoever listens does.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from fieldapp import clock

LOOK_MS = 5000
ASLEEP = 2.0  # seconds by which the time since start may outrun the time awake: more was sleep
_SIGNS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class Moment(msgspec.Struct, frozen=True):
    """Three clocks at once: the wall's, seconds since start, and of those the seconds awake."""

    wall: datetime
    boot: float
    awake: float

    @classmethod
    def take(cls) -> "Moment":
        """Read them. Windows does not tell sleep apart here: its messages do (`ui.idleness.windows`)."""
        boot = clock.since_boot()
        return cls(clock.now(), boot, time.monotonic() if sys.platform == "linux" else boot)

    def since(self, earlier: "Moment") -> float:
        """Return the seconds gone by since `earlier`, by the clock that went further."""
        return max((self.wall - earlier.wall).total_seconds(), self.boot - earlier.boot)

    def slept_since(self, earlier: "Moment") -> float:
        """Return the seconds of sleep since `earlier`."""
        return (self.boot - earlier.boot) - (self.awake - earlier.awake)


class Idleness(QObject):
    """`minutes` is None while nothing is to be watched."""

    expired = Signal()

    def __init__(self, parent: QObject | None = None, read: Callable[[], Moment] = Moment.take) -> None:
        super().__init__(parent)
        self.minutes: int | None = None
        self._read = read
        self._seen = self._looked = read()
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusWindowChanged.connect(self.attend)

    def restart(self) -> None:
        """Count from now."""
        self._seen = self._looked = self._read()

    def attend(self, window: QWindow | None) -> None:
        """Look for signs of life in the window in front, a dialog too."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def look(self) -> None:
        """Say so where nobody was there for too long, awake or asleep."""
        now, before = self._read(), self._looked
        self._looked = now
        if self.minutes is None:
            return
        limit = self.minutes * 60
        if now.since(self._seen) > limit or now.slept_since(before) > ASLEEP:
            self.expired.emit()

    def take_sign(self, sign: str) -> None:
        """The system said that the person is gone, or back from where nobody saw him: `sign` names how."""
        if sign and self.minutes is not None:
            self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is here; F12 locks even where a dialog keeps the window's keys from it."""
        if event.type() in _SIGNS:
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F12:
                self.take_sign("key")
                return True
            self.look()  # the first key after a sleep must not open what it should have closed
            self._seen = self._read()
        return super().eventFilter(watched, event)
