"""A plain CSV with a header row, as an agency's analyst keeps one.

Without a mapping the columns are `id,kind,name,aliases,countries,birth_dates,identifiers,programme`;
`kind` and everything after `name` may be missing. Lists are split at `;`. An identifier is
`type:value`, or a bare value. A mapping gives the file's own column titles for ours, which is what the
mapping wizard produces.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import LINE_LIMIT, Entry, EntryKind, ListedIdentifier
from fieldapp.watchlist.sources.refusal import SourceRefused, distinct, lines, unique

NAME = "csv"
FIELDS = ("id", "kind", "name", "aliases", "countries", "birth_dates", "identifiers", "programme")
_KINDS: dict[str, EntryKind] = {
    **{kind: kind for kind in get_args(EntryKind)},
    "individual": "person",
    "entity": "company",
    "organization": "company",
    "organisation": "company",
    "legalentity": "company",
    "": "other",
}


def read(paths: Sequence[Path]) -> Iterator[Entry]:
    """Yield the entries of every file of `paths`, read with our own column titles."""
    return read_mapped(paths, {})


def read_mapped(paths: Sequence[Path], mapping: Mapping[str, str], source: str = NAME) -> Iterator[Entry]:
    """Yield the entries of `paths`; `mapping` gives the file's column title for any of `FIELDS`."""
    for path in paths:
        yield from _file(path, mapping, source)


def titles(path: Path) -> tuple[str, ...]:
    """Return the column titles of `path`, for the mapping wizard."""
    first = next(lines(NAME, path, limit=LINE_LIMIT), "")
    return tuple(title.strip() for title in next(csv.reader([first]), []))


def _file(path: Path, mapping: Mapping[str, str], source: str) -> Iterator[Entry]:
    _ends_whole(path)
    rows = csv.reader((text + "\n" for text in lines(NAME, path, limit=LINE_LIMIT)), strict=True)
    try:
        header = [title.strip().lower() for title in next(rows, [])]
        place = {
            field: header.index(title) for field in FIELDS if (title := _title(mapping, field)) in header
        }
        if "name" not in place or "id" not in place:
            raise SourceRefused(source=source, file=path.name, reason="columns", line=1)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise SourceRefused(source=source, file=path.name, reason="columns", line=rows.line_num)
            yield _entry(path, source, rows.line_num, {field: row[at].strip() for field, at in place.items()})
    except csv.Error as error:
        raise SourceRefused(source=source, file=path.name, reason="cut", line=rows.line_num) from error


def _title(mapping: Mapping[str, str], field: str) -> str:
    return mapping.get(field, field).strip().lower()


def _ends_whole(path: Path) -> None:
    """Refuse a file whose last line has no end: an exporter writes one, a cut copy has none."""
    with path.open("rb") as raw:
        raw.seek(0, 2)
        if raw.tell() == 0:
            raise SourceRefused(source=NAME, file=path.name, reason="empty", line=0)
        raw.seek(-1, 2)
        if raw.read(1) not in (b"\n", b"\r"):
            raise SourceRefused(source=NAME, file=path.name, reason="cut", line=0)


def _entry(path: Path, source: str, line: int, row: dict[str, str]) -> Entry:
    kind = _KINDS.get(row.get("kind", "").lower())
    if kind is None:
        raise SourceRefused(source=source, file=path.name, reason="kind", line=line)
    if not row["name"] or not row["id"]:
        raise SourceRefused(source=source, file=path.name, reason="empty", line=line)
    aliases = _split(row, "aliases")
    return Entry(
        id=row["id"],
        source=source,
        kind=kind,
        names=distinct([(row["name"], "primary"), *((alias, "aka") for alias in aliases)]),
        countries=countries.codes(_split(row, "countries")),
        birth_dates=_split(row, "birth_dates"),
        identifiers=tuple(_identifier(value) for value in _split(row, "identifiers")),
        programme=row.get("programme", ""),
    )


def _split(row: dict[str, str], field: str) -> tuple[str, ...]:
    return unique(row.get(field, "").split(";"))


def _identifier(text: str) -> ListedIdentifier:
    kind, colon, value = text.partition(":")
    if colon and value and not value.startswith("//") and len(kind) < 30:
        return ListedIdentifier(kind.strip().lower(), value.strip())
    return ListedIdentifier("", text)
