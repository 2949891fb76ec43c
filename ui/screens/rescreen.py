"""Comparing past consignments with a new list, in the background, and what that would now have hit.

`Rescreening` drives it: a few subjects at a time and behind everything a person asks for, so that no scan
waits. `LaterHits` is the list of what came of it. Nothing here changes a sealed record.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.actions import rescreening
from fieldapp.actions.rescreening import (
    Addend,
    JudgeLater,
    KeepScreened,
    Kept,
    LaterRow,
    LaterRows,
    ListLater,
    NextWork,
    ScreenAgain,
    ScreenedAgain,
    Work,
)
from fieldapp.inspection.inspection import Inspection
from fieldapp.screening.hit import Hit
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.text import say
from fieldapp.worker import Failure
from ui.jobs import BACKGROUND, Jobs
from ui.models.desk import Desk
from ui.models.entries import LaterHitRows
from ui.screens.judgement import Judgement
from ui.screens.screen import Screen
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.mark import Mark
from ui.widgets.row_list import RowList

AT_ONCE = 8  # subjects handed over for one comparison


class Rescreening(QObject):
    """One comparison at a time; `progressed` carries done and total, `ended` how many hits were new."""

    progressed = Signal(int, int)
    ended = Signal(int)

    def __init__(self, jobs: Jobs, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._under_way = False
        self._work = Work(watchlist=ListState())
        self._subjects: dict[Subject, None] = {}
        self._todo: tuple[Subject, ...] = ()
        self._hits: list[Hit] = []
        desk.session_changed.connect(self.look)

    @property
    def under_way(self) -> bool:
        """Say whether a comparison is running."""
        return self._under_way

    def look(self) -> None:
        """Begin if the list in use was not compared yet; called whenever the session is read."""
        session = self._desk.session
        if session is None:
            self._under_way = False
            return
        if not self._under_way and session.watchlist.number:
            self._under_way = True
            self._jobs.run(
                rescreening.next_work, NextWork(), done=self._begin, failed=self._stop, priority=BACKGROUND
            )

    def _begin(self, work: Work) -> None:
        self._work, self._subjects, self._hits = work, {}, []
        self._gather(work)

    def _gather(self, work: Work) -> None:
        if not work.due or work.watchlist.number != self._work.watchlist.number:
            self._under_way = False
            return
        self._subjects.update(dict.fromkeys(work.subjects))
        if work.after:
            self._jobs.run(
                rescreening.next_work,
                NextWork(after=work.after),
                done=self._gather,
                failed=self._stop,
                priority=BACKGROUND,
            )
            return
        self._todo = tuple(self._subjects)
        self._next()

    def _next(self) -> None:
        total = len(self._subjects)
        self.progressed.emit(total - len(self._todo), total)
        if self._todo:
            command = ScreenAgain(subjects=self._todo[:AT_ONCE])
            self._jobs.run(
                rescreening.screen_again, command, done=self._compared, failed=self._stop, priority=BACKGROUND
            )
        else:
            self._keep(Kept(inspections=0, hits=0))

    def _compared(self, found: ScreenedAgain) -> None:
        if found.watchlist.number != self._work.watchlist.number:
            self._under_way = False  # another list came meanwhile: once the vault knows it, it is looked at
            return
        self._hits += found.hits
        self._todo = self._todo[found.done :]
        self._next()

    def _keep(self, so_far: Kept) -> None:
        command = KeepScreened(
            watchlist=self._work.watchlist,
            hits=tuple(self._hits),
            after=so_far.after,
            so_far=(so_far.inspections, so_far.hits),
        )
        self._jobs.run(rescreening.keep, command, done=self._kept, failed=self._stop, priority=BACKGROUND)

    def _kept(self, kept: Kept) -> None:
        if kept.after:
            self._keep(kept)
            return
        self._under_way = False
        self.ended.emit(kept.hits)

    def _stop(self, _failure: Failure) -> None:
        self._under_way = False  # the next look begins anew


class LaterHits(QDialog):
    """What a new list would have hit, worst first. `opened` carries the inspection to work on."""

    opened = Signal(object)

    def __init__(self, screen: Screen, found: LaterRows) -> None:
        super().__init__(screen.window())
        self._screen = screen
        say_ = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say_("later.title"))
        self.resize(820, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(say_("later.title"), "title"))
        column.addWidget(Label(say_("later.words", number=found.compared_with), "muted", wrap=True))
        card = Card(margin=0, spacing=0)
        self.rows = LaterHitRows(screen.language, self)
        empty = EmptyState(
            say_("later.none"), say_("later.none-hint", number=found.compared_with), "circle-check"
        )
        self.list = RowList(say_("later.title"), self.rows, empty)
        self.list.view.chosen.connect(lambda _index: self.take_up())  # Enter; a click only chooses
        self.list.moved.connect(lambda _row: self._weigh())
        card.body.addWidget(self.list, 1)
        column.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.up = Button(say_("later.open"), "clipboard-list", "primary-small")
        self.up.clicked.connect(self.take_up)
        self.judge = Button(say_("later.judge"), "gavel")
        self.judge.clicked.connect(self.weigh_in)
        close = Button(say_("do.close"))
        close.clicked.connect(self.accept)
        row.addWidget(self.up)
        row.addWidget(self.judge)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        self.show_rows(found)
        self.list.view.setFocus()

    def show_rows(self, found: LaterRows) -> None:
        """Show what waits now."""
        self.rows.put(found.rows)
        if found.rows:
            self.list.select(0)
        self._weigh()

    def chosen(self) -> LaterRow | None:
        """Return the row under the cursor."""
        index = self.list.view.currentIndex()
        return self.rows.values()[index.row()] if index.isValid() else None

    def _weigh(self) -> None:
        row = self.chosen()
        sealed = row is not None and row.state != "draft"
        self.up.setEnabled(row is not None)
        self.up.setText(self._screen.say("later.addend" if sealed else "later.open"))
        self.judge.setEnabled(sealed)

    def take_up(self) -> None:
        """Open the draft; of a sealed record open an addendum, once that is confirmed."""
        row = self.chosen()
        if row is None:
            return
        if row.state == "draft":
            self.accept()
            self.opened.emit(row)
            return
        say_ = self._screen.say
        Ask(
            self,
            title=say_("later.addend"),
            words=say_("later.addend-words", number=row.number),
            yes=say_("later.addend"),
            no=say_("do.cancel"),
            icon="history",
        ).ask(lambda _reason: self._addend(row))

    def _addend(self, row: LaterRow) -> None:
        def done(made: Inspection) -> None:
            self.accept()
            self.opened.emit(made)

        self._screen.run(rescreening.addend, Addend(inspection=row.inspection), done)

    def weigh_in(self) -> None:
        """Judge the hit without touching the sealed record."""
        row = self.chosen()
        if row is None or row.state == "draft":
            return
        dialog = Judgement(self._screen, row.hit, hint=self._screen.say("later.judge-hint"))

        def judged(verdict: str, reason: str) -> None:
            command = JudgeLater(inspection=row.inspection, hit=row.hit.id, verdict=verdict, reason=reason)  # type: ignore[arg-type]  # the dialog offers just the three
            self._screen.run(rescreening.judge_later, command, self.show_rows)

        dialog.judged.connect(judged)
        dialog.open()


class LaterNotice(Card):
    """A line that says how many new hits wait, or how far the comparison has come. Hidden without either."""

    pressed = Signal()

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(margin=10, parent=parent)
        self._screen = screen
        self.found = LaterRows(rows=())
        self._of_one = False
        row = QHBoxLayout()
        row.setSpacing(12)
        self.words = Label("", "strong", wrap=True)
        self.button = Button(say("later.show", screen.language), "history")
        self.button.clicked.connect(self.pressed.emit)
        row.addWidget(Mark("triangle-alert", "check", 26))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.body.addLayout(row)
        self.hide()

    def read(self, inspection: str = "") -> None:
        """Read what waits: of one inspection, or of all."""
        self._of_one = bool(inspection)
        self._screen.run(rescreening.list_later, ListLater(inspection=inspection), self.show_rows)

    def show_rows(self, found: LaterRows) -> None:
        """Say how many wait."""
        self.found = found
        self.words.setText(
            self._screen.say_n("later.on-this" if self._of_one else "later.count", len(found.rows))
        )
        self.button.show()
        self.setVisible(bool(found.rows))

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the comparison has come, while nothing waits."""
        if total and done < total:
            self.words.setText(self._screen.say("later.progress", done=done, total=total))
            self.button.setVisible(bool(self.found.rows))
            self.show()
        else:
            self.show_rows(self.found)


def show_later(screen: Screen, found: LaterRows) -> LaterHits:
    """Open the dialog; what is chosen there lies on the desk and its inspection is in front."""
    dialog = LaterHits(screen, found)

    def open_it(chosen: object) -> None:
        if isinstance(chosen, Inspection):
            screen.desk.put_inspection(chosen)
            screen.go.emit("inspection")
        elif isinstance(chosen, LaterRow):
            from fieldapp.actions import opening

            def lay_down(held: Inspection) -> None:
                screen.desk.put_inspection(held)
                screen.go.emit("inspection")

            screen.run(opening.get_inspection, opening.GetInspection(id=chosen.inspection), lay_down)

    dialog.opened.connect(open_it)
    dialog.open()
    return dialog
