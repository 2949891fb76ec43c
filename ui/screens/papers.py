"""The papers of a consignment against each other, its labels, and what was weighed and read on the spot."""

from datetime import date

import msgspec
from PySide6.QtWidgets import QHBoxLayout

from fieldapp.actions import examining
from fieldapp.actions.examining import ComparePapers, Matrix, NoteFound, NotePaper
from fieldapp.consignment.document import Document, Kind
from fieldapp.consignment.statement import FIELDS, Statement
from fieldapp.inspection.comparison import disagreements
from fieldapp.inspection.inspection import Inspection
from ui.jobs import REFRESH
from ui.models.sections import PaperRows
from ui.screens.section import Section
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.picker import Picker
from ui.widgets.row_list import RowList

KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # the one list of them


class PapersScreen(Section):
    """The matrix, worst first; below, what to enter."""

    name = "papers"

    def build(self) -> None:
        """One list and two buttons."""
        self._count = Label("", "heading")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._count, 1)
        self.enter_paper = Button(self.say("papers.enter"), "file-text")
        self.enter_paper.clicked.connect(self._ask_paper)
        self.enter_found = Button(self.say("papers.found"), "plus")
        self.enter_found.clicked.connect(self._ask_found)
        row.addWidget(self.enter_paper)
        row.addWidget(self.enter_found)
        self.page.addLayout(row)
        card = Card(margin=0, spacing=0)
        self.rows = PaperRows(self.language, self)
        empty = EmptyState(self.say("papers.none"), self.say("papers.none-hint"), "file-text")
        self.list = RowList(self.say("section.papers"), self.rows, empty)
        card.body.addWidget(self.list, 1)
        self.page.addWidget(card, 1)

    def focus(self) -> None:
        """The list."""
        self.list.view.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Have the papers compared in the vault's worker; the window computes nothing."""
        self.enter_paper.setEnabled(draft)
        self.enter_found.setEnabled(draft)
        if inspection is None:
            self.rows.put(())
            self._count.setText("")
            return
        command = ComparePapers(inspection=inspection.id, revision=inspection.revision)
        self.run(examining.compare, command, self._compared, priority=REFRESH)

    def _compared(self, matrix: Matrix) -> None:
        wrong = disagreements(matrix.rows)
        self.rows.put((*wrong, *(row for row in matrix.rows if row not in wrong)))
        told = ""
        if wrong:
            told = self.say_n("papers.differ", len(wrong))
        elif any(row.standing == "agree" for row in matrix.rows):
            told = self.say("papers.agree")
        elif matrix.rows:
            told = self.say("papers.one-only")
        self._count.setText(told)

    def _ask_paper(self) -> None:
        kinds = [(kind, self.say(f"document.{kind}")) for kind in KINDS]
        Picker(self.window(), self.say("papers.which"), kinds, self.say("do.cancel")).pick(self._ask_number)

    def _ask_number(self, kind: str) -> None:
        fields = (
            self.field("number", "paper.number", required=True),
            self.field("issuer", "paper.issuer"),
            self.field("issued", "paper.issued", hint="hint.day"),
            self.field("valid_to", "paper.valid-to", hint="hint.day"),
            self.field("net", "field.net", hint="hint.weight"),
            self.field("gross", "field.gross", hint="hint.weight"),
            self.field("tare", "field.tare", hint="hint.weight"),
            self.field("consignor", "field.consignor"),
            self.field("consignee", "field.consignee"),
            self.field("container", "field.container"),
            self.field("seal", "field.seal"),
        )
        self.ask(
            "papers.enter",
            fields,
            lambda values: self._enter(kind, values),
            "papers.enter-words",
            "file-text",
        )

    def _enter(self, kind: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        says = tuple(Statement(field=field, value=values[field]) for field in FIELDS if values.get(field))
        days = {name: day(values[name]) for name in ("issued", "valid_to")}
        if any(values[name] and days[name] is None for name in days):
            self.refuse(self.say("misfit.not-a-date"))
            return
        paper = Document(
            kind=kind,  # type: ignore[arg-type]  # the picker offers just these
            number=values["number"],
            issuer=values["issuer"],
            issued=days["issued"],
            valid_to=days["valid_to"],
            says=says,
        )
        self.run(examining.note_paper, NotePaper(inspection=inspection.id, paper=paper), self.keep)

    def _ask_found(self) -> None:
        chosen = [(field, self.say(f"field.{field}")) for field in FIELDS]
        Picker(self.window(), self.say("papers.found"), chosen, self.say("do.cancel")).pick(self._ask_value)

    def _ask_value(self, field: str) -> None:
        fields = (
            self.field("value", f"field.{field}", required=True),
            self.field("line", "paper.line", hint="hint.line"),
            self.field("uncertainty", "paper.uncertainty"),
        )
        self.ask("papers.found", fields, lambda values: self._found(field, values))

    def _found(self, field: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        line = values["line"]
        command = NoteFound(
            inspection=inspection.id,
            field=field,  # type: ignore[arg-type]  # the picker offers just these
            value=values["value"],
            line=int(line) if line.isascii() and line.isdigit() else None,
            uncertainty=values["uncertainty"][:100],
        )
        self.run(examining.note_found, command, self.keep)


def day(text: str) -> date | None:
    """Read an ISO date; None where it is none."""
    try:
        return msgspec.convert(text, date)
    except msgspec.ValidationError:
        return None
