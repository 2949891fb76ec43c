"""Passphrases: choosing a new one, giving the present one again, changing it, one that seals; security keys.

A field is emptied the moment its content is sent. A wrong passphrase never says which part was wrong and
costs the same wait as at the unlock, counted down in the dialog; one that seals the vault locks the window.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.actions import provisioning, recovering, tokens
from fieldapp.actions.provisioning import Look, Unlocked, VaultState
from fieldapp.actions.recovering import ChangePassphrase, SetDuress, Suggestion, SuggestPassphrase
from fieldapp.actions.tokens import AddKey, RemoveKey, UnlockWithKey
from fieldapp.vault.keys import SHORTEST_PASSPHRASE
from fieldapp.worker import Failure, Progress
from ui import alerts
from ui.screens.screen import Screen
from ui.widgets.ask import Ask
from ui.widgets.buttons import Button
from ui.widgets.card import Clear
from ui.widgets.countdown import Countdown
from ui.widgets.facts import Facts
from ui.widgets.label import Label

STRONG = 22  # characters; four or five words
C = TypeVar("C")
R = TypeVar("R")


def secret(name: str) -> QLineEdit:
    """Return a field for a passphrase: hidden, no suggestions, pasting allowed."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(1024)
    field.setAccessibleName(name)
    field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return field


