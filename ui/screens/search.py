"""Searching the watchlist and the substances by hand. Nothing is recorded; the card is the scan station's."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp import clock
from fieldapp.actions import scanning
from fieldapp.actions.scanning import CodeScreening, ScreenText
from fieldapp.screening.hit import Hit
from fieldapp.screening.verdict import decide
from fieldapp.worker import Failure
from ui import theme
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.naming import printable
from ui.models.rows import HitRows
from ui.screens.scan import LOW
from ui.screens.screen import Screen
from ui.screens.telling import told
from ui.widgets.buttons import ActionButton
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.row_list import RowList
from ui.widgets.verdict_card import VerdictCard

LONGEST = 500  # characters


class SearchScreen(Screen):
    """A field, the hits, and what they mean."""

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._asked = ""
        self.title(self.say("search.title"))
        row = QHBoxLayout()
        row.setSpacing(10)
        self.field = QLineEdit()
        theme.kind(self.field, "scan")
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.say("search.field"))
        self.field.setAccessibleName(self.say("search.field"))
        self.field.returnPressed.connect(self._search)
        self.go_button = ActionButton(self.say("search.do"), "search", "↵", "primary")
        self.go_button.clicked.connect(self._search)
        row.addWidget(self.field, 1)
        row.addWidget(self.go_button)
        self.page.addLayout(row)
        self.page.addWidget(Label(self.say("search.unrecorded"), "muted", wrap=True))
        body = QHBoxLayout()
        body.setSpacing(16)
        left = self._left = Card(margin=0, spacing=0)
        left.setMinimumWidth(280)
        left.setMaximumWidth(420)
        self.hits = HitRows(language, self)
        no_hits = EmptyState(self.say("search.no-hits"), self.say("search.no-hits-hint"), "search")
        self.hit_list = RowList(self.say("search.hits"), self.hits, no_hits)
        left.body.addWidget(self.hit_list, 1)
        body.addWidget(left, 3)
        right = QVBoxLayout()
        self.card = VerdictCard(self.say("card.why"), self.say("card.scanned"))
        self.card.foot.hide()
        self._nothing = Card()
        self._empty = EmptyState()
        self._nothing.body.addWidget(self._empty)
        right.addWidget(self._nothing, 1)
        right.addWidget(self.card, 1)
        body.addLayout(right, 6)
        self.page.addLayout(body, 1)
        desk.session_changed.connect(self._forget)
        self._show(found=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take less room in a low window."""
        super().resizeEvent(event)
        self.card.fold(self.window().height() < LOW)

    def focus(self) -> None:
        """The field, its words selected."""
        self.field.setFocus()
        self.field.selectAll()

    def search(self, words: str) -> None:
        """Search for `words`, as if typed."""
        self.field.setText(words)
        self._search()

    def _forget(self) -> None:
        if self.desk.session is None:
            self.field.clear()
            self.hits.put(())
            self._show(found=False)

    def _show(self, *, found: bool) -> None:
        self._left.setVisible(found)
        self.card.setVisible(found)
        self._nothing.setVisible(not found)
        self._empty.show_words(self.say("search.nothing-yet"), self.say("search.nothing-yet-hint"), "search")

    def _search(self) -> None:
        words = self.field.text().strip()
        if not words:
            self.field.setFocus()
            return
        self._asked = words
        self._show(found=False)
        self._empty.show_words(self.say("search.searching"), icon="search")
        self.run(scanning.screen_text, ScreenText(text=words), self._found, self._failed)

    def _failed(self, failure: Failure) -> None:
        self._show(found=False)
        self.complain(failure)

    def _found(self, found: CodeScreening) -> None:
        session = self.desk.session
        if session is None:
            return
        hits: tuple[Hit, ...] = found.screening.hits
        self.hits.put(hits)
        verdict = decide(
            found.screening, max_list_age_hours=session.policy.list_max_age_hours, at=clock.now()
        )
        facts = ((self.say("fact.code"), printable(self._asked)),)
        self._show(found=True)
        self.card.tell(told(verdict, self.language, facts))
        self.focus()
