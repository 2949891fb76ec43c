"""Every word of the list with the number of names that hold it, in memory: about 16 bytes a word.

Words have ids from 1, given out once. The index keeps them in chunks of 4,096: the words with line ends
between them, their counts, and a hash of each by which a word finds its id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist.schema import Connection, Row

_CHUNK = 4096
Counts = NDArray[np.uint32]


class Vocabulary:
    """The words of an open index."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute("SELECT words, counts, hashes FROM vocab ORDER BY chunk").fetchall()
        self._text = b"".join(row[0] for row in rows)
        self.counts: Counts = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.uint32)
        hashes: Counts = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.uint32)
        self._order = np.argsort(hashes, kind="stable").astype(np.uint32)
        self._hashes = hashes[self._order]
        self._ends = np.flatnonzero(np.frombuffer(self._text, dtype=np.uint8) == 10).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.counts)

    def word(self, token: int) -> str:
        """Return the word with the id `token`."""
        start = int(self._ends[token - 2]) + 1 if token > 1 else 0
        return self._text[start : int(self._ends[token - 1])].decode("ascii")

    def count(self, token: int) -> int:
        """Return how many names hold the word with the id `token`."""
        return int(self.counts[token - 1])

    def beginning(self, start: str, most: int) -> list[str]:
        """Return the words that begin with `start`, those of most names first, at most `most`."""
        raw = start.encode("ascii", "ignore")
        if not raw:
            return []
        ends = []
        at = self._text.find(b"\n" + raw)
        while at >= 0:
            ends.append(at)
            at = self._text.find(b"\n" + raw, at + 1)
        # A word stands behind the line end of the one before it; ids count from 1.
        tokens = np.searchsorted(self._ends, np.array(ends, dtype=np.uint32)).astype(np.int64) + 2
        if self._text.startswith(raw):
            tokens = np.concatenate((np.array([1]), tokens))
        counts = self.counts[tokens - 1].astype(np.int64)
        order = np.lexsort((tokens, -counts))[:most]
        return [self.word(int(tokens[at])) for at in order if counts[at]]

    def ids(self, words: Iterable[str]) -> dict[str, int]:
        """Return the ids of those of `words` that are known."""
        wanted = list(dict.fromkeys(words))
        hashes = np.fromiter((hash_of(word) for word in wanted), dtype=np.uint32, count=len(wanted))
        firsts = np.searchsorted(self._hashes, hashes, side="left").tolist()
        lasts = np.searchsorted(self._hashes, hashes, side="right").tolist()
        found: dict[str, int] = {}
        for word, first, last in zip(wanted, firsts, lasts, strict=True):
            for at in range(first, last):
                token = int(self._order[at]) + 1
                if self.word(token) == word:
                    found[word] = token
        return found


def hash_of(word: str) -> int:
    """Return the 32-bit hash under which a word finds its id."""
    return crc32(word.encode("ascii"))


def chunk_rows(words: Iterable[str], counts: Iterable[int]) -> Iterator[Row]:
    """Yield the rows of a whole vocabulary; its words have the ids 1, 2, 3, ..."""
    all_words, all_counts = list(words), list(counts)
    for chunk, start in enumerate(range(0, len(all_words), _CHUNK)):
        part = all_words[start : start + _CHUNK]
        yield _row(chunk, part, all_counts[start : start + _CHUNK])


def grow(connection: Connection, held: Vocabulary, changed: Mapping[int, int], fresh: Sequence[str]) -> None:
    """Append the words `fresh` with a count of nothing, then add `changed` to the counts of ids."""
    first, last = len(held), len(held) + len(fresh)
    counts = np.zeros(last, dtype=np.int64)
    counts[:first] = held.counts
    tokens = np.fromiter(changed.keys(), dtype=np.int64, count=len(changed))
    np.add.at(counts, tokens - 1, np.fromiter(changed.values(), dtype=np.int64, count=len(changed)))
    for chunk in range(first // _CHUNK, (last + _CHUNK - 1) // _CHUNK if fresh else 0):
        start = chunk * _CHUNK
        words = [held.word(token) for token in range(start + 1, first + 1)]
        words += fresh[max(start - first, 0) : start + _CHUNK - first]
        connection.execute(
            "INSERT OR REPLACE INTO vocab VALUES (?, ?, ?, ?)", _row(chunk, words, [0] * len(words))
        )
    connection.executemany(
        "UPDATE vocab SET counts = ? WHERE chunk = ?",
        [
            (counts[chunk * _CHUNK : (chunk + 1) * _CHUNK].astype(np.uint32).tobytes(), chunk)
            for chunk in np.unique((tokens - 1) // _CHUNK).tolist()
        ],
    )


def _row(chunk: int, words: list[str], counts: list[int]) -> Row:
    hashes = np.fromiter((hash_of(word) for word in words), dtype=np.uint32, count=len(words))
    text = "".join(word + "\n" for word in words).encode("ascii")
    return chunk, text, np.array(counts, dtype=np.uint32).tobytes(), hashes.tobytes()
