"""A scanner gun that types: its bursts become codes and never reach the field that has the cursor.

A key is first an event of the system's window: a filter there sees it before any field, and sees nothing
else. `fieldapp.scan.wedge` says what is a burst; this adapter holds printable keys until it is known, and
gives back, in order, what was a person's. Times are the system's (`QInputEvent.timestamp`): a busy window
drains its queue in microseconds and would take typing for a gun. With a calibrated scanner, what was typed is
turned back into what was read; where that is not certain the code goes on as unconfirmed. Which scanner it
is, the system says where it tells keyboards apart; elsewhere it is the one chosen in the settings.
"""

import msgspec
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputDevice, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from fieldapp.inspection.scan import Caught
from fieldapp.scan import aim, calibration, wedge
from fieldapp.scan.symbol import Symbol
from fieldapp.settings import Scanner

_NAMES: dict[int, str] = {
    Qt.Key.Key_Return: "return", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Tab: "tab", Qt.Key.Key_F8: "f8",
    Qt.Key.Key_Shift: "shift", Qt.Key.Key_Control: "control", Qt.Key.Key_Alt: "alt",
    Qt.Key.Key_AltGr: "altgr", Qt.Key.Key_Meta: "meta", Qt.Key.Key_CapsLock: "capslock",
    Qt.Key.Key_NumLock: "numlock",
}  # fmt: skip
_MODIFIERS = ("shift", "control", "alt", "altgr", "meta", "capslock", "numlock")
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
AS_TYPED = Scanner(name="")


