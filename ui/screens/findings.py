"""The inspection: open hits to judge, findings with their photos, decisions, remarks, and the seal."""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.actions import finding, judging, opening, reviewing
from fieldapp.actions.finding import RecordFinding, WithdrawFinding
from fieldapp.actions.judging import Adjudicate
from fieldapp.actions.opening import GetInspection
from fieldapp.actions.rescreening import LaterRows
from fieldapp.actions.reviewing import Reopen
from fieldapp.actions.sealing import Sealed
from fieldapp.errors import InspectorError
from fieldapp.inspection.disposition import waiting
from fieldapp.inspection.finding import Finding
from fieldapp.inspection.inspection import (
    Inspection,
    effective_disposition,
    open_hits,
    require_sealable,
    standing_verdict,
    undecided_lines,
)
from fieldapp.screening.hit import Hit
from fieldapp.worker import Failure
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.entries import JudgedRows, judged_hits
from ui.models.moments import moment
from ui.models.naming import printable
from ui.models.rows import FindingRows
from ui.screens import deciding, judgement, photographing, signing
from ui.screens.kept_words import KeptWords
from ui.screens.rescreen import LaterNotice, show_later
from ui.screens.screen import Screen
from ui.screens.section import left_to_do, section_bar
from ui.widgets.ask import Ask, Note
from ui.widgets.banner import Banner
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card, Clear, Page
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided, Label
from ui.widgets.picker import Picker
from ui.widgets.row_list import ROW, RowList

EDGES = 8  # pixels above and below the rows: the card's line and the ring of the cursor
GRADES = ("critical", "major", "other")


