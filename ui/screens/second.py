"""The second officer by two codes: this laptop shows what is asked, the other one's answer is scanned here.

The answer comes by a scanner, by camera through the scan station's field, or pasted; the code that is shown
carries the same lines that the other officer reads before he signs.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from fieldapp.actions import disposing, filming
from fieldapp.actions.disposing import Asked, SecondAnswer, SignAsSecond, TakeSecond
from fieldapp.actions.filming import DrawCode, DrawnCode
from fieldapp.worker import Failure
from ui import alerts
from ui.models.naming import printable
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.label import Label

SCALE = 3  # pixels a module


class SecondOfficer(QDialog):
    """Shows the code; takes the answer."""

    def __init__(self, screen: Screen, asked: Asked) -> None:
        super().__init__(screen.window())
        self._screen = screen
        say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("second.title"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Label(say("second.title"), "heading"))
        column.addWidget(Label(say("second.words"), "body", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        self.code = Label("")
        self.code.setAccessibleName(say("second.code"))
        row.addWidget(self.code)
        lines = QVBoxLayout()
        lines.addWidget(Label(say(f"second.what-{asked.ask.meaning}"), "heading", wrap=True))
        for line in asked.ask.lines:
            lines.addWidget(Label(printable(line), "body", wrap=True))
        lines.addStretch(1)
        row.addLayout(lines, 1)
        column.addLayout(row)
        column.addWidget(Label(say("second.answer"), "strong"))
        self.answer = QLineEdit()
        self.answer.setAccessibleName(say("second.answer"))
        self.answer.setMaxLength(8192)
        self.answer.returnPressed.connect(self._take)
        column.addWidget(self.answer)
        self._wrong = Label("", "error", wrap=True)
        self._wrong.hide()
        column.addWidget(self._wrong)
        buttons = QHBoxLayout()
        self.yes = ActionButton(say("second.take"), "check", "↵", "primary")
        self.yes.clicked.connect(self._take)
        leave = Button(say("do.cancel"))
        leave.clicked.connect(self.reject)
        buttons.addWidget(self.yes)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        column.addLayout(buttons)
        self.answer.setFocus()
        screen.run(filming.draw_code, DrawCode(text=asked.text, scale=SCALE), self._show)

    def _show(self, drawing: DrawnCode) -> None:
        picture = QPixmap()
        picture.loadFromData(drawing.png)
        self.code.setPixmap(picture)

    def take_code(self, text: str) -> None:
        """Take an answer that a scanner sent."""
        self.answer.setText(text)
        self._take()

    def _take(self) -> None:
        inspection = self._screen.desk.inspection
        text = self.answer.text().strip()
        if inspection is not None and text:
            command = TakeSecond(inspection=inspection.id, text=text)
            self._screen.run(disposing.take_second, command, self._taken, self._refused)

    def _refused(self, failure: Failure) -> None:
        """Say in this dialog why the answer does not count."""
        self._wrong.setText(alerts.explain(failure, self._screen.language).sentence)
        self._wrong.show()
        self.answer.selectAll()

    def _taken(self, inspection: object) -> None:
        self._screen.desk.put_inspection(inspection)  # type: ignore[arg-type]  # the action's answer
        self._screen.note(self._screen.say("second.done"))
        self.accept()


class SignForAnother(QDialog):
    """On the second officer's laptop: what another one asks, and the code to show back once agreed to."""

    def __init__(self, screen: Screen, text: str) -> None:
        super().__init__(screen.window())
        self._screen, self._text = screen, text
        say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("second.sign-title"))
        self.setMinimumWidth(620)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Label(say("second.sign-title"), "heading"))
        self.told = Label("", "body", wrap=True)
        column.addWidget(self.told)
        self.code = Label("")
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.code)
        buttons = QHBoxLayout()
        self.yes = ActionButton(say("second.agree"), "stamp", "", "danger")
        self.yes.setEnabled(False)
        self.yes.clicked.connect(self._agree)
        leave = Button(say("do.close"))
        leave.clicked.connect(self.reject)
        buttons.addWidget(self.yes)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        column.addLayout(buttons)
        leave.setFocus()
        screen.run(disposing.sign_as_second, SignAsSecond(text=text), self._show)

    def _show(self, shown: SecondAnswer) -> None:
        say = self._screen.say
        head = say(f"second.asks-{shown.ask.meaning}", name=printable(shown.ask.asked_by))
        self.told.setText("\n".join((head, *(f"• {printable(line)}" for line in shown.ask.lines))))
        self.yes.setEnabled(True)

    def _agree(self) -> None:
        self.yes.setEnabled(False)
        command = SignAsSecond(text=self._text, agreed=True)
        self._screen.run(disposing.sign_as_second, command, self._signed)

    def _signed(self, answer: SecondAnswer) -> None:
        self.told.setText(self._screen.say("second.show-back"))
        self._screen.run(filming.draw_code, DrawCode(text=answer.text, scale=SCALE), self._draw)

    def _draw(self, drawing: DrawnCode) -> None:
        picture = QPixmap()
        picture.loadFromData(drawing.png)
        self.code.setPixmap(picture)
