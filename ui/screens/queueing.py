"""Codes that arrived, worked off one by one: the picture kept, each code screened, its verdict remembered.

Promises: the picture is sealed before any code read from it is remembered, and the vault has a code before
its verdict is shown. Of several codes that came at once all are shown together. Refuses: to go on after a
failure; what waited is dropped and said.
"""

from collections import deque

from PySide6.QtCore import QObject, Signal

from fieldapp.actions import evidence, opening, scanning
from fieldapp.actions.evidence import KeepPicture
from fieldapp.actions.opening import GetInspection
from fieldapp.actions.scanning import CodeScreening, Remember, ScreenCode
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Caught, Scan
from fieldapp.worker import Failure
from ui.models.arrival import Arrival
from ui.screens.screen import Screen

MOST_AGAIN = 3  # lists that may come into use while one code waits


class Queue(QObject):
    """`done` carries the scans that came together and the inspection with them; `stuck` why it stopped."""

    done = Signal(object, object)
    stuck = Signal(object)
    working = Signal(bool)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._arrivals: deque[Arrival] = deque()
        self._codes: deque[Caught] = deque()
        self._picture = ""
        self._again = 0
        self._batch: list[Scan] = []
        self.busy = False

    def take(self, arrival: Arrival) -> None:
        """Take codes into the open inspection; without a draft there is nothing to take them into."""
        inspection = self._screen.desk.inspection
        if inspection is None or inspection.state != "draft" or not arrival.codes:
            return
        self._arrivals.append(arrival)
        self._next_arrival()

    def drop(self) -> None:
        """Forget what waits: another inspection is open."""
        self._arrivals.clear()
        self._codes.clear()
        self._batch.clear()
        self._again = 0

    def _open(self) -> Inspection | None:
        return self._screen.desk.inspection

    def _next_arrival(self) -> None:
        inspection = self._open()
        if self.busy or not self._arrivals or inspection is None:
            return
        self.busy = True
        self.working.emit(True)
        arrival = self._arrivals.popleft()
        self._codes.extend(arrival.codes)
        self._picture = ""
        if not arrival.sha256:
            self._next_code()
            return

        def kept(picture: Evidence) -> None:
            self._picture = picture.id
            self._next_code()

        command = KeepPicture(
            inspection=inspection.id, path=arrival.path, content=arrival.content, sha256=arrival.sha256
        )
        self._screen.run(evidence.keep_picture, command, kept, self._failed)

    def _next_code(self) -> None:
        inspection = self._open()
        if inspection is None or not self._codes:
            self._arrival_done()
            return
        caught = self._codes.popleft()

        def remember(found: CodeScreening) -> None:
            self._screen.run(
                scanning.remember,
                Remember(
                    inspection=inspection.id, source=caught.source, symbol=caught.symbol,
                    identified=found.identified, screening=found.screening, goods_seq=found.goods_seq,
                    picture=self._picture, device=caught.device, typed=caught.typed,
                    anomalies=caught.anomalies,
                ),
                self._remembered,
                lambda failure: self._not_remembered(failure, caught),
            )  # fmt: skip

        command = ScreenCode(symbol=caught.symbol, consignment=inspection.consignment)
        self._screen.run(scanning.screen_code, command, remember, self._failed)

    def _not_remembered(self, failure: Failure, caught: Caught) -> None:
        """Compare once more where another list came into use meanwhile; anything else stops."""
        if failure.code == "list-changed" and self._again < MOST_AGAIN:
            self._again += 1
            self._codes.appendleft(caught)
            self._next_code()
        else:
            self._failed(failure)

    def _remembered(self, scan: Scan) -> None:
        self._again = 0
        self._batch.append(scan)
        self._next_code()

    def _arrival_done(self) -> None:
        if self._arrivals or not self._batch:
            self.busy = False
            self.working.emit(False)
            self._next_arrival()
            return
        inspection = self._open()
        if inspection is None:
            self._failed(None)
            return
        self._screen.run(
            opening.get_inspection, GetInspection(id=inspection.id), self._show_batch, self._failed
        )

    def _show_batch(self, inspection: Inspection) -> None:
        batch, self._batch = tuple(self._batch), []
        self.busy = False
        self.working.emit(False)
        if batch:
            self.done.emit(batch, inspection)
        self._next_arrival()

    def _failed(self, failure: Failure | None) -> None:
        self.drop()
        self.busy = False
        self.working.emit(False)
        if failure is not None:
            self.stuck.emit(failure)
