"""Another officer's signature: by two codes between two laptops, or on this one with a vault of his own.

This laptop shows what is asked; the answer comes by a scanner, by camera through the scan station's field, or
pasted. Where other inspectors have vaults on this laptop, one of them signs here with his own passphrase. The
code that is shown carries the same lines that the other officer reads before he signs.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.actions import countersigning, disposing, filming, provisioning
from fieldapp.actions.countersigning import AskHandOver, SignBeside, TakeHandOver
from fieldapp.actions.disposing import Asked, AskSecond, SecondAnswer, SignAsSecond, TakeSecond
from fieldapp.actions.filming import DrawCode, DrawnCode
from fieldapp.actions.provisioning import Confirmed, ConfirmPassphrase, Look, VaultState
from fieldapp.inspection import countersign
from fieldapp.inspection.countersign import Ask
from fieldapp.inspection.inspection import Inspection
from fieldapp.vault.proofs import subject
from fieldapp.worker import Failure
from ui import alerts
from ui.models.naming import printable
from ui.screens.passphrase import AskPassphrase, secret
from ui.screens.screen import Screen
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Clear
from ui.widgets.dropdown import Dropdown
from ui.widgets.label import Label

SCALE = 3  # pixels a module


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the dialog is for: the words' keys, the action that takes the answer in, and its command."""

    title: str
    words: str
    done: str
    action: Callable[..., Any]
    command: Callable[[str], Any]


def ask_second(screen: Screen, inspection: Inspection) -> None:
    """Open the dialog for the decision that waits."""
    wanted = Wanted(
        title="second.title",
        words="second.words",
        done="second.done",
        action=disposing.take_second,
        command=lambda answer: TakeSecond(inspection=inspection.id, text=answer),
    )
    screen.run(
        disposing.ask_second,
        AskSecond(inspection=inspection.id),
        lambda asked: SecondOfficer(screen, asked, wanted).open(),
    )


def ask_hand_over(screen: Screen, inspection: Inspection, receipt: str) -> None:
    """Open the dialog for one step of custody."""
    language = screen.language
    wanted = Wanted(
        title="second.custody-title",
        words="second.custody-words",
        done="second.custody-done",
        action=countersigning.take_hand_over,
        command=lambda answer: TakeHandOver(
            inspection=inspection.id, receipt=receipt, text=answer, language=language
        ),
    )
    screen.run(
        countersigning.ask_hand_over,
        AskHandOver(inspection=inspection.id, receipt=receipt, language=language),
        lambda asked: SecondOfficer(screen, asked, wanted).open(),
    )


def take_code(screen: Screen, code: str) -> bool:
    """Take a code of the second officer: what another laptop asks, or the answer that is waited for here.

    Returns False for any other code. An answer nobody waits for is never a scan of goods.
    """
    squeezed = "".join(code.split())
    if squeezed.startswith(countersign.ASK):
        SignForAnother(screen, squeezed).open()
    elif squeezed.startswith(countersign.ANSWER):
        waiting = QApplication.activeModalWidget()
        if isinstance(waiting, SecondOfficer):
            waiting.take_code(squeezed)
        else:
            screen.banner.show_alert(screen.say("second.sign-title"), screen.say("second.not-asked"), "warn")
    else:
        return False
    return True


