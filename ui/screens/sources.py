"""Making a list from an agency's CSV: choose the file, say which column is what, see ten rows, write it.

The list is written to a file for headquarters' analyst. It is not signed and never in force on this laptop,
and the dialog says so; therefore it is offered in practice only, where an analyst works out a mapping.
"""

import tempfile
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout

from fieldapp import ids, text
from fieldapp.actions import collecting
from fieldapp.actions.collecting import (
    FIELDS,
    LookAtColumns,
    Mapping,
    Preview,
    Row,
    TryMapping,
    WriteList,
    Written,
)
from fieldapp.text import say
from fieldapp.worker import Failure, Progress
from ui import alerts
from ui.models.entries import kind_words
from ui.models.naming import printable
from ui.models.tuples import Shown, TupleModel
from ui.screens import files
from ui.screens.screen import Screen
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.dropdown import Dropdown
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Elided, Label
from ui.widgets.row_list import RowList


def why_words(reason: str, language: str) -> str:
    """Return why a row or a file would be refused."""
    key = f"sources.why.{reason}"
    return say(key, language) if text.has(key, language) else printable(reason)


class PreviewRows(TupleModel[Row]):
    """Rows of a file: what each becomes, or why it would be refused."""

    def shown(self, value: Row) -> Shown:
        """Return one row."""
        line = say("sources.line", self.language, line=value.line)
        if value.entry is None:
            return Shown(
                title=say("sources.refused", self.language, reason=why_words(value.issue, self.language)),
                trailing=line, icon="octagon-x", tone="hold", says=say("sources.bad", self.language),
            )  # fmt: skip
        entry = value.entry
        parts = (
            kind_words(entry.kind, self.language),
            entry.id,
            "; ".join(name.text for name in entry.names[1:4]),
            ", ".join(entry.countries),
            ", ".join(entry.birth_dates),
            "; ".join(f"{number.type} {number.value}".strip() for number in entry.identifiers[:3]),
            entry.programme,
        )
        return Shown(
            title=printable(entry.primary),
            subtitle=printable(" · ".join(part for part in parts if part)),
            trailing=line,
            icon="check",
            tone="no_match",
        )


