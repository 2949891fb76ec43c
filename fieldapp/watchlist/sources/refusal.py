"""The one error every source raises, and the small readers they share.

`reason` is one of: cut, columns, encoding, entity (hostile XML), syntax, root, kind, long, empty, files,
base (a delta without the list it changes).
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from fieldapp.errors import InspectorError
from fieldapp.watchlist.entry import FIELD_LIMIT, ListedName, Quality


class SourceRefused(InspectorError):
    """A publisher's file is cut, damaged, hostile or something else; nothing of it was taken."""

    code = "source-refused"


Tell = Callable[[float], None]  # called with the number of bytes just read


def silent(_read: float) -> None:
    """Tell nobody."""


def told(raw: BinaryIO, tell: Tell) -> BinaryIO:
    """Return `raw` as a file that tells how much of it is read; reading is all it can do."""
    return cast("BinaryIO", _Told(raw, tell))


class _Told:
    def __init__(self, raw: BinaryIO, tell: Tell) -> None:
        self._raw, self._tell = raw, tell

    def read(self, size: int = -1) -> bytes:
        """Read like a file."""
        piece = self._raw.read(size)
        self._tell(len(piece))
        return piece


def lines(
    source: str, path: Path, tell: Tell = silent, *, limit: int, encoding: str = "utf-8-sig"
) -> Iterator[str]:
    """Yield the lines of a text file without their ends; refuse bad bytes and lines over `limit` bytes."""
    with path.open("rb") as raw:
        number = 0
        while piece := raw.readline(limit + 1):
            number += 1
            tell(len(piece))
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
