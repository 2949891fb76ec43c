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
        self.setProperty("kind", "clear")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show `facts`, and nothing else."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(facts):
            value_label = Label(broken(value), "strong", wrap=True)
            value_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value_label.setAccessibleName(f"{name}: {value}")
            name_label = Label(name, "muted", wrap=True)
            name_label.setFixedWidth(self._names)
            self._grid.addWidget(name_label, row, 0, top)
            self._grid.addWidget(value_label, row, 1, top)


def broken(value: str, every: int = 14) -> str:
    """Return `value` with places to break in words too long for a narrow column."""
    return " ".join(
        "\u200b".join(word[at : at + every] for at in range(0, len(word), every))
        if len(word) > every
        else word
        for word in value.split(" ")
    )
