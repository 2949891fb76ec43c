"""Entries and names in pages: some dozens to a blob, so that what repeats is kept once.

An entry's page is compressed and numbered by its first entry; a name's page holds the words of 64 names
as ids, so that whoever ranks candidates needs no entry.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from fieldapp.watchlist import schema
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.rows import unpack
from fieldapp.watchlist.schema import Connection, Row

_ENTRIES, _BYTES = 32, 8192  # a page ends at so many entries, or bytes before they are compressed
NAMES = 64
_LARGEST = 4 << 20
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[int, bytes]]).decode


def entry_pages(rows: Iterable[tuple[int, bytes]]) -> Iterator[Row]:
    """Yield the pages of entries, each given as its number and its bytes, ascending."""
    compress = zstandard.ZstdCompressor(level=6).compress
    page: list[tuple[int, bytes]] = []
    held = 0
    for row in rows:
        page.append(row)
        held += len(row[1])
        if len(page) == _ENTRIES or held >= _BYTES:
            yield page[0][0], compress(_encode(page))
            page, held = [], 0
    if page:
        yield page[0][0], compress(_encode(page))


def _opened(blob: bytes) -> list[tuple[int, bytes]]:
    return _decode(zstandard.ZstdDecompressor().decompress(blob, max_output_size=_LARGEST))


def entries_of(connection: Connection, names: Collection[int]) -> dict[int, tuple[int, Entry]]:
    """Return for each number of a name the number of its entry, and the entry."""
    pages: dict[int, list[int]] = {}
    for name, page in schema.rows(
        connection,
        "SELECT value, (SELECT max(id) FROM entity WHERE id <= value) FROM json_each(?)",
        names,
    ):
        pages.setdefault(page, []).append(name)
    found: dict[int, tuple[int, Entry]] = {}
    for page, blob in schema.rows(
        connection, "SELECT id, page FROM entity WHERE id IN (SELECT value FROM json_each(?))", pages
    ):
        rows = _opened(blob)
        read: dict[int, Entry] = {}
        for name in pages[page]:
            number, raw = next(row for row in reversed(rows) if row[0] <= name)
            if number not in read:
                read[number] = unpack(raw)
            found[name] = number, read[number]
    return found


def every_entry(connection: Connection) -> Iterator[tuple[int, Entry]]:
    """Yield every entry kept, those taken off the list among them, with its number."""
    for (blob,) in connection.execute("SELECT page FROM entity ORDER BY id"):
        for number, raw in _opened(blob):
            yield number, unpack(raw)


def name_pages(first: int, names: Sequence["array[int]"]) -> Iterator[Row]:
    """Yield the pages that hold `names`, given as the ids of their words and numbered from `first`.

    The first page is a whole one: `first` is a multiple of 64.
    """
    for start in range(0, len(names), NAMES):
        part = names[start : start + NAMES]
        lengths = bytes((len(part), *(len(words) for words in part)))
        yield (first + start) // NAMES, lengths + b"".join(words.tobytes() for words in part)


def tail_of(connection: Connection, names: int) -> tuple[int, list["array[int]"]]:
    """Return the first number and the words of the names on the page where the next name goes."""
    page, within = divmod(names + 1, NAMES)
    row = connection.execute("SELECT words FROM name WHERE page = ?", (page,)).fetchone()
    first = page * NAMES
    if not row or not within:
        return first, []
    ends, ids = _words(row[0])
    return first, [array("I", part.tobytes()) for part in np.split(ids, ends.tolist())[:within]]


def words_of_names(connection: Connection, names: Collection[int]) -> dict[int, list[int]]:
    """Return for each number of a name the ids of its words."""
    pages: dict[int, list[int]] = {}
    for name in names:
        pages.setdefault(name // NAMES, []).append(name)
    found: dict[int, list[int]] = {}
    for page, blob in schema.rows(
        connection, "SELECT page, words FROM name WHERE page IN (SELECT value FROM json_each(?))", pages
    ):
        ends, ids = _words(blob)
        for name in pages[page]:
            at = name % NAMES
            found[name] = ids[int(ends[at - 1]) if at else 0 : int(ends[at])].tolist()
    return found


def _words(blob: bytes) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return where the words of each name on a page end, and the ids of all of them."""
    count = blob[0]
    lengths = np.frombuffer(blob, dtype=np.uint8, count=count, offset=1)
    return np.cumsum(lengths, dtype=np.uint32), np.frombuffer(blob, dtype=np.uint32, offset=1 + count)
