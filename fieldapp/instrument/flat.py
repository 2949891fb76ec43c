"""Result files made of lines: a line of label and value each, or a table with titles.

A table begins at the first line that holds at least two labels of the profile; lines before it may say what
is true of the whole file, as label and value. Everything after an empty line that follows the table is left.
"""

import csv
from collections.abc import Iterator

from fieldapp.instrument.cell import CELLS, TEXT, Cell, ResultUnreadable, lines
from fieldapp.instrument.profile import Profile, plain

_MARKS = (":", "=", "\t", ";", ",")
_DELIMITERS = (",", ";", "\t", "|")


def pairs(text: str, profile: Profile) -> tuple[Cell, ...]:
    """Return each line's label and value; the mark between them is the first after a label that is known."""
    known = profile.labels()
    found = []
    for number, line in enumerate(lines(text), 1):
        pair = _pair(line, known)
        if pair is not None:
            found.append(Cell(label=pair[0], text=pair[1][:TEXT], line=number))
        if len(found) > CELLS:
            raise ResultUnreadable(why="too-large", line=number)
    return tuple(found)


def _pair(line: str, known: frozenset[str]) -> tuple[str, str] | None:
    """Return label and value: a known label wins, else the first mark cuts; None without a mark."""
    cuts = [(at, mark) for mark in _MARKS if (at := line.find(mark)) > 0]
    if not cuts:
        return None
    first = next((at for at, _mark in sorted(cuts) if plain(line[:at]) in known), min(cuts)[0])
    return plain(line[:first]), line[first + 1 :].strip().strip('"').strip()


def delimited(text: str, profile: Profile) -> tuple[Cell, ...]:
    """Return the cells of the lines before the table, then of the table, row by row."""
    known = profile.labels()
    rows = lines(text)
    delimiter = profile.delimiter or _delimiter(rows, known)
    head = next((at for at, line in enumerate(rows) if _titles(line, delimiter, known)), None)
    before = rows if head is None else rows[:head]
    cells = [
        Cell(label=plain(parts[0]), text=parts[1].strip()[:TEXT], line=number)
        for number, line in enumerate(before, 1)
        if len(parts := _parts(line, delimiter)) >= 2 and parts[0].strip()
    ]
    if head is not None:
        cells += _table(rows, head, delimiter)
    if len(cells) > CELLS:
        raise ResultUnreadable(why="too-large", line=0)
    return tuple(cells)


def _table(rows: list[str], head: int, delimiter: str) -> Iterator[Cell]:
    titles = [plain(title) for title in _parts(rows[head], delimiter)]
    for hit, line in enumerate(rows[head + 1 :], 1):
        number = head + 1 + hit
        if not line.strip(delimiter + " "):
            return
        if hit * len(titles) > CELLS:
            raise ResultUnreadable(why="too-large", line=number)
        for title, part in zip(titles, _parts(line, delimiter), strict=False):
            if title:
                yield Cell(label=title, text=part.strip()[:TEXT], line=number, row=hit)


def _parts(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; a quote that never closes ends with the line."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _titles(line: str, delimiter: str, known: frozenset[str]) -> bool:
    return len({plain(part) for part in _parts(line, delimiter)} & known) >= 2


def _delimiter(rows: list[str], known: frozenset[str]) -> str:
    """Return the sign under which the most labels are titles of one line."""

    def most(sign: str) -> int:
        return max(
            (len({plain(part) for part in _parts(line, sign)} & known) for line in rows[:2000]), default=0
        )

    return max(_DELIMITERS, key=most)
