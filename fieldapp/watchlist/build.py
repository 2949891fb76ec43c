"""A fresh index from a release, built beside the one in use.

Promises: until the last transaction nothing of the old index changes, so a build that is killed, or a
release that turns out damaged at its last byte, leaves the old list in force. Memory holds the
postings, about 20 bytes a listed word, and one batch of rows. An index that many deltas have grown is
built anew the same way, from its own entries.
"""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist import buckets, keys, later, pages, schema, vocabulary
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.identifier_keys import SUBSTANCE, keys_of_identifier
from fieldapp.watchlist.names import Name, analyse
from fieldapp.watchlist.postings import chunks
from fieldapp.watchlist.release import Header, Packed, Progress, open_release
from fieldapp.watchlist.rows import key_of, pack
from fieldapp.watchlist.schema import LAYOUT, SIZE_CHUNK, Connection, Row, make_next, swap, transaction
from fieldapp.watchlist.weight import weight

_BATCH = 20_000
_UNIT = 24  # steps of a name's weight in one byte
_MOST = 255  # words of one name under which it is found


def words_of(name: Name) -> tuple[str, ...]:
    """Return the distinct words under which `name` is found, in order."""
    found = dict.fromkeys(text for word in name.telling() for text in (word.text, word.plain) if text)
    return tuple(found)[:_MOST]


def size_of(name: Name) -> int:
    """Return what the words of `name` weigh together, in one byte; it never depends on the list.

    Nothing is what a name weighs that was taken off the list.
    """
    return max(1, min(255, round(_UNIT * sum(weight(word) for word in name.telling()))))


def unit_of_size() -> int:
    """Return how many steps of `size_of` make a weight of 1."""
    return _UNIT


def names_of(entry: Entry) -> list[Name]:
    """Return the names of `entry`, taken apart."""
    return [analyse(name.text, entry.kind == "person") for name in entry.names]


def build_tables(connection: Connection, release: Packed, progress: Progress | None = None) -> Header:
    """Read `release` into fresh tables and put them in force; returns the release's header.

    Raises ReleaseForeign or ReleaseDamaged; then the old tables are still in force.
    """
    header, entries = open_release(release)
    _build(connection, header, entries, progress)
    return header


def rebuild_if_grown(connection: Connection) -> None:
    """Build the index anew from its own entries where deltas have added or taken away very much."""
    told = schema.told(connection)
    taken = int(told["dead"]) > int(told["names"]) // 4 + _BATCH
    if not taken and len(later.Later(connection, "post")) < later.MOST:
        return
    header = Header(
        number=int(told["number"]),
        name=told["name"],
        issued=datetime.fromisoformat(told["issued"]),
        entries=int(told["entries"]),
        state=told["state"],
        sha256=told["sha256"],
    )
    sizes = read_sizes(connection)
    alive = (entry for number, entry in pages.every_entry(connection) if sizes[number])
    _build(connection, header, alive, None)


def _build(
    connection: Connection, header: Header, entries: Iterable[Entry], progress: Progress | None
) -> None:
    make_next(connection)
    builder = _Builder(connection)
    done = 0
    for entry in entries:
        builder.add(entry)
        done += 1
        if done % _BATCH == 0:
            builder.flush()
            if progress is not None:
                progress(done, header.entries)
    builder.finish(header)
    swap(connection)
    if progress is not None:
        progress(done, header.entries)


def read_sizes(connection: Connection) -> NDArray[np.uint8]:
    """Return what every name weighs, from number 0, which nobody has."""
    rows = connection.execute("SELECT weights FROM size ORDER BY chunk").fetchall()
    return np.frombuffer(b"".join(row[0] for row in rows), dtype=np.uint8)


