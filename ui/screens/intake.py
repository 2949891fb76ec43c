"""What goes into the scan station: the field, pictures opened, dropped or pasted, the camera, the scanners.

Promises: whatever way codes come, they leave here as `Arrival`s with the picture they were read from.
Refuses: to judge them; to read more than 20 files dropped at once.
"""

from PySide6.QtCore import QBuffer, QByteArray, QElapsedTimer, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QWidget

from fieldapp.actions import scanning
from fieldapp.actions.scanning import PictureReading, ReadPicture
from fieldapp.inspection.scan import Caught
from fieldapp.scan.symbol import Symbol
from fieldapp.worker import Failure
from ui import alerts, theme
from ui.models.arrival import Arrival
from ui.screens import files
from ui.screens.filming import CameraCard
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear
from ui.widgets.field import Field
from ui.widgets.label import Label

LONGEST_CODE = 8000  # characters
REPEAT_MS = 300  # within which a gun's same code is the same scan
MOST_FILES = 20
LIGHTLY = 85  # Qt's "quality" of a PNG: packed quickly, for the window waits
SPARED = ("Ctrl+E", "Ctrl+K", "Ctrl+V")


def typed(code: str) -> Symbol:
    """Return the symbol of a code that a person typed."""
    raw = code.encode("utf-8").hex()
    return Symbol(symbology="typed", aim="", text=code, hex=raw, reader="keyboard")


class Intake(Clear):
    """The cards above the list. `arrived` carries an `Arrival`, `unread` why a picture gave no code."""

    arrived = Signal(object)
    unread = Signal(str)

    def __init__(self, screen: Screen) -> None:
        super().__init__(row=False, spacing=12)
        self._screen, self._say = screen, screen.say
        self._last: Symbol | None = None
        self._last_at = QElapsedTimer()
        self._last_at.start()
        self.body.addWidget(self._card())
        self.camera = CameraCard(screen.jobs, screen.language, self.camera_button)
        self.camera.found.connect(self.arrived)
        self.body.addWidget(self.camera)

    def _card(self) -> QWidget:
        self._input = card = Card(margin=14, spacing=10)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._ready = Label(self._say("scan.ready"), "heading")
        head.addWidget(self._ready)
        head.addStretch(1)
        self.picture = Button(self._say("scan.picture"), "image")
        self.picture.clicked.connect(
            lambda: files.choose(self._screen, self._say("scan.picture"), self.take_file, files.PICTURES)
        )
        head.addWidget(self.picture)
        self.camera_button = Button("", "camera")
        head.addWidget(self.camera_button)
        self.fold_button = Button("", "chevron-down")
        self.fold_button.setCheckable(True)
        head.addWidget(self.fold_button)
        self.field = Field(self._say("scan.field"), SPARED)
        theme.kind(self.field, "scan")
        self.field.setMaxLength(LONGEST_CODE)
        self.field.returnPressed.connect(self._typed)
        self.port_words = Label("", "muted", wrap=True)
        self.port_words.hide()
        self._row.addLayout(head)
        self._row.addWidget(self.field, 1)
        card.body.addLayout(self._row)
        card.body.addWidget(self.port_words)
        return card

    # How it stands

    def enable(self, draft: bool) -> None:
        """Take codes, or do not: a sealed inspection takes none."""
        if not draft:
            self.camera.close_camera()
        for control in (self.field, self.picture, self.camera_button):
            control.setEnabled(draft)

    def show_ready(self, key: str = "scan.ready") -> None:
        """Say what is going on."""
        self._ready.setText(self._say(key))

    def show_port(self, port: str, state: str) -> None:
        """Say how the scanner on the serial port stands, where there is to be one."""
        self.port_words.setVisible(state != "off")
        self.port_words.setText(self._say(f"port.{state}", port=port) if state != "off" else "")

    def fold(self, *, narrow: bool, low: bool) -> None:
        """Take less room: one row in a narrow window, thin margins in a low one."""
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if narrow else way.TopToBottom)
        self.fold_button.setVisible(narrow)
        self.camera.fold(beside=narrow)
        self.body.setSpacing(6 if low else 12)
        margin = 8 if low else 14
        self._input.body.setContentsMargins(margin, margin, margin, margin)

    # What comes in

    def _typed(self) -> None:
        code = self.field.text().strip(" ")
        if code:
            self.field.clear()
            self.take_caught(Caught(symbol=typed(code), source="typed"))

    def take_caught(self, caught: Caught) -> None:
        """Take a code from a scanner or the keyboard; a gun that reads a label twice at once counts once."""
        again = caught.symbol == self._last and self._last_at.elapsed() < REPEAT_MS
        if caught.source == "gun" and again:
            return
        self._last = caught.symbol
        self._last_at.restart()
        if "caps-lock" in caught.anomalies:
            self._screen.banner.show_alert(
                self._say("scan.caps-lock"), self._say("scan.caps-lock-hint"), "warn"
            )
        elif "keys-unsure" in caught.anomalies:
            self._screen.banner.show_alert(
                self._say("scan.keys-unsure"), self._say("scan.keys-unsure-hint"), "warn"
            )
        self.arrived.emit(Arrival(codes=(caught,)))

    def take_file(self, file: str) -> None:
        """Have the reader read a picture or document."""
        self._read(ReadPicture(path=file))

    def take_dropped(self, dropped: QMimeData) -> None:
        """Read the dropped files, one after the other."""
        for url in dropped.urls()[:MOST_FILES]:
            if url.isLocalFile():
                self.take_file(url.toLocalFile())

    def paste(self) -> None:
        """Ctrl+V: a picture or a file is read, words go into the field."""
        offered = QApplication.clipboard().mimeData()
        if not self.field.isEnabled():
            return
        if offered.hasUrls() and offered.urls()[0].isLocalFile():
            self.take_file(offered.urls()[0].toLocalFile())
        elif offered.hasImage():
            self._read(ReadPicture(path="pasted.png", content=_png(offered)))
        elif offered.hasText():
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.paste()

    def _read(self, command: ReadPicture) -> None:
        self._screen.banner.hide()
        self.show_ready("scan.reading")

        def answered(reading: PictureReading) -> None:
            self._take(reading, command.content)

        self._screen.run(scanning.read_picture, command, answered, self._not_read)

    def _not_read(self, failure: Failure) -> None:
        self.show_ready()
        self._screen.complain(failure)
        self.unread.emit(alerts.explain(failure, self._screen.language).sentence)

    def _take(self, reading: PictureReading, content: bytes) -> None:
        self.show_ready()
        if reading.error:
            self._not_read(Failure("inspector", reading.error, reading.error_facts))
        elif not reading.symbols:
            self._screen.banner.show_alert(self._say("scan.no-code"), self._say("scan.no-code-hint"), "warn")
            self.unread.emit(self._say("scan.no-code-hint"))
        codes = tuple(Caught(symbol=symbol, source="file") for symbol in reading.symbols)
        self.arrived.emit(Arrival(codes=codes, path=reading.path, content=content, sha256=reading.sha256))


def _png(offered: QMimeData) -> bytes:
    """Return the pasted picture as it was given, or packed anew where the system gave only pixels."""
    given = bytes(offered.data("image/png").data())
    if given:
        return given
    packed = QByteArray()
    buffer = QBuffer(packed)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImage(offered.imageData()).save(buffer, "PNG", LIGHTLY)  # type: ignore[call-overload]  # takes a device
    return bytes(packed.data())
