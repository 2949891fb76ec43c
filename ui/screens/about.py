"""About and diagnostics: what this program is, how it stands, and a report to copy.

The report names versions, numbers and states; it holds no name, no number of an inspection, nothing scanned.
"""

import platform
import sys

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

import fieldapp
from fieldapp import clock, paths
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.label import Label


class AboutScreen(Screen):
    """Words on top, the report below."""

    nouns = frozenset({"session", "outbox"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        head = self.title(self.say("about.title"))
        self.back = Button(self.say("about.settings"), "settings")
        self.back.clicked.connect(lambda: self.go.emit("settings"))
        head.addWidget(self.back)
        words = Card(spacing=6)
        words.body.addWidget(Label(self.say("about.name", version=fieldapp.__version__), "heading"))
        words.body.addWidget(Label(self.say("about.words"), "body", wrap=True))
        words.body.addWidget(Label(self.say("about.licences"), "muted", wrap=True))
        self.page.addWidget(words)
        card = Card(spacing=10)
        card.body.addWidget(Label(self.say("about.diagnostics"), "heading"))
        card.body.addWidget(Label(self.say("about.diagnostics-words"), "muted", wrap=True))
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setAccessibleName(self.say("about.diagnostics"))
        card.body.addWidget(self.report, 1)
        self.copy = Button(self.say("about.copy"), "copy", "primary-small")
        self.copy.clicked.connect(self._copy)
        card.body.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.page.addWidget(card, 1)

    def focus(self) -> None:
        """The button that copies."""
        self.copy.setFocus()

    def enter(self) -> None:
        """Write the report anew each time."""
        self.reload()
        self.focus()

    def reload(self) -> None:
        """Write the report."""
        self.report.setPlainText("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return the lines of the report."""
        session, outbox = self.desk.session, self.desk.outbox
        crashes = len(list(paths.crash().glob("*.txt"))) if paths.crash().is_dir() else 0
        python, qt = platform.python_version(), f"Qt {qVersion()} PySide {PySide6.__version__}"
        system = f"{platform.system()} {platform.release()} {platform.machine()}"
        lines = [
            f"fieldapp {fieldapp.__version__}, python {python}, {qt}",
            f"system {system}, frozen {hasattr(sys, 'frozen')}",
            f"at {clock.now().isoformat()}",
            "workers " + ", ".join(f"{room} {state}" for room, state in self.jobs.states().items()),
            f"crash files {crashes}",
        ]
        if session is not None:
            used = session.watchlist
            issued = used.issued.isoformat() if used.issued else "never"
            lines.append(f"enrolled {session.enrolled}, practice {session.practice}")
            lines.append(f"policy {session.policy.number}, clock suspect {session.clock_suspect}")
            lines.append(f"watchlist {used.number} issued {issued} entries {used.entries}")
        if outbox is not None:
            refused = sum(row.state == "refused" for row in outbox.rows)
            lines.append(f"outbox {len(outbox.rows)} records, {outbox.waiting} waiting, {refused} refused")
            lines.append(f"ledger {outbox.head.seq}, witnessed {outbox.sync.witnessed.seq}")
        return lines

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.report.toPlainText())
        self.note(self.say("about.copied"))
