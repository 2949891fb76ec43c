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

from fieldapp.watchlist import buckets, pages, schema
from fieldapp.watchlist.build import build_tables, read_sizes, unit_of_size, words_of
from fieldapp.watchlist.candidates import Search
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.identifier_keys import SUBSTANCE
from fieldapp.watchlist.later import Later
from fieldapp.watchlist.names import Name, analyse, fold
from fieldapp.watchlist.release import Packed, Progress
from fieldapp.watchlist.rows import key_of
from fieldapp.watchlist.schema import Connection
from fieldapp.watchlist.vocabulary import Vocabulary

_BEGUN, _ENDINGS = 3, 2  # letters of a word begun, and how many listed words are read for it
_HARDLY = 10  # a word this many times rarer than the commonest that begins with it is taken as begun
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
    told = schema.told(connection)
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
            told = schema.told(connection)
            self.names = int(told["names"]) - int(told["dead"])
            self._sizes = read_sizes(connection)
            self._keys = Later(connection, "ek")
            self._search = Search(connection, self.names, self._sizes, unit_of_size())

    def shares(self, words: Iterable[str]) -> dict[str, float]:
        """Return for each word the share of listed names that hold it; a word nobody holds is absent."""
        return self._search.shares(words) if self._search else {}

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the listed words near a word of the query just asked, with the share of names of each."""
        return self._search.near(word) if self._search else []

    def candidates(
        self, readings: Sequence[Name], limit: int = _CLOSE, *, inside: bool = False
    ) -> list[Candidate]:
        """Return the listed names nearest to a query read in one or more ways, nearest first.

        With `inside` the query is a longer text, and names count that stand whole in it.
        """
        if self._search is None:
            return []
        ranked = self._search.best(readings, max(_WIDE, limit), inside=inside)
        if not ranked:
            return []
        if inside:
            return self._candidates([name for name, _ in ranked[:limit]])
        asked = [" ".join(words_of(reading)) for reading in readings]
        norms = self._search.written([name for name, _ in ranked])
        spelled = process.cdist(asked, norms, scorer=fuzz.token_sort_ratio).max(axis=0)
        partial = process.cdist(asked, norms, scorer=fuzz.token_set_ratio).max(axis=0)
        shared = np.array([score for _, score in ranked], dtype=np.float32)
        rank = 0.5 * shared + 0.35 * spelled / 100 + 0.15 * partial / 100
        order = sorted(range(len(ranked)), key=lambda at: (-float(rank[at]), norms[at], ranked[at][0]))
        return self._candidates([ranked[at][0] for at in order[:limit]])

    def identifiers(self, wanted: dict[int, str]) -> list[IdentifierHit]:
        """Return the listed identifiers under the keys `wanted`, in the order of `wanted`."""
        if not self.state.number or not wanted:
            return []
        order = {key: at for at, key in enumerate(wanted)}
        rows = [
            row
            for row in schema.rows(
                self.connection,
                "SELECT h, ent, at FROM ident WHERE h IN (SELECT value FROM json_each(?))",
                wanted,
            )
            if self._sizes[row[1]]
        ]
        bodies = pages.entries_of(self.connection, {row[1] for row in rows})
        best: dict[tuple[int, int], tuple[int, str]] = {}
        for key, entity, at in sorted(rows, key=lambda row: order[row[0]]):
            best.setdefault((entity, at), (order[key], wanted[key]))
        ranked = sorted(best.items(), key=lambda item: (item[1][0], bodies[item[0][0]][1].key, item[0][1]))
        return [IdentifierHit(bodies[entity][1], at, how) for (entity, at), (_, how) in ranked]

    def substances(self) -> list[Entry]:
        """Return every listed substance."""
        return [found.entry for found in self.identifiers({SUBSTANCE: "kind"})]

    def entry(self, key: str) -> Entry | None:
        """Return the entry with this key (`source:id`), or nothing."""
        if not self.state.number:
            return None
        numbers = [number for _, number in buckets.lookup(self.connection, "ek", [key_of(key)], self._keys)]
        found = pages.entries_of(self.connection, [number for number in numbers if self._sizes[number]])
        return next((entry for _, entry in found.values() if entry.key == key), None)

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, in the order in which the index took them in."""
        if self.state.number:
            for number, entry in pages.every_entry(self.connection):
                if self._sizes[number]:
                    yield entry

    def suggest(self, typed: str, limit: int = 20) -> list[Candidate]:
        """Return entries for a search as you type, one candidate an entry, nearest first.

        The last word may be the beginning of one: where the list hardly knows it, the commonest words that
        begin so are read for it. Names in which every typed word begins a word come first.
        """
        text = fold(typed)
        if len(text) < 2 or self._search is None:
            return []
        begun = [] if typed[-1].isspace() else self._begun(text, self._search.words)
        found = self.candidates(begun or [analyse(text, True), analyse(text, False)], limit * 2)
        words = text.split()
        found.sort(key=lambda held: not _begins_all(words, held.entry.names[held.at].text))
        first: dict[str, Candidate] = {}
        for candidate in found:
            first.setdefault(candidate.entry.key, candidate)
        return list(first.values())[:limit]

    def _begun(self, text: str, known: Vocabulary) -> list[Name]:
        """Return the readings of `text` with its last word brought to its end; none where it is a word."""
        before, _, last = text.rpartition(" ")
        words = analyse(last, False).words
        if len(last) < _BEGUN or len(words) != 1:
            return []
        endings = known.beginning(words[0].text, _ENDINGS)
        held = known.ids([words[0].text, *endings[:1]])
        counts = [known.count(held[word]) if word in held else 0 for word in (words[0].text, *endings[:1])]
        if not endings or counts[0] * _HARDLY >= counts[-1]:
            return []
        return [analyse(f"{before} {word}".strip(), False) for word in endings]

    def _candidates(self, names: list[int]) -> list[Candidate]:
        found = pages.entries_of(self.connection, names)
        return [Candidate(found[name][1], name - found[name][0]) for name in names]


def _begins_all(words: Sequence[str], name: str) -> bool:
    """Say whether each of `words` begins a word of `name`."""
    listed = fold(name).replace("-", " ").split()
    return all(any(held.startswith(word) for held in listed) for word in words)
