"""From the words of a query to the listed names worth a close look.

Each word is looked up by itself, with one letter missing, by its sound, joined with its neighbour and
cut in two; a word that finds nothing good is looked up by three-letter pieces. What a found word is
worth falls with how far it is from the query's. Names are then ranked by the weight they share with the
query against the weight of both. Postings are read rarest first within a fixed budget, so the time does
not grow with the list.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from fieldapp.watchlist import buckets, keys, pages, postings
from fieldapp.watchlist.later import Later
from fieldapp.watchlist.names import Name
from fieldapp.watchlist.schema import Connection
from fieldapp.watchlist.vocabulary import Vocabulary
from fieldapp.watchlist.weight import share_of, weight_of_share

_BUDGET = 120_000  # posting ids read for one query, beyond the two rarest units
_MANY, _LONGER = 60, 5  # units of a text searched word by word; how much more is read for a longer one
_POOL, _TIMES, _MOSTLY = 6000, 40, 0.6  # names, places of a word, and share of words that stand together
_STRANGE = 400  # words of a long text that are on no list and are looked up by what is near them
_PER_UNIT = 48  # listed words followed for one word of the query
_LEAST = 0.5  # likeness below which a listed word is not followed
_RESEMBLING, _COMPARED = 0.55, 400  # words that share three-letter pieces: how near, how many looked at
_HEARD = {"sound": 0.6, "strong": 0.5}  # likeness that a shared sound is worth before letters count
_GOOD = 0.85
_FEW = 20_000  # a list shorter than this does not tell which words are common
_PIECES = 40  # listed words taken from the three-letter pieces
Ids = NDArray[np.uint32]


class Unit(msgspec.Struct, frozen=True):
    """One word of the query as it is looked up: its spellings and the weight it may bring."""

    texts: tuple[str, ...]
    penalty: float = 0.0  # joined, cut or look-alike spellings tell a little less


class Found(msgspec.Struct, frozen=True):
    """A listed word near a word of the query."""

    token: int
    df: int
    quality: float


def units_of(names: Iterable[Name]) -> list[Unit]:
    """Return what is looked up for a query read in one or more ways."""
    units: dict[tuple[str, ...], Unit] = {}
    for name in names:
        told = name.telling()
        for word in told:
            texts = tuple(dict.fromkeys(text for text in (word.text, word.plain, word.variant) if text))
            units.setdefault(texts, Unit(texts))
        for left, right in pairwise(name.words):
            joined = (left.plain or left.text) + (right.plain or right.text)
            letters = {left.kind, right.kind} <= {"word", "particle", "initial"}
            if letters and "word" in (left.kind, right.kind) and 4 <= len(joined) <= 24:
                units.setdefault((joined,), Unit((joined,), 0.05))
        initials = "".join(word.text[0] for word in name.words if word.kind in ("word", "initial", "number"))
        if 3 <= len(initials) <= 8 and len(told) >= 3:
            units.setdefault((initials,), Unit((initials,), 0.3))
    return list(units.values())


class Search:
    """Candidate search over one open index; keeps two score arrays as long as the list of names."""

    def __init__(self, connection: Connection, names: int, sizes: NDArray[np.uint8], size_unit: int) -> None:
        self.connection = connection
        self.names = max(_FEW, names)
        self.words = Vocabulary(connection)
        self.keys = Later(connection, "tk")
        self.held = Later(connection, "post")
        self.pieces = Later(connection, "gram")
        self.sizes = sizes
        self.size_unit = size_unit
        self._last: dict[str, list[Found]] = {}  # what was near the words of the last query
        self.total = np.zeros(len(sizes), dtype=np.float32)
        self.scratch = np.zeros(len(sizes), dtype=np.float32)

    def shares(self, words: Iterable[str]) -> dict[str, float]:
        """Return for each word the share of listed names that hold it."""
        return {word: self.words.count(token) / self.names for word, token in self.words.ids(words).items()}

    def best(self, names: Sequence[Name], limit: int, *, inside: bool = False) -> list[tuple[int, float]]:
        """Return up to `limit` ids of listed names with the share of weight they have in common, best first.

        With `inside`, the share is of the listed name alone: the query is a text that may hold it.
        """
        units = units_of(names)
        if not units:
            return []
        if inside and len(units) > _MANY:
            return self._inside_long(names[0], [unit for unit in units if not unit.penalty], limit)
        found = self._words_near(units)
        self._last = {unit.texts[0]: near for unit, near in zip(units, found, strict=True)}
        weights = [self._unit_weight(unit, near) for unit, near in zip(units, found, strict=True)]
        asked = sum(w for w, unit in zip(weights, units, strict=True) if not unit.penalty) / len(names)
        return self._gather(found, weights, 0.0 if inside else max(asked, 0.1), limit)

    def _inside_long(self, name: Name, units: list[Unit], limit: int) -> list[tuple[int, float]]:
        """Search a long text in one go: its listed words as they stand, what is near only for the others.

        Of the names whose words all stand somewhere, those are kept whose words stand together.
        """
        known = self.words.ids(text for unit in units for text in unit.texts)
        exact = [[known[text] for text in unit.texts if text in known] for unit in units]
        strange = [unit for unit, tokens in zip(units, exact, strict=True) if not tokens]
        near = iter(self._words_near(strange[:_STRANGE], widen=False))
        found = [
            [Found(token, self.words.count(token), 1.0) for token in tokens] if tokens else next(near, [])
            for tokens in exact
        ]
        weights = [self._unit_weight(unit, held) for unit, held in zip(units, found, strict=True)]
        ranked = self._gather(found, weights, 0.0, _POOL, _BUDGET * _LONGER)
        stands: dict[str, list[int]] = {}
        for at, word in enumerate(name.words):
            stands.setdefault(word.text, []).append(at)
        places: dict[int, list[int]] = {}
        for unit, held in zip(units, found, strict=True):
            for entry in held:
                places.setdefault(entry.token, []).extend(stands.get(unit.texts[0], ())[:_TIMES])
        words = pages.words_of_names(self.connection, [number for number, _ in ranked])
        kept = [(number, score) for number, score in ranked if _together(words[number], places)]
        return kept[:limit]

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the listed words near a word of the last query, with the share of names that hold each."""
        found = self._last.get(word, [])
        return [(self.words.word(entry.token), entry.df / self.names) for entry in found]

    def written(self, names: Sequence[int]) -> list[str]:
        """Return the words of listed names, each name as one text."""
        held = pages.words_of_names(self.connection, names)
        return [" ".join(self.words.word(token) for token in held[name]) for name in names]

    def _unit_weight(self, unit: Unit, near: list[Found]) -> float:
        share = max((entry.df for entry in near if entry.quality >= 1.0), default=0) / self.names
        return weight_of_share(max(share, share_of(unit.texts[0])))

    def _words_near(self, units: list[Unit], *, widen: bool = True) -> list[list[Found]]:
        wanted: dict[int, list[tuple[int, float]]] = {}
        for at, unit in enumerate(units):
            for text in unit.texts:
                for key in keys.spelling(text):
                    wanted.setdefault(key, []).append((at, 0.0))
                for key, how in keys.sounding(text).items() if not unit.penalty else ():
                    wanted.setdefault(key, []).append((at, _HEARD[how]))
        by_unit: list[dict[int, float]] = [{} for _ in units]
        for key, token in buckets.lookup(self.connection, "tk", wanted, self.keys):
            for at, heard in wanted[key]:
                by_unit[at][token] = max(by_unit[at].get(token, 0.0), heard)
        found = [self._near(unit, tokens) for unit, tokens in zip(units, by_unit, strict=True)]
        for at, unit in enumerate(units):
            if widen and not unit.penalty and not any(entry.quality >= _GOOD for entry in found[at]):
                found[at] = self._widen(unit, found[at])
        return found

    def _near(self, unit: Unit, tokens: dict[int, float]) -> list[Found]:
        """Judge the listed words that share a key with `unit`; a shared sound lifts a likeness."""
        if not tokens:
            return []
        ids = np.fromiter(tokens, dtype=np.int64, count=len(tokens))
        heard = np.fromiter(tokens.values(), dtype=np.float32, count=len(tokens))
        held = self.words.counts[ids - 1] > 0
        ids, heard = ids[held], heard[held]
        if not len(ids):
            return []
        spelled = _likenesses(unit.texts, [self.words.word(token) for token in ids.tolist()])
        quality = np.where(heard > 0, np.maximum(spelled, heard + 0.3 * spelled), spelled)
        quality = np.where(spelled >= 1.0, 1.0, quality) - unit.penalty
        best = np.lexsort((ids, -quality))[:_PER_UNIT]
        best = best[quality[best] >= _LEAST]
        counts = self.words.counts[ids[best] - 1]
        return [
            Found(token, df, worth)
            for token, df, worth in zip(
                ids[best].tolist(), counts.tolist(), quality[best].tolist(), strict=True
            )
        ]

    def _widen(self, unit: Unit, found: list[Found]) -> list[Found]:
        """Look a word up that has no good neighbour: cut in two, and by its three-letter pieces."""
        text = unit.texts[-1] if unit.texts[-1].isalpha() else unit.texts[0]
        wider = {entry.token: entry for entry in found}
        if len(text) >= 6:
            halves = [(text[:at], text[at:]) for at in range(3, len(text) - 2)]
            known = self.words.ids(half for pair in halves for half in pair)
            for left, right in halves:
                if left in known and right in known:
                    for half in (left, right):
                        token, worth = known[half], 0.9 * len(half) / len(text)
                        wider.setdefault(token, Found(token, self.words.count(token), worth))
        if len(text) >= 4:
            for entry in self._by_pieces(text):
                wider.setdefault(entry.token, entry)
        return sorted(wider.values(), key=lambda entry: -entry.quality)[: 2 * _PER_UNIT]

    def _by_pieces(self, text: str) -> list[Found]:
        pieces = sorted(keys.grams(text))
        blobs = list(postings.lookup(self.connection, "gram", pieces, self.pieces).values())
        if not blobs:
            return []
        ids, counts = np.unique(np.concatenate(blobs), return_counts=True)
        floor = max(1, len(pieces) // 4)
        ids, counts = ids[counts >= floor], counts[counts >= floor]
        order = np.argsort(-counts, kind="stable")[:_COMPARED]
        tokens = [int(ids[at]) for at in order]
        spelled = _likenesses((text,), [self.words.word(token) for token in tokens]).tolist()
        near = [
            Found(token, self.words.count(token), 0.9 * worth)
            for token, worth in zip(tokens, spelled, strict=True)
            if worth >= _RESEMBLING and self.words.count(token)
        ]
        return sorted(near, key=lambda entry: (-entry.quality, entry.token))[:_PIECES]

    def _gather(
        self,
        found: list[list[Found]],
        weights: list[float],
        asked: float,
        limit: int,
        budget: int = _BUDGET,
    ) -> list[tuple[int, float]]:
        plan = sorted(
            ((at, entry) for at, near in enumerate(found) for entry in near),
            key=lambda step: (step[1].df / max(step[1].quality, 0.1) ** 3, step[1].token),
        )
        taken: dict[int, list[Found]] = {}
        for at, entry in plan:
            fresh = at not in taken and len(taken) < 2 and entry.quality >= 0.99
            if entry.df > budget and not fresh:
                continue
            budget -= min(entry.df, budget)
            taken.setdefault(at, []).append(entry)
        wanted = {entry.token for near in taken.values() for entry in near}
        held = postings.lookup(self.connection, "post", wanted, self.held)
        touched: list[Ids] = []
        for at, near in taken.items():
            mine: list[Ids] = []
            for entry in sorted(near, key=lambda one: one.quality):
                ids = held.get(entry.token)
                if ids is not None:
                    self.scratch[ids] = entry.quality * weights[at]
                    mine.append(ids)
            if mine:
                all_of = np.concatenate(mine)
                self.total[all_of] += self.scratch[all_of]
                self.scratch[all_of] = 0.0
                touched.append(all_of)
        if not touched:
            return []
        return self._ranked(np.unique(np.concatenate(touched)), asked, limit)

    def _ranked(self, ids: Ids, asked: float, limit: int) -> list[tuple[int, float]]:
        shared = self.total[ids]
        self.total[ids] = 0.0
        alive = self.sizes[ids] > 0
        ids, shared = ids[alive], shared[alive]
        listed = self.sizes[ids].astype(np.float32) / self.size_unit
        if asked:
            scores = shared / (asked + 0.35 * np.maximum(listed - shared, 0.0))
        else:
            scores = np.minimum(shared / np.maximum(listed, 0.3), 1.0) + 0.05 * shared
        if len(ids) > limit:
            chosen = np.argpartition(-scores, limit)[:limit]
            ids, scores = ids[chosen], scores[chosen]
        order = np.lexsort((ids, -scores))
        return [(int(ids[at]), float(scores[at])) for at in order]


def _together(words: Sequence[int], places: dict[int, list[int]]) -> bool:
    """Say whether most of `words` stand in one short stretch of a text, given the places of each."""
    stands = sorted((place, word) for word in set(words) for place in places.get(word, ()))
    least = max(1, round(_MOSTLY * len(words)))
    for at, (first, _) in enumerate(stands):
        if (
            len({word for place, word in stands[at : at + 2 * len(words)] if place - first < 2 * len(words)})
            >= least
        ):
            return True
    return False


def _likenesses(texts: Sequence[str], words: list[str]) -> NDArray[np.float32]:
    """Return for each of `words` how near it is to the nearest of `texts`; one letter off counts as near."""
    near = process.cdist(texts, words, scorer=OSA.normalized_similarity, dtype=np.float32)
    off = process.cdist(texts, words, scorer=OSA.distance, dtype=np.int32)
    near = np.where((off == 1) & (near >= 0.74), np.maximum(near, 0.86), near)
    best: NDArray[np.float32] = near.max(axis=0)
    return best
