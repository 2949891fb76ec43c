"""The base of the list models: one row for each value of a tuple."""

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.theme import Part

V = TypeVar("V")


Tie = Literal["", "first", "middle", "last"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One row in words. `icon` and `tone` name a drawing and a token; `says` is the mark in words;
    `tie` where the row stands among neighbours that belong together.
    """

    title: str
    subtitle: str = ""
    trailing: str = ""
    icon: str = ""
    tone: str = "text"
    says: str = ""
    tie: Tie = ""


class TupleModel(QAbstractListModel, Generic[V]):
    """Rows over `values`; a subclass puts one value into words in `shown`."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self._values: tuple[V, ...] = ()
        self._rows: tuple[Shown, ...] = ()

    def shown(self, value: V) -> Shown:
        """Return the row of `value`."""
        raise NotImplementedError

    def put(self, values: Sequence[V]) -> None:
        """Show `values` instead of what was shown."""
        self.beginResetModel()
        self._values = tuple(values)
        self._rows = tuple(self.shown(value) for value in self._values)
        self.endResetModel()

    def append(self, values: Sequence[V]) -> None:
        """Show `values` below what is shown."""
        if values:
            first = len(self._values)
            self.beginInsertRows(QModelIndex(), first, first + len(values) - 1)
            self._values += tuple(values)
            self._rows += tuple(self.shown(value) for value in values)
            self.endInsertRows()

    def values(self) -> tuple[V, ...]:
        """Return what is shown."""
        return self._values

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return how many rows there are; a row has none below it."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's variant
        """Answer the roles of `theme.Part`, and the whole row as accessible text."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        whole = ", ".join(part for part in (row.says, row.title, row.subtitle, row.trailing) if part)
        answers: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: row.title,
            Qt.ItemDataRole.AccessibleTextRole: whole,
            Qt.ItemDataRole.ToolTipRole: f"{row.title}\n{row.subtitle}".strip(),
            Part.SUBTITLE: row.subtitle,
            Part.TRAILING: row.trailing,
            Part.ICON: row.icon,
            Part.TONE: row.tone,
            Part.TIE: row.tie,
            Part.VALUE: self._values[index.row()],
        }
        return answers.get(role)
