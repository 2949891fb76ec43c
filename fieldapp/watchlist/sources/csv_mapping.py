"""A plain CSV with a header row, as an agency's analyst keeps one.

Without a mapping the columns are `id,kind,name,aliases,countries,birth_dates,identifiers,programme`; `kind`
and everything after `name` may be missing. Lists are split at `;`. An identifier is `type:value`, or a bare
value. A `Mapping` says the same for a file with other titles, another delimiter, day-first dates, no kinds or
no ids; `csv_guess` proposes one and it is kept as TOML. A row without an id gets one made of what it says, so
the same row has the same id in the next edition.
"""

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec
import tomli_w

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import LINE_LIMIT, Entry, EntryKind, ListedIdentifier
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, lines, silent, unique

NAME = "csv"
Field = Literal["id", "kind", "name", "aliases", "countries", "birth_dates", "identifiers", "programme"]
FIELDS: tuple[Field, ...] = get_args(Field)
_KINDS: dict[str, EntryKind] = {
    **{kind: kind for kind in get_args(EntryKind)},
    "individual": "person",
    "people": "person",
    "entity": "company",
    "organization": "company",
    "organisation": "company",
    "legalentity": "company",
    "firm": "company",
    "ship": "vessel",
}
_NUMBERS_DATE = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is read: its own title for each of our fields, and how it writes lists, dates and kinds.

    `kind` holds for rows that say none. `day_first` reads 4/5/1961 as the 4th of May.
    """

    columns: dict[Field, str]
    source: str = NAME
    delimiter: str = ","
    separator: str = ";"
    kind: EntryKind = "other"
    day_first: bool = True


PLAIN = Mapping(columns={field: field for field in FIELDS})


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every file of `paths`, read with our own column titles."""
    return read_mapped(paths, PLAIN, tell)


def read_mapped(paths: Sequence[Path], mapping: Mapping, tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every file of `paths`, read as `mapping` says."""
    for path in paths:
        _ends_whole(path, mapping.source)
        for line, row in rows_of(path, mapping, tell):
            yield entry_of(row, mapping, path.name, line)


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Keep a mapping as TOML."""
    path.write_text(tomli_w.dumps(msgspec.to_builtins(mapping)), "utf-8")


def load_mapping(path: Path) -> Mapping:
    """Read a kept mapping; refuses anything else."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        mapping = msgspec.convert(told, Mapping)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SourceRefused(source=NAME, file=path.name, reason="mapping", line=0) from error
    if len(mapping.delimiter) != 1 or not mapping.separator or not mapping.source:
        raise SourceRefused(source=NAME, file=path.name, reason="mapping", line=0)
    return mapping


def titles(path: Path, delimiter: str = ",") -> tuple[str, ...]:
    """Return the column titles of `path`."""
    first = next(lines(NAME, path, limit=LINE_LIMIT), "")
    return tuple(title.strip() for title in next(csv.reader([first], delimiter=delimiter), []))


def rows_of(path: Path, mapping: Mapping, tell: Tell = silent) -> Iterator[tuple[int, dict[Field, str]]]:
    """Yield each row under our fields, with its line; refuses a file whose columns do not fit."""
    source = mapping.source
    text = (line + "\n" for line in lines(NAME, path, tell, limit=LINE_LIMIT))
    rows = csv.reader(text, strict=True, delimiter=mapping.delimiter)
    try:
        header = [title.strip().lower() for title in next(rows, [])]
        place: dict[Field, int] = {
            field: header.index(wanted)
            for field, title in mapping.columns.items()
            if (wanted := title.strip().lower()) in header
        }
        if "name" not in place or ("id" not in place and "id" in mapping.columns):
            raise SourceRefused(source=source, file=path.name, reason="columns", line=1)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise SourceRefused(source=source, file=path.name, reason="columns", line=rows.line_num)
            yield rows.line_num, {field: row[at].strip() for field, at in place.items()}
    except csv.Error as error:
        raise SourceRefused(source=source, file=path.name, reason="cut", line=rows.line_num) from error


def _ends_whole(path: Path, source: str) -> None:
    """Refuse a file whose last line has no end: an exporter writes one, a cut copy has none."""
    with path.open("rb") as raw:
        raw.seek(0, 2)
        if raw.tell() == 0:
            raise SourceRefused(source=source, file=path.name, reason="empty", line=0)
        raw.seek(-1, 2)
        if raw.read(1) not in (b"\n", b"\r"):
            raise SourceRefused(source=source, file=path.name, reason="cut", line=0)


def entry_of(row: dict[Field, str], mapping: Mapping, file: str, line: int) -> Entry:
    """Return the entry of one row; refuses a row without a name or with a kind nobody knows."""
    said = row.get("kind", "")
    kind = kind_of(said) if said else mapping.kind
    if kind is None:
        raise SourceRefused(source=mapping.source, file=file, reason="kind", line=line)
    number = row["id"] if "id" in row else _made_id(row)
    if not row["name"] or not number:
        raise SourceRefused(source=mapping.source, file=file, reason="empty", line=line)
    aliases = _split(row, "aliases", mapping)
    return Entry(
        id=number,
        source=mapping.source,
        kind=kind,
        names=distinct([(row["name"], "primary"), *((alias, "aka") for alias in aliases)]),
        countries=countries.codes(_split(row, "countries", mapping)),
        birth_dates=tuple(date_of(text, mapping.day_first) for text in _split(row, "birth_dates", mapping)),
        identifiers=tuple(_identifier(value) for value in _split(row, "identifiers", mapping)),
        programme=row.get("programme", ""),
    )


def kind_of(text: str) -> EntryKind | None:
    """Return the kind that `text` means, None where nobody knows it."""
    return _KINDS.get(text.strip().lower())


def date_of(text: str, day_first: bool) -> str:
    """Return a date of numbers as ISO 8601; anything else as it stands."""
    found = _NUMBERS_DATE.match(text)
    if found is None:
        return text
    one, two = int(found[1]), int(found[2])
    # A number above 12 can only be the day, whatever the mapping says.
    day, month = (one, two) if (day_first and two <= 12) or one > 12 else (two, one)
    return f"{found[3]}-{month:02d}-{day:02d}" if month <= 12 and day <= 31 else text


def _made_id(row: dict[Field, str]) -> str:
    fields: tuple[Field, ...] = ("kind", "name", "birth_dates", "countries")
    said = "\x1f".join(f"{field}={row.get(field, '')}" for field in fields)
    return hashlib.sha256(said.casefold().encode("utf-8")).hexdigest()[:16]


def _split(row: dict[Field, str], field: Field, mapping: Mapping) -> tuple[str, ...]:
    return unique(row.get(field, "").split(mapping.separator))


def _identifier(text: str) -> ListedIdentifier:
    kind, colon, value = text.partition(":")
    if colon and value and not value.startswith("//") and len(kind) < 30:
        return ListedIdentifier(kind.strip().lower(), value.strip())
    return ListedIdentifier("", text)
