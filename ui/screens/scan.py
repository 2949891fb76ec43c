"""The scan station: a code goes in, an explained verdict comes out, a decision follows.

What goes in is `intake`'s, the order it is worked off in is `queueing`'s; here stands what is shown: left
what was scanned, right the verdict of the chosen scan, below the decision. When several codes came at once
the worst verdict stays in front.
"""

import msgspec
from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget

from fieldapp.actions import opening
from fieldapp.actions.opening import GetInspection
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, standing_verdict
from fieldapp.inspection.scan import Caught, Scan
from fieldapp.screening.verdict import WORDS, worst
from fieldapp.worker import Failure
from ui.jobs import Jobs
from ui.models.arrival import Arrival
from ui.models.desk import Desk
from ui.models.labels import label_facts
from ui.models.rows import ScanRows
from ui.screens import deciding, entry, photographing, second, withdrawing
from ui.screens.intake import Intake
from ui.screens.queueing import Queue
from ui.screens.screen import Screen
from ui.screens.telling import reason_words, scan_facts, told
from ui.widgets.banner import announce
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card, Clear, Steady
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.row_list import RowList
from ui.widgets.verdict_card import VerdictCard

FOLDED = 880  # logical pixels: the least width of the folded screen
LOW = 690  # logical pixels of the window's height below which everything takes less room
NARROW = 1200  # logical pixels of the window below which the list of scans folds


