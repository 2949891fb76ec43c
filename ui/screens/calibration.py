"""Calibration of a scanner that types: a known code on the screen, scanned, tells what each key stands for.

Promises: what was typed here becomes a map only where the code came whole and Caps Lock was off; the advice
is in plain words. Refuses: to keep a map made under Caps Lock, which would turn later codes wrong in silence.
"""

import contextlib
from itertools import count

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout

from fieldapp.actions import filming
from fieldapp.actions.filming import DrawCode, DrawnCode
from fieldapp.scan.calibration import CODE, KeyboardMap, calibrate
from fieldapp.scan.wedge import TypedCode
from fieldapp.settings import Scanner, Settings
from ui.screens.screen import Screen
from ui.wedge import Wedge
from ui.widgets.buttons import Button
from ui.widgets.card import Clear, clear
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.mark import Mark

SCALE = 6  # pixels a module: 50 modules and the quiet zone fit the lowest window
LONGEST_NAME = 40  # characters
REFUSED = frozenset({"not-the-code", "caps-lock"})
GOOD = frozenset({"layout-fits"})
PLAIN = frozenset({"layout-fits", "no-separator"})  # nothing to turn back


def judged(code: TypedCode) -> tuple[KeyboardMap, tuple[str, ...]]:
    """Return the map made from what was typed, and the advice; Caps Lock is known from Shift as well."""
    keyboard = calibrate(code.typed)
    advice: tuple[str, ...] = keyboard.advice
    if code.caps_lock and "not-the-code" not in advice:
        advice = ("caps-lock", *(each for each in advice if not each.startswith(("layout", "caps"))))
    return keyboard, advice


class Calibration(QDialog):
    """`mapped` carries the `Scanner` to keep, and the name it had a moment ago, "" when it is new."""

    mapped = Signal(object, str)

    def __init__(self, screen: Screen, settings: Settings) -> None:
        super().__init__(screen.window())
        self._say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self._say("calibration.title"))
        self.setModal(True)
        self.setMinimumWidth(760)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.wedge = Wedge(settings.wedge_ms, self)
        self.wedge.calibrating = True
        self.wedge.typed.connect(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(Label(self._say("calibration.title"), "heading"))
        self._kept: Scanner | None = None
        row = QHBoxLayout()
        row.setSpacing(20)
        self.picture = QLabel()
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setFixedSize(SCALE * 54, SCALE * 54)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(self._say("calibration.code"))
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        right = Clear(row=False, spacing=10)
        right.body.addWidget(Label(self._say("calibration.steps"), "body", wrap=True))
        right.body.addWidget(Label(self._say("calibration.name"), "strong"))
        self.name = Field(self._say("calibration.name"))
        self.name.setMaxLength(LONGEST_NAME)
        self._free = free_name(settings, self._say("calibration.scanner"))
        self.name.setText(self._free)
        self.name.editingFinished.connect(self._rename)
        right.body.addWidget(self.name)
        self.advice = Clear(row=False, spacing=10)
        right.body.addWidget(self.advice)
        right.body.addStretch(1)
        row.addWidget(right, 1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        self.close_button = Button(self._say("do.close"))
        self.close_button.clicked.connect(self.reject)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column.addLayout(buttons)
        self.words: tuple[str, ...] = ()
        self._show(("waiting",))
        screen.run(filming.draw_code, DrawCode(text=CODE, scale=SCALE), self._draw)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to the keys of this dialog; no button has the cursor, so that a slow gun presses none."""
        super().showEvent(event)
        self.setFocus()
        handle = self.windowHandle()
        if handle is not None:
            self.wedge.watch(handle)

    def _draw(self, drawn: DrawnCode) -> None:
        with contextlib.suppress(RuntimeError):  # the dialog may be gone
            code = QPixmap()
            code.loadFromData(drawn.png, "PNG")
            paper = QPixmap(self.picture.size())
            paper.fill(Qt.GlobalColor.white)  # a wide quiet zone, in the dark theme too
            painter = QPainter(paper)
            painter.drawPixmap(
                (paper.width() - code.width()) // 2, (paper.height() - code.height()) // 2, code
            )
            painter.end()
            self.picture.setPixmap(paper)

    def take(self, code: TypedCode) -> None:
        """Judge what the gun typed; keep the map where it can be relied on."""
        keyboard, advice = judged(code)
        self._show(advice)
        if not REFUSED & set(advice):
            origins = {} if set(advice) <= PLAIN else keyboard.origins
            self._keep(Scanner(name=self._typed_name(), keyboard=origins, device=self.wedge.device))

    def _keep(self, scanner: Scanner) -> None:
        before, self._kept = self._kept, scanner
        self.mapped.emit(scanner, before.name if before is not None else "")

    def _rename(self) -> None:
        """The name may be written before the scan or after it."""
        if self._kept is not None and self._kept.name != self._typed_name():
            self._keep(msgspec.structs.replace(self._kept, name=self._typed_name()))

    def _typed_name(self) -> str:
        return self.name.text().strip() or self._free

    def _show(self, advice: tuple[str, ...]) -> None:
        clear(self.advice.body)
        self.words = tuple(self._say(f"calibration.advice.{each}") for each in advice)
        for each, words in zip(advice, self.words, strict=True):
            row = Clear()
            icon, tone = _mark(each)
            row.body.addWidget(Mark(icon, tone, 24), 0, Qt.AlignmentFlag.AlignTop)
            row.body.addWidget(Label(words, "strong", wrap=True), 1)
            self.advice.body.addWidget(row)


def free_name(settings: Settings, word: str) -> str:
    """Return "Scanner 1", or the next number that no kept scanner has."""
    taken = {each.name for each in settings.scanners}
    return next(name for number in count(1) if (name := f"{word} {number}") not in taken)


def _mark(advice: str) -> tuple[str, str]:
    if advice in GOOD:
        return "circle-check", "no_match"
    if advice in ("waiting", "layout-differs", "dead-keys"):
        return "info", "accent"
    return "triangle-alert", "check"
