"""The watchlist as an encrypted index, asked for the listed names near a query.

The connection is passed in (the vault opens it, SQLCipher decrypts it page by page); nothing is loaded
at unlock but one byte a listed name. Promises: usable right after opening; the same list answers the
same, whether it was built at once or grew by deltas; a name is found by a misspelling, by its sound, in
another script, joined or split.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
import numpy as np
from rapidfuzz import fuzz, process

from fieldapp.watchlist import schema
from fieldapp.watchlist.build import build_tables, unit_of_size, words_of
from fieldapp.watchlist.candidates import Search
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.names import Name, analyse, fold
from fieldapp.watchlist.release import Packed, Progress
from fieldapp.watchlist.rows import key_of, unpack
from fieldapp.watchlist.schema import Connection

_WIDE = 240  # names ranked by shared weight
_CLOSE = 32  # names handed to the scorer


class IndexState(msgspec.Struct, frozen=True, kw_only=True):
    """Which list the index holds. `number` 0 means none."""

    number: int = 0
    name: str = ""
    issued: datetime | None = None
    entries: int = 0
    state: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """A listed name worth scoring: its entry and which of the entry's names it is."""

    entry: Entry
    at: int


class IdentifierHit(msgspec.Struct, frozen=True):
    """A listed identifier that agrees, and how: exact, phone, domain-exact, domain-sub, ..."""

    entry: Entry
    at: int
    how: str


def build(connection: Connection, release: Packed, progress: Progress | None = None) -> IndexState:
    """Build the index of `release` beside the one in force and swap; returns what is now in force."""
    build_tables(connection, release, progress)
    return state_of(connection)


def state_of(connection: Connection) -> IndexState:
    """Return which list the database holds."""
    if not schema.exists(connection):
        return IndexState()
    told = dict(connection.execute("SELECT k, v FROM meta").fetchall())
    if told.get("layout") != schema.LAYOUT:
        return IndexState()  # made by another version: to be built anew
    return IndexState(
        number=int(told["number"]),
        name=told["name"],
        issued=datetime.fromisoformat(told["issued"]),
        entries=int(told["entries"]),
        state=told["state"],
    )


class Index:
    """An open index. One thread at a time; make a new one after a build or a delta."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.state = state_of(connection)
        self.names = 0
        self._search: Search | None = None
        if self.state.number:
            rows = connection.execute("SELECT weights FROM size ORDER BY chunk").fetchall()
            sizes = np.frombuffer(b"".join(row[0] for row in rows), dtype=np.uint8)
            told = dict(connection.execute("SELECT k, v FROM meta WHERE k IN ('names', 'dead')").fetchall())
            self.names = int(told["names"]) - int(told["dead"])
            self._search = Search(connection, self.names, sizes, unit_of_size())

    def shares(self, words: Iterable[str]) -> dict[str, float]:
        """Return for each word the share of listed names that hold it; a word nobody holds is absent."""
        return self._search.shares(words) if self._search else {}

    def candidates(
        self, readings: Sequence[Name], limit: int = _CLOSE, *, inside: bool = False
    ) -> list[Candidate]:
        """Return the listed names nearest to a query read in one or more ways, nearest first.

        With `inside` the query is a longer text, and names count that stand whole in it.
        """
        if self._search is None:
            return []
        ranked = self._search.best(readings, max(_WIDE, limit), inside=inside)
        rows = self._rows([name for name, _ in ranked])
        alive = [(rows[name], score) for name, score in ranked if name in rows]
        if not alive:
            return []
        if inside:
            return self._candidates([row for row, _ in alive[:limit]])
        asked = [" ".join(words_of(reading)) for reading in readings]
        norms = [row[2] for row, _ in alive]
        spelled = process.cdist(asked, norms, scorer=fuzz.token_sort_ratio).max(axis=0)
        partial = process.cdist(asked, norms, scorer=fuzz.token_set_ratio).max(axis=0)
        shared = np.array([score for _, score in alive], dtype=np.float32)
        rank = 0.5 * shared + 0.35 * spelled / 100 + 0.15 * partial / 100
        order = sorted(range(len(alive)), key=lambda at: (-float(rank[at]), alive[at][0][2]))
        return self._candidates([alive[at][0] for at in order[:limit]])

    def identifiers(self, wanted: dict[int, str]) -> list[IdentifierHit]:
        """Return the listed identifiers under the keys `wanted`, in the order of `wanted`."""
        if not self.state.number or not wanted:
            return []
        order = {key: at for at, key in enumerate(wanted)}
        rows = schema.rows(
            self.connection,
            "SELECT h, ent, at FROM ident WHERE h IN (SELECT value FROM json_each(?))",
            wanted,
        )
        bodies = self._entities({row[1] for row in rows})
        best: dict[tuple[int, int], tuple[int, str]] = {}
        for key, entity, at in sorted(rows, key=lambda row: order[row[0]]):
            best.setdefault((entity, at), (order[key], wanted[key]))
        ranked = sorted(best.items(), key=lambda item: (item[1][0], bodies[item[0][0]][1].key, item[0][1]))
        return [IdentifierHit(bodies[entity][1], at, how) for (entity, at), (_, how) in ranked]

    def entry(self, key: str) -> Entry | None:
        """Return the entry with this key (`source:id`), or nothing."""
        if not self.state.number:
            return None
        row = self.connection.execute("SELECT body FROM entity WHERE key = ?", (key_of(key),)).fetchone()
        return unpack(row[0]) if row else None

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, in the order in which the index took them in."""
        if not self.state.number:
            return
        for (body,) in self.connection.execute("SELECT body FROM entity ORDER BY id"):
            yield unpack(body)

    def suggest(self, typed: str, limit: int = 20) -> list[Candidate]:
        """Return entries for a search as you type, one candidate an entry, nearest first."""
        text = fold(typed)
        if len(text) < 2:
            return []
        found = self.candidates([analyse(text, True), analyse(text, False)], limit * 3)
        first: dict[str, Candidate] = {}
        for candidate in found:
            first.setdefault(candidate.entry.key, candidate)
        return list(first.values())[:limit]

    def _candidates(self, rows: list[tuple[int, int, str]]) -> list[Candidate]:
        bodies = self._entities({entity for _, entity, _ in rows})
        return [Candidate(bodies[entity][1], name - bodies[entity][0]) for name, entity, _ in rows]

    def _rows(self, names: list[int]) -> dict[int, tuple[int, int, str]]:
        found = schema.rows(
            self.connection,
            "SELECT id, ent, norm FROM name WHERE id IN (SELECT value FROM json_each(?))",
            names,
        )
        return {name: (name, entity, norm) for name, entity, norm in found}

    def _entities(self, wanted: set[int]) -> dict[int, tuple[int, Entry]]:
        found = schema.rows(
            self.connection,
            "SELECT id, first, body FROM entity WHERE id IN (SELECT value FROM json_each(?))",
            wanted,
        )
        return {entity: (first, unpack(body)) for entity, first, body in found}
