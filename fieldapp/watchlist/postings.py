"""Sorted ids in blobs: which names hold a word, which words hold a piece.

A blob holds at most `CHUNK` ids: one byte that says how wide the steps are, the first id in four bytes,
and the steps from each id to the next in one, two or four bytes each.
"""

from collections.abc import Collection, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist import schema
from fieldapp.watchlist.later import Later
from fieldapp.watchlist.schema import Connection, Row

CHUNK = 4096
_READ = {
    "post": "SELECT owner, ids FROM post WHERE owner IN (SELECT value FROM json_each(?))",
    "gram": "SELECT owner, ids FROM gram WHERE owner IN (SELECT value FROM json_each(?))",
}
Ids = NDArray[np.uint32]
_STEPS: tuple[tuple[int, type[np.unsignedinteger]], ...] = ((1, np.uint8), (2, np.uint16), (4, np.uint32))


def chunks(owner: int, ids: Ids) -> Iterator[Row]:
    """Yield the rows that hold the ascending `ids` of `owner`."""
    for chunk, start in enumerate(range(0, len(ids), CHUNK)):
        yield owner, chunk, packed(ids[start : start + CHUNK])


def packed(ids: Ids) -> bytes:
    """Return the blob of ascending ids, at least one."""
    steps = np.diff(ids)
    largest = int(steps.max()) if len(steps) else 0
    width, kind = next(held for held in _STEPS if largest < 1 << 8 * held[0])
    return bytes((width,)) + int(ids[0]).to_bytes(4, "little") + steps.astype(kind).tobytes()


def unpacked(blob: bytes) -> Ids:
    """Return the ids in `blob`."""
    steps = np.frombuffer(blob, dtype=dict(_STEPS)[blob[0]], offset=5)
    ids = np.empty(len(steps) + 1, dtype=np.uint32)
    ids[0] = int.from_bytes(blob[1:5], "little")
    np.cumsum(steps, dtype=np.uint32, out=ids[1:])
    ids[1:] += ids[0]
    return ids


def lookup(
    connection: Connection, table: Literal["post", "gram"], owners: Collection[int], later: Later
) -> dict[int, Ids]:
    """Return the ids of those of `owners` that have some, ascending."""
    held: dict[int, list[Ids]] = {}
    for owner, blob in schema.rows(
        connection,
        _READ[table],
        owners,
    ):
        held.setdefault(owner, []).append(unpacked(blob))
    for owner, ids in later.of(owners).items():
        held.setdefault(owner, []).append(ids)
    return {owner: blobs[0] if len(blobs) == 1 else np.concatenate(blobs) for owner, blobs in held.items()}
