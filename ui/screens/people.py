"""Who was present, holds, the clocks of the law, and the second officer."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from fieldapp.actions import disposing, examining
from fieldapp.actions.disposing import AskSecond, LiftHold, PlaceHold
from fieldapp.actions.examining import NotePlace, NotePresent
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.presence import Presence
from ui.models.sections import ClockRows, HoldRows, PresenceRows
from ui.screens.second import SecondOfficer
from ui.screens.section import Section
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.label import Label


class PeopleScreen(Section):
    """Left place and people, right holds and clocks."""

    name = "people"

    def build(self) -> None:
        """The place on top, three lists below."""
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(self.say("paper.place"), "strong"))
        self.place = QLineEdit()
        self.place.setAccessibleName(self.say("paper.place"))
        self.place.setMaxLength(200)
        self.place.editingFinished.connect(self._keep_place)
        row.addWidget(self.place, 1)
        self.second = Button(self.say("people.second"), "users")
        self.second.clicked.connect(self._ask_second)
        row.addWidget(self.second)
        self.page.addLayout(row)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        right.setSpacing(12)
        self.present = PresenceRows(self.language, self)
        self.holds = HoldRows(self.language, self)
        self.clocks = ClockRows(self.language, self)
        self.add_person = Button(self.say("people.add"), "plus")
        self.add_person.clicked.connect(lambda: self._ask_person(None))
        self.add_hold = Button(self.say("people.hold"), "hand")
        self.add_hold.clicked.connect(self._ask_hold)
        self.person_list = self.listed(
            "people.present", self.present, "people.none", (left, 1), self.add_person
        )
        self.hold_list = self.listed("people.holds", self.holds, "people.no-holds", (right, 3), self.add_hold)
        self.clock_list = self.listed("people.clocks", self.clocks, "people.no-clocks", (right, 2))
        self.person_list.opened.connect(self._ask_person)
        self.hold_list.opened.connect(self._lift)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self.page.addLayout(columns, 1)

    def focus(self) -> None:
        """The place."""
        self.place.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Show the lists; a place being typed is left alone."""
        for control in (self.place, self.add_person, self.add_hold):
            control.setEnabled(draft)
        waits = inspection is not None and any(one.needs_second for one in inspection.decisions[-1:])
        self.second.setVisible(draft and waits)
        self.present.put(inspection.present if inspection else ())
        self.holds.put(inspection.holds if inspection else ())
        self.clocks.put(inspection.deadlines if inspection else ())
        if not self.place.hasFocus():
            self.place.setText(inspection.place if inspection else "")

    def _keep_place(self) -> None:
        inspection = self.desk.inspection
        if inspection is not None and inspection.state == "draft" and self.place.text() != inspection.place:
            self.run(
                examining.note_place, NotePlace(inspection=inspection.id, place=self.place.text()), self.keep
            )

    def _ask_person(self, held: Presence | None) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft":
            return
        roles = tuple(
            (role, self.say(f"presence.{role}")) for role in ("witness", "representative", "driver")
        )
        outcomes = tuple((each, self.say(f"presence.{each}")) for each in ("signs-paper", "refused"))
        fields = (
            self.field("role", "people.role", kind="choice", required=True, options=roles,
                       value=held.role if held else ""),
            self.field("name", "paper.name", required=True, value=held.name if held else ""),
            self.field("address", "paper.address", value=held.address if held else ""),
            self.field("outcome", "people.outcome", kind="choice", required=True, options=outcomes,
                       value=held.outcome if held else ""),
            self.field("reason", "people.reason", value=held.reason if held else ""),
            self.field("read_over_in", "paper.read-over-in", value=held.read_over_in if held else ""),
        )  # fmt: skip
        self.ask("people.add", fields, lambda values: self._keep_person(held.id if held else "", values))

    def _keep_person(self, name: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        if inspection is not None:
            command = NotePresent(inspection=inspection.id, id=name, **values)  # type: ignore[arg-type]  # the form's own
            self.run(examining.note_present, command, self.keep)

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

    def _ask_second(self) -> None:
        inspection = self.desk.inspection
        if inspection is not None:
            self.run(
                disposing.ask_second,
                AskSecond(inspection=inspection.id),
                lambda asked: SecondOfficer(self, asked).open(),
            )
