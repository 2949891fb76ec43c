"""A banner above a screen's content: what is wrong, why, and the one thing to do next. Nothing else moves."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.mark import Mark

_MARKS = {
    "error": ("octagon-x", "hold"),
    "warn": ("triangle-alert", "check"),
    "note": ("circle-check", "accent"),
}


class Banner(QFrame):
    """Hidden until `show_alert`. Its button does the next step, or closes the banner."""

    def __init__(self, close_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        self._mark = Mark("info", "text", 26)
        self.title = Label("", "strong", wrap=True)
        self.sentence = Label("", "body", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        self.button = Button("")
        self._close = Button(close_words)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        row.addWidget(self._close)
        self._close.clicked.connect(self.hide)
        self.button.clicked.connect(self._act)
        self._next: Callable[[], object] | None = None
        self.tone = ""
        self.hide()

    def show_alert(
        self,
        title: str,
        sentence: str,
        tone: str = "error",
        *,
        button: str = "",
        then: Callable[[], object] | None = None,
    ) -> None:
        """Show the banner and say it aloud. `button` names what `then` does."""
        self.tone = tone
        theme.kind(self, f"banner-{tone}")
        self._mark.become(*_MARKS[tone])
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setVisible(then is not None)
        self._next = then
        self.setAccessibleName(f"{title}. {sentence}")
        self.show()
        announce(self, f"{title}. {sentence}")

    def _act(self) -> None:
        self.hide()
        if self._next is not None:
            self._next()


def announce(widget: QWidget, words: str) -> None:
    """Have a screen reader say `words` at once."""
    event = QAccessibleAnnouncementEvent(widget, words)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