class FindingsScreen(Screen):
    """Left what was found, right what to write down; below, the decision and the seal."""

    nouns = frozenset({"inspections", "later"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._inspection = ""
        self._head = Label("", "title")
        self._state = Elided("", "muted")
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._head)
        head.addWidget(self._state, 1)
        self.page.addLayout(head)
        self.bar = section_bar(self, "inspection")
        self.page.addWidget(self.bar)
        self.remarks = Banner(self.say("do.close"))
        self.page.addWidget(self.remarks)
        self.seen = Label("", "error", wrap=True)
        self.seen.hide()
        self.page.addWidget(self.seen)
        self.later = LaterNotice(self)
        self.later.pressed.connect(lambda: show_later(self, self.later.found))
        self.page.addWidget(self.later)
        inner = Clear(spacing=16)
        body = inner.body
        self._left = left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._hits(), 1)
        left.addWidget(self._findings(), 2)
        body.addLayout(left, 1)
        body.addWidget(self._form(), 1)
        self.page.addWidget(Page(inner), 1)
        self.page.addWidget(self._foot())
        desk.inspection_changed.connect(self._show)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._record)
        QShortcut(QKeySequence("Ctrl+N"), self, self.note_field.setFocus)
        QShortcut(QKeySequence("Ctrl+S"), self, self.seal.click)
        self._show()

    def _hits(self) -> QWidget:
        self._hit_card = Card(margin=0, spacing=0)
        self._hit_heading = Label("", "heading")
        self._hit_heading.setContentsMargins(16, 10, 16, 8)
        self._hit_card.body.addWidget(self._hit_heading)
        self.hits = JudgedRows(self.language, self)
        self.hit_list = RowList(
            self.say("findings.hits"), self.hits, EmptyState(self.say("findings.no-hits"))
        )
        self.hit_list.opened.connect(lambda row: self._judge(row[0]))
        self._hit_card.body.addWidget(self.hit_list, 1)
        return self._hit_card

    def _findings(self) -> QWidget:
        card = Card(margin=0, spacing=0)
        heading = Label(self.say("findings.findings"), "heading")
        heading.setContentsMargins(16, 10, 16, 8)
        card.body.addWidget(heading)
        self.findings = FindingRows(self.language, self)
        empty = EmptyState(self.say("findings.none"), self.say("findings.none-hint"), "flag")
        self.finding_list = RowList(self.say("findings.findings"), self.findings, empty)
        self.finding_list.opened.connect(self._withdraw)
        card.body.addWidget(self.finding_list, 1)
        return card

    def _form(self) -> QWidget:
        card = Card(spacing=8)
        head = QHBoxLayout()
        head.addWidget(Label(self.say("findings.new"), "heading"), 1)
        grades = [(grade, self.say(f"severity.{grade}")) for grade in GRADES]
        self.severity = Choice(self.say("findings.severity"), grades)
        self.severity.chosen.connect(lambda _grade: self._weigh())
        head.addWidget(self.severity)
        card.body.addLayout(head)
        card.body.addWidget(Label(self.say("findings.note"), "strong"))
        self.note_field = Note(self.say("findings.note"))
        self.note_field.setPlaceholderText(self.say("findings.note-hint"))
        self.note_field.setMinimumHeight(64)
        card.body.addWidget(self.note_field, 1)
        self.exhibits = photographing.Exhibits(self)
        self.photos = self.exhibits.strip
        card.body.addWidget(self.exhibits)
        buttons = QHBoxLayout()
        self.photo = Button(self.say("findings.add-photo"), "camera")
        self.photo.setAccessibleDescription("F8")
        self.photo.clicked.connect(self.take_photo)
        self.record = Button(self.say("findings.record"), "plus", "primary-small")
        self.record.setAccessibleDescription("Ctrl+↵")
        self.record.clicked.connect(self._record)
        self._ungraded = Label(self.say("findings.ungraded"), "muted", wrap=True)
        buttons.addWidget(self.photo)
        buttons.addWidget(self.exhibits.annotate)
        buttons.addWidget(self._ungraded, 1)
        buttons.addStretch(1)
        buttons.addWidget(self.record)
        card.body.addLayout(buttons)
        self.note_field.textChanged.connect(self._weigh)
        self.words = KeptWords(self, self.note_field, "finding")
        return card

    def _foot(self) -> QWidget:
        card = Card(margin=10)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._decision = Label("", "body", wrap=True)
        self.hold = ActionButton(self.say("act.hold"), "hand", "F5")
        self.refer = ActionButton(self.say("act.refer"), "users", "F6")
        self.release = ActionButton(self.say("act.release"), "circle-check", "F7")
        self.seize = ActionButton(self.say("act.seize"), "gavel", "")
        self.seal = ActionButton(self.say("act.seal"), "stamp", "", "primary")
        row.addWidget(self._decision, 1)
        for button, disposition in (
            (self.hold, "hold"), (self.refer, "refer"), (self.release, "release"), (self.seize, "seize"),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, what=disposition: deciding.ask(self, what))
            row.addWidget(button)
        row.addWidget(self.seal)
        self.seal.setAccessibleDescription("Ctrl+S")
        self.seal.clicked.connect(self._seal)
        card.body.addLayout(row)
        return card

    def heightForWidth(self, _width: int) -> int:
        """Shrink before scrolling: the decision at the foot must stay in sight."""
        return self.minimumSizeHint().height()

    def focus(self) -> None:
        """The first open hit, else the note."""
        writing = self.note_field if self.note_field.isEnabled() else self.finding_list.view
        inspection = self.desk.inspection
        waiting = inspection is not None and inspection.state == "draft" and open_hits(inspection)
        (self.hit_list.view if waiting else writing).setFocus()

    def reload(self) -> None:
        """Read the inspection again."""
        inspection = self.desk.inspection
        if inspection is not None:
            command = GetInspection(id=inspection.id, revision=inspection.revision)
            self.run(opening.get_inspection, command, self.desk.put_inspection, priority=REFRESH)

    def _show(self) -> None:
        inspection = self.desk.inspection
        draft = inspection is not None and inspection.state == "draft"
        if inspection is None or inspection.id != self._inspection:
            self.severity.choose("")
            self.banner.hide()
            self.words.open(inspection.id if draft and inspection is not None else "")
            self.exhibits.forget()
        self._inspection = inspection.id if inspection is not None else ""
        self.bar.show_left(left_to_do(inspection))
        for control in (
            self.note_field, self.photo, self.hold, self.refer, self.release, self.seize, self.seal,
        ):  # fmt: skip
            control.setEnabled(draft)
        self.severity.setEnabled(draft)
        self._weigh()
        if inspection is None:
            self._head.setText(self.say("findings.no-inspection"))
            self._state.setText(self.say("scan.no-inspection-hint"))
            self.hits.put(())
            self.findings.put(())
            self.photos.show_photos(())
            self._hit_card.hide()
            return
        self._head.setText(self.say("findings.title", number=inspection.number, revision=inspection.revision))
        self._show_seen(inspection)
        verdict = self.say(f"verdict.{standing_verdict(inspection)}") if inspection.scans else ""
        state = self.say(f"state.{inspection.state}")
        reference = printable(inspection.consignment.reference)
        session = self.desk.session
        doubt = self.say("findings.clock-suspect") if session is not None and session.clock_suspect else ""
        self._state.setText(" · ".join(part for part in (doubt, reference, state, verdict) if part))
        waiting = open_hits(inspection) if draft else ()
        hits = judged_hits(inspection)
        self.hits.put(hits)
        if waiting:
            self.hit_list.select(0)  # those to judge come first: Enter judges the next one
        judged = self.say("findings.hits-judged")
        self._hit_heading.setText(self.say_n("findings.open-hits", len(waiting)) if waiting else judged)
        self._hit_card.setVisible(bool(hits))
        # No higher than its rows: in a low window the findings need the room.
        self._hit_card.setMaximumHeight(self._hit_heading.sizeHint().height() + ROW * len(hits) + EDGES)
        some = bool(inspection.findings)
        self._left.setStretch(0, 2 if waiting else 1)  # what waits to be judged has the room
        self._left.setStretch(1, 2 if some else 1)
        self._show_later(inspection)
        self.findings.put(inspection.findings)
        self._show_decision(inspection)
        self._show_remarks(inspection)
        self.exhibits.show_inspection(inspection)

    def _show_seen(self, inspection: Inspection) -> None:
        """Say what turned up in another inspection too: it may be innocent, and has to be looked at."""
        told = [
            self.say(f"seen.{each.mark.kind}", numbers=", ".join(each.inspections))
            for each in inspection.seen_before
        ]
        self.seen.setText("\n".join(told))
        self.seen.setVisible(bool(told))

    def _show_later(self, inspection: Inspection) -> None:
        """Say what a later list hits here. In a draft it stands among the hits already."""
        self.later.show_rows(LaterRows(rows=()))
        if inspection.state != "draft":
            self.later.read(inspection.id)

    def _show_decision(self, inspection: Inspection) -> None:
        if not inspection.decisions:
            self._decision.setText(self.say("findings.undecided"))
            return
        last, now = inspection.decisions[-1], effective_disposition(inspection)
        words = self.say(f"disposition.{now}") if now else self.say("findings.undecided")
        if waits := waiting(inspection.decisions):
            words = self.say(
                "findings.waits", what=self.say(f"disposition.{waits[-1].disposition}"), now=words
            )
        told = self.say("findings.decided", what=words, at=moment(last.at))
        if left := undecided_lines(inspection):
            told = self.say("findings.lines-left", lines=", ".join(str(line) for line in left))
        self._decision.setText(told)

    def _show_remarks(self, inspection: Inspection) -> None:
        """Show what headquarters said of this revision, or what this revision answers."""
        review = inspection.reviews[-1] if inspection.state in ("approved", "returned") else None
        if review is None:
            review = next((each for each in inspection.reviews if each.id == inspection.answers), None)
        if review is None or not (inspection.reviews or inspection.answers):
            self.remarks.hide()
            return
        words = "\n".join(f"• {printable(remark.text)}" for remark in review.remarks)
        tone = "note" if review.outcome == "approved" else "warn"
        title = self.say(f"findings.{review.outcome}", by=printable(review.by))
        if inspection.state == "returned":
            reopen = Reopen(inspection=inspection.id)
            self.remarks.show_alert(
                title, words, tone, button=self.say("home.reopen"),
                then=lambda: self.run(reviewing.reopen, reopen, self.desk.put_inspection),
            )  # fmt: skip
        else:
            self.remarks.show_alert(title, words, tone)

    def _weigh(self) -> None:
        draft = self.desk.inspection is not None and self.desk.inspection.state == "draft"
        graded = bool(self.severity.value())
        written = bool(self.note_field.toPlainText().strip())
        self._ungraded.setVisible(draft and written and not graded)
        self.record.setEnabled(draft and written)

    def _record(self) -> None:
        """Record the finding; one that was not graded yet is graded first, by one figure."""
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft" or not self.note_field.toPlainText().strip():
            return
        if not self.severity.value():
            options = [
                (grade, f"{number}  {self.say(f'severity.{grade}')}")
                for number, grade in enumerate(GRADES, start=1)
            ]
            Picker(self.window(), self.say("findings.severity"), options, self.say("do.cancel")).pick(
                self._grade
            )
            return
        command = RecordFinding(
            inspection=inspection.id,
            severity=self.severity.value(),  # type: ignore[arg-type]  # the choice offers just the three
            note=self.note_field.toPlainText(),
            evidence=self.photos.marked(),
        )
        self.record.setEnabled(False)
        self.run(finding.record, command, self._recorded)

    def _grade(self, grade: str) -> None:
        self.severity.choose(grade)
        self._weigh()
        self._record()

    def _recorded(self, inspection: Inspection) -> None:
        self.note_field.clear()
        self.words.forget()
        self.severity.choose("")
        self.photos.show_photos(())
        self.desk.put_inspection(inspection)
        self.note(self.say("findings.recorded", number=inspection.findings[-1].number))
        self.note_field.setFocus()

    def take_photo(self) -> None:
        """Choose a photo and take it in as evidence."""
        if self.photo.isEnabled():
            photographing.pick(self)

    def decide(self, disposition: str) -> None:
        """Ask for the reason and decide."""
        if self.hold.isEnabled():
            deciding.ask(self, disposition)  # type: ignore[arg-type]  # the window passes one of the four

    def _withdraw(self, chosen: Finding) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft" or chosen.withdrawn:
            return
        Ask(
            self.window(),
            title=self.say("findings.withdraw", number=chosen.number),
            words=self.say("findings.withdraw-words"),
            yes=self.say("findings.withdraw-do"),
            no=self.say("do.cancel"),
            icon="undo",
            reason=self.say("decide.reason"),
            danger=True,
        ).ask(
            lambda reason: self.run(
                finding.withdraw,
                WithdrawFinding(inspection=inspection.id, finding=chosen.id, reason=reason),
                self.desk.put_inspection,
            )
        )

    def _judge(self, hit: Hit) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft":
            return
        dialog = judgement.Judgement(self, hit, judgement.before(inspection, hit, self.language))
        dialog.judged.connect(
            lambda verdict, reason: self.run(
                judging.adjudicate,
                Adjudicate(inspection=inspection.id, hit=hit.id, verdict=verdict, reason=reason),
                self.desk.put_inspection,
            )
        )
        dialog.open()

    def _seal(self) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        try:
            require_sealable(inspection)  # say what is missing before asking for a signature
        except InspectorError as error:
            self.complain(Failure("inspector", error.code, dict(error.facts)))
            return
        signing.ask(self, inspection, self._sealed)

    def _sealed(self, sealed: Sealed) -> None:
        self.desk.put_inspection(sealed.inspection)
        self.note(self.say("seal.done", number=sealed.inspection.number), self.say("seal.done-words"))
        self.go.emit("report")
