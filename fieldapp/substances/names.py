"""Listed names found in running text: exactly, by their parts, or nearly.

A text is read in windows of neighbouring letter and digit runs, so blanks, hyphens and brackets inside
a name do not matter. The longest reading wins. A near match allows one slip in 7 to 12 letters and digits,
two up to 25, three beyond, and never in a digit: another locant is another substance.
"""

import bisect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

import msgspec
import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from fieldapp.substances import parts
from fieldapp.substances.lists import Name, NameKind
from fieldapp.substances.normal import Atom, atoms, normalise, squash

How = Literal["exact", "parts", "near"]

_MOST_ATOMS = 24
# One word, a comma, one to three words, and then no more words of the same name.
_TURNED = re.compile(
    r"(?<![a-z,-])([a-z]{3,}), ?([a-z]{3,}(?:[ -][a-z]{3,}){0,2}?)(?=\s*(?:$|[,;:.()/\n0-9]))"
)
_SHORTEST_NEAR = 7
_BRIEFEST_NEAR = 6  # only two letters swapped or one lost, and only in an official name
_LONG_NAME = 10
_SHORT_NAME = 4  # names this short are acronyms, whatever the list calls them
_MOST_NEAR_WINDOWS = 3000  # of one text; a text of 20,000 characters must be answered too


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A listed name at [start, end) of the normalised text; several substances where the name is shared."""

    substances: tuple[str, ...]
    name: str
    kind: NameKind
    how: How
    start: int
    end: int
    edits: int = 0
    brief: bool = False  # a near reading of so short a name that it counts only among chemicals


class Window(msgspec.Struct, frozen=True):
    """Neighbouring atoms, run together."""

    text: str
    start: int
    end: int


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Every listed name by its letters, by its parts, and those that may be read nearly."""

    exact: dict[str, tuple[Name, ...]]
    parts: dict[str, tuple[Name, ...]]
    near: tuple[str, ...]


def keys(names: Iterable[Name]) -> Keys:
    """Work out the keys of `names`."""
    exact: dict[str, list[Name]] = defaultdict(list)
    by_parts: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        exact[squash(name.name)].append(name)
        if name.kind not in ("short", "brand") and (signed := parts.signature(normalise(name.name))):
            by_parts[signed].append(name)
    return Keys(
        exact={key: tuple(held) for key, held in exact.items()},
        parts={key: tuple(held) for key, held in by_parts.items()},
        near=tuple(key for key, held in exact.items() if _may_be_near(key, held)),
    )


def merged(one: Keys, other: Keys) -> Keys:
    """Return the keys of both."""
    return Keys(
        exact=_joined(one.exact, other.exact),
        parts=_joined(one.parts, other.parts),
        near=tuple(dict.fromkeys((*one.near, *other.near))),
    )


def _joined(
    one: dict[str, tuple[Name, ...]], other: dict[str, tuple[Name, ...]]
) -> dict[str, tuple[Name, ...]]:
    return one | {key: (*one.get(key, ()), *held) for key, held in other.items()}


class Index:
    """Every listed name, prepared for looking up."""

    def __init__(self, keys: Keys) -> None:
        self._exact = keys.exact
        self._parts = keys.parts
        self._sorted = sorted(keys.exact)
        # By locants, then by length: only names that agree in the one and nearly in the other are compared.
        self._near: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for key in keys.near:
            self._near[digits(key)][len(key)].append(key)

    def has(self, key: str) -> bool:
        """Say whether letters and digits run together are a listed name."""
        return key in self._exact

    def exact(self, runs: list[Atom]) -> Iterator[Spot]:
        """Yield every window that is a listed name, letter by letter."""
        for first in range(len(runs)):
            text = ""
            for last in range(first, min(first + _MOST_ATOMS, len(runs))):
                text += runs[last].text
                if not self._starts(text):
                    break
                if held := self._exact.get(text):
                    yield _spot(held, "exact", runs[first].start, runs[last].end, len(text))

    def turned(self, normal: str) -> Iterator[Spot]:
        """Yield every listed name that stands turned round, its last word first: "anhydride, acetic"."""
        for found in _TURNED.finditer(normal):
            if held := self._exact.get(squash(found[2] + found[1])):
                yield _spot(held, "exact", found.start(), found.end(), len(found[0]))

    def by_parts(self, normal: str) -> Iterator[Spot]:
        """Yield every window whose parts are those of a listed name, in any order."""
        plain = parts.plain(normal)
        runs = atoms(plain)
        read = [parts.of(run.text) for run in runs]
        for first in range(len(runs)):
            counted: list[str] = []
            for last in range(first, min(first + _MOST_ATOMS, len(runs))):
                some = read[last]
                if some is None:
                    break
                counted.extend(some)
                if some and (held := self._parts.get(parts.sign(counted))):
                    start, end = runs[first].start, runs[last].end
                    yield _spot(_likest(held, squash(normal[start:end])), "parts", start, end, 0)

    def near(self, windows: Iterable[Window]) -> Iterator[Spot]:
        """Yield every window that is a listed name but for a slip or two."""
        alike: dict[tuple[str, int], list[Window]] = defaultdict(list)
        for window in islice(windows, _MOST_NEAR_WINDOWS):
            alike[digits(window.text), len(window.text)].append(window)
        for (locants, length), some in alike.items():
            limit = slips(length)
            listed = self._candidates(locants, length - limit, length + limit)
            if not listed:
                continue
            texts = [window.text for window in some]
            table = process.cdist(texts, listed, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8)
            for row, column in zip(*np.nonzero(table <= limit), strict=True):
                yield from self._slipped(some[row], listed[column], int(table[row, column]))

    def _candidates(self, locants: str, shortest: int, longest: int) -> list[str]:
        sizes = self._near.get(locants)
        if not sizes:
            return []
        return [key for size in range(shortest, longest + 1) for key in sizes.get(size, ())]

    def _slipped(self, window: Window, key: str, edits: int) -> Iterator[Spot]:
        if not 0 < edits <= slips(len(key)):
            return
        brief = min(len(key), len(window.text)) < _SHORTEST_NEAR
        if not brief or _is_brief_slip(window.text, key, self._exact[key]):
            spot = _spot(self._exact[key], "near", window.start, window.end, 0, edits)
            yield msgspec.structs.replace(spot, brief=brief)

    def _starts(self, text: str) -> bool:
        at = bisect.bisect_left(self._sorted, text)
        return at < len(self._sorted) and self._sorted[at].startswith(text)


