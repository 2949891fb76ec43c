"""The one error every source raises, and the small readers they share.

`reason` is one of: cut, columns, encoding, entity (hostile XML), syntax, root, kind, long, empty, files.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fieldapp.errors import InspectorError
from fieldapp.watchlist.entry import FIELD_LIMIT, ListedName, Quality


class SourceRefused(InspectorError):
    """A publisher's file is cut, damaged, hostile or something else; nothing of it was taken."""

    code = "source-refused"


def lines(source: str, path: Path, *, limit: int, encoding: str = "utf-8-sig") -> Iterator[str]:
    """Yield the lines of a text file without their ends; refuse bad bytes and lines over `limit` bytes."""
    with path.open("rb") as raw:
        number = 0
        while piece := raw.readline(limit + 1):
            number += 1
            if len(piece) > limit:
                raise SourceRefused(source=source, file=path.name, reason="long", line=number)
            try:
                yield piece.decode(encoding if number == 1 else encoding.removesuffix("-sig")).rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise SourceRefused(source=source, file=path.name, reason="encoding", line=number) from error


def distinct(names: Iterable[tuple[str, Quality]]) -> tuple[ListedName, ...]:
    """Return the names in order without blanks and repeats; the first quality of a name holds."""
    seen: dict[str, ListedName] = {}
    for text, quality in names:
        clean = " ".join(text.split())[:FIELD_LIMIT]
        if clean and clean.casefold() not in seen:
            seen[clean.casefold()] = ListedName(clean, quality)
    return tuple(seen.values())


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values in order, trimmed, without blanks and repeats."""
    return tuple(dict.fromkeys(value.strip()[:FIELD_LIMIT] for value in values if value.strip()))
