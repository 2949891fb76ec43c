"""The report: its pages as they will print, in English, Hindi or both; saved or printed from here.

The PDF is made by the press and drawn by the reader; the window only shows pictures and writes the file.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from fieldapp.actions import reporting, scanning
from fieldapp.actions.reporting import Gather, Rendered, RenderReport
from fieldapp.actions.scanning import DrawPreview
from fieldapp.report.paper import ReportInput
from fieldapp.scan.preview import Preview
from fieldapp.worker import Failure
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.screens import files
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label

PRINT_WIDTH = 1654  # pixels: A4 at 200 dots an inch


class ReportScreen(Screen):
    """Pages one by one; a draft says what is missing instead."""

    nouns = frozenset({"inspections"})

    def __init__(self, jobs: Jobs, desk: Desk, language: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, desk, language, parent)
        self._pdf = b""
        self._made_for: tuple[str, int, str] | None = None
        self._page, self._pages = 1, 0
        head = self.title(self.say("report.title"))
        tongues = [(tongue, self.say(f"report.language.{tongue}")) for tongue in ("en", "hi", "both")]
        self.tongue = Choice(self.say("report.language"), tongues, language)
        self.tongue.chosen.connect(lambda _value: self.reload())
        head.addWidget(self.tongue)
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
        if self._pdf:
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
        self._pdf, self._made_for, self._pages = b"", None, 0
        self._picture.clear()
        self._show_state()

    def _say(self, words: str, hint: str) -> None:
        self._empty.show_words(self.say(words), self.say(hint), "file-text")
        self._show_state()

    def _show_state(self) -> None:
        made = bool(self._pdf)
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
        wanted = (inspection.id, inspection.revision, self.tongue.value())
        if wanted == self._made_for and self._pdf:
            return
        self._made_for = wanted
        self._pdf = b""
        self._say("report.making", "report.making-hint")
        self.run(reporting.gather, Gather(inspection=inspection.id), self._render, self._failed)

    def _render(self, gathered: ReportInput) -> None:
        command = RenderReport(input=gathered, language=self.tongue.value())  # type: ignore[arg-type]  # the three
        self.run(reporting.render, command, self._rendered, self._failed)

    def _failed(self, failure: Failure) -> None:
        self._forget()
        self._say("report.failed", "report.failed-hint")
        self.complain(failure)

    def _rendered(self, rendered: Rendered) -> None:
        self._pdf, self._page = rendered.pdf, 1
        self._draw()

    def _draw(self) -> None:
        width = max(600, min(1100, self._card.width() - 60))
        command = DrawPreview(content=self._pdf, page=self._page, width=width)
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

    def _name(self) -> str:
        assert self.desk.inspection is not None
        kept = "".join(
            mark for mark in self.desk.inspection.number if mark.isascii() and (mark.isalnum() or mark == "-")
        )
        return f"{kept}-r{self.desk.inspection.revision}-{self.tongue.value()}.pdf"

    def _save(self) -> None:
        if self._pdf:
            files.choose_new(self, self.say("report.save"), self._name(), self.write)

    def write(self, file: str) -> None:
        """Write the PDF whole, then say so."""
        try:
            files.write_whole(file, self._pdf)
        except OSError:
            self.banner.show_alert(self.say("alert.situation"), self.say("report.not-written"), "warn")
            return
        self.note(self.say("report.written"), file)

    def _print(self) -> None:
        if not self._pdf:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._print_pages(printer))
        dialog.setModal(True)
        dialog.show()

    def _print_pages(self, printer: QPrinter) -> None:
        pages: list[bytes] = []

        def next_page() -> None:
            command = DrawPreview(content=self._pdf, page=len(pages) + 1, width=PRINT_WIDTH)
            self.run(scanning.draw_preview, command, drawn)

        def drawn(preview: Preview) -> None:
            pages.append(preview.png)
            if len(pages) < preview.pages:
                next_page()
            else:
                self._paint(printer, pages)

        next_page()

    def _paint(self, printer: QPrinter, pages: list[bytes]) -> None:
        printer.setFullPage(True)
        painter = QPainter(printer)
        for number, png in enumerate(pages):
            if number:
                printer.newPage()
            image = QImage.fromData(png)
            room = QRectF(painter.viewport())
            scale = min(room.width() / image.width(), room.height() / image.height())
            painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
        painter.end()
