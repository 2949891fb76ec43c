"""Many small pairs (key, number), packed: 65,536 buckets, each one blob found in one read.

A 32-bit key lies in the bucket of its last 16 bits; the bucket holds the other 16 bits of every key and
then the numbers. Two keys may fall together: whoever reads compares what the number stands for.
"""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist import schema
from fieldapp.watchlist.later import Later
from fieldapp.watchlist.schema import Connection, Row

_BITS = 16
_MASK = (1 << _BITS) - 1
_WIDTH = 2 + 4  # bytes of a pair
_READ = {
    "tk": "SELECT b, pairs FROM tk WHERE b IN (SELECT value FROM json_each(?))",
    "ek": "SELECT b, pairs FROM ek WHERE b IN (SELECT value FROM json_each(?))",
}
Numbers = NDArray[np.uint32]


def packed(keys: Numbers, numbers: Numbers) -> Iterator[Row]:
    """Yield the rows that hold every key with its number."""
    buckets = (keys & np.uint32(_MASK)).astype(np.uint16)
    rests = (keys >> np.uint32(_BITS)).astype(np.uint16)
    order = np.lexsort((numbers, rests, buckets))
    buckets, rests, numbers = buckets[order], rests[order], numbers[order]
    ends = np.flatnonzero(np.diff(buckets)) + 1
    starts = [0, *ends.tolist(), len(order)] if len(order) else [0]
    for start, end in pairwise(starts):
        yield int(buckets[start]), rests[start:end].tobytes() + numbers[start:end].tobytes()


def lookup(
    connection: Connection, table: Literal["tk", "ek"], keys: Collection[int], later: Later
) -> Iterator[tuple[int, int]]:
    """Yield `(key, number)` for every number kept under one of `keys`, those of deltas last."""
    wanted: dict[int, list[int]] = {}
    for key in keys:
        wanted.setdefault(key & _MASK, []).append(key >> _BITS)
    for bucket, blob in schema.rows(connection, _READ[table], wanted):
        count = len(blob) // _WIDTH
        rests = np.frombuffer(blob, dtype=np.uint16, count=count)
        numbers = np.frombuffer(blob, dtype="<u4", offset=2 * count)
        for rest in wanted[bucket]:
            for number in numbers[rests == rest].tolist():
                yield rest << _BITS | bucket, number
    for key, found in later.of(keys).items():
        for number in found.tolist():
            yield key, number
