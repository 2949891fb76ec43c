"""Words that are being typed into a long field, kept in the vault a second behind the keyboard.

A lock, a crash or a power cut loses at most what was typed in that second. Coming back puts the words into
the field again; they become a record only when the person says so.
"""

from PySide6.QtCore import QObject, QTimer

from fieldapp.actions import drafting
from fieldapp.actions.drafting import HeldWords, HoldWords
from fieldapp.worker import Failure
from ui.jobs import REFRESH
from ui.screens.screen import Screen
from ui.widgets.ask import LONGEST, Note

BEHIND = 1000  # milliseconds


class KeptWords(QObject):
    """Keeps `field` of one inspection at a time."""

    def __init__(self, screen: Screen, field: Note, name: str) -> None:
        super().__init__(screen)
        self._screen, self._field, self._name = screen, field, name
        self._inspection = ""
        self._kept = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(BEHIND)
        self._later.timeout.connect(self._keep)
        field.textChanged.connect(self._changed)

    def open(self, inspection: str) -> None:
        """Keep what was typed so far, and show what was being typed in `inspection` ("" for none)."""
        if self._later.isActive():
            self._keep()
        self._inspection = ""
        self._field.clear()
        self._later.stop()
        self._inspection, self._kept = inspection, ""
        if inspection:
            command = HeldWords(inspection=inspection, field=self._name)
            self._screen.run(drafting.held_words, command, self._show, priority=REFRESH)

    def forget(self) -> None:
        """The words have become a record."""
        self._later.stop()
        self._send("")

    def _show(self, held: HeldWords) -> None:
        if held.inspection == self._inspection and held.text and not self._field.toPlainText():
            self._kept = held.text
            self._field.setPlainText(held.text)

    def _changed(self) -> None:
        if self._inspection and not self._later.isActive():
            self._later.start()  # not again with every key: a fast typist is kept up with too

    def _keep(self) -> None:
        self._later.stop()
        text = self._field.toPlainText()[:LONGEST]
        if self._inspection and text != self._kept:
            self._send(text)

    def _send(self, text: str) -> None:
        self._kept = text
        command = HoldWords(inspection=self._inspection, field=self._name, text=text)
        self._screen.run(drafting.hold_words, command, failed=self._lost, priority=REFRESH)

    def _lost(self, failure: Failure) -> None:
        """Not kept: say so, and try again with the next key."""
        self._kept = ""
        self._screen.complain(failure)