class ScanScreen(Screen):
    """Left what was scanned, right the verdict, below the decision."""

    nouns = frozenset({"inspections"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._shown: Scan | None = None
        self._inspection = ""
        self.sounds = True
        self.setAcceptDrops(True)
        self.queue = Queue(self)
        self.intake = Intake(self)
        self.field, self.camera = self.intake.field, self.intake.camera
        ground = Steady(spacing=16)
        self._body: QBoxLayout = ground.body
        self._left = Clear(row=False, spacing=12)
        self._left.body.addWidget(self.intake)
        self._left.body.addWidget(self._list(), 1)
        self._body.addWidget(self._left)
        self._body.addWidget(self._verdict(), 1)
        self.page.addWidget(ground, 1)
        self.intake.arrived.connect(self._arrived)
        self.intake.unread.connect(self._show_unread)
        self.intake.fold_button.toggled.connect(lambda _shown: self._fold())
        self.queue.working.connect(self._show_working)
        self.queue.done.connect(self._show_batch)
        self.queue.stuck.connect(self._stuck)
        desk.inspection_changed.connect(self._show_inspection)
        self._set_keys()
        self._fold()
        self._show_inspection()

    def _set_keys(self) -> None:
        QShortcut(QKeySequence("Ctrl+E"), self, self._open_entry)
        QShortcut(QKeySequence("Ctrl+K"), self, self.intake.camera_button.click)
        QShortcut(QKeySequence("Ctrl+L"), self, self.camera.light.click)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.intake.paste)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(
            QKeySequence("Del"), self.scan_list, lambda: withdrawing.ask(self, self._shown), context=context
        )

    def _list(self) -> QWidget:
        self._list_card = Card(margin=0, spacing=0)
        head = Clear()
        head.body.setContentsMargins(16, 12, 16, 10)
        head.body.addWidget(Label(self.say("scan.scanned"), "heading"))
        head.body.addStretch(1)
        self._count = Label("0", "muted")
        head.body.addWidget(self._count)
        self._list_card.body.addWidget(head)
        self.scans = ScanRows(self.language, self)
        empty = EmptyState(self.say("scan.none"), self.say("scan.none-hint"), "scan-line")
        self.scan_list = RowList(self.say("scan.scanned"), self.scans, empty)
        self.scan_list.moved.connect(self._show_scan)
        self.scan_list.opened.connect(self._show_scan)
        self._list_card.body.addWidget(self.scan_list, 1)
        return self._list_card

    def _verdict(self) -> QWidget:
        holder = self._holder = QWidget()
        holder.setProperty("kind", "clear")
        self._right = QVBoxLayout(holder)
        self._right.setContentsMargins(0, 0, 0, 0)
        self.card = VerdictCard(self.say("card.why"), self.say("card.scanned"))
        foot = self.card.foot.body
        self.hold = ActionButton(self.say("act.hold"), "hand", "F5")
        self.refer = ActionButton(self.say("act.refer"), "users", "F6")
        self.release = ActionButton(self.say("act.release"), "circle-check", "F7")
        self.photo = ActionButton(self.say("act.photo"), "camera", "F8")
        for button, disposition in ((self.hold, "hold"), (self.refer, "refer"), (self.release, "release")):
            foot.addWidget(button)
            button.clicked.connect(lambda _checked=False, what=disposition: self.decide(what))
        foot.addStretch(1)
        foot.addWidget(self.photo)
        self.photo.clicked.connect(self.take_photo)
        self.entry_button = Button(self.say("card.open-entry"))
        self.entry_button.setAccessibleDescription("Ctrl+E")
        self.entry_button.clicked.connect(self._open_entry)
        self.card.step_row.addWidget(self.entry_button)
        self._empty_card = Card()
        self._empty = EmptyState(icon="scan-line")
        self._home = Button(self.say("scan.to-home"), "house", "primary-small")
        self._home.clicked.connect(lambda: self.go.emit("home"))
        self._empty_card.body.addWidget(self._empty, 1)
        self._empty_card.body.addWidget(self._home, 0, Qt.AlignmentFlag.AlignHCenter)
        self._right.addWidget(self.card, 1)
        self._right.addWidget(self._empty_card, 1)
        return holder

    # What is shown

    def focus(self) -> None:
        """The scan field, where there is something to scan for."""
        (self.field if self.field.isEnabled() else self._home).setFocus()

    def reload(self) -> None:
        """Read the open inspection again."""
        if self.desk.inspection is not None and not self.queue.busy:
            command = GetInspection(id=self.desk.inspection.id, revision=self.desk.inspection.revision)
            self.run(opening.get_inspection, command, self.desk.put_inspection)

    def _show_inspection(self) -> None:
        inspection = self.desk.inspection
        draft = inspection is not None and inspection.state == "draft"
        if inspection is None or inspection.id != self._inspection:
            self.queue.drop()
            self._shown = None
            self.field.clear()
        self._inspection = inspection.id if inspection is not None else ""
        scans = tuple(reversed(inspection.scans)) if inspection is not None else ()
        kept = next((scan for scan in scans if self._shown and scan.id == self._shown.id), None)
        self.scans.put(scans)
        self._count.setText(str(len(scans)))
        self.intake.fold_button.setText(self.say("scan.folded", count=len(scans)))
        self.intake.fold_button.setAccessibleName(self.intake.fold_button.text())
        self.intake.enable(draft)
        for control in (self.hold, self.refer, self.release, self.photo):
            control.setEnabled(draft)
        self._show_scan(kept or next(iter(scans), None))
        if kept or scans:
            self.scan_list.select(scans.index(kept) if kept else 0, quietly=True)

    def _show_scan(self, scan: Scan | None) -> None:
        inspection = self.desk.inspection
        self._shown = scan
        self.card.setVisible(scan is not None)
        self._empty_card.setVisible(scan is None)
        if scan is None or inspection is None:
            self._say_nothing_yet(inspection)
            return
        facts = (
            *scan_facts(scan, inspection, self.language),
            *label_facts(scan, inspection, self.language),
        )
        others = [each.verdict for each in inspection.scans if each.id != scan.id and not each.withdrawn]
        self.card.tell(told(scan.verdict, self.language, facts, others), aloud=False)
        self.entry_button.setVisible(bool(entry.hits_of(scan)))
        word = worst((scan.verdict.word, standing_verdict(inspection)))  # a clean label clears no earlier one
        leading = {"hold": self.hold, "check": self.refer, "no_match": self.release}.get(word)
        for button in (self.hold, self.refer, self.release):
            strong = "danger" if button is self.hold else "primary"
            button.dress_as(strong if button is leading else "action")

    def _say_nothing_yet(self, inspection: Inspection | None) -> None:
        self._home.setVisible(inspection is None)
        if inspection is None:
            self._empty.show_words(
                self.say("scan.no-inspection"), self.say("scan.no-inspection-hint"), "clipboard-list"
            )
        elif inspection.state != "draft":
            self._empty.show_words(self.say("scan.sealed"), self.say("scan.sealed-hint"), "stamp")
        else:
            self._empty.show_words(
                self.say("scan.verdict-here"), self.say("scan.verdict-here-hint"), "shield-check"
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the list where the window is narrow."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Below 1200 pixels the list hides behind its button; in a low window all takes less room."""
        narrow, low = self.window().width() < NARROW, self.window().height() < LOW
        way = QBoxLayout.Direction
        self._body.setDirection(way.TopToBottom if narrow else way.LeftToRight)
        self._body.setSpacing(8 if narrow else 16)
        self.intake.fold(narrow=narrow, low=low)
        unfolded = self.intake.fold_button.isChecked()
        self._list_card.setVisible(not narrow or unfolded)
        self._holder.setVisible(not narrow or not unfolded)
        self._left.setMaximumWidth(16777215 if narrow else 364)
        self._left.setMinimumWidth(0 if narrow else max(260, min(364, self.window().width() - 950)))
        margin = 6 if low else 8 if narrow else 16
        self.page.setContentsMargins(margin, margin, margin, margin)
        self.card.fold(low)

    def minimumSizeHint(self) -> QSize:
        """Return the least of the folded screen, so that the window may become as narrow as that."""
        return QSize(min(super().minimumSizeHint().width(), FOLDED), super().minimumSizeHint().height())

    def _show_unread(self, why: str) -> None:
        """Take the verdict before it away: nothing of this picture was checked."""
        self._shown = None
        self.scan_list.view.setCurrentIndex(QModelIndex())
        self.card.hide()
        self._home.hide()
        self._empty.show_words(
            f"{self.say('verdict.cannot_check')}: {self.say('scan.unread')}", why, "eye-off"
        )
        self._empty_card.show()
        announce(self, f"{self.say('verdict.cannot_check')}. {why}")

    # What goes in

    def _arrived(self, arrival: Arrival) -> None:
        """Hand codes on; what another officer asks or answers is no code of goods."""
        codes = tuple(code for code in arrival.codes if not second.take_code(self, code.symbol.text))
        self.queue.take(msgspec.structs.replace(arrival, codes=codes))

    def take_caught(self, caught: Caught) -> None:
        """Take a code that a scanner sent."""
        self.intake.take_caught(caught)

    def take_file(self, file: str) -> None:
        """Have a picture or document read."""
        self.intake.take_file(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, while there is an inspection to take them into."""
        if event.mimeData().hasUrls() and self.field.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the dropped files."""
        self.intake.take_dropped(event.mimeData())

    def _show_working(self, working: bool) -> None:
        self.intake.show_ready("scan.checking" if working else "scan.ready")

    def _stuck(self, failure: Failure) -> None:
        self.complain(failure)
        self.reload()

    def _show_batch(self, batch: tuple[Scan, ...], inspection: Inspection) -> None:
        """Show the worst of what came together; of equals the first, as they stand on the label."""
        worst = min(batch, key=lambda scan: WORDS.index(scan.verdict.word))
        self._shown = worst
        self.stale = False
        self.desk.put_inspection(inspection)
        self.card.say_aloud()
        self.field.setFocus()
        if self.sounds and worst.verdict.word != "no_match":
            QApplication.beep()

    # What follows

    def decide(self, disposition: Disposition) -> None:
        """Ask for the reason and decide."""
        if self.hold.isEnabled() and self._shown is not None:
            lines = self._shown.verdict.lines
            sentence = reason_words(lines[0].reason, self.language) if lines else ""
            deciding.ask(self, disposition, prefilled=sentence if disposition != "release" else "")

    def take_photo(self) -> None:
        """Choose a photo and take it in as evidence."""
        if self.photo.isEnabled():
            photographing.pick(self)

    def _open_entry(self) -> None:
        if self._shown is not None and entry.hits_of(self._shown):
            entry.Entry(self, self._shown, self.language).open()
