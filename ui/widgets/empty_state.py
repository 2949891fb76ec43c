"""What a list shows when it has nothing: why it is empty, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.label import Label
from ui.widgets.mark import Mark

HINT_FROM, MARK_FROM = 90, 130  # logical pixels of height


class EmptyState(QWidget):
    """An icon, a sentence, a hint. Also stands for "reading ..." while an answer is awaited."""

    def __init__(
        self, words: str = "", hint: str = "", icon: str = "info", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self._mark = Mark(icon, "muted", 32)
        self._words = Label(words, "strong", wrap=True)
        self._hint = Label(hint, "muted", wrap=True)
        for label in (self._words, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        column.addWidget(self._hint)
        column.addStretch(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low list the sentence comes first, then the hint, then the drawing."""
        super().resizeEvent(event)
        self._hint.setVisible(bool(self._hint.text()) and self.height() >= HINT_FROM)
        self._mark.setVisible(self.height() >= MARK_FROM)

    def show_words(self, words: str, hint: str = "", icon: str = "info") -> None:
        """Say something else."""
        self._mark.become(icon, "muted")
        self._words.setText(words)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint) and self.height() >= HINT_FROM)
