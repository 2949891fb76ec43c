"""What deltas brought since the last fresh build: pairs (owner, number), kept together and held in memory.

A delta touches thousands of words; to rewrite a blob for each would take seconds. Its pairs are written
as one blob instead, and whoever looks an owner up looks here too. When they become many, the index is
built anew from its own entries.
"""

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fieldapp.watchlist.schema import Connection

Numbers = NDArray[np.uint32]
Kind = Literal["tk", "ek", "post", "gram"]
MOST = 1_000_000  # pairs of one kind, 8 MB in memory


class Later:
    """The pairs of one kind."""

    def __init__(self, connection: Connection, kind: Kind) -> None:
        rows = connection.execute("SELECT pairs FROM later WHERE kind = ? ORDER BY part", (kind,)).fetchall()
        pairs: Numbers = np.frombuffer(b"".join(row[0] for row in rows), dtype=np.uint32).reshape(-1, 2)
        order = np.argsort(pairs[:, 0], kind="stable")
        self._owners: Numbers = pairs[order, 0]
        self._numbers: Numbers = pairs[order, 1]

    def __len__(self) -> int:
        return len(self._owners)

    def of(self, owners: Collection[int]) -> dict[int, Numbers]:
        """Return the numbers of those of `owners` that have some, in the order in which they came."""
        if not len(self._owners) or not owners:
            return {}
        wanted = np.fromiter(owners, dtype=np.uint32, count=len(owners))
        firsts = np.searchsorted(self._owners, wanted, side="left").tolist()
        lasts = np.searchsorted(self._owners, wanted, side="right").tolist()
        return {
            owner: self._numbers[first:last]
            for owner, first, last in zip(owners, firsts, lasts, strict=True)
            if last > first
        }


def append(connection: Connection, kind: Kind, pairs: Iterable[tuple[int, int]]) -> None:
    """Keep `pairs` behind those already kept."""
    flat = np.fromiter(chain.from_iterable(pairs), dtype=np.uint32)
    if not len(flat):
        return
    (part,) = connection.execute(
        "SELECT coalesce(max(part), 0) + 1 FROM later WHERE kind = ?", (kind,)
    ).fetchone()
    connection.execute("INSERT INTO later VALUES (?, ?, ?)", (kind, part, flat.tobytes()))
