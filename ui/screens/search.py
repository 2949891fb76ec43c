"""Searching the watchlist and the substances by hand. Nothing is recorded.

While somebody types, the listed entries near the words so far appear, each once with the name that came
near; the entry under the cursor stands beside them in full. Enter compares the words as a scan would and
gives the verdict's card. One query is under way at a time: what was typed meanwhile is asked next, and an
answer to words that no longer stand there is thrown away.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp import clock
from fieldapp.actions import listing, scanning
from fieldapp.actions.listing import Listed, ShowEntry, Shown, Suggest, Suggestions
from fieldapp.actions.scanning import CodeScreening, ScreenText
from fieldapp.screening.verdict import decide
from fieldapp.worker import Failure
from ui import theme
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.entries import ListedRows
from ui.models.naming import printable
from ui.screens import sources
from ui.screens.entry import Sheet, list_words
from ui.screens.scan import LOW
from ui.screens.screen import Screen
from ui.screens.telling import told
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided, Label
from ui.widgets.row_list import RowList
from ui.widgets.verdict_card import VerdictCard

LONGEST = 500  # characters
PAUSE_MS = 60  # after a key, before the list is asked
SHORTEST = 2  # characters worth asking for


class Field(QLineEdit):
    """The search field; the arrows move in the list below without leaving it."""

    def __init__(self, rows: RowList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass up and down on to the list."""
        count = self._rows.view.model().rowCount()
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and count:
            row = self._rows.view.currentIndex().row()
            self._rows.select(min(max(row + step, 0), count - 1))
            return
        super().keyPressEvent(event)


