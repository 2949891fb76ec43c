"""Where it was and who was there: witnesses, the owner's representative, and who refused to sign."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from fieldapp.actions import examining
from fieldapp.actions.examining import NotePlace, NotePresent
from fieldapp.inspection import position
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.presence import Presence
from ui.models.sections import PresenceRows
from ui.screens import locating
from ui.screens.section import Section
from ui.widgets.buttons import Button
from ui.widgets.label import Elided, Label


class PeopleScreen(Section):
    """The place on top, the people below."""

    name = "people"

    def build(self) -> None:
        """One line and one list."""
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(self.say("paper.place"), "strong"))
        self.place = QLineEdit()
        self.place.setAccessibleName(self.say("paper.place"))
        self.place.setMaxLength(200)
        self.place.editingFinished.connect(self._keep_place)
        row.addWidget(self.place, 1)
        self.located = Elided("", "muted")
        row.addWidget(self.located, 1)
        self.locate = Button(self.say("locate.device"), "scan-line")
        self.locate.clicked.connect(lambda: locating.pick(self))
        row.addWidget(self.locate)
        self.page.addLayout(row)
        column = QVBoxLayout()
        self.present = PresenceRows(self.language, self)
        self.add_person = Button(self.say("people.add"), "plus")
        self.add_person.clicked.connect(lambda: self._ask_person(None))
        self.person_list = self.listed(
            "people.present", self.present, "people.none", (column, 1), self.add_person
        )
        self.person_list.opened.connect(self._ask_person)
        self.page.addLayout(column, 1)

    def focus(self) -> None:
        """The place."""
        self.place.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Show the list; a place being typed is left alone."""
        for control in (self.place, self.add_person):
            control.setEnabled(draft)
        self.present.put(inspection.present if inspection else ())
        self.locate.setEnabled(draft)
        located = inspection.located if inspection else None
        self.located.setText(position.words(located, self.language) if located is not None else "")
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