class ListWizard(QDialog):
    """Columns above, ten rows below, the file to write at the foot."""

    def __init__(self, screen: Screen, path: str) -> None:
        super().__init__(screen.window())
        self._screen, self._path = screen, path
        self._mapping: Mapping | None = None
        self._stop = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(screen.say("sources.title"))
        self.resize(1000, 640)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(screen.say("sources.title"), "title"))
        column.addWidget(Label(screen.say("sources.unsigned"), "muted", wrap=True))
        self.banner = Banner(screen.say("do.close"))
        column.addWidget(self.banner)
        column.addWidget(self._columns())
        self.rows = PreviewRows(screen.language, self)
        self._empty = EmptyState(screen.say("sources.reading"), icon="file-text")
        self.list = RowList(screen.say("sources.preview"), self.rows, self._empty)
        card = Card(margin=0, spacing=0)
        card.body.addWidget(self.list, 1)
        column.addWidget(card, 1)
        column.addLayout(self._foot())
        self._screen.run(collecting.look_at_columns, LookAtColumns(path=path), self._looked, self._failed)

    def _columns(self) -> Card:
        card = Card(margin=12, spacing=6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        self.boxes: dict[str, Dropdown] = {}
        for place, field in enumerate(FIELDS):
            name = self._screen.say(f"sources.field.{field}")
            box = Dropdown(name)
            box.activated.connect(lambda _index: self._try())
            self.boxes[field] = box
            row, at = divmod(place, 4)
            grid.addWidget(Label(name, "muted"), row * 2, at)
            grid.addWidget(box, row * 2 + 1, at)
            grid.setColumnStretch(at, 1)
        card.body.addLayout(grid)
        return card

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.write = Button(self._screen.say("sources.write"), "download", "primary-small")
        self.write.clicked.connect(
            lambda: files.choose_new(self, self._screen.say("sources.write"), "list.release", self.write_to)
        )
        self.write.setEnabled(False)
        self.stop = Button(self._screen.say("sources.stop"), "x")
        self.stop.clicked.connect(self.stop_now)
        self.stop.hide()
        self._told = Elided("", "muted")
        close = Button(self._screen.say("do.close"))
        close.clicked.connect(self.close)
        row.addWidget(self.write)
        row.addWidget(self.stop)
        row.addWidget(self._told, 1)
        row.addWidget(close)
        return row

    def mapping(self) -> Mapping | None:
        """Return the mapping as the boxes say it."""
        if self._mapping is None:
            return None
        columns: dict[str, str] = {
            field: str(box.currentData()) for field, box in self.boxes.items() if box.currentData()
        }
        return msgspec.structs.replace(self._mapping, columns=columns)

    def _looked(self, seen: Preview) -> None:
        self._mapping = seen.mapping
        for field, box in self.boxes.items():
            box.clear()
            box.addItem(self._screen.say("sources.not-there"), "")
            for title in seen.titles:
                box.addItem(printable(title), title)
            box.setCurrentIndex(max(0, box.findData(seen.mapping.columns.get(field, ""))))
        self._tried(seen)
        self.boxes["id"].setFocus()

    def _try(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            command = TryMapping(path=self._path, mapping=mapping)
            self._screen.run(collecting.try_mapping, command, self._tried, self._failed)

    def _tried(self, seen: Preview) -> None:
        self.rows.put(seen.rows)
        bad = sum(row.entry is None for row in seen.rows)
        self.banner.hide()
        if seen.issue:
            words = self._screen.say(
                "sources.refused-at", reason=why_words(seen.issue, self._screen.language), line=seen.line
            )
            self.banner.show_alert(self._screen.say("sources.bad"), words, "warn")
        self._told.setText(self._screen.say("sources.rows-bad", count=bad) if bad else "")
        self.write.setEnabled(bool(seen.rows) and not seen.issue and not bad)

    def write_to(self, out: str) -> None:
        """Write the whole file to `out`."""
        mapping = self.mapping()
        if mapping is None:
            return
        self._stop = str(Path(tempfile.gettempdir()) / f"fieldapp-{ids.uuid7()}.stop")
        command = WriteList(
            path=self._path, mapping=mapping, out=out, name=Path(self._path).stem, stop=self._stop
        )
        self.write.setEnabled(False)
        self.stop.show()
        self._screen.jobs.run(
            collecting.write_list, command, done=self._written, failed=self._failed, progress=self._come
        )

    def stop_now(self) -> None:
        """Stop what is being written."""
        if self._stop:
            Path(self._stop).touch()

    def _come(self, step: Progress) -> None:
        share = round(100 * step.done / max(1, step.total))
        self._told.setText(self._screen.say("sources.progress", share=share))

    def _written(self, made: Written) -> None:
        self._end()
        words = self._screen.say("sources.written-words", file=printable(Path(made.path).name))
        self.banner.show_alert(
            self._screen.say("sources.written", name=printable(made.name), count=made.entries), words, "note"
        )

    def _failed(self, failure: Failure) -> None:
        self._end()
        alert = alerts.explain(failure, self._screen.language)
        self.banner.show_alert(alert.title, alert.sentence, alert.tone)

    def _end(self) -> None:
        self._told.setText("")
        self.stop.hide()
        self.write.setEnabled(self._mapping is not None)
        if self._stop:
            Path(self._stop).unlink(missing_ok=True)
            self._stop = ""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop with the dialog."""
        self.stop_now()
        super().closeEvent(event)


def begin(screen: Screen) -> None:
    """Ask for the file and open the dialog on it."""
    files.choose(
        screen,
        screen.say("sources.choose"),
        lambda path: ListWizard(screen, path).open(),
        ("csv", "txt", "tsv"),
    )