def slips(length: int) -> int:
    """Return how many slips a name of `length` letters and digits may carry."""
    if length < _BRIEFEST_NEAR:
        return 0
    return 1 if length <= 12 else 2 if length <= 25 else 3


def digits(text: str) -> str:
    """Return the digits of `text`, in order."""
    return "".join(char for char in text if char.isdigit())


def windows(
    runs: list[Atom], longest: int = 100, known: Callable[[str], bool] | None = None
) -> Iterator[Window]:
    """Yield the windows that are long enough to be read nearly.

    Windows are left out whose runs of letters are all `known`, and those without letters then too.
    """
    if known is None:
        telling = [True] * len(runs)
    else:
        telling = [run.text.isalpha() and not known(run.text) for run in runs]
    for first in range(len(runs)):
        text, told = "", False
        for last in range(first, min(first + _MOST_ATOMS, len(runs))):
            text += runs[last].text
            told = told or telling[last]
            if len(text) > longest:
                break
            if told and len(text) >= _BRIEFEST_NEAR:
                yield Window(text, runs[first].start, runs[last].end)


def longest(spots: Iterable[Spot]) -> list[Spot]:
    """Keep the spots that overlap no better one: exact before parts before near, then longer, then closer."""
    order: dict[How, int] = {"exact": 0, "parts": 1, "near": 2}
    kept: list[Spot] = []
    places: list[tuple[int, int]] = []  # (start, which of `kept`), in order of place; none overlaps another
    for spot in sorted(spots, key=lambda s: (-(s.end - s.start) + 3 * s.edits, order[s.how], s.edits)):
        after = bisect.bisect_left(places, (spot.end, 0))
        rivals = []
        while after and kept[places[after - 1][1]].end > spot.start:
            after -= 1
            rivals.append(places[after][1])
        if not rivals:
            places.insert(after, (spot.start, len(kept)))
            kept.append(spot)
        elif _is_tie(spot, kept[min(rivals)]):
            rival = min(rivals)
            both = dict.fromkeys((*kept[rival].substances, *spot.substances))
            kept[rival] = msgspec.structs.replace(kept[rival], substances=tuple(both))
    return sorted(kept, key=lambda s: s.start)


def _may_be_near(key: str, held: list[Name]) -> bool:
    letters = sum(char.isalpha() for char in key)
    if any(name.kind == "official" for name in held):
        return letters >= _BRIEFEST_NEAR
    # Trade names and odd spellings are many, and near to many ordinary words: only long ones are read nearly.
    return letters >= _LONG_NAME and any(name.kind in ("name", "form") for name in held)


def _is_brief_slip(text: str, key: str, held: Sequence[Name]) -> bool:
    swapped = sorted(text) == sorted(key)
    return (
        text[0] == key[0]
        and (swapped or len(text) < len(key))
        and any(one.kind == "official" for one in held)
    )


def _is_tie(one: Spot, other: Spot) -> bool:
    return one.how == other.how == "near" and (one.start, one.end, one.edits) == (
        other.start,
        other.end,
        other.edits,
    )


def _likest(held: Sequence[Name], text: str) -> Sequence[Name]:
    """Of names that have the same parts, keep those of the substance whose name is written most alike."""
    if len({name.substance for name in held}) == 1:
        return held
    best = min(held, key=lambda name: OSA.normalized_distance(text, squash(name.name)))
    same = squash(best.name)
    return [name for name in held if name.substance == best.substance or squash(name.name) == same]


def _spot(held: Sequence[Name], how: How, start: int, end: int, size: int, edits: int = 0) -> Spot:
    kind = held[0].kind if all(name.kind == held[0].kind for name in held) else "ambiguous"
    if 0 < size <= _SHORT_NAME and kind != "ambiguous":
        kind = "short"
    substances = tuple(dict.fromkeys(name.substance for name in held))
    return Spot(
        substances=substances, name=held[0].name, kind=kind, how=how, start=start, end=end, edits=edits
    )
