"""A fresh index from a release, built beside the one in use.

Promises: until the last transaction nothing of the old index changes, so a build that is killed, or a
release that turns out damaged at its last byte, leaves the old list in force. Memory holds the
postings, about 20 bytes a listed word, and one batch of rows.
"""

from array import array
from collections.abc import Iterator

from fieldapp.watchlist import buckets, keys, vocabulary
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.identifier_keys import keys_of_identifier
from fieldapp.watchlist.names import Name, analyse
from fieldapp.watchlist.release import Header, Packed, Progress, open_release
from fieldapp.watchlist.rows import key_of, pack
from fieldapp.watchlist.schema import CHUNK, LAYOUT, SIZE_CHUNK, Connection, Row, make_next, swap, transaction
from fieldapp.watchlist.weight import weight

_BATCH = 20_000
_UNIT = 24  # steps of a name's weight in one byte


def words_of(name: Name) -> tuple[str, ...]:
    """Return the distinct words under which `name` is found, in order."""
    return tuple(
        dict.fromkeys(text for word in name.telling() for text in {word.text: 1, word.plain: 1} if text)
    )


def size_of(name: Name) -> int:
    """Return what the words of `name` weigh together, in one byte; it never depends on the list."""
    return min(255, round(_UNIT * sum(weight(word) for word in name.telling())))


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
    return header


class _Builder:
    """Rows waiting to be written, and the postings of every word so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tokens: dict[str, int] = {}
        self.postings: list[array[int]] = []
        self.sizes = bytearray(b"\0")
        self.entities = 0
        self.entity_rows: list[Row] = []
        self.name_rows: list[Row] = []
        self.ident_rows: list[Row] = []

    def add(self, entry: Entry) -> None:
        """Take in one entry."""
        self.entities += 1
        self.entity_rows.append((self.entities, key_of(entry.key), len(self.sizes), pack(entry)))
        for name in names_of(entry):
            number = len(self.sizes)
            words = words_of(name)
            self.name_rows.append((number, self.entities, " ".join(words)))
            self.sizes.append(size_of(name))
            for word in words:
                token = self.tokens.get(word)
                if token is None:
                    token = self.tokens[word] = len(self.postings)
                    self.postings.append(array("I"))
                self.postings[token].append(number)
        for at, identifier in enumerate(entry.identifiers):
            self.ident_rows.extend((key, self.entities, at) for key in keys_of_identifier(identifier))

    def flush(self) -> None:
        """Write the waiting rows."""
        with transaction(self.connection):
            self.connection.executemany("INSERT INTO next_entity VALUES (?, ?, ?, ?)", self.entity_rows)
            self.connection.executemany("INSERT INTO next_name VALUES (?, ?, ?)", self.name_rows)
            self.connection.executemany("INSERT OR IGNORE INTO next_ident VALUES (?, ?, ?)", self.ident_rows)
        self.entity_rows, self.name_rows, self.ident_rows = [], [], []

    def finish(self, header: Header) -> None:
        """Write what is known only at the end: words, keys, postings, pieces, sizes, header."""
        self.flush()
        connection = self.connection
        with transaction(connection):
            connection.executemany(
                "INSERT INTO next_vocab VALUES (?, ?, ?, ?)",
                vocabulary.chunk_rows(self.tokens, (len(ids) for ids in self.postings)),
            )
            found, owners = array("Q"), array("I")
            for word, token in self.tokens.items():
                mine = word_keys(word)
                found.extend(mine)
                owners.extend([token + 1] * len(mine))
            connection.executemany("INSERT INTO next_tk VALUES (?, ?)", buckets.packed(found, owners))
            del found, owners
            connection.executemany(
                "INSERT INTO next_post VALUES (?, ?, ?)",
                (row for token, ids in enumerate(self.postings) for row in chunks(token + 1, ids)),
            )
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

    def _grams(self) -> Iterator[Row]:
        pieces: dict[int, array[int]] = {}
        for word, token in self.tokens.items():
            for piece in keys.grams(word):
                pieces.setdefault(piece, array("I")).append(token + 1)
        for piece in sorted(pieces):
            yield from chunks(piece, pieces[piece])


def word_keys(word: str) -> set[int]:
    """Return every key under which `word` is found."""
    return keys.spelling(word) | keys.sounding(word).keys()


def chunks(owner: int, ids: "array[int]") -> Iterator[Row]:
    """Yield the rows that hold `ids` for `owner`."""
    for chunk, start in enumerate(range(0, len(ids), CHUNK)):
        yield owner, chunk, ids[start : start + CHUNK].tobytes()


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
