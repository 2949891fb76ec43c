"""The keys of words, packed: 65,536 buckets of (rest of key, word) pairs of 32 bits each.

A 48-bit key lies in the bucket of its last 16 bits; a bucket is one blob of some hundred bytes, half the
room a row a key would take, and found in one read. Words that came by a delta have rows of their own
until the next fresh build.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist import schema
from fieldapp.watchlist.schema import Connection, Row

_BITS = 16
_MASK = (1 << _BITS) - 1
Pairs = NDArray[np.uint32]


def packed(keys: "Iterable[int]", words: "Iterable[int]") -> Iterator[Row]:
    """Yield the rows that hold every key with its word."""
    all_keys = np.fromiter(keys, dtype=np.uint64)
    all_words = np.fromiter(words, dtype=np.uint32)
    buckets = (all_keys & np.uint64(_MASK)).astype(np.uint32)
    rests = (all_keys >> np.uint64(_BITS)).astype(np.uint32)
    order = np.lexsort((all_words, rests, buckets))
    pairs = np.empty((len(order), 2), dtype=np.uint32)
    pairs[:, 0], pairs[:, 1] = rests[order], all_words[order]
    ends = np.flatnonzero(np.diff(buckets[order])) + 1
    starts = [0, *ends.tolist(), len(order)] if len(order) else [0]
    for start, end in pairwise(starts):
        yield int(buckets[order[start]]), pairs[start:end].tobytes()


def lookup(connection: Connection, keys: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield `(key, word)` for every word kept under one of `keys`."""
    wanted: dict[int, list[int]] = {}
    for key in keys:
        wanted.setdefault(key & _MASK, []).append(key >> _BITS)
    for bucket, blob in schema.rows(
        connection, "SELECT b, pairs FROM tk WHERE b IN (SELECT value FROM json_each(?))", wanted
    ):
        pairs: Pairs = np.frombuffer(blob, dtype=np.uint32).reshape(-1, 2)
        for rest in wanted[bucket]:
            for word in pairs[pairs[:, 0] == rest, 1].tolist():
                yield rest << _BITS | bucket, word
    yield from schema.rows(
        connection, "SELECT h, tok FROM tk_later WHERE h IN (SELECT value FROM json_each(?))", keys
    )


def add(connection: Connection, keys: Iterable[int], words: Iterable[int]) -> None:
    """Add keys with their words: as rows of their own, so that a delta need not rewrite every bucket."""
    connection.executemany("INSERT INTO tk_later VALUES (?, ?)", sorted(set(zip(keys, words, strict=True))))
