"""Signs of Windows: session locked or left, going to sleep, waking, shutting down, from its messages.

Numbers and layouts are those of Microsoft's winuser.h and wtsapi32.h. Cannot be run on other systems; the
reading of the messages is the same everywhere and tested with messages made by hand.
"""

import ctypes
import ctypes.wintypes
import sys

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject, Signal

WM_ENDSESSION, WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0016, 0x0218, 0x02B1
_SESSION = {0x2: "left", 0x4: "left", 0x6: "left", 0x7: "locked"}  # WTS_*_DISCONNECT, LOGOFF, LOCK
_POWER = {0x4: "sleep", 0x7: "resume", 0x12: "resume"}  # PBT_APM*
NOTIFY_FOR_THIS_SESSION = 0
_KINDS = (b"windows_generic_MSG", b"windows_dispatcher_MSG")


def meaning(message: int, wparam: int) -> str:
    """Return what a window message says: locked, left, sleep, resume, or "" for nothing that matters."""
    if message == WM_WTSSESSION_CHANGE:
        return _SESSION.get(wparam, "")
    if message == WM_POWERBROADCAST:
        return _POWER.get(wparam, "")
    return "left" if message == WM_ENDSESSION and wparam else ""


class _Said(QObject):
    away = Signal(str)


class Messages(QAbstractNativeEventFilter):
    """Reads the messages of our windows and takes none away. `said.away` carries what they mean."""

    def __init__(self) -> None:
        super().__init__()
        self.said = _Said()
        self.count = len(_SESSION) + len(_POWER) + 1

    def nativeEventFilter(
        self,
        kind: QByteArray | bytes | bytearray | memoryview,
        address: int,
    ) -> tuple[bool, int]:
        """Look at one message."""
        if bytes(kind.data() if isinstance(kind, QByteArray) else kind) in _KINDS:
            message = ctypes.wintypes.MSG.from_address(int(address))
            sign = meaning(message.message, message.wParam)
            if sign:
                self.said.away.emit(sign)
        return False, 0


def subscribe(window: int) -> bool:
    """Have Windows tell the window (its handle) when the session is locked; False elsewhere."""
    if sys.platform != "win32":
        return False
    return bool(ctypes.WinDLL("wtsapi32").WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION))
