"""The checklist: a question a row, answered by keyboard, saved as it is given, with what is still missing.

Choices are saved when they are made; words half a second after the last key or when the cursor leaves.
A question that is no longer asked goes out of sight and keeps its answer. Checklists come with the program,
from a file or from headquarters; an inspection goes on with the version it began with, and says so where a
newer one is here.
"""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.actions import examining, installing
from fieldapp.actions.examining import BeginChecklist, GiveAnswer
from fieldapp.actions.installing import FormList, ListForms
from fieldapp.consignment.quantity import symbol
from fieldapp.inspection.answer import Standing, standings
from fieldapp.inspection.checklist import Checklist, Question
from fieldapp.inspection.form import FormRow
from fieldapp.inspection.inspection import Inspection
from ui import theme
from ui.jobs import REFRESH
from ui.models.moments import day
from ui.models.naming import printable
from ui.screens import forms
from ui.screens.section import Section
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear, Scrolled, clear
from ui.widgets.choice import Choice
from ui.widgets.label import Label

PAUSE = 500  # milliseconds after the last key before words are saved


class ChecklistScreen(Section):
    """The choice of a checklist first, then its questions in sections."""

    name = "checklist"
    nouns = frozenset({"inspections", "forms"})

    def build(self) -> None:
        """A line that counts, and a column of questions that scrolls."""
        self._rows: dict[str, QuestionRow] = {}
        self._shown: tuple[str, str, int] = ("", "", 0)
        self._count = Label("", "strong", wrap=True)
        self.page.addWidget(self._count)
        self._newer = Label("", "muted", wrap=True)
        self._newer.hide()
        self.page.addWidget(self._newer)
        self._scrolled = Scrolled()
        self.page.addWidget(self._scrolled, 1)

    def focus(self) -> None:
        """The first question that is missing an answer."""
        waiting = next((row for row in self._rows.values() if row.waits), None)
        first = waiting or next(iter(self._rows.values()), None)
        if first is not None:
            first.focus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Build the questions once for a checklist, and after that only what changed about them."""
        held = inspection.checklist if inspection is not None else None
        key = (inspection.id if inspection else "", held.id if held else "", held.version if held else 0)
        if key != self._shown:
            self._shown = key
            self._rows.clear()
            clear(self._scrolled.body)
            if held is not None:
                self._build_questions(held)
            self._newer.hide()
            if draft:
                self._list()
        if inspection is None or held is None:
            self._count.setText(self.say("checklist.choose") if draft else self.say("checklist.none"))
            return
        found = standings(held, inspection.answered)
        for one in found:
            self._rows[one.question.id].show_standing(one, draft=draft)
        asked = [one for one in found if one.asked]
        waiting = sum(one.misfit is not None for one in asked)
        done = sum(one.answer is not None and one.misfit is None for one in asked)
        told = self.say("checklist.done", done=done, all=len(asked))
        self._count.setText(f"{told} {self.say_n('checklist.waiting', waiting)}" if waiting else told)

    def reload(self) -> None:
        """Read the inspection again, and which checklists there are."""
        super().reload()
        if self.desk.inspection is not None and self.desk.inspection.state == "draft":
            self._list()

    def _list(self) -> None:
        """Offer the checklists where none was begun; else say whether a newer version is here."""
        self.run(installing.list_forms, ListForms(kind="checklist"), self._show_forms, priority=REFRESH)

    def _show_forms(self, known: FormList) -> None:
        held = self.desk.inspection.checklist if self.desk.inspection is not None else None
        if held is None:
            clear(self._scrolled.body)
            self._build_choice(known.rows)
            return
        newer = next((row for row in known.rows if row.id == held.id and row.version > held.version), None)
        self._newer.setVisible(newer is not None)
        if newer is not None:
            self._newer.setText(self.say("checklist.newer", held=held.version, version=newer.version))

    def _build_choice(self, rows: tuple[FormRow, ...]) -> None:
        card = Card()
        for row in rows:
            button = Button(printable(row.in_language(self.language)), "clipboard-list")
            button.clicked.connect(lambda _checked=False, name=row.id: self._begin(name))
            line = QHBoxLayout()
            line.setSpacing(14)
            line.addWidget(button, 3)
            on = day(row.at.astimezone().date()) if row.at is not None else ""
            told = self.say(f"checklist.source.{row.source}", version=row.version, day=on)
            line.addWidget(Label(told, "muted", wrap=True), 2)
            card.body.addLayout(line)
        self.from_file = Button(self.say("checklist.from-file"), "folder-open")
        self.from_file.clicked.connect(lambda: forms.pick(self))
        card.body.addWidget(self.from_file)
        card.body.addWidget(Label(self.say("checklist.file-hint"), "muted", wrap=True))
        self._scrolled.body.addWidget(card)
        self._scrolled.body.addStretch(1)

    def _build_questions(self, held: Checklist) -> None:
        for section in held.section:
            card = Card(spacing=10)
            card.body.addWidget(Label(section.words.in_language(self.language), "heading"))
            for question in section.question:
                row = QuestionRow(self, question)
                self._rows[question.id] = row
                card.body.addWidget(row)
            self._scrolled.body.addWidget(card)
        self._scrolled.body.addStretch(1)

    def _begin(self, name: str) -> None:
        inspection = self.desk.inspection
        if inspection is not None:
            self.run(
                examining.begin_checklist, BeginChecklist(inspection=inspection.id, name=name), self._begun
            )

    def _begun(self, inspection: Inspection) -> None:
        self.keep(inspection)
        self.focus()

    def give(self, question: Question, value: str) -> None:
        """Save one answer."""
        inspection = self.desk.inspection
        if inspection is not None and inspection.state == "draft":
            command = GiveAnswer(
                inspection=inspection.id, question=question.id, value=value, unit=question.unit
            )
            self.run(examining.give_answer, command, self.keep)


class QuestionRow(QWidget):
    """One question with the control its kind asks for, and what does not fit about the answer."""

    def __init__(self, screen: ChecklistScreen, question: Question) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self.waits = False
        self._screen, self._question = screen, question
        words = question.words.in_language(screen.language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(14)
        asked = Label(words, "body", wrap=True)
        row.addWidget(asked, 3)
        self._choice: Choice | None = None
        self._line: QLineEdit | None = None
        row.addWidget(self._control(words), 2)
        column.addLayout(row)
        if question.hint is not None:
            column.addWidget(Label(question.hint.in_language(screen.language), "muted", wrap=True))
        self._misfit = Label("", "muted", wrap=True)
        self._misfit.hide()
        column.addWidget(self._misfit)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._keep_words)

    def _control(self, words: str) -> QWidget:
        question, screen = self._question, self._screen
        if question.kind in ("yes_no", "choice"):
            options = (
                [(value, screen.say(f"answer.{value}")) for value in ("yes", "no", "na")]
                if question.kind == "yes_no"
                else [(one.value, one.words.in_language(screen.language)) for one in question.options]
            )
            self._choice = Choice(words, options, figures=True)
            self._choice.chosen.connect(lambda value: screen.give(question, value))
            return self._choice
        holder = Clear(spacing=8)
        self._line = QLineEdit()
        self._line.setAccessibleName(words)
        self._line.setMaxLength(20_000)
        if question.kind == "date":
            self._line.setPlaceholderText(screen.say("hint.day"))
        self._line.textEdited.connect(lambda _text: self._pause.start())
        self._line.editingFinished.connect(self._keep_words)
        holder.body.addWidget(self._line, 1)
        if question.unit:
            holder.body.addWidget(Label(symbol(question.unit), "muted"))
        return holder

    def show_standing(self, standing: Standing, *, draft: bool) -> None:
        """Show the answer as it is kept; what is being typed is left alone."""
        self.setVisible(standing.asked)
        self.setEnabled(draft)
        self.waits = standing.asked and standing.misfit is not None
        value = standing.answer.value if standing.answer is not None else ""
        if self._choice is not None:
            self._choice.choose(value)
        elif self._line is not None and not self._line.hasFocus() and not self._pause.isActive():
            self._line.setText(value)
        wrong = standing.misfit is not None and standing.misfit != "required"
        note = self._screen.say(f"misfit.{standing.misfit}") if wrong else ""
        if standing.wants_finding:
            note = self._screen.say("checklist.wants-finding")
        self._misfit.setText(note)
        self._misfit.setVisible(bool(note))
        theme.kind(self._misfit, "error" if wrong else "muted")

    def focus(self) -> None:
        """Put the cursor here."""
        if self._choice is not None:
            self._choice.focus()
        elif self._line is not None:
            self._line.setFocus()

    def _keep_words(self) -> None:
        self._pause.stop()
        inspection = self._screen.desk.inspection
        if self._line is None or inspection is None:
            return
        held = next((one.value for one in inspection.answered if one.question == self._question.id), "")
        if self._line.text().strip() != held:
            self._screen.give(self._question, self._line.text())
