"""Names and values, one pair a line: what a code says, what a file is. Long values wrap, none is cut."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.label import Label


class Facts(QWidget):
    """A grid of (name, value); the names get `names` logical pixels."""

    def __init__(self, names: int = 104, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._pairs: list[tuple[Label, Label]] = []
        self.setProperty("kind", "clear")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show `facts`, and nothing else."""
        for row, (name, value) in enumerate(facts):
            if row == len(self._pairs):
                self._pairs.append(self._pair(row))
            name_label, value_label = self._pairs[row]
            name_label.setText(name)
            value_label.setText(broken(value))
            value_label.setAccessibleName(f"{name}: {value}")
        for row, pair in enumerate(self._pairs):
            for label in pair:
                label.setVisible(row < len(facts))

    def _pair(self, row: int) -> tuple[Label, Label]:
        """Make the labels of a row. They are kept: making one costs more than filling it."""
        top = Qt.AlignmentFlag.AlignTop
        name, value = Label("", "muted", wrap=True), Label("", "strong", wrap=True)
        name.setFixedWidth(self._names)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        return name, value


def broken(value: str, every: int = 14) -> str:
    """Return `value` with places to break in words too long for a narrow column."""
    return " ".join(
        "\u200b".join(word[at : at + every] for at in range(0, len(word), every))
        if len(word) > every
        else word
        for word in value.split(" ")
    )
