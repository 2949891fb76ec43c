"""Keys as a scanner gun sends them, with the system's own times; and a foreign keyboard layout."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

from fieldapp.scan.calibration import GS, NOTHING

NONE = Qt.KeyboardModifier.NoModifier
# Y and Z change places, the hyphen is a letter of its own, the accent key is dead, GS comes as another key.
LAYOUT = {
    "y": "z", "z": "y", "Y": "Z", "Z": "Y", "-": "ß", "/": "-", "=": NOTHING + "´", "]": "+", "+": "*",
    "*": "#", "#": "]", GS: "\x1b",
}  # fmt: skip


def under(text: str, layout: dict[str, str]) -> str:
    """What the keys give under `layout`; a dead key takes the space after it to show its accent."""
    out, place = "", 0
    while place < len(text):
        token = layout.get(text[place], text[place])
        out += token
        place += 1 + (len(token) == 2 and text[place + 1 : place + 2] == " ")
    return out


def type_on(
    window: QWindow | None, given: str, *, caps: bool = False, start: int = 10_000, gap: int = 5
) -> None:
    """Send what a gun's keys give, one every `gap` milliseconds, then Enter."""
    assert window is not None
    for number, mark in enumerate([*given, "\r"]):
        key, text, modifiers = (ord(mark.upper()[0]), mark, NONE)
        if mark == "\r":
            key = Qt.Key.Key_Return
        elif mark == NOTHING:
            key, text = Qt.Key.Key_Dead_Acute, ""
        elif mark < " ":
            key, modifiers = ord(mark) + 64, Qt.KeyboardModifier.ControlModifier
        elif mark.isupper() != caps:
            modifiers = Qt.KeyboardModifier.ShiftModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text)
            event.setTimestamp(start + gap * number)
            QCoreApplication.sendEvent(window, event)
