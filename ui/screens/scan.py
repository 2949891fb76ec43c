"""The scan station: a code goes in, an explained verdict comes out, a decision follows.

Codes come from a scanner gun, the keyboard, the camera, or a picture (opened, dropped or pasted). They are
worked off one by one; when several came at once the worst verdict stays in front. A code is remembered
by the vault before its verdict is shown.
"""

from collections import deque

import msgspec
from PySide6.QtCore import QBuffer, QByteArray, QElapsedTimer, QIODevice, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.actions import opening, scanning
from fieldapp.actions.opening import GetInspection
from fieldapp.actions.scanning import CodeScreening, ReadPicture, Remember, ScreenCode
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan, Source
from fieldapp.scan.symbol import Reading, Symbol
from fieldapp.screening.verdict import WORDS
from fieldapp.worker import Failure
from ui import theme
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.rows import ScanRows
from ui.screens import deciding, entry, files, photographing, withdrawing
from ui.screens.filming import CameraCard
from ui.screens.screen import Screen
from ui.screens.telling import reason_words, scan_facts, told
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card, Clear
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.row_list import RowList
from ui.widgets.verdict_card import VerdictCard

FOLDED = 880  # logical pixels: the least width of the folded screen
LOW = 690  # logical pixels of the window's height below which everything takes less room
NARROW = 1200  # logical pixels of the window below which the list of scans folds
LONGEST_CODE = 8000  # characters
REPEAT_MS = 300  # within which a gun's same code is the same scan


class Pending(msgspec.Struct, frozen=True):
    """A code that waits for its turn."""

    symbol: Symbol
    source: Source


def typed(code: str) -> Symbol:
    """Return the symbol of a code that a person typed."""
    raw = code.encode("utf-8").hex()
    return Symbol(symbology="typed", aim="", text=code, hex=raw, reader="keyboard")


