"""Taking inspections out of the list: a sheet, whole inspections, events, reports as files or on paper.

Promises: what goes out is what was chosen, or all that the words and filters list; the ledger says so. Of
many reports, one that cannot be made stops no other, and is named at the end.
"""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtPrintSupport import QPrinter

from fieldapp.actions import exporting
from fieldapp.actions.exporting import ExportedInspections, ExportInspections
from fieldapp.actions.opening import InspectionRow, ListInspections
from fieldapp.report.paper import Language
from fieldapp.worker import Failure
from ui import alerts
from ui.screens import files, making, printing
from ui.screens.making import Line
from ui.screens.screen import Screen
from ui.widgets.picker import Picker

FORMS = (("csv", "csv"), ("json", "json"), ("epcis", "jsonld"))  # and the suffix of its file
Rows = Sequence[InspectionRow]


class Outgoing:
    """Asks, takes out, and says on `screen` what became of it."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def ask(self, asked: ListInspections, listed: Rows, chosen: Rows, count: str) -> None:
        """Ask what goes out: the rows `chosen`, or all that `asked` lists, `count` in words."""
        say = self._screen.say
        several = self._screen.say_n("export.chosen", len(chosen))
        wholes = [("chosen", several)] if chosen else []
        options = [
            (f"{whole}:{form}", f"{say(f'export.{form}')}: {told}")
            for whole, told in (*wholes, ("all", say("export.all", count=count)))
            for form, _suffix in FORMS
        ]
        sealed = [row for row in (chosen or listed) if row.state != "draft" or row.revision > 1]
        if sealed:
            told = several if chosen else say("export.all", count=len(sealed))
            options += [
                (f"sealed:{form}", f"{say(f'export.{form}')}: {told}") for form in ("reports", "paper")
            ]
        Picker(self._screen.window(), say("export.title"), options, say("do.cancel")).pick(
            lambda picked: self._take(picked, asked, chosen, sealed)
        )

    def _take(self, picked: str, asked: ListInspections, chosen: Rows, sealed: Rows) -> None:
        whole, _, form = picked.partition(":")
        if form == "reports":
            files.choose_folder(
                self._screen, self._screen.say("export.reports"), lambda folder: self.save(sealed, folder)
            )
        elif form == "paper":
            printing.ask(self._screen, lambda printer: self.print(sealed, printer))
        else:
            command = ExportInspections(
                path="",
                form=form,  # type: ignore[arg-type]  # the picker offers just these
                chosen=tuple(row.id for row in chosen) if whole == "chosen" else (),
                text=asked.text,
                wanted=asked.wanted,
                language=self._screen.language,
            )
            files.choose_new(
                self._screen,
                self._screen.say("export.title"),
                f"inspections.{dict(FORMS)[form]}",
                lambda path: self.write(msgspec.structs.replace(command, path=path)),
            )

    def write(self, command: ExportInspections) -> None:
        """Have the file written, and say so."""
        self._screen.run(
            exporting.export_inspections, command, lambda done: self._written(done, command.path)
        )

    def _written(self, done: ExportedInspections, path: str) -> None:
        told = self._screen.say_n("export.done", done.count, file=Path(path).name)
        if done.left_out:
            told += " " + self._screen.say_n("export.left-out", done.left_out)
        self._screen.note(told, self._screen.say("export.noted", sha256=done.sha256[:16]))

    # Reports

    def save(self, rows: Rows, folder: str) -> None:
        """Make, sign and write the report of each row into `folder`."""
        batch = making.Batch(self._screen, folder, self._language, "full", self._step, self._told)
        batch.save([(row.id, row.number, 0) for row in rows])

    def print(self, rows: Rows, printer: QPrinter) -> None:
        """Print the report of each row, one after the other, in one go."""
        sheets, lines = printing.Sheets(self._screen, printer), list[Line]()
        waiting = deque(rows)

        def on(line: Line | None = None) -> None:
            if line is not None:
                lines.append(line)
                self._step(len(lines), len(rows), line)
            if not waiting:
                sheets.end()
                self._told(lines)
                return
            row = waiting.popleft()
            failed = lambda failure: on(Line(number=row.number, why=self._why(failure)))  # noqa: E731
            printed = lambda: on(Line(number=row.number))  # noqa: E731
            making.make(
                self._screen, (row.id, 0), self._language, "full",
                lambda made: sheets.put(made.rendered.pdf, printed, failed), failed,
            )  # fmt: skip

        on()

    @property
    def _language(self) -> Language:
        return "hi" if self._screen.language == "hi" else "en"

    def _why(self, failure: Failure) -> str:
        return alerts.explain(failure, self._screen.language).sentence

    def _step(self, done: int, of: int, line: Line) -> None:
        self._screen.note(self._screen.say("export.step", done=done, of=of), line.number)

    def _told(self, lines: Sequence[Line]) -> None:
        failed = [line for line in lines if line.why]
        made = len(lines) - len(failed)
        told = self._screen.say_n("export.made", made)
        if failed:
            named = " · ".join(f"{line.number}: {line.why}" for line in failed[:5])
            self._screen.banner.show_alert(
                f"{told} {self._screen.say_n('export.failed', len(failed))}", named, "warn"
            )
        else:
            self._screen.note(told)
