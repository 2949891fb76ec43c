"""A banner above a screen's content: what is wrong, why, and the one thing to do next. Nothing else moves.

In a low window it folds to one line, so that the decision at the foot stays in sight; its button unfolds it.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import Elided, Label
from ui.widgets.mark import Mark

LOW = 800  # logical pixels of the window's height up to which it is one line: 768 and 800 are low screens
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
        self._short = Elided("", "body")
        self._unfolded = False
        self._row = row
        self._words = words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        words.addWidget(self._short)
        self.unfold = Button("…")
        self.unfold.clicked.connect(self._unfold)
        self.button = Button("")
        self._close = Button(close_words)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.unfold)
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
        self._short.setText(sentence)
        self.unfold.setAccessibleName(sentence)
        self._unfolded = False
        self._fold()
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setVisible(then is not None)
        self._next = then
        self.setAccessibleName(f"{title}. {sentence}")
        self.show()
        announce(self, f"{title}. {sentence}")

    def _unfold(self) -> None:
        self._unfolded = True
        self._fold()

    def _fold(self) -> None:
        """One line in a low window, until it is unfolded."""
        low = self.window().height() <= LOW and not self._unfolded
        said = bool(self.sentence.text())
        way = QBoxLayout.Direction
        self._words.setDirection(way.LeftToRight if low else way.TopToBottom)
        self._words.setSpacing(12 if low else 2)
        self._words.setStretch(2, 1 if low else 0)
        self._row.setContentsMargins(16, 2, 12, 2) if low else self._row.setContentsMargins(16, 10, 12, 10)
        self.title.setWordWrap(not low)
        self.sentence.setVisible(said and not low)
        self._short.setVisible(said and low)
        self.unfold.setVisible(said and low)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold with the window."""
        super().resizeEvent(event)
        self._fold()

    def _act(self) -> None:
        self.hide()
        if self._next is not None:
            self._next()


def announce(widget: QWidget, words: str) -> None:
    """Have a screen reader say `words` at once."""
    event = QAccessibleAnnouncementEvent(widget, words)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
