"""What the columns of a stranger's CSV are: a mapping to begin with, and what becomes of the first rows.

Titles are looked up first, in the words agencies use; a column without a known title is judged by its
values: dates, names of countries, kinds, numbers that differ in every row, words. A guess is only ever a
proposal: the preview shows what comes of it, row by row, with what is wrong where something is.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import LINE_LIMIT, Entry
from fieldapp.watchlist.sources import csv_mapping
from fieldapp.watchlist.sources.csv_mapping import Field, Mapping
from fieldapp.watchlist.sources.refusal import SourceRefused, lines

_LOOKED_AT = 200  # rows
_SURE = 0.7  # of the filled cells of a column say the same
_DELIMITERS = ",;\t|"
_SEPARATORS = (";", "|", "/", ",")
_TITLES: dict[Field, tuple[str, ...]] = {
    "id": ("id", "ref", "reference", "no", "number", "serial no", "sl no", "entry id", "uid", "case no"),
    "kind": ("kind", "type", "entity type", "category", "subject type", "schema"),
    "name": (
        "name", "full name", "firm", "firm name", "company", "company name", "party", "subject", "entity",
        "primary name", "title", "names",
    ),
    "aliases": ("aliases", "alias", "aka", "also known", "also known as", "other names", "alternative names"),
    "countries": ("countries", "country", "nationality", "citizenship", "jurisdiction", "country code"),
    "birth_dates": ("birth dates", "birth date", "date of birth", "dob", "born", "birthday"),
    "identifiers": (
        "identifiers", "identifier", "passport", "passport no", "licence", "licence no", "license no",
        "registration", "registration no", "iec", "gstin", "pan", "id number", "document", "documents",
    ),
    "programme": ("programme", "program", "list", "reason", "regime", "order", "remarks"),
}  # fmt: skip
_DATE = re.compile(r"^(?:\d{4}(?:-\d{2}){0,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$")


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


def guess(path: Path) -> Mapping:
    """Return the mapping that fits `path` best; refuses a file without a column of names."""
    delimiter = _delimiter(path)
    header, columns = _columns(path, delimiter)
    found: dict[Field, str] = {}
    for field, known in _TITLES.items():
        for title in header:
            if _plain(title) in known and title not in found.values():
                found[field] = title
                break
    for field, title in _by_values(header, columns, found):
        found.setdefault(field, title)
    if "name" not in found:
        raise SourceRefused(source=csv_mapping.NAME, file=path.name, reason="columns", line=1)
    ordered: dict[Field, str] = {field: found[field] for field in csv_mapping.FIELDS if field in found}
    lists = [columns[title] for field, title in found.items() if field in ("aliases", "countries")]
    return Mapping(
        columns=ordered,
        delimiter=delimiter,
        separator=_separator(lists),
        day_first=_day_first(columns.get(found.get("birth_dates", ""), [])),
    )


def preview(path: Path, mapping: Mapping, limit: int = 20) -> Preview:
    """Return what the first `limit` rows of `path` become under `mapping`."""
    header = csv_mapping.titles(path, mapping.delimiter)
    made: list[Row] = []
    try:
        for line, row in islice(csv_mapping.rows_of(path, mapping), limit):
            try:
                made.append(Row(line=line, entry=csv_mapping.entry_of(row, mapping, path.name, line)))
            except SourceRefused as refused:
                made.append(Row(line=line, issue=str(refused.facts["reason"])))
    except SourceRefused as refused:
        reason, at = str(refused.facts["reason"]), int(refused.facts["line"])
        return Preview(titles=header, mapping=mapping, rows=tuple(made), issue=reason, line=at)
    return Preview(titles=header, mapping=mapping, rows=tuple(made))


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", title.lower()).split())


def _delimiter(path: Path) -> str:
    first = next(lines(csv_mapping.NAME, path, limit=LINE_LIMIT), "")
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def _columns(path: Path, delimiter: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the titles and the filled cells under each, of the first rows."""
    text = (line + "\n" for line in lines(csv_mapping.NAME, path, limit=LINE_LIMIT))
    rows = csv.reader(text, delimiter=delimiter)
    try:
        header = [title.strip() for title in next(rows, [])]
        cells: dict[str, list[str]] = {title: [] for title in header}
        for row in islice(rows, _LOOKED_AT):
            for title, cell in zip(header, row, strict=False):
                if cell.strip():
                    cells[title].append(cell.strip())
    except csv.Error as error:
        raise SourceRefused(
            source=csv_mapping.NAME, file=path.name, reason="cut", line=rows.line_num
        ) from error
    return header, cells


def _by_values(
    header: list[str], columns: dict[str, list[str]], found: dict[Field, str]
) -> Iterator[tuple[Field, str]]:
    """Yield what columns without a known title seem to be, surest first."""
    free = [title for title in header if title not in found.values() and columns[title]]
    tests: tuple[tuple[Field, Callable[[str], bool]], ...] = (
        ("birth_dates", _is_date), ("kind", _is_kind), ("countries", _is_country), ("name", _is_name),
        ("id", _is_number),
    )  # fmt: skip
    for field, says in tests:
        for title in free:
            cells = columns[title]
            whole = len(set(cells)) == len(cells) if field == "id" else True
            if whole and sum(map(says, cells)) >= _SURE * len(cells):
                free.remove(title)
                yield field, title
                break


def _is_date(cell: str) -> bool:
    return _DATE.match(cell) is not None


def _is_kind(cell: str) -> bool:
    return csv_mapping.kind_of(cell) is not None


def _is_country(cell: str) -> bool:
    return all(len(code) == 2 for code in countries.codes([cell])) and not cell.isdigit()


def _is_name(cell: str) -> bool:
    letters = sum(character.isalpha() for character in cell)
    return " " in cell and letters >= 0.6 * len(cell)


def _is_number(cell: str) -> bool:
    return " " not in cell and any(character.isdigit() for character in cell)


def _separator(columns: list[list[str]]) -> str:
    seen = Counter(mark for cells in columns for cell in cells for mark in _SEPARATORS if mark in cell)
    # A comma stands inside names; it separates only where nothing else does.
    del seen[","]
    return seen.most_common(1)[0][0] if seen else ";"


def _day_first(dates: list[str]) -> bool:
    """Say whether the day stands before the month; where every date fits both ways, it does."""
    firsts = [re.split(r"[./-]", date) for date in dates if re.match(r"^\d{1,2}[./-]", date)]
    return not any(int(parts[1]) > 12 for parts in firsts if len(parts) == 3)
