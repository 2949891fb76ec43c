"""Words that are being typed into a long field or a form, kept in the vault a second behind the keyboard.

A lock, a crash or a power cut loses at most what was typed in that second. Coming back puts the words into
the field again; they become a record only when the person says so.
"""

import msgspec
import shiboken6
from PySide6.QtCore import QObject, QTimer

from fieldapp.actions import drafting
from fieldapp.actions.drafting import HeldWords, HoldWords
from fieldapp.worker import Failure
from ui.jobs import REFRESH
from ui.screens.screen import Screen
from ui.widgets.ask import LONGEST, Note
from ui.widgets.form import Form

BEHIND = 1000  # milliseconds
IN_A_FORM = 4000  # characters kept of one field of a form


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


class KeptForm(QObject):
    """Keeps what stands in one kind of form of an inspection until it has become a record or was given up.

    A form that a lock, a crash or Esc has closed opens again with what was typed into it.
    """

    def __init__(self, screen: Screen, form: Form, inspection: str, name: str) -> None:
        super().__init__(screen)
        self._screen, self._form = screen, form
        self._inspection, self._name = inspection, f"form:{name}"[:60]
        self._first = form.values()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(BEHIND)
        self._later.timeout.connect(self._keep)
        form.typed.connect(self._changed)
        form.left.connect(self.forget)
        form.finished.connect(lambda _how: self._keep() if self._later.isActive() else None)
        command = HeldWords(inspection=inspection, field=self._name)
        screen.run(drafting.held_words, command, self._show, priority=REFRESH)

    def forget(self) -> None:
        """What was typed is a record now, or nobody wants it."""
        self._later.stop()
        command = HoldWords(inspection=self._inspection, field=self._name, text="")
        self._screen.run(drafting.hold_words, command, priority=REFRESH)

    def _show(self, held: HeldWords) -> None:
        if held.text and shiboken6.isValid(self._form) and self._form.values() == self._first:
            self._form.put_values(msgspec.json.decode(held.text, type=dict[str, str]))

    def _changed(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def _keep(self) -> None:
        self._later.stop()
        if not shiboken6.isValid(self._form):
            return
        held = {key: value[:IN_A_FORM] for key, value in self._form.values().items() if value}
        text = msgspec.json.encode(held).decode() if held else ""
        if len(text) <= LONGEST:
            command = HoldWords(inspection=self._inspection, field=self._name, text=text)
            self._screen.run(
                drafting.hold_words, command, failed=lambda _failure: None, priority=REFRESH
            )  # told of when it is confirmed; a form in the way of its own warning helps nobody
