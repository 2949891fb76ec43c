"""The decision: each goods line and what was decided of it, holds, the clocks of the law, what came later."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.actions import disposing, examining, rescreening
from fieldapp.actions.disposing import LiftHold, PlaceHold
from fieldapp.actions.examining import AddAddendum
from fieldapp.actions.rescreening import Addend
from fieldapp.inspection.disposition import DISPOSITIONS, waiting
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from ui.models.sections import AddendumRows, ClockRows, GoodsRows, GoodsStanding, HoldRows, goods_standing
from ui.screens import deciding, second
from ui.screens.section import Section
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.picker import Picker

_LATER = ("laboratory_result", "court_order", "other_authority")


class DecisionScreen(Section):
    """Left goods and what came later, right holds and clocks."""

    name = "decision"

    def build(self) -> None:
        """A line about the second officer, four lists below."""
        row = QHBoxLayout()
        row.setSpacing(10)
        self.stands = Label("", "strong", wrap=True)
        row.addWidget(self.stands, 1)
        self.second = Button(self.say("people.second"), "users", "primary-small")
        self.second.clicked.connect(self._ask_second)
        row.addWidget(self.second)
        self.page.addLayout(row)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(12)
        right.setSpacing(12)
        self.goods = GoodsRows(self.language, self)
        self.addenda = AddendumRows(self.language, self)
        self.holds = HoldRows(self.language, self)
        self.clocks = ClockRows(self.language, self)
        self.whole = Button(self.say("decision.whole"), "gavel")
        self.whole.clicked.connect(lambda: self._decide(None))
        self.add_hold = Button(self.say("people.hold"), "hand")
        self.add_hold.clicked.connect(self._ask_hold)
        self.add_later = Button(self.say("decision.later-add"), "plus")
        self.add_later.clicked.connect(self._ask_later)
        self.goods_list = self.listed(
            "decision.goods", self.goods, "decision.no-goods", (left, 3), self.whole
        )
        self.later_list = self.listed(
            "decision.later", self.addenda, "decision.no-later", (left, 2), self.add_later
        )
        self.hold_list = self.listed("people.holds", self.holds, "people.no-holds", (right, 3), self.add_hold)
        self.clock_list = self.listed("people.clocks", self.clocks, "people.no-clocks", (right, 2))
        self.goods_list.opened.connect(self._decide)
        self.hold_list.opened.connect(self._lift)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self.page.addLayout(columns, 1)

    def focus(self) -> None:
        """What waits for a second officer, else the goods."""
        if self.second.isVisible():
            self.second.setFocus()
        elif self.goods.rowCount():
            if not self.goods_list.view.currentIndex().isValid():
                self.goods_list.select(0)
            self.goods_list.view.setFocus()
        else:
            self.add_hold.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Show the lists, and in words how the goods stand."""
        for control in (self.whole, self.add_hold):
            control.setEnabled(draft)
        waits = waiting(inspection.decisions) if inspection is not None else ()
        self.second.setVisible(draft and bool(waits))
        told = self.say("decision.words")
        if waits:
            last = waits[-1]
            what = self.say(f"disposition.{last.disposition}")
            if last.line is not None:
                what = f"{self.say('role.goods-line', seq=last.line)}: {what}"
            told = self.say("decision.waits", what=what)
        self.stands.setText(told)
        self.goods.put(goods_standing(inspection) if inspection else ())
        self.whole.setText(self._whole_words())
        self.holds.put(inspection.holds if inspection else ())
        self.clocks.put(inspection.deadlines if inspection else ())
        self.addenda.put(inspection.addenda if inspection else ())
        self.add_later.setEnabled(inspection is not None and (not draft or bool(inspection.parents)))

    # What is decided

    def _whole_words(self) -> str:
        """Return what a decision on everything is called: there are no "all lines" of one."""
        return self.say("decision.whole" if self.goods.rowCount() > 1 else "decision.only")

    def _decide(self, chosen: GoodsStanding | None) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft":
            return
        line = chosen.line.seq if chosen is not None else None
        words = [(each, self.say(f"act.{each}")) for each in DISPOSITIONS]
        title = self.say("decision.which", line=line) if line else self._whole_words()
        Picker(self.window(), title, words, self.say("do.cancel")).pick(
            lambda wanted: deciding.ask_line(self, wanted, line)  # type: ignore[arg-type]  # one of the four
        )

    def _ask_second(self) -> None:
        inspection = self.desk.inspection
        if inspection is not None:
            second.ask_second(self, inspection)

    # Holds

    def _ask_hold(self) -> None:
        fields = (
            self.field("authority", "people.authority", required=True),
            self.field("reason", "decide.reason", kind="note", required=True),
            self.field("line", "paper.line", hint="hint.line"),
        )
        self.ask("people.hold", fields, self._keep_hold, "people.hold-words", "hand")

    def _keep_hold(self, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        line = values["line"]
        if inspection is not None:
            command = PlaceHold(
                inspection=inspection.id,
                authority=values["authority"],
                reason=values["reason"],
                line=int(line) if line.isascii() and line.isdigit() else None,
            )
            self.run(disposing.place_hold, command, self.keep)

    def _lift(self, hold: Hold) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft" or hold.lifted_at is not None:
            return
        Ask(
            self.window(),
            title=self.say("people.lift", authority=hold.authority),
            words=self.say("people.lift-words"),
            yes=self.say("people.lift-do"),
            no=self.say("do.cancel"),
            icon="hand",
            reason=self.say("decide.reason"),
            danger=True,
        ).ask(
            lambda reason: self.run(
                disposing.lift_hold,
                LiftHold(inspection=inspection.id, hold=hold.id, reason=reason),
                self.keep,
            )
        )

    # What came later

    def _ask_later(self) -> None:
        """A sealed record is not touched: the result or order goes into the next revision, opened here."""
        inspection = self.desk.inspection
        if inspection is None:
            return
        if inspection.state == "draft":
            self._ask_addendum()
            return
        Ask(
            self.window(),
            title=self.say("decision.later-add"),
            words=self.say("decision.later-words", number=inspection.number),
            yes=self.say("decision.later-do"),
            no=self.say("do.cancel"),
            icon="file-text",
        ).ask(
            lambda _reason: self.run(
                rescreening.addend, Addend(inspection=inspection.id), self._opened_for_addendum
            )
        )

    def _opened_for_addendum(self, inspection: Inspection) -> None:
        self.keep(inspection)
        self._ask_addendum()

    def _ask_addendum(self) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        kinds = tuple((kind, self.say(f"addendum.{kind}")) for kind in _LATER)
        exhibits = tuple((sample.number, sample.number.rpartition("/")[2]) for sample in inspection.samples)
        fields = [
            self.field("kind", "addendum.kind", kind="choice", required=True, options=kinds),
            self.field("number", "addendum.number"),
            self.field("issuer", "addendum.issuer", required=True),
            self.field("text", "addendum.text", kind="note", required=True),
        ]
        if exhibits:
            fields.insert(1, self.field("exhibit", "addendum.exhibit", kind="choice", options=exhibits))
        self.ask("decision.later-add", fields, self._keep_addendum, "addendum.words", "file-text")

    def _keep_addendum(self, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        if inspection is not None:
            command = AddAddendum(inspection=inspection.id, **values)  # type: ignore[arg-type]  # the form's own
            self.run(examining.add_addendum, command, self.keep)
