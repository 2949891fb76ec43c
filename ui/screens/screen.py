"""What all screens share: the way to the actions, the words, the banner, and reading again when stale."""

from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp import text
from fieldapp.worker import Failure, Progress
from ui import alerts
from ui.jobs import PERSON, Jobs
from ui.models.desk import Desk
from ui.widgets.ask import Ask
from ui.widgets.banner import Banner
from ui.widgets.label import Label

C = TypeVar("C")
R = TypeVar("R")


class Screen(QWidget):
    """A page with a banner on top. `nouns` says which changes make it stale; `go` asks for another screen."""

    go = Signal(str)
    nouns: frozenset[str] = frozenset()

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self.jobs, self.desk, self.language = jobs, desk, language
        self.stale = True
        self.page = QVBoxLayout(self)
        self.page.setContentsMargins(16, 16, 16, 16)
        self.page.setSpacing(12)
        self.banner = Banner(self.say("do.close"))
        self.page.addWidget(self.banner)
        jobs.changed.connect(self._note_change)

    def say(self, key: str, **facts: object) -> str:
        """Return the words of `key` in the window's language."""
        return text.say(key, self.language, **facts)

    def say_n(self, key: str, count: int, **facts: object) -> str:
        """Return the words of `key` for `count`."""
        return text.say_n(key, self.language, count, **facts)

    def title(self, words: str) -> QHBoxLayout:
        """Put a heading on the page and return its row, for buttons at its end."""
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(words, "title"))
        row.addStretch(1)
        self.page.addLayout(row)
        return row

    def run(
        self,
        action: Callable[[Any, C], R],
        command: C,
        done: Callable[[R], object] | None = None,
        failed: Callable[[Failure], object] | None = None,
        priority: int = PERSON,
        progress: Callable[[Progress], object] | None = None,
    ) -> None:
        """Run an action; a failure nobody takes is shown in the banner."""
        self.jobs.run(
            action,
            command,
            done=self._while_here(done),
            failed=self._while_here(failed or self.complain),
            progress=self._while_here(progress),
            priority=priority,
        )

    def _while_here(self, then: Callable[[R], object] | None) -> Callable[[R], object] | None:
        """Return `then`, deaf once this screen is gone: a lock takes screens away while a reader reads."""
        if then is None:
            return None
        return lambda value: then(value) if shiboken6.isValid(self) else None

    def complain(self, failure: Failure) -> None:
        """Show what went wrong; a thing of trust stops everything with a dialog."""
        alerts.keep_trace(failure)
        alert = alerts.explain(failure, self.language)
        self.banner.show_alert(alert.title, alert.sentence, alert.tone)
        if alert.stop:
            Ask(
                self.window(), title=alert.title, words=alert.sentence, yes=self.say("do.understood"), no="",
                icon="octagon-x", danger=True,
            ).open()  # fmt: skip

    def note(self, title: str, sentence: str = "") -> None:
        """Say that something was done. Only ever called with an action's answer in hand."""
        self.banner.show_alert(title, sentence, "note")

    def take_code(self, _code: str) -> bool:
        """Take a code that a scanner sent while this screen is in front; False leaves it to the station."""
        return False

    def enter(self) -> None:
        """Come to the front: read again if something changed, and put the cursor where it belongs."""
        if self.banner.tone == "note":
            self.banner.hide()  # what was done then is not news now
        if self.stale:
            self.stale = False
            self.reload()
        self.focus()

    def reload(self) -> None:
        """Ask the actions for what is shown."""

    def focus(self) -> None:
        """Put the cursor on the first thing to do."""

    def _note_change(self, nouns: frozenset[str]) -> None:
        if nouns & self.nouns:
            self.stale = True
            if self.isVisible():
                self.stale = False
                self.reload()


def close_dialogs() -> None:
    """Reject every open dialog: what was typed there and not confirmed is gone."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()