class Wedge(QObject):
    """`scanned` carries a code as `Caught`. Deaf until given a window with `watch`, and while not `enabled`.

    While `calibrating`, the raw `TypedCode` comes as `typed` and no symbol is made of it.
    """

    scanned = Signal(object)
    typed = Signal(object)

    def __init__(self, gap_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.enabled = True
        self.calibrating = False
        self._scanners: tuple[Scanner, ...] = ()
        self._chosen = ""
        self._scanner = AS_TYPED
        self.device = ""  # the keyboard that typed last, where the system names it
        self._machine = wedge.Wedge()
        self.set_gap(gap_ms)
        self._window: QWindow | None = None
        self._held: list[QKeyEvent] = []
        self._replaying = False
        self._releases = 0  # of keys that were swallowed
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._fell_silent)
        self._clock = QElapsedTimer()
        self._clock.start()

    def set_gap(self, gap_ms: int) -> None:
        """Set the longest median time between two keys of a scanner, in milliseconds."""
        self._machine.profile = wedge.Profile(gap_ms=gap_ms)

    def set_scanners(self, scanners: tuple[Scanner, ...], chosen: str) -> None:
        """Take the calibrated scanners and the name of the one in use; "" takes keys as they are."""
        self._scanners, self._chosen = scanners, chosen
        self._scanner = self._of_device("")

    def _of_device(self, device: str) -> Scanner:
        """Return the scanner that the system's keyboard `device` is, or else the chosen one."""
        known = (each for each in self._scanners if device and each.device == device)
        chosen = (each for each in self._scanners if each.name == self._chosen)
        return next(known, None) or next(chosen, None) or AS_TYPED

    def watch(self, window: QWindow) -> None:
        """Listen to the keys of `window`; a dialog is a window of its own and keeps its keys."""
        self._window = window
        window.removeEventFilter(self)  # a window may be shown more than once
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold, pass on, or take the key."""
        if self._replaying or not self.enabled or watched is not self._window:
            return False
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(event)
        return event.type() == QEvent.Type.KeyPress and self._press(event)

    def _release(self, event: QKeyEvent) -> bool:
        if self._held and not _is_modifier(event):
            self._held.append(event.clone())
            return True
        if self._releases and not _is_modifier(event):
            self._releases -= 1
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        if not self._machine.in_burst and not self._held:
            self.device = _named(event)
            self._scanner = self._of_device(self.device)
        stroke = self._stroke(event)
        begun = self._machine.in_burst or bool(self._held)
        dead = stroke.text == calibration.NOTHING
        plain = dead or (
            stroke.text.isprintable() and not event.modifiers() & _COMMANDS and stroke.text != ""
        )
        if not begun and not plain:
            return False  # a shortcut or a lone Enter is a person's
        step = self._machine.feed(stroke)
        if step.retract:
            self._retract(step.retract)
        if step.replay:
            self._type(step.replay)
        if step.code is not None:
            self._swallow(event)
            self._tell(step.code)
            return True
        if step.swallow and not (dead and not self._machine.in_burst):
            self._swallow(event)
            self._silence.start(
                round(max(self._machine.profile.end_ms, 2 * self._machine.profile.gap_ms)) + 5
            )
            return True
        if _is_modifier(event):
            return False
        if plain:
            self._held.append(event.clone())
            self._silence.start(round(self._machine.profile.gap_ms))
            return True
        self._give_back()
        return False

    def _stroke(self, event: QKeyEvent) -> wedge.Keystroke:
        name = _NAMES.get(event.key(), chr(event.key()).lower() if 0x20 < event.key() < 0x7F else "")
        modifiers = event.modifiers()
        text = event.text() if name not in ("return", "enter", "tab") else ""
        if not text and (self.calibrating or self._scanner.keyboard) and _gives_nothing(event, name):
            text = calibration.NOTHING
        return wedge.Keystroke(
            text=text,
            key=name,
            control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            at=float(event.timestamp() or self._clock.elapsed()),
        )

    def _swallow(self, event: QKeyEvent) -> None:
        if not _is_modifier(event):
            self._releases += 1

    def _retract(self, count: int) -> None:
        """Forget what is held; take back from the field what had already been given."""
        presses = sum(each.type() == QEvent.Type.KeyPress for each in self._held)
        self._releases += 2 * presses - len(self._held)  # whose releases are still to come
        self._held = []
        if count > presses and isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):
            none = Qt.KeyboardModifier.NoModifier
            for _ in range(count - presses):
                self._send(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, none))

    def _fell_silent(self) -> None:
        if not self._machine.in_burst:
            self._give_back()
            return
        step = self._machine.idle(float("inf"))
        if step.replay:
            self._type(step.replay)
        if step.code is not None:
            self._tell(step.code)

    def _tell(self, code: wedge.TypedCode) -> None:
        if self.calibrating:
            self.typed.emit(code)
        else:
            self.scanned.emit(caught(code, self._scanner, self._machine.profile))

    def _give_back(self) -> None:
        """Send what is held to the window after all, in order."""
        self._silence.stop()
        held, self._held = self._held, []
        for each in held:
            self._send(each)

    def _type(self, text: str) -> None:
        for mark in text.replace(calibration.NOTHING, ""):
            self._send(QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, mark))

    def _send(self, event: QKeyEvent) -> None:
        if self._window is None:
            return
        self._replaying = True
        try:
            QCoreApplication.sendEvent(self._window, event)
        finally:
            self._replaying = False


def caught(code: wedge.TypedCode, scanner: Scanner, profile: wedge.Profile) -> Caught:
    """Return what a scanner read, with what was noticed about how it came."""
    symbol = read_back(code, calibration.KeyboardMap(origins=scanner.keyboard), profile)
    noticed = {
        "caps-lock": code.caps_lock,
        "keys-turned-back": bool(scanner.keyboard),
        "keys-unsure": not symbol.confirmed,
    }
    return Caught(
        symbol=symbol,
        source="gun",
        device=scanner.name,
        typed=code.typed.encode("utf-8").hex() if scanner.keyboard or code.caps_lock else "",
        anomalies=tuple(name for name, true in noticed.items() if true),
    )


def read_back(code: wedge.TypedCode, keyboard: calibration.KeyboardMap, profile: wedge.Profile) -> Symbol:
    """Return what a calibrated scanner read; unconfirmed where a key may stand for two characters.

    Caps Lock changes more than letters on some layouts, so that under it nothing is certain; nor is it where
    the symbology came readable and the map makes nonsense of it: the layout was changed since.
    """
    if not keyboard.origins:
        return wedge.as_symbol(code)
    restored = calibration.restore(keyboard, code.typed.swapcase() if code.caps_lock else code.typed)
    changed = aim.is_prefix(code.typed) and not aim.is_prefix(restored.text)
    symbol = wedge.as_symbol(wedge.put_right(restored.text, profile, gap_ms=code.gap_ms))
    return msgspec.structs.replace(symbol, confirmed=restored.sure and not code.caps_lock and not changed)


def _named(event: QKeyEvent) -> str:
    """Return the name of the keyboard, "" where the system has one for all."""
    device = event.device()
    return "" if device.systemId() == QInputDevice.primaryKeyboard().systemId() else device.name()


def _gives_nothing(event: QKeyEvent, name: str) -> bool:
    """Say whether a key stands for a character that has not come: a dead key, a control without one."""
    dead = Qt.Key.Key_Dead_Grave <= event.key() <= Qt.Key.Key_Dead_Longsolidusoverlay
    controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return dead or (controlled and len(name) == 1 and not "@" <= name.upper() <= "_")


def _is_modifier(event: QKeyEvent) -> bool:
    return _NAMES.get(event.key()) in _MODIFIERS
