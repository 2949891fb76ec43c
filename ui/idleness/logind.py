"""Signs of the Linux desktop: sleep and locked sessions from logind, locked screens from the desktop.

Hears over D-Bus `PrepareForSleep` (before and after a sleep; a lid and a power key end there too) and `Lock`
of org.freedesktop.login1, and `ActiveChanged` of the screen savers. Refuses to ask or to hold anything up: a
bus that is not there leaves the clocks of `ui.idleness` alone.
"""

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

LOGIND = "org.freedesktop.login1"
SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
SYSTEM = ((f"{LOGIND}.Manager", "PrepareForSleep"), (f"{LOGIND}.Session", "Lock"))
SESSION = tuple((saver, "ActiveChanged") for saver in SAVERS)

_HEARD = SLOT("heard(QDBusMessage)")


class Logind(QObject):
    """`away` carries sleep, resume or locked."""

    away = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        system: QDBusConnection | None = None,
        session: QDBusConnection | None = None,
    ) -> None:
        super().__init__(parent)
        self._buses = (
            (system or QDBusConnection.systemBus(), SYSTEM),
            (session or QDBusConnection.sessionBus(), SESSION),
        )
        self.hears = [
            bus.connect("", "", interface, name, self, _HEARD)  # type: ignore[call-overload]  # the stub wants bytes
            for bus, signals in self._buses
            for interface, name in signals
            if bus.isConnected()
        ]

    @property
    def count(self) -> int:
        """Return how many signals of the two buses are heard."""
        return sum(map(bool, self.hears))

    @Slot(QDBusMessage)
    def heard(self, message: QDBusMessage) -> None:
        """Pass on what a signal means. Another session's `Lock` locks too: that costs one passphrase."""
        sign = meaning(message.member(), message.arguments())
        if sign:
            self.away.emit(sign)


def meaning(member: str, arguments: list[object]) -> str:
    """Return what a signal says: sleep, resume, locked, or "" for nothing that matters here."""
    told = bool(arguments) and arguments[0] is True
    if member == "PrepareForSleep":
        return "sleep" if told else "resume"
    return "locked" if member == "Lock" or (member == "ActiveChanged" and told) else ""
