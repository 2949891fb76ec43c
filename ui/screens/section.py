"""What the sections of an inspection share: the bar between them, the heading, and forms."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.actions import opening
from fieldapp.actions.opening import GetInspection
from fieldapp.consignment import quantity
from fieldapp.inspection.answer import unfinished
from fieldapp.inspection.disposition import waiting
from fieldapp.inspection.inspection import Inspection, open_hits
from fieldapp.worker import Failure
from ui import alerts
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.naming import printable
from ui.models.sections import next_clock
from ui.models.tuples import TupleModel
from ui.screens.kept_words import KeptForm
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.form import Field, Form
from ui.widgets.label import Elided, Label
from ui.widgets.row_list import RowList
from ui.widgets.section_bar import SectionBar

V = TypeVar("V")
SECTIONS = ("inspection", "papers", "checklist", "samples", "people", "decision")


def left_to_do(inspection: Inspection | None) -> dict[str, int]:
    """Return how many things each section still needs before the seal."""
    if inspection is None or inspection.state != "draft":
        return {}
    held = inspection.checklist
    return {
        "inspection": len(open_hits(inspection)),
        "checklist": len(unfinished(held, inspection.answered)) if held else 0,
        "decision": len(waiting(inspection.decisions)),
    }


class Section(Screen):
    """One section: its bar on top; `show_inspection` is called whenever the inspection changes."""

    nouns = frozenset({"inspections"})
    name = ""

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._again: Callable[[str], object] | None = None
        self._typing: KeptForm | None = None
        head = QHBoxLayout()
        head.setSpacing(16)
        self._number = Label("", "title")
        self._reference = Elided("", "muted")
        head.addWidget(self._number)
        head.addWidget(self._reference, 1)
        self.story = Button(self.say("story.open"), "history")
        self.story.setAccessibleDescription("Ctrl+T")
        self.story.clicked.connect(self._tell_story)
        head.addWidget(self.story)
        self.page.addLayout(head)
        self.bar = section_bar(self, self.name)
        self.page.addWidget(self.bar)
        self.build()
        desk.inspection_changed.connect(self._show)
        self._show()

    def heightForWidth(self, _width: int) -> int:
        """Shrink before scrolling: lists scroll by themselves."""
        return self.minimumSizeHint().height()

    def build(self) -> None:
        """Put the section's own parts on the page."""

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Show what the inspection holds of this section."""

    def reload(self) -> None:
        """Read the inspection again."""
        inspection = self.desk.inspection
        if inspection is not None:
            command = GetInspection(id=inspection.id, revision=inspection.revision)
            self.run(opening.get_inspection, command, self.desk.put_inspection, priority=REFRESH)

    def _tell_story(self) -> None:
        if self.desk.inspection is not None:
            self.desk.story = self.desk.inspection.id
            self.go.emit("story")

    def keep(self, inspection: Inspection) -> None:
        """Take what an action answered; what was typed for it has become part of it."""
        self._again = None
        if self._typing is not None:
            self._typing.forget()
            self._typing = None
        self.desk.put_inspection(inspection)

    def ask(
        self,
        title: str,
        fields: Sequence[Field],
        then: Callable[[dict[str, str]], object],
        words: str = "",
        icon: str = "plus",
        kept: str = "",
    ) -> None:
        """Open a form whose title, explanation and confirming word are keys.

        What was typed comes back with the reason when it is refused, and after a lock or a crash; nothing has
        to be typed twice. `kept` tells forms of one title apart.
        """
        self.open_form(title, fields, then, self.say(words) if words else "", icon, kept)

    def open_form(
        self,
        title: str,
        fields: Sequence[Field],
        then: Callable[[dict[str, str]], object],
        told: str,
        icon: str,
        kept: str = "",
    ) -> None:
        """Open a form as `ask` does; its explanation `told` is words already."""

        def filled(values: dict[str, str]) -> None:
            typed = tuple(msgspec.structs.replace(field, value=values[field.key]) for field in fields)
            self._again = lambda why: self.open_form(title, typed, then, why, icon, kept)
            then(values)

        form = Form(
            self.window(),
            title=self.say(title),
            fields=fields,
            yes=self.say("do.keep"),
            no=self.say("do.cancel"),
            words=told,
            icon=icon,
        )
        if self.desk.inspection is not None:
            self._typing = KeptForm(self, form, self.desk.inspection.id, f"{title}:{kept}")
        form.fill(filled)

    def refuse(self, sentence: str) -> None:
        """Say why what was typed cannot be kept, in the form it was typed into."""
        again, self._again = self._again, None
        if again is not None:
            again(sentence)
        else:
            self.banner.show_alert(self.say("alert.inspector"), sentence, "warn")

    def complain(self, failure: Failure) -> None:
        """Give a form that was refused back with the reason; anything else goes to the banner."""
        if failure.family == "inspector" and self._again is not None:
            self.refuse(alerts.explain(failure, self.language).sentence)
        else:
            super().complain(failure)

    def listed(
        self,
        title: str,
        rows: TupleModel[V],
        none: str,
        place: tuple[QVBoxLayout, int],
        button: Button | None = None,
    ) -> RowList:
        """Put a card with a heading, its button and a list into a column, with its share of the room."""
        card = Card(margin=0, spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 8)
        head.setSpacing(12)
        head.addWidget(Label(self.say(title), "heading", wrap=True), 1)
        if button is not None:
            head.addWidget(button)
        card.body.addLayout(head)
        made = RowList(self.say(title), rows, EmptyState(self.say(none)))
        card.body.addWidget(made, 1)
        column, share = place
        column.addWidget(card, share)
        return made

    def field(self, key: str, words: str, **more: object) -> Field:
        """Return a field whose name and hint are keys."""
        hint = more.pop("hint", "")
        said = self.say(str(hint)) if hint else ""
        return Field(key=key, words=self.say(words), hint=said, **more)  # type: ignore[arg-type]  # a Field's own

    def grams(self, text: str) -> Decimal | None:
        """Read a weight in grams; says what is wrong and returns None where it is none."""
        found = quantity.number(text.strip())
        if found is None:
            self.refuse(self.say("section.no-weight", text=text.strip()))
        return found

    def _show(self) -> None:
        inspection = self.desk.inspection
        draft = inspection is not None and inspection.state == "draft"
        self.bar.show_left(left_to_do(inspection))
        self.story.setEnabled(inspection is not None)
        if inspection is None:
            self._number.setText(self.say("findings.no-inspection"))
            self._reference.setText(self.say("scan.no-inspection-hint"))
        else:
            told = self.say("findings.title", number=inspection.number, revision=inspection.revision)
            self._number.setText(told)
            beside = (printable(inspection.consignment.reference), next_clock(inspection, self.language))
            self._reference.setText(" · ".join(filter(None, beside)))
        self.show_inspection(inspection, draft=draft)


def section_bar(screen: Screen, current: str) -> SectionBar:
    """Return the bar between the sections, wired to `screen`."""
    entries = [(name, screen.say(f"section.{name}")) for name in SECTIONS]
    bar = SectionBar(screen.say("section.bar"), entries, current)
    bar.chosen.connect(screen.go.emit)
    return bar