class SecondOfficer(QDialog):
    """Shows the code; takes the answer, or has it made here."""

    def __init__(self, screen: Screen, asked: Asked, wanted: Wanted) -> None:
        super().__init__(screen.window())
        self._screen, self._asked, self._wanted = screen, asked, wanted
        say = screen.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say(wanted.title))
        self.setMinimumWidth(760)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Label(say(wanted.title), "heading"))
        column.addWidget(Label(say(wanted.words), "body", wrap=True))
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
        self.answer.setMaxLength(countersign.LONGEST)
        self.answer.returnPressed.connect(self._take)
        column.addWidget(self.answer)
        self.here = self._here()
        self.here.hide()
        column.addWidget(self.here)
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
        screen.run(provisioning.look, Look(), self._offer)

    def _here(self) -> QWidget:
        """The way on this laptop: who, and his passphrase."""
        say = self._screen.say
        part = Clear(row=False, spacing=6)
        part.body.addWidget(Label(say("second.here"), "strong", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(10)
        self.who = Dropdown(say("second.who"))
        self.who.setMinimumWidth(220)
        self.passphrase = secret(say("second.his-passphrase"))
        self.passphrase.setPlaceholderText(say("second.his-passphrase"))
        self.passphrase.returnPressed.connect(self._sign_here)
        self.sign = Button(say("second.sign-here"), "stamp")
        self.sign.clicked.connect(self._sign_here)
        row.addWidget(self.who)
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.sign)
        part.body.addLayout(row)
        return part

    def _show(self, drawing: DrawnCode) -> None:
        picture = QPixmap()
        picture.loadFromData(drawing.png)
        self.code.setPixmap(picture)

    def _offer(self, state: VaultState) -> None:
        for each in state.others:
            self.who.addItem(printable(each.name), each.folder)
        self.here.setVisible(bool(state.others))

    def take_code(self, text: str) -> None:
        """Take an answer that a scanner sent."""
        self.answer.setText(text)
        self._take()

    def _sign_here(self) -> None:
        given = self.passphrase.text()
        self.passphrase.clear()
        if not given or not self.sign.isEnabled():
            return
        self.sign.setEnabled(False)
        command = SignBeside(folder=str(self.who.currentData()), passphrase=given, text=self._asked.text)
        self._screen.run(
            countersigning.sign_beside, command, lambda made: self.take_code(made.text), self._refused
        )

    def _take(self) -> None:
        text = self.answer.text().strip()
        if text:
            self._screen.run(self._wanted.action, self._wanted.command(text), self._taken, self._refused)

    def _refused(self, failure: Failure) -> None:
        """Say in this dialog why the answer does not count."""
        self.sign.setEnabled(True)
        self._wrong.setText(alerts.explain(failure, self._screen.language).sentence)
        self._wrong.show()
        self.answer.selectAll()

    def _taken(self, inspection: Inspection) -> None:
        self._screen.desk.put_inspection(inspection)
        self._screen.note(self._screen.say(self._wanted.done))
        self.accept()


class SignForAnother(QDialog):
    """On the second officer's laptop: what another one asks, and the code to show back once agreed to."""

    def __init__(self, screen: Screen, text: str) -> None:
        super().__init__(screen.window())
        self._screen, self._text = screen, text
        self._ask: Ask | None = None
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
        screen.run(disposing.sign_as_second, SignAsSecond(text=text), self._show, self._refused)

    def _show(self, shown: SecondAnswer) -> None:
        say = self._screen.say
        head = say(f"second.asks-{shown.ask.meaning}", name=printable(shown.ask.asked_by))
        self.told.setText("\n".join((head, *(f"• {printable(line)}" for line in shown.ask.lines))))
        if shown.ask.meaning == "custody":
            self.yes.reword(say("second.agree-custody"))
        self._ask = shown.ask
        self.yes.setEnabled(True)

    def _refused(self, failure: Failure) -> None:
        self.yes.setEnabled(False)
        self.told.setText(alerts.explain(failure, self._screen.language).sentence)

    def _agree(self) -> None:
        ask, say = self._ask, self._screen.say
        if ask is None:
            return
        AskPassphrase(
            self._screen, title=say("second.sign-title"), words="", yes=say("second.sign-here"), icon="stamp"
        ).try_with(
            provisioning.confirm_passphrase,
            lambda given: ConfirmPassphrase(passphrase=given, signing=subject(ask.meaning, ask.digest)),
            self._sign,
        )

    def _sign(self, confirmed: Confirmed) -> None:
        self.yes.setEnabled(False)
        command = SignAsSecond(text=self._text, agreed=True, proof=confirmed.proof)
        self._screen.run(disposing.sign_as_second, command, self._signed, self._refused)

    def _signed(self, answer: SecondAnswer) -> None:
        self.told.setText(self._screen.say("second.show-back"))
        self._screen.run(filming.draw_code, DrawCode(text=answer.text, scale=SCALE), self._draw)

    def _draw(self, drawing: DrawnCode) -> None:
        picture = QPixmap()
        picture.loadFromData(drawing.png)
        self.code.setPixmap(picture)
        self.yes.hide()
