"""The papers of a consignment against each other, its labels, and what was weighed and read on the spot.

A code on a paper, scanned or typed, begins that paper's entry. Below the matrix stands what is left of the
papers that sanction an amount.
"""

from datetime import date

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from fieldapp import clock
from fieldapp.actions import examining, sanctioning
from fieldapp.actions.examining import ComparePapers, Matrix, NoteFound, NotePaper
from fieldapp.actions.sanctioning import Balances, ShowBalances
from fieldapp.consignment import papercode, quantity
from fieldapp.consignment.document import Document, Kind
from fieldapp.consignment.papercode import PaperCode
from fieldapp.consignment.statement import FIELDS, Statement
from fieldapp.inspection.comparison import disagreements
from fieldapp.inspection.inspection import Inspection
from ui.jobs import REFRESH
from ui.models.naming import in_both
from ui.models.sections import BalanceRows, PaperRows
from ui.screens.section import Section
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.picker import Picker
from ui.widgets.row_list import RowList

SANCTIONING = frozenset({"export_noc", "cbn_noc", "pen", "pen_light", "dea_486"})  # they allow an amount
MOST_KILOGRAMS = 1_000_000_000
_ENTERED = ("net", "gross", "tare", "consignor", "consignee", "container", "seal", "hs", "value")
_WEIGHED = frozenset({"net", "gross", "tare"})
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # the one list of them


class PapersScreen(Section):
    """The matrix, worst first; below, what to enter."""

    name = "papers"

    def build(self) -> None:
        """One list and two buttons."""
        self._count = Label("", "heading", wrap=True)
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
        self.code = QLineEdit()
        self.code.setAccessibleName(self.say("papers.code"))
        self.code.setPlaceholderText(self.say("papers.code"))
        self.code.setMaxLength(papercode.LONGEST)
        self.code.returnPressed.connect(self._typed_code)
        self.page.addWidget(self.code)
        card = Card(margin=0, spacing=0)
        self.rows = PaperRows(self.language, self)
        empty = EmptyState(self.say("papers.none"), self.say("papers.none-hint"), "file-text")
        self.list = RowList(self.say("section.papers"), self.rows, empty)
        card.body.addWidget(self.list, 1)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(card, 3)
        self.balances = BalanceRows(self.language, self)
        self._balance_card = Card(margin=0, spacing=0)
        heading = Label(self.say("balance.title"), "heading")
        heading.setContentsMargins(16, 10, 12, 8)
        self._balance_card.body.addWidget(heading)
        self.balance_list = RowList(self.say("balance.title"), self.balances, EmptyState())
        self._balance_card.body.addWidget(self.balance_list, 1)
        column.addWidget(self._balance_card, 1)
        self._balance_card.hide()
        self.page.addLayout(column, 1)

    def focus(self) -> None:
        """The list."""
        self.list.view.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Have the papers compared in the vault's worker; the window computes nothing."""
        self.enter_paper.setEnabled(draft)
        self.enter_found.setEnabled(draft)
        self.code.setEnabled(draft)
        if inspection is None:
            self.rows.put(())
            self._show_balances(None)
            self._count.setText("")
            return
        command = ComparePapers(inspection=inspection.id, revision=inspection.revision)
        self.run(examining.compare, command, self._compared, priority=REFRESH)
        wanted = ShowBalances(inspection=inspection.id, revision=inspection.revision)
        self.run(sanctioning.show_balances, wanted, self._show_balances, priority=REFRESH)

    def _show_balances(self, found: Balances | None) -> None:
        rows = found.rows if found is not None else ()
        self.balances.put(rows)
        self._balance_card.setVisible(bool(rows))

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

    def take_code(self, code: str) -> bool:
        """Begin the entry of the paper whose code a scanner read; goods are scanned on the scan station."""
        today = clock.now().astimezone().date()
        if not self.code.isEnabled() or papercode.names_goods(code, today):
            return False
        read = papercode.read(code, today)
        if read is not None:
            self._begin(read, code)
        return read is not None

    def _typed_code(self) -> None:
        code = self.code.text()
        read = papercode.read(code, clock.now().astimezone().date())
        if read is not None:
            self.code.clear()
            self._begin(read, code)

    def _ask_paper(self) -> None:
        self._begin(PaperCode(kind=None, number=""), "")

    def _begin(self, read: PaperCode, code: str) -> None:
        if read.kind is not None:
            self._ask_number(read.kind, read, code)
            return
        kinds = [(kind, self.say(f"document.{kind}")) for kind in KINDS]
        Picker(
            self.window(), self.say("papers.which"), kinds, self.say("do.cancel"),
            also={kind: in_both(f"document.{kind}") for kind in KINDS},
        ).pick(lambda kind: self._ask_number(kind, read, code))  # fmt: skip

    def _ask_number(self, kind: str, read: PaperCode, code: str) -> None:
        said: dict[str, str] = dict(read.says)
        fields = [
            self.field("number", "paper.number", required=True, value=read.number),
            self.field("issuer", "paper.issuer", value=read.issuer),
            self.field("issued", "paper.issued", hint="hint.day", value=str(read.issued or "")),
            self.field("valid_to", "paper.valid-to", hint="hint.day"),
        ]
        if kind in SANCTIONING:
            fields.append(self.field("sanctioned", "papers.sanctioned", hint="hint.kilograms"))
        fields += [
            self.field(
                field,
                f"field.{field}",
                value=said.get(field, ""),
                hint="hint.weight" if field in _WEIGHED else "",
            )
            for field in _ENTERED
        ]
        self.ask(
            "papers.enter",
            fields,
            lambda values: self._enter(kind, values, code),
            "papers.code-read" if code else "papers.enter-words",
            "file-text",
            kept=kind,
        )

    def _enter(self, kind: str, values: dict[str, str], code: str) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        says = tuple(Statement(field=field, value=values[field]) for field in FIELDS if values.get(field))
        days = {name: day(values[name]) for name in ("issued", "valid_to")}
        if any(values[name] and days[name] is None for name in days):
            self.refuse(self.say("misfit.not-a-date"))
            return
        typed = values.get("sanctioned", "")
        amount = quantity.number(typed)
        if typed and (amount is None or not 0 < amount <= MOST_KILOGRAMS):
            self.refuse(self.say("section.no-weight", text=typed))
            return
        paper = Document(
            kind=kind,  # type: ignore[arg-type]  # the picker offers just these
            number=values["number"],
            issuer=values["issuer"],
            issued=days["issued"],
            valid_to=days["valid_to"],
            quantity_kg=float(amount) if amount is not None else None,
            says=says,
            code=code,
        )
        self.run(examining.note_paper, NotePaper(inspection=inspection.id, paper=paper), self.keep)

    def _ask_found(self) -> None:
        chosen = [(field, self.say(f"field.{field}")) for field in FIELDS]
        Picker(
            self.window(), self.say("papers.found"), chosen, self.say("do.cancel"),
            also={field: in_both(f"field.{field}") for field in FIELDS},
        ).pick(self._ask_value)  # fmt: skip

    def _ask_value(self, field: str) -> None:
        fields = (
            self.field("value", f"field.{field}", required=True),
            self.field("line", "paper.line", hint="hint.line"),
            self.field("uncertainty", "paper.uncertainty"),
        )
        self.ask("papers.found", fields, lambda values: self._found(field, values), kept=field)

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
