"""The report: its pages as they will print, in English, Hindi or both; saved or printed from here.

The PDF is made by the press and drawn by the reader; the window only shows pictures and writes the file. A
file that leaves the laptop is signed first, with the passphrase; paper needs no such signature.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from fieldapp.actions import scanning
from fieldapp.actions.scanning import DrawPreview
from fieldapp.report.paper import Copy, Language
from fieldapp.scan.preview import Preview
from fieldapp.worker import Failure
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.screens import files, making, printing
from ui.screens.making import Made
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label


class ReportScreen(Screen):
    """Pages one by one; a draft says what is missing instead."""

    nouns = frozenset({"inspections"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._made: Made | None = None
        self._signed = b""  # nobody is asked twice for the same file
        self._made_for: tuple[str, int, str, str] | None = None
        self._page, self._pages = 1, 0
        head = self.title(self.say("report.title"))
        tongues = [(tongue, self.say(f"report.language.{tongue}")) for tongue in ("en", "hi", "both")]
        self.tongue = Choice(self.say("report.language"), tongues, language)
        self.tongue.chosen.connect(lambda _value: self.reload())
        head.addWidget(self.tongue)
        copies = [(copy, self.say(f"report.copy.{copy}")) for copy in ("full", "court", "trader")]
        self.copy = Choice(self.say("report.copy"), copies, "full")
        self.copy.chosen.connect(lambda _value: self.reload())
        head.addSpacing(16)
        head.addWidget(self.copy)
        self._card = Card(margin=0, spacing=0)
        self._empty = EmptyState(icon="file-text")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.say("report.page-picture"))
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._picture = Label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._picture.setContentsMargins(12, 12, 12, 12)
        self._area.setWidget(self._picture)
        self._card.body.addWidget(self._empty, 1)
        self._card.body.addWidget(self._area, 1)
        self.page.addWidget(self._card, 1)
        self.page.addLayout(self._foot())
        desk.inspection_changed.connect(self._inspection_changed)
        self._say("report.none", "report.none-hint")

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.back = Button(self.say("report.back"), "chevron-left")
        self.on = Button(self.say("report.on"), "chevron-right")
        self._count = Label("", "strong")
        self.save = ActionButton(self.say("report.save"), "download", "Ctrl+S", "primary")
        self.print = ActionButton(self.say("report.print"), "printer", "Ctrl+P")
        self.back.clicked.connect(lambda: self._turn(-1))
        self.on.clicked.connect(lambda: self._turn(1))
        self.save.clicked.connect(self._save)
        self.print.clicked.connect(self._print)
        self.save.setShortcut("Ctrl+S")
        self.print.setShortcut("Ctrl+P")
        row.addWidget(self.back)
        row.addWidget(self._count)
        row.addWidget(self.on)
        row.addStretch(1)
        row.addWidget(self.print)
        row.addWidget(self.save)
        return row

    def focus(self) -> None:
        """The page, so that arrow keys scroll it."""
        if self._made is not None:
            self._area.setFocus()
        else:
            self.tongue.focus()

    def _inspection_changed(self) -> None:
        self.stale = True
        if self.desk.inspection is None:
            self._forget()
            self._say("report.none", "report.none-hint")
        elif self.isVisible():
            self.stale = False
            self.reload()

    def _forget(self) -> None:
        self._made, self._made_for, self._signed, self._pages = None, None, b"", 0
        self._picture.clear()
        self._show_state()

    def _say(self, words: str, hint: str) -> None:
        self._empty.show_words(self.say(words), self.say(hint), "file-text")
        self._show_state()

    def _show_state(self) -> None:
        made = self._made is not None
        self._empty.setVisible(not made)
        self._area.setVisible(made)
        for control in (self.save, self.print):
            control.setEnabled(made)
        self.back.setEnabled(made and self._page > 1)
        self.on.setEnabled(made and self._page < self._pages)
        self._count.setText(self.say("report.page", page=self._page, pages=self._pages) if made else "")

    def reload(self) -> None:
        """Make the report of the newest sealed revision, unless it is here already."""
        inspection = self.desk.inspection
        if inspection is None:
            return
        if inspection.state == "draft" and inspection.revision == 1:
            self._forget()
            self._say("report.draft", "report.draft-hint")
            return
        wanted = (inspection.id, inspection.revision, *self._wanted())
        if wanted == self._made_for and self._made is not None:
            return
        self._made_for, self._made, self._signed = wanted, None, b""
        self._say("report.making", "report.making-hint")
        language, copy = self._wanted()
        making.make(self, (inspection.id, 0), language, copy, self._rendered, self._failed)

    def _failed(self, failure: Failure) -> None:
        self._forget()
        self._say("report.failed", "report.failed-hint")
        self.complain(failure)

    def _rendered(self, made: Made) -> None:
        self._made, self._signed, self._page = made, b"", 1
        self._draw()

    def _wanted(self) -> tuple[Language, Copy]:
        return msgspec.convert(self.tongue.value(), Language), msgspec.convert(self.copy.value(), Copy)

    def _draw(self) -> None:
        width = max(600, min(1100, self._card.width() - 60))
        if self._made is None:
            return
        command = DrawPreview(content=self._made.rendered.pdf, page=self._page, width=width)
        self.run(scanning.draw_preview, command, self._drawn, self._failed, REFRESH)

    def _drawn(self, preview: Preview) -> None:
        pixmap = QPixmap()
        pixmap.loadFromData(preview.png)
        self._picture.setPixmap(pixmap)
        self._picture.setAccessibleName(self.say("report.page", page=self._page, pages=preview.pages))
        self._pages = preview.pages
        self._area.verticalScrollBar().setValue(0)
        self._show_state()

    def _turn(self, by: int) -> None:
        self._page = min(self._pages, max(1, self._page + by))
        self._draw()

    def _save(self) -> None:
        made = self._made
        if made is None:
            return
        if self._signed or not made.rendered.attributes:
            self._choose(self._signed or made.rendered.pdf)
            return

        def bound(signatures: Sequence[bytes]) -> None:
            making.bind(self, made, signatures[0], keep)

        def keep(pdf: bytes) -> None:
            if self._made is made:  # and no other report was asked for meanwhile
                self._signed = pdf
                self._choose(pdf)

        making.sign(self, [made.to_sign], bound)

    def _choose(self, pdf: bytes) -> None:
        if self._made is None:
            return
        name = making.file_name(self._made.rendered, *self._wanted())
        files.choose_new(self, self.say("report.save"), name, lambda file: self.write(file, pdf))

    def write(self, file: str, pdf: bytes) -> None:
        """Write the PDF whole, then say so."""
        try:
            files.write_whole(file, pdf)
        except OSError:
            self.banner.show_alert(self.say("alert.situation"), self.say("report.not-written"), "warn")
            return
        signed = self._made is not None and bool(self._made.rendered.attributes)
        self.note(self.say("report.written" if signed else "report.written-unsigned"), file)

    def _print(self) -> None:
        if self._made is not None:
            printing.ask(self, self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print every page."""
        if self._made is not None:
            sheets = printing.Sheets(self, printer)
            sheets.put(self._made.rendered.pdf, sheets.end, self.complain)