class _Builder:
    """Rows waiting to be written, and the postings of every word so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tokens: dict[str, int] = {}
        self.postings: list[array[int]] = []
        self.sizes = bytearray(b"\0")
        self.keys = array("I")  # of entries, and their numbers
        self.entities = array("I")
        self.entity_rows: list[tuple[int, bytes]] = []
        self.first = 0  # the number of the first of the waiting names
        self.names: list[array[int]] = [array("I")]
        self.ident_rows: list[Row] = []

    def add(self, entry: Entry) -> None:
        """Take in one entry."""
        entity = len(self.sizes)
        self.keys.append(key_of(entry.key))
        self.entities.append(entity)
        self.entity_rows.append((entity, pack(entry)))
        for name in names_of(entry):
            number = len(self.sizes)
            self.sizes.append(size_of(name))
            mine = array("I")
            for word in words_of(name):
                token = self.tokens.get(word)
                if token is None:
                    token = self.tokens[word] = len(self.postings) + 1
                    self.postings.append(array("I"))
                self.postings[token - 1].append(number)
                mine.append(token)
            self.names.append(mine)
        for at, identifier in enumerate(entry.identifiers):
            self.ident_rows.extend((key, entity, at) for key in keys_of_identifier(identifier))
        if entry.kind == "substance":
            self.ident_rows.append((SUBSTANCE, entity, 0))

    def flush(self, *, last: bool = False) -> None:
        """Write the waiting rows; names in whole pages unless they are the last."""
        rows = list(pages.name_pages(self.first, self.names))
        if rows and not last:
            kept = (rows[-1][0] * pages.NAMES) - self.first
            rows, self.first, self.names = rows[:-1], self.first + kept, self.names[kept:]
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT INTO next_entity VALUES (?, ?)", pages.entry_pages(self.entity_rows)
            )
            self.connection.executemany("INSERT INTO next_name VALUES (?, ?)", rows)
            self.connection.executemany("INSERT OR IGNORE INTO next_ident VALUES (?, ?, ?)", self.ident_rows)
        self.entity_rows, self.ident_rows = [], []

    def finish(self, header: Header) -> None:
        """Write what is known only at the end: words, keys, postings, pieces, sizes, header."""
        self.flush(last=True)
        connection = self.connection
        with transaction(connection):
            connection.executemany(
                "INSERT INTO next_vocab VALUES (?, ?, ?, ?)",
                vocabulary.chunk_rows(self.tokens, (len(ids) for ids in self.postings)),
            )
            found, owners = array("I"), array("I")
            for word, token in self.tokens.items():
                mine = word_keys(word)
                found.extend(mine)
                owners.extend([token] * len(mine))
            connection.executemany("INSERT INTO next_tk VALUES (?, ?)", _pairs(found, owners))
            del found, owners
            connection.executemany("INSERT INTO next_ek VALUES (?, ?)", _pairs(self.keys, self.entities))
            connection.executemany("INSERT INTO next_post VALUES (?, ?, ?)", self._postings())
            connection.executemany("INSERT INTO next_gram VALUES (?, ?, ?)", self._grams())
            connection.executemany(
                "INSERT INTO next_size VALUES (?, ?)",
                (
                    (chunk, bytes(self.sizes[start : start + SIZE_CHUNK]))
                    for chunk, start in enumerate(range(0, len(self.sizes), SIZE_CHUNK))
                ),
            )
            connection.executemany(
                "INSERT INTO next_meta VALUES (?, ?)", meta_rows(header, len(self.sizes) - 1, 0)
            )

    def _postings(self) -> Iterator[Row]:
        for token, ids in enumerate(self.postings, start=1):
            yield from chunks(token, np.frombuffer(ids, dtype=np.uint32))

    def _grams(self) -> Iterator[Row]:
        pieces: dict[int, array[int]] = {}
        for word, token in self.tokens.items():
            for piece in keys.grams(word):
                pieces.setdefault(piece, array("I")).append(token)
        for piece in sorted(pieces):
            yield from chunks(piece, np.frombuffer(pieces[piece], dtype=np.uint32))


def _pairs(found: "array[int]", owners: "array[int]") -> Iterator[Row]:
    return buckets.packed(np.frombuffer(found, dtype=np.uint32), np.frombuffer(owners, dtype=np.uint32))


def word_keys(word: str) -> set[int]:
    """Return every key under which `word` is found."""
    return keys.spelling(word) | keys.sounding(word).keys()


def meta_rows(header: Header, names: int, dead: int) -> list[tuple[str, str]]:
    """Return the rows that say which list this is; `names` counts ids given out, `dead` those taken back."""
    return [
        ("layout", LAYOUT),
        ("number", str(header.number)),
        ("name", header.name),
        ("issued", header.issued.isoformat()),
        ("entries", str(header.entries)),
        ("state", header.state),
        ("sha256", header.sha256),
        ("names", str(names)),
        ("dead", str(dead)),
    ]