class ScanScreen(Screen):
    """Left what was scanned, right the verdict, below the decision."""

    nouns = frozenset({"inspections"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._waiting: deque[Pending] = deque()
        self._busy = False
        self._batch: list[Scan] = []
        self._shown: Scan | None = None
        self._inspection = ""
        self._last: Symbol | None = None
        self._last_at = QElapsedTimer()
        self._last_at.start()
        self.sounds = True
        self.setAcceptDrops(True)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(16)
        self._left = Clear(row=False, spacing=12)
        self._left.body.addWidget(self._input())
        self._left.body.addWidget(self._filming())
        self._left.body.addWidget(self._list(), 1)
        self._body.addWidget(self._left)
        self._body.addWidget(self._verdict(), 1)
        self.page.addLayout(self._body, 1)
        desk.inspection_changed.connect(self._show_inspection)
        QShortcut(QKeySequence("Ctrl+E"), self, self._open_entry)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(
            QKeySequence("Del"), self.scan_list, lambda: withdrawing.ask(self, self._shown), context=context
        )
        QShortcut(QKeySequence("Ctrl+K"), self, self.camera_button.click)
        self._paste_picture = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self._paste)
        self._fold()
        self._show_inspection()

    def _input(self) -> QWidget:
        self._input_card = card = Card(margin=14, spacing=10)
        self._input_row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._input_row.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._ready = Label(self.say("scan.ready"), "heading")
        head.addWidget(self._ready)
        head.addStretch(1)
        self.picture = Button(self.say("scan.picture"), "image")
        self.picture.clicked.connect(
            lambda: files.choose(self, self.say("scan.picture"), self.take_file, files.PICTURES)
        )
        head.addWidget(self.picture)
        self.camera_button = Button("", "camera")
        head.addWidget(self.camera_button)
        self.fold_button = Button("", "chevron-down")
        self.fold_button.setCheckable(True)
        self.fold_button.toggled.connect(lambda _shown: self._fold())
        head.addWidget(self.fold_button)
        self.field = QLineEdit()
        theme.kind(self.field, "scan")
        self.field.setMaxLength(LONGEST_CODE)
        self.field.setPlaceholderText(self.say("scan.field"))
        self.field.setAccessibleName(self.say("scan.field"))
        self.field.returnPressed.connect(self._typed)
        self._input_row.addLayout(head)
        self._input_row.addWidget(self.field, 1)
        card.body.addLayout(self._input_row)
        return card

    def _filming(self) -> QWidget:
        self.camera = CameraCard(self.jobs, self.language, self.camera_button)
        self.camera.found.connect(
            lambda symbols: self._take([Pending(symbol, "camera") for symbol in symbols])
        )
        return self.camera

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
        self.scan_list.moved.connect(lambda scan: self._show_scan(scan, aloud=False))
        self.scan_list.opened.connect(lambda scan: self._show_scan(scan, aloud=False))
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
        if self.desk.inspection is not None and not self._busy:
            command = GetInspection(id=self.desk.inspection.id, revision=self.desk.inspection.revision)
            self.run(opening.get_inspection, command, self.desk.put_inspection)

    def _show_inspection(self) -> None:
        inspection = self.desk.inspection
        draft = inspection is not None and inspection.state == "draft"
        if inspection is None or inspection.id != self._inspection:
            self._waiting.clear()
            self._shown = None
            self.field.clear()
        self._inspection = inspection.id if inspection is not None else ""
        scans = tuple(reversed(inspection.scans)) if inspection is not None else ()
        kept = next((scan for scan in scans if self._shown and scan.id == self._shown.id), None)
        self.scans.put(scans)
        self._count.setText(str(len(scans)))
        self.fold_button.setText(self.say("scan.folded", count=len(scans)))
        self.fold_button.setAccessibleName(self.fold_button.text())
        if not draft:
            self.camera.close_camera()
        for control in (
            self.field,
            self.picture,
            self.camera_button,
            self.hold,
            self.refer,
            self.release,
            self.photo,
        ):
            control.setEnabled(draft)
        self._show_scan(kept or next(iter(scans), None), aloud=False)
        if kept or scans:
            self.scan_list.select(scans.index(kept) if kept else 0)

    def _show_scan(self, scan: Scan | None, *, aloud: bool) -> None:
        inspection = self.desk.inspection
        self._shown = scan
        self.card.setVisible(scan is not None)
        self._empty_card.setVisible(scan is None)
        if scan is None or inspection is None:
            self._say_nothing_yet(inspection)
            return
        self.card.tell(
            told(scan.verdict, self.language, scan_facts(scan, inspection, self.language)), aloud=aloud
        )
        self.entry_button.setVisible(bool(entry.hits_of(scan)))
        leading = {"hold": self.hold, "check": self.refer, "no_match": self.release}.get(scan.verdict.word)
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
        self._input_row.setDirection(way.LeftToRight if narrow else way.TopToBottom)
        self.fold_button.setVisible(narrow)
        listed = not narrow or self.fold_button.isChecked()
        self._list_card.setVisible(listed)
        self._holder.setVisible(not narrow or not self.fold_button.isChecked())
        self._left.setMaximumWidth(16777215 if narrow else 364)
        self._left.setMinimumWidth(0 if narrow else max(260, min(364, self.window().width() - 950)))
        margin = 8 if narrow or low else 16
        self.page.setContentsMargins(margin, margin, margin, margin)
        inner = 8 if low else 14
        self._input_card.body.setContentsMargins(inner, inner, inner, inner)
        self.card.fold(low)

    def minimumSizeHint(self) -> QSize:
        """Return the least of the folded screen, so that the window may become as narrow as that."""
        return QSize(min(super().minimumSizeHint().width(), FOLDED), super().minimumSizeHint().height())

    # What goes in

    def _typed(self) -> None:
        code = self.field.text().strip(" ")
        if code:
            self.field.clear()
            self.take_symbol(typed(code), "typed")

    def take_symbol(self, symbol: Symbol, source: Source) -> None:
        """Take a code from gun or keyboard; a gun that reads a label twice at once counts once."""
        if source == "gun" and symbol == self._last and self._last_at.elapsed() < REPEAT_MS:
            return
        self._last = symbol
        self._last_at.restart()
        self._take([Pending(symbol, source)])

    def take_file(self, file: str) -> None:
        """Have the reader read a picture or document."""
        self._reading()
        self.run(scanning.read_picture, ReadPicture(path=file), self._read, self._not_read)

    def _reading(self) -> None:
        self.banner.hide()
        self._ready.setText(self.say("scan.reading"))

    def _not_read(self, failure: Failure) -> None:
        self._ready.setText(self.say("scan.ready"))
        self.complain(failure)

    def _read(self, reading: Reading) -> None:
        self._ready.setText(self.say("scan.ready"))
        if reading.error:
            self.complain(Failure("inspector", reading.error, reading.error_facts))
        elif not reading.symbols:
            self.banner.show_alert(self.say("scan.no-code"), self.say("scan.no-code-hint"), "warn")
        self._take([Pending(symbol, "file") for symbol in reading.symbols])

    def _take(self, pending: list[Pending]) -> None:
        if self.desk.inspection is None or self.desk.inspection.state != "draft":
            return
        self._waiting.extend(pending)
        self._next()

    def _next(self) -> None:
        inspection = self.desk.inspection
        if self._busy or not self._waiting or inspection is None:
            return
        self._busy = True
        self._ready.setText(self.say("scan.checking"))
        pending = self._waiting.popleft()
        command = ScreenCode(symbol=pending.symbol, consignment=inspection.consignment)

        def remember(found: CodeScreening) -> None:
            self.run(
                scanning.remember,
                Remember(
                    inspection=inspection.id, source=pending.source, symbol=pending.symbol,
                    identified=found.identified, screening=found.screening, goods_seq=found.goods_seq,
                ),
                self._remembered,
                self._stuck,
            )  # fmt: skip

        self.run(scanning.screen_code, command, remember, self._stuck)

    def _stuck(self, failure: Failure) -> None:
        self._busy = False
        self._ready.setText(self.say("scan.ready"))
        self._waiting.clear()
        self.complain(failure)

    def _remembered(self, scan: Scan) -> None:
        self._batch.append(scan)
        if self._waiting:
            self._busy = False
            self._next()
            return
        command = GetInspection(id=self._inspection)
        self.run(opening.get_inspection, command, self._show_batch, self._stuck)

    def _show_batch(self, inspection: Inspection) -> None:
        self._busy = False
        self._ready.setText(self.say("scan.ready"))
        batch, self._batch = self._batch, []
        worst = min(reversed(batch), key=lambda scan: WORDS.index(scan.verdict.word))
        self._shown = worst
        self.stale = False
        self.desk.put_inspection(inspection)
        self._show_scan(worst, aloud=True)
        self.field.setFocus()
        if self.sounds and worst.verdict.word != "no_match":
            QApplication.beep()
        self._next()

    def _paste(self) -> None:
        """Ctrl+V: a picture or a file is read, words go into the field."""
        offered = QApplication.clipboard().mimeData()
        if offered.hasUrls() and offered.urls()[0].isLocalFile():
            self.take_file(offered.urls()[0].toLocalFile())
        elif offered.hasImage():
            content = QByteArray()
            buffer = QBuffer(content)
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QApplication.clipboard().image().save(buffer, "PNG")  # type: ignore[call-overload]  # takes a device
            self._reading()
            command = ReadPicture(path="pasted.png", content=bytes(content.data()))
            self.run(scanning.read_picture, command, self._read, self._not_read)
        elif offered.hasText():
            self.field.setFocus()
            self.field.paste()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the dropped files, one after the other."""
        for url in event.mimeData().urls()[:20]:
            if url.isLocalFile():
                self.take_file(url.toLocalFile())

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
