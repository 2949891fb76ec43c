"""The list of inspections on home: found by words, narrowed, sorted, read on while scrolling, taken out.

Promises: what stands in the list is the answer to the words and filters shown above it; an answer to others
is thrown away, and one question is under way at a time. The next page is asked for before the last row is
reached.
"""

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from fieldapp.actions import opening, seeking
from fieldapp.actions.opening import InspectionRow, ListInspections, Worklist
from fieldapp.actions.seeking import ForgetFilter, KeepFilter, KeptFilters, Numbers
from fieldapp.inspection.wanted import Kept, Wanted
from fieldapp.worker import Failure
from ui.jobs import REFRESH
from ui.models.rows import InspectionRows
from ui.screens import narrowing
from ui.screens.outgoing import Outgoing
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear
from ui.widgets.dropdown import Dropdown
from ui.widgets.empty_state import EmptyState
from ui.widgets.form import Form
from ui.widgets.label import Elided
from ui.widgets.row_list import RowList

PAUSE_MS = 80  # after a key, before the list is asked


class WorklistCard(Card):
    """`opened` carries the row chosen; `story` the id of the inspection whose story is asked for."""

    opened = Signal(object)
    story = Signal(str)
    shown = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(margin=0, spacing=0)
        self._screen, self.wanted = screen, Wanted()
        self._sites: tuple[str, ...] = ()
        self._kept: tuple[Kept, ...] = ()
        self._asked = ListInspections()
        self._more = self._under_way = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        self.outgoing = Outgoing(screen)
        self._build_head()
        self._build_filters()
        self.rows = InspectionRows(screen.language, self)
        self._none = EmptyState(screen.say("home.reading"), icon="clipboard-list")
        self.list = RowList(screen.say("home.inspections"), self.rows, self._none, many=True)
        self.list.opened.connect(self.opened)
        self.list.near_end.connect(self._ask_more)
        self.body.addWidget(self.list, 1)
        self._build_foot()
        self._set_keys()

    def _build_head(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 10)
        head.setSpacing(8)
        head.addWidget(Elided(self._screen.say("home.inspections"), "heading"), 1)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self._screen.say("home.filter"))
        self.field.setAccessibleName(self._screen.say("home.filter"))
        self.field.setMaxLength(200)
        self.field.setMinimumWidth(170)
        self.field.setMaximumWidth(260)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.returnPressed.connect(self._enter_list)
        head.addWidget(self.field, 2)
        self.kept = Dropdown(self._screen.say("narrow.kept"))
        self.kept.setMinimumWidth(120)
        self.kept.setMaximumWidth(170)
        self.kept.activated.connect(self._choose_kept)
        head.addWidget(self.kept)
        self.narrow = Button(self._screen.say("narrow.do"))
        self.narrow.clicked.connect(self.ask_filters)
        head.addWidget(self.narrow)
        self.body.addLayout(head)

    def _build_filters(self) -> None:
        self._filters = Clear()
        self._filters.body.setContentsMargins(16, 0, 12, 8)
        self._said = Elided("", "strong")
        self._filters.body.addWidget(self._said, 1)
        self.forget = Button(self._screen.say("narrow.forget"))
        self.forget.clicked.connect(self._forget)
        self.widen = Button(self._screen.say("narrow.clear"), "x")
        self.widen.clicked.connect(lambda: self.show_wanted(Wanted()))
        self._filters.body.addWidget(self.forget)
        self._filters.body.addWidget(self.widen)
        self._filters.hide()
        self.body.addWidget(self._filters)

    def _build_foot(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 8)
        foot.setSpacing(8)
        self._count = Elided("", "muted")
        foot.addWidget(self._count, 1)
        self.tell = Button(self._screen.say("story.open"), "history")
        self.tell.setAccessibleDescription("Ctrl+T")
        self.tell.clicked.connect(self.tell_story)
        self.export = Button(self._screen.say("export.do"), "download")
        self.export.setAccessibleDescription("Ctrl+Shift+E")
        self.export.clicked.connect(self.ask_export)
        foot.addWidget(self.tell)
        foot.addWidget(self.export)
        self.body.addLayout(foot)

    def _set_keys(self) -> None:
        for key, do in (
            ("Ctrl+F", self.field.setFocus),
            ("Ctrl+Shift+F", self.ask_filters),
            ("Ctrl+Shift+E", self.ask_export),
        ):
            QShortcut(QKeySequence(key), self._screen, do)

    # What is listed

    def ask(self) -> None:
        """Ask for the first page of what is wanted."""
        self._pause.stop()
        self._asked = ListInspections(text=self.field.text(), wanted=self.wanted)
        self._send(self._asked)

    @property
    def busy(self) -> bool:
        """Say whether what stands here is not yet the answer to what was asked last."""
        return self._under_way or self._pause.isActive()

    def _ask_more(self) -> None:
        if self._more and not self._under_way:
            self._send(msgspec.structs.replace(self._asked, offset=self.rows.rowCount()))

    def _send(self, command: ListInspections) -> None:
        """Send one question at a time; what was asked meanwhile is sent when its answer is here."""
        if self._under_way:
            return
        self._under_way = True
        asked = self._asked

        def answered(found: Worklist) -> None:
            self._under_way = False
            if self._asked is asked:
                self._show(found)
            else:
                self._send(self._asked)

        def failed(failure: Failure) -> None:
            self._under_way = False
            self._screen.complain(failure)

        self._screen.run(opening.list_inspections, command, answered, failed, priority=REFRESH)

    def _show(self, found: Worklist) -> None:
        narrowed = bool(self.field.text()) or narrowing.is_narrow(self.wanted)
        say = self._screen.say
        if narrowed:
            self._none.show_words(say("home.none-found"), say("home.none-found-hint"), "search")
        else:
            none, hint = say("home.no-inspections"), say("home.no-inspections-hint")
            self._none.show_words(none, hint, "clipboard-list")
        if found.offset:
            self.rows.append(found.rows)
        elif self._reading_on(found):
            return
        else:
            self._put(found)
            beyond = found.count >= found.counted
            count = f"{found.counted}+" if beyond else str(found.count)
            self._count.setText(
                self._screen.say_n("home.count", found.count, shown=count) if found.rows else ""
            )
        self._more = found.more
        for button in (self.tell, self.export):
            button.setEnabled(bool(found.rows) or bool(found.offset))
        if not found.offset:
            self.shown.emit()

    def _reading_on(self, found: Worklist) -> bool:
        """Say whether the same list was read again while somebody reads further down: it stays as it is."""
        further = self.list.view.verticalScrollBar().value() > 0
        return further and found.rows == self.rows.values()[: len(found.rows)]

    def _put(self, found: Worklist) -> None:
        """Show the first page; the cursor stays on the inspection it was on."""
        before = self.list.current() if self.list.view.currentIndex().isValid() else None
        self.rows.put(found.rows)
        if isinstance(before, InspectionRow):
            at = next((at for at, row in enumerate(found.rows) if row.id == before.id), None)
            if at is not None:
                self.list.select(at, quietly=True)

    def _enter_list(self) -> None:
        self.ask()
        if self.rows.rowCount():
            self.list.view.setFocus()

    # Filters

    def show_wanted(self, wanted: Wanted, text: str = "") -> None:
        """Show what is wanted, from its beginning."""
        self.wanted = wanted
        before = self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(before)
        said = narrowing.in_words(wanted, self._screen.language)
        self._said.setText(said)
        self._filters.setVisible(bool(said))
        self._show_kept()
        self.ask()

    def ask_filters(self) -> None:
        """Open the form of filters."""
        Form(
            self.window(),
            title=self._screen.say("narrow.title"),
            fields=narrowing.fields(self.wanted, self._sites, self._screen.language),
            yes=self._screen.say("narrow.show"),
            no=self._screen.say("do.cancel"),
            icon="search",
        ).fill(self._filled)

    def _filled(self, values: dict[str, str]) -> None:
        wanted, name = narrowing.wanted_of(values), values["name"]
        if name:
            kept = Kept(name=name[:60], wanted=wanted, text=self.field.text())
            self._screen.run(seeking.keep_filter, KeepFilter(kept=kept), self._keep)
        self.show_wanted(wanted, self.field.text())

    def take_numbers(self, numbers: Numbers) -> None:
        """Take the sites and the filters that are kept."""
        self._sites = numbers.sites
        self._keep(KeptFilters(kept=numbers.kept))

    def _keep(self, held: KeptFilters) -> None:
        self._kept = held.kept
        self._show_kept()

    def _current(self) -> int:
        text = self.field.text()
        return next(
            (at for at, one in enumerate(self._kept) if (one.wanted, one.text) == (self.wanted, text)), -1
        )

    def _show_kept(self) -> None:
        self.kept.clear()
        self.kept.addItem(self._screen.say("narrow.all"))
        for one in self._kept:
            self.kept.addItem(one.name)
        self.kept.setVisible(bool(self._kept))
        current = self._current()
        self.kept.setCurrentIndex(current + 1)
        self.forget.setVisible(current >= 0)

    def _choose_kept(self, at: int) -> None:
        chosen = self._kept[at - 1] if at else None
        self.show_wanted(chosen.wanted if chosen else Wanted(), chosen.text if chosen else "")

    def _forget(self) -> None:
        at = self._current()
        if at >= 0:
            self._screen.run(seeking.forget_filter, ForgetFilter(name=self._kept[at].name), self._keep)

    # What goes out

    def selected(self) -> tuple[InspectionRow, ...]:
        """Return the rows that are chosen, from the top."""
        return self.list.selected()

    def tell_story(self) -> None:
        """Ask for the story of the row under the cursor."""
        row = self.list.current()
        if isinstance(row, InspectionRow):
            self.story.emit(row.id)

    def ask_export(self) -> None:
        """Ask what goes out, and as what."""
        if self.rows.rowCount():
            self.outgoing.ask(self._asked, self.rows.values(), self.selected(), self._count.accessibleName())
