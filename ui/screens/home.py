"""Home: what wants doing in numbers, each a door to its list; the inspections; the consignments that wait."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp import clock
from fieldapp.actions import opening, reviewing, seeking
from fieldapp.actions.opening import (
    Consignments,
    GetInspection,
    InspectionRow,
    ListConsignments,
    OpenInspection,
    TakeInConsignment,
)
from fieldapp.actions.reviewing import Reopen
from fieldapp.actions.seeking import Numbers, Stand
from fieldapp.consignment.assignment import LANES
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.wanted import DAY, Wanted
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.moments import age
from ui.models.rows import ConsignmentRows
from ui.screens import files
from ui.screens.rescreen import LaterNotice, show_later
from ui.screens.screen import Screen
from ui.screens.worklist import WorklistCard
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.dropdown import Dropdown
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided
from ui.widgets.row_list import RowList
from ui.widgets.tile import Tile

LARGEST_CONSIGNMENT = 1024 * 1024  # bytes
DUE = ("today", "overdue")  # what waits may be narrowed to, besides its lane
# The numbers: name, icon, the tone in which more than none is shown, the filters of the list it opens.
TILES: tuple[tuple[str, str, str, Wanted | None], ...] = (
    ("list", "shield-check", "text", None),
    ("unsent", "upload", "text", None),
    ("drafts", "clipboard-list", "text", Wanted(state="draft")),
    ("returned", "history", "check", Wanted(state="returned")),
    ("second", "users", "check", Wanted(second=True)),
    ("clocks-soon", "clock", "check", Wanted(clock="soon", order="clock")),
    ("clocks-overdue", "clock", "hold", Wanted(clock="overdue", order="clock")),
    ("due", "gavel", "check", None),
)


class HomeScreen(Screen):
    """Opens inspections and begins new ones."""

    nouns = frozenset({"inspections", "consignments", "outbox", "session", "later"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self.tiles: dict[str, Tile] = {}
        self._waiting: tuple[Consignment, ...] = ()
        self._arriving = True
        self.page.addLayout(self._numbers())
        self.later = LaterNotice(self)
        self.later.pressed.connect(lambda: show_later(self, self.later.found))
        self.page.addWidget(self.later)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        self.worklist = WorklistCard(self)
        self.worklist.opened.connect(self._open)
        self.worklist.story.connect(self.tell_story)
        self.worklist.shown.connect(self._come_to_rest)
        self.inspections, self.inspection_list = self.worklist.rows, self.worklist.list
        lists.addWidget(self.worklist, 6)
        lists.addWidget(self._consignments(), 5)
        self.page.addLayout(lists, 1)
        desk.outbox_changed.connect(self._show_facts)
        desk.session_changed.connect(self._show_facts)

    def _numbers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, icon, _tone, wanted in TILES:
            tile = Tile(icon, self.say(f"home.tile.{name}"))
            tile.clicked.connect(self._door(name, wanted))
            self.tiles[name] = tile
            row.addWidget(tile, 1)
        return row

    def _door(self, name: str, wanted: Wanted | None) -> Callable[[], None]:
        if wanted is not None:
            return lambda: self.show_wanted(wanted)
        return self._show_due if name == "due" else lambda: self.go.emit("outbox")

    def show_wanted(self, wanted: Wanted) -> None:
        """Show the inspections that are wanted, and put the cursor there."""
        self.worklist.show_wanted(wanted)
        self.inspection_list.view.setFocus()

    def _show_due(self) -> None:
        overdue = self.lane.findData("overdue")
        today = self.lane.findData("today")
        self.lane.setCurrentIndex(max(0, overdue if self._count_due("overdue") else today))
        (self.consignment_list.view if self.consignments.rowCount() else self.lane).setFocus()

    def _consignments(self) -> QWidget:
        card = Card(margin=0, spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 10)
        head.setSpacing(8)
        head.addWidget(Elided(self.say("home.waiting"), "heading"), 1)
        self.lane = Dropdown(self.say("home.lane"))
        self.lane.setMinimumWidth(130)
        self.lane.currentIndexChanged.connect(lambda _at: self._narrow_waiting())
        head.addWidget(self.lane)
        self.take_in = Button(self.say("home.take-in"), "plus")
        self.take_in.clicked.connect(self._pick)
        head.addWidget(self.take_in)
        card.body.addLayout(head)
        self.consignments = ConsignmentRows(self.language, self)
        self._none_waits = EmptyState(
            self.say("home.no-consignments"), self.say("home.no-consignments-hint"), "package"
        )
        self.consignment_list = RowList(self.say("home.waiting"), self.consignments, self._none_waits)
        self.consignment_list.opened.connect(self._begin)
        card.body.addWidget(self.consignment_list, 1)
        return card

    def focus(self) -> None:
        """The inspections, or the consignments when there are none."""
        lists = (self.inspection_list, self.consignment_list)
        chosen = next((each for each in lists if each.view.model().rowCount()), None)
        (chosen.view if chosen else self.take_in).setFocus()

    def enter(self) -> None:
        """Come to the front; the cursor finds its place once the lists are there, and is not moved again."""
        self._arriving = True
        super().enter()

    def reload(self) -> None:
        """Read both lists, the numbers, and what a new list would have hit."""
        self.later.read()
        self.worklist.ask()
        self.run(opening.list_consignments, ListConsignments(), self._take_waiting, priority=REFRESH)
        self.run(seeking.stand, Stand(), self._show_numbers, priority=REFRESH)
        self._show_facts()

    def _come_to_rest(self) -> None:
        if self.isVisible() and self._arriving:
            self._arriving = False
            self.focus()

    # The numbers

    def _show_numbers(self, numbers: Numbers) -> None:
        self.worklist.take_numbers(numbers)
        held = numbers.tally
        counts = {
            "drafts": held.drafts,
            "returned": held.returned,
            "second": held.second,
            "clocks-soon": held.clocks_soon - held.clocks_overdue,
            "clocks-overdue": held.clocks_overdue,
        }
        for name, _icon, tone, _wanted in TILES:
            if name in counts:
                self.tiles[name].show_value(str(counts[name]), tone if counts[name] else "text")

    def _show_facts(self) -> None:
        session, outbox = self.desk.session, self.desk.outbox
        if session is None:
            return
        used = session.watchlist
        if used.issued is None:
            self.tiles["list"].show_value(self.say("home.no-list"), "check")
        else:
            hours = clock.age_hours(used.issued, clock.now())
            tone = "text" if hours <= session.policy.list_amber_hours else "check"
            tone = "hold" if hours > session.policy.list_max_age_hours else tone
            self.tiles["list"].show_value(age(used.issued, self.language), tone)
        self.tiles["unsent"].show_value(str(outbox.waiting if outbox is not None else 0))

    # What waits

    def _count_due(self, due: str) -> int:
        return sum(self._is_due(one, due) for one in self._waiting)

    def _is_due(self, held: Consignment, due: str) -> bool:
        at = held.assignment.due if held.assignment else None
        return at is not None and at < clock.now() + (DAY if due == "today" else DAY * 0)

    def _take_waiting(self, consignments: Consignments) -> None:
        self._waiting = consignments.rows
        chosen = self.lane.currentData() or ""
        lanes = Counter(one.assignment.lane for one in self._waiting if one.assignment)
        options = [("", self.say("home.all-waiting", count=len(self._waiting)))]
        options += [(lane, f"{self.say(f'lane.{lane}')} ({lanes[lane]})") for lane in LANES if lanes[lane]]
        options += [(due, f"{self.say(f'narrow.due.{due}')} ({self._count_due(due)})") for due in DUE]
        before = self.lane.blockSignals(True)
        self.lane.clear()
        for value, words in options:
            self.lane.addItem(words, value)
        self.lane.setCurrentIndex(max(0, self.lane.findData(chosen)))
        self.lane.blockSignals(before)
        due = self._count_due("today")
        overdue = self._count_due("overdue")
        self.tiles["due"].show_value(str(due), "hold" if overdue else "check" if due else "text")
        self._narrow_waiting()

    def _narrow_waiting(self) -> None:
        wanted = self.lane.currentData() or ""
        shown = tuple(one for one in self._waiting if self._fits(one, wanted))
        words = "home.none-waits-so" if self._waiting else "home.no-consignments"
        self._none_waits.show_words(self.say(words), self.say("home.no-consignments-hint"), "package")
        self.consignments.put(shown)
        if self.isVisible() and self.take_in.hasFocus():
            self.focus()

    def _fits(self, held: Consignment, wanted: str) -> bool:
        if wanted in DUE:
            return self._is_due(held, wanted)
        return wanted in ("", held.assignment.lane if held.assignment else None)

    # What is opened

    def tell_story(self, inspection: str) -> None:
        """Show the story of an inspection."""
        self.desk.story = inspection
        self.go.emit("story")

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
        files.choose(self, self.say("home.take-in"), self.take_in_file, ("json", "jsonld", "csv"))

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
