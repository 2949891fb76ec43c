"""Home: three facts on top (list age, unsent, returned), then the inspections and what waits."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from fieldapp import clock
from fieldapp.actions import opening, reviewing
from fieldapp.actions.opening import (
    PAGE,
    Consignments,
    GetInspection,
    InspectionRow,
    ListConsignments,
    ListInspections,
    OpenInspection,
    TakeInConsignment,
    Worklist,
)
from fieldapp.actions.reviewing import Reopen
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.inspection import Inspection
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.moments import age
from ui.models.rows import ConsignmentRows, InspectionRows
from ui.screens import files
from ui.screens.rescreen import LaterNotice, show_later
from ui.screens.screen import Screen
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided, Label
from ui.widgets.mark import Mark
from ui.widgets.row_list import RowList

LARGEST_CONSIGNMENT = 1024 * 1024  # bytes


class HomeScreen(Screen):
    """Opens inspections and begins new ones."""

    nouns = frozenset({"inspections", "consignments", "outbox", "session", "later"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        facts = QHBoxLayout()
        facts.setSpacing(12)
        self._list, self._unsent, self._due = (
            Fact("shield-check", self.say("home.list-age")),
            Fact("upload", self.say("home.unsent")),
            Fact("history", self.say("home.returned")),
        )
        for fact in (self._list, self._unsent, self._due):
            facts.addWidget(fact, 1)
        self.page.addLayout(facts)
        self.later = LaterNotice(self)
        self.later.pressed.connect(lambda: show_later(self, self.later.found))
        self.page.addWidget(self.later)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        lists.addWidget(self._inspections(), 3)
        lists.addWidget(self._consignments(), 2)
        self.page.addLayout(lists, 1)
        desk.outbox_changed.connect(self._show_facts)
        desk.session_changed.connect(self._show_facts)
        self._returned = 0

    def _inspections(self) -> QWidget:
        card = Card(margin=0, spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 10)
        head.addWidget(Elided(self.say("home.inspections"), "heading"), 1)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.say("home.filter"))
        self.filter.setAccessibleName(self.say("home.filter"))
        self.filter.setMaxLength(200)
        self.filter.setMinimumWidth(210)
        self.filter.setMaximumWidth(280)
        self.filter.textChanged.connect(lambda _text: self._list_inspections())
        head.addWidget(self.filter)
        card.body.addLayout(head)
        self.inspections = InspectionRows(self.language, self)
        self._no_inspections = EmptyState(self.say("home.reading"), icon="clipboard-list")
        self.inspection_list = RowList(self.say("home.inspections"), self.inspections, self._no_inspections)
        self.inspection_list.opened.connect(self._open)
        card.body.addWidget(self.inspection_list, 1)
        self._more = Label(self.say("home.more", count=PAGE), "muted")
        self._more.setContentsMargins(16, 6, 16, 8)
        self._more.hide()
        card.body.addWidget(self._more)
        return card

    def _consignments(self) -> QWidget:
        card = Card(margin=0, spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 10)
        head.addWidget(Elided(self.say("home.waiting"), "heading"), 1)
        self.take_in = Button(self.say("home.take-in"), "plus")
        self.take_in.clicked.connect(self._pick)
        head.addWidget(self.take_in)
        card.body.addLayout(head)
        self.consignments = ConsignmentRows(self.language, self)
        empty = EmptyState(self.say("home.no-consignments"), self.say("home.no-consignments-hint"), "package")
        self.consignment_list = RowList(self.say("home.waiting"), self.consignments, empty)
        self.consignment_list.opened.connect(self._begin)
        card.body.addWidget(self.consignment_list, 1)
        return card

    def focus(self) -> None:
        """The inspections, or the consignments when there are none."""
        lists = (self.inspection_list, self.consignment_list)
        chosen = next((each for each in lists if each.view.model().rowCount()), None)
        (chosen.view if chosen else self.take_in).setFocus()

    def reload(self) -> None:
        """Read both lists, the facts, and what a new list would have hit."""
        self.later.read()
        self._list_inspections()
        self.run(opening.list_consignments, ListConsignments(), self._show_consignments, priority=REFRESH)
        self._show_facts()

    def _list_inspections(self) -> None:
        command = ListInspections(text=self.filter.text())
        self.run(opening.list_inspections, command, self._show_inspections, priority=REFRESH)

    def _show_inspections(self, worklist: Worklist) -> None:
        self._no_inspections.show_words(
            self.say("home.no-inspections"), self.say("home.no-inspections-hint"), "clipboard-list"
        )
        self.inspections.put(worklist.rows)
        self._more.setVisible(worklist.more)
        if not self.filter.text():
            self._returned = sum(row.state == "returned" for row in worklist.rows)
            self._show_facts()
            if self.isVisible() and not self.filter.hasFocus():
                self.focus()

    def _show_consignments(self, consignments: Consignments) -> None:
        self.consignments.put(consignments.rows)
        if self.isVisible() and self.take_in.hasFocus():
            self.focus()

    def _show_facts(self) -> None:
        session, outbox = self.desk.session, self.desk.outbox
        if session is None:
            return
        used = session.watchlist
        if used.issued is None:
            self._list.show_fact(self.say("home.no-list"), "check")
        else:
            hours = clock.age_hours(used.issued, clock.now())
            tone = "text" if hours <= session.policy.list_amber_hours else "check"
            tone = "hold" if hours > session.policy.list_max_age_hours else tone
            self._list.show_fact(age(used.issued, self.language), tone)
        waiting = outbox.waiting if outbox is not None else 0
        self._unsent.show_fact(self.say_n("home.unsent-count", waiting), "text")
        self._due.show_fact(
            self.say_n("home.returned-count", self._returned), "check" if self._returned else "text"
        )

    def _open(self, row: InspectionRow) -> None:
        if row.state == "returned":
            Ask(
                self.window(),
                title=self.say("home.reopen"),
                words=self.say("home.reopen-words", number=row.number),
                yes=self.say("home.reopen-do"),
                no=self.say("do.cancel"),
                icon="history",
            ).ask(lambda _reason: self.run(reviewing.reopen, Reopen(inspection=row.id), self._opened))
            return
        self.run(opening.get_inspection, GetInspection(id=row.id), self._opened)

    def _opened(self, inspection: Inspection) -> None:
        self.desk.put_inspection(inspection)
        self.go.emit("scan" if inspection.state == "draft" and not inspection.answers else "inspection")

    def _begin(self, consignment: Consignment) -> None:
        self.run(opening.open_inspection, OpenInspection(consignment=consignment), self._opened)

    def _pick(self) -> None:
        files.choose(self, self.say("home.take-in"), self.take_in_file, ("json",))

    def take_in_file(self, file: str) -> None:
        """Hand a consignment's file to the action that reads it."""
        try:
            raw = files.read_small(file, LARGEST_CONSIGNMENT)
        except OSError:
            self.banner.show_alert(self.say("alert.inspector"), self.say("home.file-unreadable"), "warn")
            return
        self.run(
            opening.take_in_consignment,
            TakeInConsignment(raw=raw),
            lambda taken: self.note(self.say("home.taken-in"), taken.reference),
        )


class Fact(Card):
    """One of the three facts: what it is, and how it stands."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(margin=14, spacing=4, parent=parent)
        row = QHBoxLayout()
        row.setSpacing(14)
        self._icon = icon
        self._mark = Mark(icon, "accent", 30)
        row.addWidget(self._mark)
        column = QHBoxLayout()
        column.setSpacing(10)
        self._value = Label("", "heading")
        self._name = name
        column.addWidget(Label(name, "muted"))
        column.addStretch(1)
        column.addWidget(self._value)
        row.addLayout(column, 1)
        self.body.addLayout(row)

    def show_fact(self, value: str, tone: str) -> None:
        """Show `value`; the mark takes the tone's colour, the words say it too."""
        self._mark.become(
            self._icon if tone == "text" else "triangle-alert", "accent" if tone == "text" else tone
        )
        self._value.setText(value)
        self.setAccessibleName(f"{self._name}: {value}")
