"""The desk: what lies open in the window. The unlocked vault's face, one inspection, the last outbox.

Screens read it and put back what an action returned; it asks nobody and keeps nothing after a lock.
"""

from PySide6.QtCore import QObject, Signal

from fieldapp.actions.exchanging import OutboxState
from fieldapp.actions.provisioning import Unlocked
from fieldapp.inspection.inspection import Inspection


class Desk(QObject):
    """Holds frozen values and says when one was replaced."""

    session_changed = Signal()
    inspection_changed = Signal()
    outbox_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Unlocked | None = None
        self.inspection: Inspection | None = None
        self.outbox: OutboxState | None = None
        self.offline = False
        self.story = ""  # the inspection whose story is told

    def put_session(self, session: Unlocked | None) -> None:
        """Lay down who is here."""
        self.session = session
        self.session_changed.emit()

    def put_inspection(self, inspection: Inspection | None) -> None:
        """Lay down the inspection that is worked on."""
        self.inspection = inspection
        self.inspection_changed.emit()

    def put_outbox(self, outbox: OutboxState | None, *, offline: bool | None = None) -> None:
        """Lay down what waits; `offline` says how the last talk with headquarters went."""
        self.outbox = outbox
        if offline is not None:
            self.offline = offline
        self.outbox_changed.emit()

    def clear(self) -> None:
        """Forget everything."""
        self.story = ""
        self.put_inspection(None)
        self.put_outbox(None, offline=False)
        self.put_session(None)
