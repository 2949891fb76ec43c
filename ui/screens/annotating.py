"""Marking a copy of a photo: arrow, box, circle, words, and covering what a trader's copy must not show.

The original is opened to be looked at and stays as it is. What is drawn is a list of strokes; the reader
draws them into a copy, and the vault keeps both the copy and the list.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from fieldapp.actions import developing, evidence, scanning
from fieldapp.actions.developing import DrawStrokes
from fieldapp.actions.evidence import EvidenceContent, KeepDerivative, ShowEvidence
from fieldapp.actions.scanning import MakeThumbnail
from fieldapp.inspection.inspection import Inspection
from fieldapp.scan.stroke import SHAPES, Shape
from fieldapp.worker import Failure
from ui import alerts
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.picture_marks import PictureMarks

EDGE = 1400  # pixels of the picture shown while marking
KEYS: dict[Shape, str] = {"arrow": "A", "box": "B", "circle": "C", "text": "T", "redact": "X"}


def open_for(screen: Screen, inspection: Inspection, photo: str) -> None:
    """Open the photo and let it be marked."""

    def shown(held: EvidenceContent) -> None:
        shrink = MakeThumbnail(content=held.content, edge=EDGE)
        screen.run(
            scanning.make_thumbnail,
            shrink,
            lambda made: Annotating(screen, inspection, held, made.jpeg).open(),
        )

    command = ShowEvidence(inspection=inspection.id, evidence=photo, revision=inspection.revision)
    screen.run(evidence.show, command, shown)


class Annotating(QDialog):
    """The picture with what is drawn on it; a shape is chosen by its key or its button."""

    def __init__(self, screen: Screen, inspection: Inspection, held: EvidenceContent, picture: bytes) -> None:
        super().__init__(screen.window())
        self._screen, self._inspection, self._held = screen, inspection, held
        say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("mark.title"))
        self.setModal(True)
        self.resize(1160, 660)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        column.addWidget(Label(say("mark.title"), "heading"))
        column.addWidget(Label(say("mark.words"), "muted", wrap=True))
        offered = [(shape, f"{say(f'mark.{shape}')}  {KEYS[shape]}") for shape in SHAPES]
        self.shapes = Choice(say("mark.title"), offered, "arrow")
        self.words = QLineEdit()
        self.words.setAccessibleName(say("mark.say"))
        self.words.setPlaceholderText(say("mark.say"))
        self.words.setMaxLength(200)
        self.words.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.shapes)
        row.addWidget(self.words, 1)
        column.addLayout(row)
        self.canvas = PictureMarks(picture, lambda count: say("mark.picture", count=count))
        column.addWidget(self.canvas, 1)
        self.trouble = Label("", "error", wrap=True)
        self.trouble.hide()
        column.addWidget(self.trouble)
        column.addLayout(self._foot())
        self.shapes.chosen.connect(lambda shape: self.choose(shape))
        self.words.textChanged.connect(lambda text: self.canvas.write(text.strip()))
        self.words.returnPressed.connect(self.canvas.setFocus)
        self.canvas.changed.connect(self._weigh)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.canvas.undo)
        self._weigh()
        self.canvas.setFocus()

    def _foot(self) -> QHBoxLayout:
        say = self._screen.say
        foot = QHBoxLayout()
        foot.setSpacing(10)
        self.keep = ActionButton(say("mark.keep"), "check", "Ctrl+↵", "primary")
        self.undo = Button(say("mark.undo"), "undo")
        self.undo.setAccessibleDescription("Ctrl+Z")
        leave = Button(say("do.cancel"))
        foot.addWidget(self.keep)
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(leave)
        self.keep.clicked.connect(self._keep)
        self.undo.clicked.connect(self.canvas.undo)
        leave.clicked.connect(self.reject)
        return foot

    def choose(self, shape: Shape, *, begin: bool = False) -> None:
        """Take up a shape; with `begin` one is put in the middle, to be moved by the arrow keys."""
        self.shapes.choose(shape)
        self.words.setEnabled(shape == "text")
        self.canvas.take_up(shape, begin=begin)
        self.canvas.write(self.words.text().strip())
        (self.words if shape == "text" and not self.words.text() else self.canvas).setFocus()

    def _weigh(self) -> None:
        drawn = bool(self.canvas.strokes)
        self.undo.setEnabled(drawn or self.canvas.pending is not None)
        self.keep.setEnabled(drawn)
        waiting = self.canvas.pending
        if waiting is not None and waiting.shape == "text" and not self.words.text():
            self.words.setFocus()

    def _keep(self) -> None:
        self.canvas.set_pending()
        strokes = self.canvas.strokes
        if not strokes or not self.keep.isEnabled():
            return
        self.keep.setEnabled(False)
        self._screen.run(
            developing.draw_strokes,
            DrawStrokes(content=self._held.content, strokes=strokes),
            lambda drawn: self._drawn(drawn.jpeg),
            self._refused,
        )

    def _drawn(self, jpeg: bytes) -> None:
        command = KeepDerivative(
            inspection=self._inspection.id,
            evidence=self._held.evidence.id,
            content=jpeg,
            strokes=self.canvas.strokes,
        )
        self._screen.run(evidence.keep_derivative, command, self._kept, self._refused)

    def _refused(self, failure: Failure) -> None:
        """Say why, with all that was drawn still there."""
        alerts.keep_trace(failure)
        self.trouble.setText(alerts.explain(failure, self._screen.language).sentence)
        self.trouble.show()
        self._weigh()

    def _kept(self, after: Inspection) -> None:
        screen = self._screen
        kept = after.evidence[-1]
        self.accept()
        screen.desk.put_inspection(after)
        words = screen.say("photo.kept-words", hash=kept.plain_sha256[:16])
        screen.note(screen.say("mark.covered" if kept.redacted else "mark.kept"), words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A shape's key begins one; Ctrl+Enter keeps the copy; Escape lets a begun shape go, then leaves."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if control and not event.isAutoRepeat():
                self._keep()
            return
        if event.key() == Qt.Key.Key_Escape and self.canvas.pending is not None:
            self.canvas.let_go()
            return
        shape = next((each for each, key in KEYS.items() if event.text().upper() == key), None)
        if shape is not None and not control:
            self.choose(shape, begin=True)
            return
        super().keyPressEvent(event)
