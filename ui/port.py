"""A scanner on a serial port: opened, listened to, and looked for again when it was pulled out.

Promises: `heard` carries a code as `Caught`; `state` is always one of `STATES`, and each has its words. One
question is in flight at a time. A reader that was ended, by a hostile picture say, is asked to open the port
anew; nothing is to be done for it.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.actions import listening
from fieldapp.actions.listening import ClosePort, Heard, NextCodes, OpenPort, PortState
from fieldapp.inspection.scan import Caught
from fieldapp.worker import Failure
from ui.jobs import REFRESH, Jobs

STATES = ("off", "connecting", "connected", "absent", "unplugged")
LISTEN_MS = 60  # between two questions: a code shows within a tenth of a second
AGAIN_MS = 2000  # between two attempts to open


class PortReader(QObject):
    """Listens to one port. `state_changed` carries the new state."""

    heard = Signal(object)
    state_changed = Signal(str)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._turn = 0  # ports so far: an answer about an earlier one counts no more
        self.port = ""
        self.state = "off"
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._go_on)

    def start(self, port: str) -> None:
        """Listen to `port` from now on; "" listens to none."""
        if port == self.port:
            return
        self.stop()
        self.port = port
        if port:
            self._become("connecting")
            self._open()

    def stop(self) -> None:
        """Let go of the port."""
        self._turn += 1
        self._pause.stop()
        if self.port:
            self._jobs.run(listening.close_port, ClosePort())
        self.port = ""
        self._become("off")

    def _become(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _go_on(self) -> None:
        if self.state == "connected":
            self._listen()
        else:
            self._open()

    def _open(self) -> None:
        turn = self._turn

        def opened(_state: PortState) -> None:
            if turn == self._turn:
                self._become("connected")
                self._listen()

        def failed(_failure: Failure) -> None:
            if turn == self._turn:
                self._become("unplugged" if self.state == "unplugged" else "absent")
                self._pause.start(AGAIN_MS)

        self._jobs.run(listening.open_port, OpenPort(name=self.port), done=opened, failed=failed)

    def _listen(self) -> None:
        turn = self._turn

        def came(heard: Heard) -> None:
            if turn == self._turn:
                self._pause.start(LISTEN_MS)
                for symbol in heard.codes:
                    self.heard.emit(Caught(symbol=symbol, source="gun", device=self.port))

        def failed(failure: Failure) -> None:
            if turn == self._turn:
                gone = failure.code == "serial-port-missing"
                self._become("unplugged" if gone else "connecting")
                self._pause.start(AGAIN_MS if gone else LISTEN_MS)

        self._jobs.run(listening.next_codes, NextCodes(), done=came, failed=failed, priority=REFRESH)
