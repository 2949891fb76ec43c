"""A wait that is shown: once a second how many seconds are left, and then that it is over."""

import math

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal


class Countdown(QObject):
    """`ticked` carries the whole seconds left, `over` comes at the end."""

    ticked = Signal(int)
    over = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end = QDeadlineTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Say whether there is anything left to wait for."""
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        """Count down from `seconds`, now."""
        self._end.setRemainingTime(round(seconds * 1000) + 200)
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Count no more, and say nothing."""
        self._timer.stop()

    def _tick(self) -> None:
        left = self._end.remainingTime()
        if left <= 0:
            self._timer.stop()
            self.over.emit()
        else:
            self.ticked.emit(max(1, math.floor(left / 1000)))
