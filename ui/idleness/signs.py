"""What the system says of the person's coming and going, whichever system it is."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject


class Signs(QObject):
    """Hands every sign to `take`. Listens from `attend` on, once there is a window of the system."""

    def __init__(self, take: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self._ears: object = None

    @property
    def heard(self) -> int:
        """Return how many kinds of signs this system lets us hear; 0 leaves the clocks alone."""
        return getattr(self._ears, "count", 0)

    def attend(self, window: int) -> None:
        """Begin to listen; `window` is the system's number of our window."""
        app = QCoreApplication.instance()
        if self._ears is not None or app is None:
            return
        if sys.platform == "win32":
            from ui.idleness.windows import Messages, subscribe

            messages = Messages()
            messages.said.away.connect(self._take)
            app.installNativeEventFilter(messages)
            subscribe(window)
            self._ears = messages
        elif sys.platform == "linux":
            from ui.idleness.logind import Logind

            logind = Logind(self)
            logind.away.connect(self._take)
            self._ears = logind
