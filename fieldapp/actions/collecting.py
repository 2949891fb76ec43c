"""Making a release out of an agency's CSV: looking at its columns, trying a mapping, writing the file.

Runs in the reader's process: the file is a stranger's. Promises: what the first rows become is shown before
anything is written; a file with one bad row is refused whole and nothing is left behind; it can be stopped.
Refuses to put the list in force: what headquarters has not signed is no list of this laptop. The file goes
to headquarters' analyst, who publishes it.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from fieldapp import clock
from fieldapp.actions.rooms import Progress
from fieldapp.errors import InspectorError
from fieldapp.scan.reader import Reader
from fieldapp.watchlist.entry import Entry, EntryKind

# As `csv_mapping` has them, whose package loads every publisher's format: the window must not wait for that.
FIELDS = ("id", "kind", "name", "aliases", "countries", "birth_dates", "identifiers", "programme")
ROWS = 10  # of a preview
_LOOK = 2000  # entries between two looks for a stop


class CollectingStopped(InspectorError):
    """A person stopped it; nothing was written."""

    code = "collecting-stopped"


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """The file's title for each of our fields, and how it writes lists, dates and kinds."""

    columns: dict[str, str]
    source: str = "csv"
    delimiter: str = ","
    separator: str = ";"
    kind: EntryKind = "other"
    day_first: bool = True


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a preview: what it becomes, or the reason why it would be refused."""

    line: int
    entry: Entry | None = None
    issue: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows under a mapping. `issue` refuses the file as a whole, from line `line` on."""

    titles: tuple[str, ...]
    mapping: Mapping
    rows: tuple[Row, ...] = ()
    issue: str = ""
    line: int = 0


class LookAtColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what the columns of a CSV seem to be."""

    path: str


class TryMapping(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what the first rows become under `mapping`."""

    path: str
    mapping: Mapping


class WriteList(msgspec.Struct, frozen=True, kw_only=True):
    """Write the whole file as a release to `out`. A file that appears at `stop` ends it."""

    path: str
    mapping: Mapping
    out: str
    name: str
    stop: str = ""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A release on disk: its path, name and number of entries."""

    path: str
    name: str
    entries: int


def look_at_columns(reader: Reader, command: LookAtColumns) -> Preview:
    """Guess a mapping and return what it makes of the first rows."""
    del reader
    from fieldapp.watchlist.sources import csv_guess

    path = _file(command.path)
    return _seen(csv_guess.preview(path, csv_guess.guess(path), ROWS))


def try_mapping(reader: Reader, command: TryMapping) -> Preview:
    """Return what `mapping` makes of the first rows."""
    del reader
    from fieldapp.watchlist.sources import csv_guess, csv_mapping

    mapping = msgspec.convert(command.mapping, csv_mapping.Mapping, from_attributes=True)
    return _seen(csv_guess.preview(_file(command.path), mapping, ROWS))


def write_list(reader: Reader, command: WriteList, progress: Progress | None = None) -> Written:
    """Read every row and write the release; on any error, and when stopped, nothing is left at `out`."""
    del reader
    from fieldapp.watchlist.release import Header, write_release
    from fieldapp.watchlist.sources import csv_mapping

    path = _file(command.path)
    mapping = msgspec.convert(command.mapping, csv_mapping.Mapping, from_attributes=True)
    size, read = max(1, path.stat().st_size), 0

    def tell(more: float) -> None:
        nonlocal read
        read += int(more)

    def entries() -> Iterator[Entry]:
        for number, entry in enumerate(csv_mapping.read_mapped([path], mapping, tell)):
            if number % _LOOK == 0:
                if command.stop and Path(command.stop).exists():
                    raise CollectingStopped
                if progress is not None:
                    progress(min(read, size), size)
            yield entry

    header = Header(number=1, name=command.name.strip() or path.stem, issued=clock.now())
    written = write_release(Path(command.out), header, entries())
    return Written(path=command.out, name=written.name, entries=written.entries)


def _seen(preview: object) -> Preview:
    return msgspec.convert(preview, Preview, from_attributes=True)


def _file(name: str) -> Path:
    from fieldapp.watchlist.sources.refusal import SourceRefused

    path = Path(name)
    if not path.is_file():  # a pipe cannot be read twice, and may never end
        raise SourceRefused(source="csv", file=path.name, reason="files", line=0)
    return path