class NewPassphrase(Clear):
    """Twice the same, how strong it is by its length, words to take instead. `changed` at every letter."""

    changed = Signal()

    def __init__(self, screen: Screen, first: str, second: str) -> None:
        super().__init__(row=False, spacing=8)
        self._screen = screen
        self.first, self.second = secret(first), secret(second)
        both = QHBoxLayout()
        both.setSpacing(12)
        for field, name in ((self.first, first), (self.second, second)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(Label(name, "strong"))
            column.addWidget(field)
            both.addLayout(column)
            field.textChanged.connect(lambda _text: self._weigh())
        self.body.addLayout(both)
        line = QHBoxLayout()
        self.strength = Label("", "muted", wrap=True)
        self.suggest = Button(screen.say("passphrase.suggest"), "key-round")
        self.suggest.clicked.connect(lambda: screen.run(recovering.suggest, SuggestPassphrase(), self._offer))
        line.addWidget(self.strength, 1)
        line.addWidget(self.suggest)
        self.body.addLayout(line)
        self.offered = Label("", "strong", wrap=True)
        self.offered.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offered.hide()
        self.body.addWidget(self.offered)
        self._weigh()

    def value(self) -> str:
        """Return what was chosen, "" while it is too short or the two differ."""
        chosen = self.first.text()
        return chosen if len(chosen) >= SHORTEST_PASSPHRASE and chosen == self.second.text() else ""

    def empty(self) -> None:
        """Forget what was typed and offered."""
        self.first.clear()
        self.second.clear()
        self.offered.clear()
        self.offered.hide()

    def _offer(self, made: Suggestion) -> None:
        if not shiboken6.isValid(self):
            return
        self.first.setText(made.passphrase)
        self.second.setText(made.passphrase)
        self.offered.setText(self._screen.say("passphrase.offered", words=made.passphrase, bits=made.bits))
        self.offered.show()

    def _weigh(self) -> None:
        say, length = self._screen.say, len(self.first.text())
        missing = SHORTEST_PASSPHRASE - length
        if missing > 0:
            words = say("passphrase.short", least=SHORTEST_PASSPHRASE, missing=missing)
        elif self.second.text() and self.second.text() != self.first.text():
            words = say("create.differ")
        else:
            words = say("passphrase.strong" if length >= STRONG else "passphrase.fair")
        self.strength.setText(words)
        self.changed.emit()


class Pin(Clear):
    """The PIN of a security key. `changed` at every digit."""

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(row=False, spacing=4)
        self.field = secret(screen.say("token.pin"))
        self.field.textChanged.connect(lambda _text: self.changed.emit())
        self.body.addWidget(Label(screen.say("token.pin"), "strong"))
        self.body.addWidget(self.field)

    def value(self) -> str:
        """Return what was typed."""
        return self.field.text()


class AskPassphrase(Ask):
    """A question that only the passphrase answers; it stays until that was right, or the person leaves."""

    secret_field: QLineEdit | None = None

    def __init__(
        self,
        screen: Screen,
        *,
        title: str,
        words: str,
        yes: str,
        icon: str = "key-round",
        danger: bool = False,
        facts: tuple[tuple[str, str], ...] = (),
        more: NewPassphrase | Pin | None = None,
        asks: str = "",
    ) -> None:
        """`asks` names another secret than the passphrase; `more` is asked for besides."""
        super().__init__(
            screen.window(), title=title, words=words, yes=yes, no=screen.say("do.cancel"), icon=icon,
            danger=danger,
        )  # fmt: skip
        self.setMinimumWidth(640)
        self._screen, self._more, self._busy = screen, more, False
        self._attempt: Callable[[str], object] = lambda _passphrase: None
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        parts: list[QWidget] = []
        if facts:
            shown = Facts(names=150)
            shown.show_facts(facts)
            parts.append(shown)
        name = asks or screen.say("passphrase.present" if more is not None else "unlock.passphrase")
        field = secret(name)
        field.textChanged.connect(lambda _text: self._weigh())
        field.returnPressed.connect(self._enter)
        parts += [Label(name, "strong"), field]
        if more is not None:
            parts.append(more)
            more.changed.connect(self._weigh)
        self.complaint = Label("", "error", wrap=True)
        self.complaint.hide()
        parts.append(self.complaint)
        for part in parts:
            column.insertWidget(column.count() - 1, part)
        self._wait = Countdown(self)
        self._wait.ticked.connect(lambda left: self._complain(screen.say("unlock.wait", seconds=left)))
        self._wait.over.connect(self._ready)
        self.secret_field = field
        self._weigh()
        field.setFocus()

    def try_with(
        self,
        action: Callable[[Any, C], R],
        command: Callable[[str], C],
        then: Callable[[R], object],
        progress: Callable[[Progress], object] | None = None,
    ) -> "AskPassphrase":
        """Open; run `action` with `command(passphrase)` when confirmed, close and go on with `then`."""

        def done(result: R) -> None:
            if shiboken6.isValid(self):
                self.accept()
            then(result)

        def attempt(passphrase: str) -> None:
            self._screen.run(action, command(passphrase), done, self._refused, progress=progress)

        self._attempt = attempt
        self.open()
        return self

    def _weigh(self) -> None:
        if self.secret_field is not None:
            chosen = self._more is None or bool(self._more.value())
            waits = self._busy or self._wait.running
            self.yes.setEnabled(bool(self.secret_field.text()) and chosen and not waits)
            self.secret_field.setEnabled(not waits)

    def _enter(self) -> None:
        if self.yes.isEnabled():
            self._confirm()

    def _confirm(self) -> None:
        assert self.secret_field is not None
        passphrase = self.secret_field.text()
        self.secret_field.clear()
        self._busy = True
        self.complaint.hide()
        self._weigh()
        self._attempt(passphrase)

    def _refused(self, failure: Failure) -> None:
        if failure.code == "vault-sealed":
            self._screen.jobs.lock()  # the unlock screen says what now
            return
        if not shiboken6.isValid(self):
            return
        self._complain(alerts.explain(failure, self._screen.language).sentence)
        self._screen.run(provisioning.look, Look(), self._looked, lambda _failure: self._ready())

    def _looked(self, state: VaultState) -> None:
        if not shiboken6.isValid(self):
            return
        self._busy = False
        if state.wait_seconds > 0:
            self._wait.start(state.wait_seconds)
            self._weigh()
        else:
            self._weigh()
            self._focus()

    def _complain(self, words: str) -> None:
        self.complaint.setText(words)
        self.complaint.show()

    def _ready(self) -> None:
        if shiboken6.isValid(self):
            self._busy = False
            self._weigh()
            self._focus()

    def _focus(self) -> None:
        if self.secret_field is not None:
            self.secret_field.setFocus()


def change(screen: Screen) -> AskPassphrase:
    """Ask for the present passphrase and twice a new one, and change it."""
    chosen = NewPassphrase(screen, screen.say("passphrase.new"), screen.say("create.second"))
    return AskPassphrase(
        screen,
        title=screen.say("passphrase.change"),
        words=screen.say("passphrase.change-words"),
        yes=screen.say("passphrase.change-do"),
        more=chosen,
    ).try_with(
        recovering.change_passphrase,
        lambda present: ChangePassphrase(passphrase=present, new=chosen.value()),
        lambda _unlocked: screen.note(screen.say("passphrase.changed")),
    )


def set_duress(screen: Screen) -> AskPassphrase:
    """Ask for the present passphrase and twice one that seals the vault when it is entered."""
    chosen = NewPassphrase(screen, screen.say("duress.new"), screen.say("create.second"))
    return AskPassphrase(
        screen,
        title=screen.say("duress.title"),
        words=screen.say("duress.words"),
        yes=screen.say("duress.do"),
        danger=True,
        more=chosen,
    ).try_with(
        recovering.set_duress,
        lambda present: SetDuress(passphrase=present, duress=chosen.value()),
        lambda _unlocked: screen.note(screen.say("duress.done")),
    )


def unlock_with_key(screen: Screen, opened: Callable[[Unlocked], object]) -> AskPassphrase:
    """Ask for the PIN of the security key that is plugged in, and open the vault with it."""
    return AskPassphrase(
        screen,
        title=screen.say("token.unlock"),
        words=screen.say("token.unlock-words"),
        yes=screen.say("unlock.do"),
        asks=screen.say("token.pin"),
    ).try_with(tokens.unlock_with_key, lambda pin: UnlockWithKey(pin=pin), opened)


def add_key(screen: Screen) -> AskPassphrase:
    """Ask for the passphrase and the PIN, and let the security key open the vault."""
    pin = Pin(screen)
    return AskPassphrase(
        screen,
        title=screen.say("token.add"),
        words=screen.say("token.add-words"),
        yes=screen.say("token.add"),
        more=pin,
    ).try_with(
        tokens.add_key,
        lambda given: AddKey(passphrase=given, pin=pin.value()),
        lambda _unlocked: screen.note(screen.say("token.added")),
    )


def remove_key(screen: Screen) -> AskPassphrase:
    """Ask for the passphrase, and let no security key open the vault any more."""
    return AskPassphrase(
        screen,
        title=screen.say("token.remove"),
        words=screen.say("token.remove-words"),
        yes=screen.say("token.remove"),
        danger=True,
    ).try_with(
        tokens.remove_key,
        lambda given: RemoveKey(passphrase=given),
        lambda _unlocked: screen.note(screen.say("token.removed")),
    )
