"""What a camera sees, painted: the picture, the codes found in it, and where to aim.

Promises: asks the reader for the next sight only when the last was shown (one in flight), so nothing ever
queues; stopping, hiding or ending the widget closes the camera. `found` carries
`Arrival`s of confirmed codes with their picture; a code not yet confirmed is outlined and never handed on.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QElapsedTimer, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldapp.actions import filming
from fieldapp.actions.filming import CameraState, CloseCamera, NextSight, OpenCamera, Sighting
from fieldapp.worker import Failure
from ui import theme
from ui.jobs import REFRESH, Jobs
from ui.models.arrival import Gathering

C = TypeVar("C")
R = TypeVar("R")

SMALL = QSize(176, 99)
PAUSE_MS = 15  # between a sight shown and the next asked for: a person's clicks go first
AIM = 0.68  # of width and height: where the reader looks first
CERTAIN, UNSURE = QColor("#6FD79B"), QColor("#FFC233")  # on a picture, in every theme


class CameraView(QWidget):
    """The camera's picture. `seen` carries a sighting, `found` an arrival, `failed` why it ended."""

    seen = Signal(object)
    found = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._turn = 0  # openings so far: an answer to an earlier one is not shown
        self.running = False
        self.sighting: Sighting | None = None
        self._picture = QPixmap()
        self._gathering = Gathering()
        self._clock = QElapsedTimer()
        self._clock.start()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def start(self, source: OpenCamera) -> None:
        """Open a camera and look until stopped."""
        self._turn += 1
        self.running = True
        self._forget()
        self._run(filming.open_camera, source, self._opened)

    def stop(self) -> None:
        """Close the camera."""
        if not self.running:
            return
        self._turn += 1
        self.running = False
        self._pause.stop()
        self._hand_over()
        self._forget()
        self._jobs.run(filming.close_camera, CloseCamera())

    def _forget(self) -> None:
        self.sighting = None
        self._picture = QPixmap()
        self.update()

    def _run(
        self, action: Callable[[Any, C], R], command: C, done: Callable[[R], object], priority: int = 0
    ) -> None:
        turn = self._turn

        def when_mine(then: Callable[[Any], object]) -> Callable[[Any], object]:
            return lambda value: then(value) if shiboken6.isValid(self) and turn == self._turn else None

        self._jobs.run(
            action, command, done=when_mine(done), failed=when_mine(self._ended), priority=priority
        )

    def _opened(self, _state: CameraState) -> None:
        self._ask()

    def _ask(self) -> None:
        width = round(max(320, self.width()) * self.devicePixelRatioF())
        self._run(filming.next_sight, NextSight(width=width), self._show, REFRESH)

    def _show(self, sighting: Sighting) -> None:
        if sighting.state == "seeing":
            self.sighting = sighting
            self._picture.loadFromData(sighting.jpeg, "JPG")
            self.update()
            self.seen.emit(sighting)
        for arrival in self._gathering.see(sighting, self._clock.elapsed()):
            self.found.emit(arrival)
        if self.running:
            self._pause.start()

    def _ended(self, failure: Failure) -> None:
        self._turn += 1
        self.running = False
        self._hand_over()
        self._forget()
        self.failed.emit(failure)

    def _hand_over(self) -> None:
        """What was certain when the picture ended is taken all the same."""
        for arrival in self._gathering.end():
            self.found.emit(arrival)

    # How it looks

    def fold(self, small: bool) -> None:
        """Take the least room in which one can still aim, or as much as the width gives."""
        self.setMinimumWidth(SMALL.width() if small else 0)
        self.setMaximumWidth(SMALL.width() if small else 16777215)
        self._suit()

    def _suit(self) -> None:
        """Sixteen to nine, as cameras see."""
        self.setFixedHeight(min(240, round(max(SMALL.width(), self.width()) * 9 / 16)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the shape."""
        super().resizeEvent(event)
        self._suit()

    def sizeHint(self) -> QSize:
        """Return the size of a small preview."""
        return SMALL

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: close the camera."""
        super().hideEvent(event)
        self.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, dim what is outside the aim, outline the codes."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("#000000"))
        sighting = self.sighting
        if sighting is None or self._picture.isNull():
            icon = theme.drawing("camera", "#B9C6D0", 40, self.devicePixelRatioF())
            painter.drawPixmap(self.rect().center().x() - 20, self.rect().center().y() - 20, icon)
            return
        place = self._place()
        if place.size() == self._picture.size():
            painter.drawPixmap(place.topLeft(), self._picture)
        else:
            painter.drawPixmap(place, self._picture)
        self._paint_aim(painter, place)
        scale = place.width() / max(1, sighting.width)
        for symbol in sighting.symbols:
            corners = [QPointF(place.x() + x * scale, place.y() + y * scale) for x, y in symbol.corners]
            line = Qt.PenStyle.SolidLine if symbol.confirmed else Qt.PenStyle.DashLine
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # A dark line below: the outline is seen on white paper too, and by shape without colour.
            for pen in (
                QPen(QColor("#000000"), 5),
                QPen(CERTAIN if symbol.confirmed else UNSURE, 3, line),
            ):
                painter.setPen(pen)
                painter.drawPolygon(QPolygonF(corners))

    def _place(self) -> QRect:
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip

    def _paint_aim(self, painter: QPainter, place: QRect) -> None:
        aim = QRectF(0, 0, place.width() * AIM, place.height() * AIM)
        aim.moveCenter(QRectF(place).center())
        reach = min(aim.width(), aim.height()) / 5
        for colour, width in ((QColor("#000000"), 5), (QColor("#FFFFFF"), 2.5)):
            painter.setPen(QPen(colour, width))
            for corner, across, down in (
                (aim.topLeft(), 1, 1), (aim.topRight(), -1, 1),
                (aim.bottomLeft(), 1, -1), (aim.bottomRight(), -1, -1),
            ):  # fmt: skip
                painter.drawLine(corner, corner + QPointF(across * reach, 0))
                painter.drawLine(corner, corner + QPointF(0, down * reach))