class SearchScreen(Screen):
    """A field, the entries near what it holds, one of them in full, or the verdict on the words."""

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._checked = ""  # the words whose verdict is shown
        self._asked = ""  # the words whose entries are shown or under way
        self._under_way = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._suggest)
        head = self.title(self.say("search.title"))
        self.collect = Button(self.say("sources.begin"), "file-text")
        self.collect.clicked.connect(lambda: sources.begin(self))
        self.collect.hide()
        head.addWidget(self.collect)
        self.hits = ListedRows(language, self)
        no_hits = EmptyState(self.say("search.no-hits"), self.say("search.no-hits-hint"), "search")
        self.hit_list = RowList(self.say("search.entries"), self.hits, no_hits)
        self.hit_list.moved.connect(self._fetch)
        self.hit_list.opened.connect(self._fetch)
        self.page.addLayout(self._row())
        foot = QHBoxLayout()
        foot.addWidget(Label(self.say("search.unrecorded"), "muted"))
        foot.addSpacing(16)
        self._list = Elided("", "muted")
        self._list.setAlignment(Qt.AlignmentFlag.AlignRight)
        foot.addWidget(self._list, 1)
        self.page.addLayout(foot)
        body = QHBoxLayout()
        body.setSpacing(16)
        left = self._left = Card(margin=0, spacing=0)
        left.setMinimumWidth(300)
        left.setMaximumWidth(460)
        left.body.addWidget(self.hit_list, 1)
        body.addWidget(left, 3)
        body.addLayout(self._right(), 6)
        self.page.addLayout(body, 1)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self, self._copy)
        desk.session_changed.connect(self._forget)
        self._show("nothing")

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.field = Field(self.hit_list)
        theme.kind(self.field, "scan")
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.say("search.field"))
        self.field.setAccessibleName(self.say("search.field"))
        self.field.returnPressed.connect(self._check)
        self.field.textChanged.connect(self._typed)
        self.go_button = ActionButton(self.say("search.do"), "search", "↵", "primary")
        self.go_button.clicked.connect(self._check)
        row.addWidget(self.field, 1)
        row.addWidget(self.go_button)
        return row

    def _right(self) -> QVBoxLayout:
        right = QVBoxLayout()
        self.card = VerdictCard(self.say("card.why"), self.say("card.scanned"))
        self.card.foot.hide()
        self._nothing = Card()
        self._empty = EmptyState()
        self._nothing.body.addWidget(self._empty)
        self._entry = Card(spacing=8)
        self.sheet = Sheet(self.language)
        self._entry.body.addWidget(self.sheet, 1)
        copy = Button(self.say("entry.copy"), "copy")
        copy.setAccessibleDescription("Ctrl+Shift+C")
        copy.clicked.connect(self._copy)
        self._entry.body.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self._nothing, self.card, self._entry):
            right.addWidget(part, 1)
        return right

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take less room in a low window."""
        super().resizeEvent(event)
        self.card.fold(self.window().height() < LOW)

    def focus(self) -> None:
        """The field, its words selected."""
        self.field.setFocus()
        self.field.selectAll()

    def search(self, words: str) -> None:
        """Search for `words`, as if typed and entered."""
        self.field.setText(words)
        self._check()

    def _forget(self) -> None:
        self.collect.setVisible(self.desk.session is not None and self.desk.session.practice)
        if self.desk.session is None:
            self.field.clear()
            self._pause.stop()
            self.hits.put(())
            self._show("nothing")

    def _show(self, what: str) -> None:
        """Show the card ("verdict"), the entry ("entry"), or that there is nothing yet ("nothing")."""
        self._left.setVisible(len(self.field.text().strip()) >= SHORTEST)
        self.card.setVisible(what == "verdict")
        self._entry.setVisible(what == "entry")
        self._nothing.setVisible(what == "nothing")
        self._empty.show_words(self.say("search.nothing-yet"), self.say("search.nothing-yet-hint"), "search")

    # As somebody types

    def _typed(self, _text: str) -> None:
        self._checked = ""
        self._pause.start()

    def _suggest(self) -> None:
        words = self.field.text().strip()
        if self._under_way or words == self._asked or self.desk.session is None:
            return
        self._asked = words
        if len(words) < SHORTEST:
            self.hits.put(())
            self._show("nothing")
            return
        self._under_way = True
        self.run(listing.suggest, Suggest(text=words), self._suggested, self._not_suggested)

    def _not_suggested(self, failure: Failure) -> None:
        self._under_way = False
        self.complain(failure)

    def _suggested(self, found: Suggestions) -> None:
        self._under_way = False
        now = self.field.text().strip()
        self._list.setText(list_words(found.watchlist, self.language))
        if now.startswith(found.text):  # what stands there now is more of the same
            self.hits.put(found.rows)
            if not self._checked:
                self._show("entry" if found.rows else "nothing")
                if found.rows:
                    self.hit_list.select(0)
        if now != found.text:
            self._suggest()

    def _fetch(self, row: Listed) -> None:
        if self._checked and not self.hit_list.view.hasFocus():
            return
        self._checked = ""
        self.jobs.run(listing.show_entry, ShowEntry(key=row.key), done=self._show_entry)

    def _show_entry(self, shown: Shown) -> None:
        index = self.hit_list.view.currentIndex()
        wanted = self.hits.values()[index.row()].key if index.isValid() else ""
        if shown.key == wanted and not self._checked:
            self.sheet.show_entry(shown)
            self._show("entry")

    def _copy(self) -> None:
        if self._entry.isVisible():
            self.sheet.copy()
            self.note(self.say("entry.copied"))

    # The whole comparison

    def _check(self) -> None:
        words = self.field.text().strip()
        if not words:
            self.field.setFocus()
            return
        self._checked = words
        self._suggest()
        self.run(scanning.screen_text, ScreenText(text=words), self._found, self._failed)

    def _failed(self, failure: Failure) -> None:
        self._checked = ""
        self._show("nothing")
        self.complain(failure)

    def _found(self, found: CodeScreening) -> None:
        session = self.desk.session
        if session is None or not self._checked:
            return
        policy = session.policy
        verdict = decide(
            found.screening,
            max_list_age_hours=policy.list_max_age_hours,
            amber_list_age_hours=policy.list_amber_hours,
            at=clock.now(),
        )
        facts = ((self.say("fact.code"), printable(self._checked)),)
        self._list.setText(list_words(found.screening.watchlist, self.language))
        self._show("verdict")
        self.card.tell(told(verdict, self.language, facts))
        self.focus()
