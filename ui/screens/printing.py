"""Printing PDFs page by page: the reader draws each page, the window paints it. No viewer is needed."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from fieldapp.actions import scanning
from fieldapp.actions.scanning import DrawPreview
from fieldapp.scan.preview import Preview
from fieldapp.worker import Failure
from ui.screens.screen import Screen

PRINT_WIDTH = 1654  # pixels: A4 at 200 dots an inch


def ask(screen: Screen, then: Callable[[QPrinter], object]) -> QPrintDialog:
    """Ask for the printer, without a blocking loop."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, screen.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: then(printer))
    dialog.setModal(True)
    dialog.show()
    return dialog


class Sheets:
    """One run of the printer, of one PDF or of several; `end` sends it off."""

    def __init__(self, screen: Screen, printer: QPrinter) -> None:
        printer.setFullPage(True)
        self._screen, self._printer = screen, printer
        self._painter: QPainter | None = None

    def put(self, pdf: bytes, done: Callable[[], object], failed: Callable[[Failure], object]) -> None:
        """Paint every page of `pdf`, then go on with `done`; `failed` where a page cannot be drawn."""
        self._put(pdf, 1, done, failed)

    def end(self) -> None:
        """Finish; nothing is printed where nothing was painted."""
        if self._painter is not None:
            self._painter.end()

    def _put(
        self, pdf: bytes, number: int, done: Callable[[], object], failed: Callable[[Failure], object]
    ) -> None:
        def drawn(preview: Preview) -> None:
            self._paint(preview.png)
            if number < preview.pages:
                self._put(pdf, number + 1, done, failed)
            else:
                done()

        command = DrawPreview(content=pdf, page=number, width=PRINT_WIDTH)
        self._screen.run(scanning.draw_preview, command, drawn, failed)

    def _paint(self, png: bytes) -> None:
        if self._painter is None:
            self._painter = QPainter(self._printer)
        else:
            self._printer.newPage()
        image = QImage.fromData(png)
        room = QRectF(self._painter.viewport())
        scale = min(room.width() / image.width(), room.height() / image.height())
        self._painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
