"""The story of one consignment: all that was done, found and decided, in the order of time. To read only."""

from PySide6.QtWidgets import QWidget

from fieldapp.actions import seeking
from fieldapp.actions.seeking import TellTimeline, Timeline
from fieldapp.inspection.timeline import Kind, Moment
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.naming import printable
from ui.models.stories import StoryRows
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.dropdown import Dropdown
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided, Label
from ui.widgets.row_list import RowList

# What may be looked at alone; the rest is in "everything".
PARTS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("all", ()),
    ("scans", ("scanned", "hit", "judged")),
    ("evidence", ("found", "photographed", "filed", "tested", "answered")),
    ("custody", ("drawn", "handed", "attended")),
    ("decisions", ("decided", "seconded", "held", "lifted", "clock", "met", "due")),
    ("record", ("ordered", "opened", "sealed", "reviewed", "added")),
)


class StoryScreen(Screen):
    """Shows the story of `desk.story`; `back` is the screen it was asked from."""

    nouns = frozenset({"inspections"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self.back = "home"
        self._told: tuple[Moment, ...] = ()
        head = self.title(self.say("story.title"))
        self.leave = Button(self.say("keys.back"), "arrow-left")
        self.leave.setAccessibleDescription("Esc")
        self.leave.clicked.connect(lambda: self.go.emit(self.back))
        self.part = Dropdown(self.say("story.part"))
        for name, _kinds in PARTS:
            self.part.addItem(self.say(f"story.part.{name}"), name)
        self.part.currentIndexChanged.connect(lambda _at: self._show())
        head.addWidget(self.part)
        head.addWidget(self.leave)
        self._about = Elided("", "strong")
        self.page.addWidget(self._about)
        card = Card(margin=0, spacing=0)
        self.rows = StoryRows(language, self)
        self._none = EmptyState(self.say("home.reading"), icon="history")
        self.list = RowList(self.say("story.title"), self.rows, self._none)
        card.body.addWidget(self.list, 1)
        self.page.addWidget(card, 1)
        self.page.addWidget(Label(self.say("story.order"), "muted", wrap=True))

    def enter(self) -> None:
        """Tell the story anew each time: another may be asked for."""
        self.stale = True
        super().enter()

    def reload(self) -> None:
        """Read the story."""
        if self.desk.story:
            self.run(
                seeking.tell_timeline, TellTimeline(inspection=self.desk.story), self._take, priority=REFRESH
            )
        else:
            self._none.show_words(self.say("findings.no-inspection"), self.say("scan.no-inspection-hint"))

    def focus(self) -> None:
        """The moments, so that arrow keys walk them."""
        self.list.view.setFocus()

    def _take(self, told: Timeline) -> None:
        if told.inspection != self.desk.story:
            return
        self._told = told.moments
        self._about.setText(f"{told.number}  {printable(told.reference)}")
        self._show()

    def _show(self) -> None:
        kinds = dict(PARTS)[self.part.currentData()]
        shown = tuple(one for one in self._told if not kinds or one.kind in kinds)
        self._none.show_words(self.say("story.none"), icon="history")
        self.rows.put(shown)
