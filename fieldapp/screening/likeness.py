"""How two words relate: the same, misspelt, heard alike, a known form of one name, an initial, or unrelated.

Promises: symmetric, and the same on every machine. A likeness below `LEAST` is no relation. The share
of letters that differ counts, not their number, so one letter is much in "Ali" and little in
"Constantinople". Two words that are known as different given names are never taken for misspellings of
each other.
"""

from functools import lru_cache
from typing import Literal

import msgspec
from rapidfuzz.distance import OSA

from fieldapp.watchlist.names import patronymic_stem, same_name
from fieldapp.watchlist.phonetic import abjad, skeleton

Relation = Literal[
    "exact",
    "abbreviation",
    "spelling",
    "sound",
    "same-name",
    "initial",
    "joined",
    "lookalike",
    "acronym",
    "script",
]
LEAST = 0.62


class Likeness(msgspec.Struct, frozen=True):
    """A relation, how strong it is from 0 to 1, and how many letters differ."""

    relation: Relation
    score: float
    edits: int = 0


@lru_cache(maxsize=1 << 17)
def words_alike(left: str, right: str) -> Likeness | None:
    """Return how two words of letters relate, or nothing when they do not."""
    if left == right:
        return Likeness("exact", 1.0)
    known_left, known_right = same_name(left), same_name(right)
    if known_left and known_left == known_right:
        return Likeness("same-name", 0.94)
    fathers = patronymic_stem(left), patronymic_stem(right)
    if all(fathers):
        return _fathers(left, right, fathers)
    if known_left and known_right:
        return None
    longest = max(len(left), len(right))
    edits = OSA.distance(left, right)
    spelled = _spelled(left, right, edits, longest)
    heard = _heard(left, right, edits, longest)
    if heard > spelled and heard >= LEAST:
        return Likeness("spelling" if edits == 1 else "sound", round(heard, 3), edits)
    return Likeness("spelling", round(spelled, 3), edits) if spelled >= LEAST else None


def _fathers(left: str, right: str, stems: tuple[str, str]) -> Likeness | None:
    """Two Slavic patronymics agree when the fathers' names do; their endings are a matter of language."""
    longest = max(len(stem) for stem in stems)
    sounds = {skeleton(stem.replace("gh", "g").replace("g", "h").replace("kh", "h")) for stem in stems}
    near = len(sounds) == 1 or OSA.distance(*stems) <= longest // 4
    return Likeness("sound", 0.86, OSA.distance(left, right)) if near else None


@lru_cache(maxsize=1 << 16)
def consonants_alike(left: str, right: str) -> Likeness | None:
    """Return how two words relate of which one was written without its vowels."""
    best = words_alike(left, right)
    mine, theirs = abjad(left), abjad(right)
    strong = max(len(mine), len(theirs))
    if mine == theirs and strong >= 2 and abs(len(left) - len(right)) <= 4:
        found = Likeness("sound", 0.87 if strong >= 3 else 0.76, OSA.distance(left, right))
    elif strong >= 4 and OSA.distance(mine, theirs) == 1:
        found = Likeness("sound", 0.72, OSA.distance(left, right))
    else:
        return best
    return found if best is None or found.score > best.score else best


def _spelled(left: str, right: str, edits: int, longest: int) -> float:
    shortest = min(len(left), len(right))
    allowed = 0 if shortest < 3 else 1 if longest < 8 else 2 if longest < 13 else 3
    if edits > allowed:
        return 0.0
    share = edits / longest
    score = 1.0 - 0.85 * share
    if shortest == 3:
        score -= 0.08
    if left[0] != right[0]:
        score -= 0.04
    return score


def _heard(left: str, right: str, edits: int, longest: int) -> float:
    sound = skeleton(left)
    letters = 1.0 - edits / longest
    if sound == skeleton(right) and len(sound) >= 2:
        return 0.62 + 0.33 * letters if letters >= 0.4 else 0.0
    strong = abjad(left)
    if strong == abjad(right) and len(strong) >= 2:
        return 0.5 + 0.4 * letters if letters >= 0.5 else 0.0
    return 0.0
