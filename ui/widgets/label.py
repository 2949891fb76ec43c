"""Labels. All of them show plain text: a name on a list may look like markup and stays a name."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui import theme


def plain_tip(words: str) -> str:
    """Return `words` as a tool tip that shows them as they are: Qt reads what looks like markup as markup."""
    return f"<qt>{html.escape(words)}</qt>" if "<" in words else words


class Label(QLabel):
    """A plain-text label. `kind` names its dress in the style sheet; `wrap` lets it take several lines."""

    def __init__(
        self, words: str = "", kind: str = "body", *, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme.kind(self, kind)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(words)


class Display(Label):
    """One large line, whole: marks above Devanagari letters reach higher than the line Qt reckons with."""

    def setText(self, words: str) -> None:
        """Show `words` with room for what stands above them."""
        metrics = self.fontMetrics()
        above = max(0, -metrics.tightBoundingRect(words).top() - metrics.ascent())
        self.setContentsMargins(0, above + 1 if above else 0, 0, 0)
        super().setText(words)


class Elided(Label):
    """A one-line label that shortens itself with an ellipsis; the whole text stays its tool tip and name."""

    def __init__(self, words: str = "", kind: str = "body", parent: QWidget | None = None) -> None:
        self._whole = words
        super().__init__(words, kind, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, words: str) -> None:
        """Show `words`, shortened if they must be."""
        self._whole = words
        self.setAccessibleName(words)
        self._shorten()

    def resizeEvent(self, event: object) -> None:
        """Shorten again for the new width."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # the stub wants QResizeEvent, which this is
        self._shorten()

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(24, self.width()))
        self.setToolTip("" if shown == self._whole else plain_tip(self._whole))
        QLabel.setText(self, shown)


class Rule(QFrame):
    """A thin line between parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rule")
