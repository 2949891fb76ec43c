"""Names of listed people changed as people change them, from the UN list, with a seed of their own.

Each case is one listed name with one or two changes: another romanisation, a middle part left out or
added, another order, an initial, a slip of the finger, words joined or parted.
"""

import random
from collections.abc import Callable, Iterator

from fieldapp.watchlist.entry import Entry

Change = Callable[[random.Random, list[str]], list[str]]

# Groups of letters that different clerks write differently; each row holds spellings of one sound.
_SOUNDS: tuple[tuple[str, ...], ...] = (
    ("ou", "u", "oo"),
    ("ee", "i", "ie"),
    ("kh", "h"),
    ("gh", "g"),
    ("dh", "d", "z"),
    ("th", "t", "s"),
    ("sh", "ch"),
    ("q", "k", "g"),
    ("ph", "f"),
    ("w", "v"),
    ("ai", "ay", "ei"),
    ("iy", "y", "i"),
    ("y", "i"),
    ("a", "e"),
    ("u", "o"),
    ("j", "dj"),
    ("c", "k"),
    ("ss", "s"),
    ("mm", "m"),
    ("dd", "d"),
    ("ll", "l"),
    ("aa", "a"),
    ("h", ""),
)
_ADDED = ("Ahmed", "Ali", "Hassan", "Ibrahim", "Jean", "Ivan", "Omar", "Said", "Khalid", "Peter")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _other_sound(rng: random.Random, words: list[str]) -> list[str]:
    """Write one or two sounds of the name another way; the opening letter stays."""
    out = list(words)
    for _ in range(rng.choice((1, 1, 2))):
        places = [
            (at, found, group, spelling)
            for at, word in enumerate(out)
            if len(word) >= 4
            for group in _SOUNDS
            for spelling in group
            if spelling and (found := word.lower().find(spelling, 1)) > 0
        ]
        if not places:
            return out
        at, found, group, spelling = rng.choice(places)
        other = rng.choice([held for held in group if held != spelling])
        out[at] = out[at][:found] + other + out[at][found + len(spelling) :]
    return out


def _middle_dropped(rng: random.Random, words: list[str]) -> list[str]:
    """Leave a middle name out; a syllable of a Korean or Chinese given name is none."""
    if len(words) < 3:
        return words
    at = rng.randrange(1, len(words) - 1)
    left = words[:at] + words[at + 1 :]
    return left if sum(map(len, left)) >= 8 else words


def _middle_added(rng: random.Random, words: list[str]) -> list[str]:
    at = rng.randrange(1, len(words))
    return [*words[:at], rng.choice(_ADDED), *words[at:]]


def _last_first(_: random.Random, words: list[str]) -> list[str]:
    return [words[-1] + ",", *words[:-1]]


def _another_order(rng: random.Random, words: list[str]) -> list[str]:
    return rng.sample(words, len(words))


def _initial(rng: random.Random, words: list[str]) -> list[str]:
    """Write a middle name as an initial; two words have none to spare."""
    if len(words) < 3:
        return words
    at = rng.randrange(1, len(words) - 1)
    return [*words[:at], words[at][0] + ".", *words[at + 1 :]]


def _slip(rng: random.Random, words: list[str]) -> list[str]:
    at = max(range(len(words)), key=lambda place: (len(words[place]), rng.random()))
    word = words[at]
    place = rng.randrange(1, len(word) - 1) if len(word) > 2 else 0
    kind = rng.randrange(4)
    if kind == 0:
        word = word[:place] + word[place + 1 :]
    elif kind == 1:
        word = word[:place] + rng.choice(_LETTERS) + word[place + 1 :]
    elif kind == 2:
        word = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    else:
        word = word[:place] + rng.choice(_LETTERS) + word[place:]
    return [*words[:at], word, *words[at + 1 :]]


def _joined(rng: random.Random, words: list[str]) -> list[str]:
    at = rng.randrange(len(words) - 1)
    return [*words[:at], words[at] + rng.choice(("", "-")) + words[at + 1].lower(), *words[at + 2 :]]


def _parted(rng: random.Random, words: list[str]) -> list[str]:
    at = max(range(len(words)), key=lambda place: len(words[place]))
    if len(words[at]) < 7:
        return words
    cut = rng.randrange(3, len(words[at]) - 2)
    return [*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]]


CHANGES: dict[str, Change] = {
    "another romanisation": _other_sound,
    "a middle part left out": _middle_dropped,
    "a middle part added": _middle_added,
    "last name first": _last_first,
    "another order": _another_order,
    "an initial": _initial,
    "a slip": _slip,
    "words joined": _joined,
    "a word parted": _parted,
    "romanisation and order": lambda rng, words: _last_first(rng, _other_sound(rng, words)),
    "slip and part left out": lambda rng, words: _middle_dropped(rng, _slip(rng, words)),
}


def changed_names(entries: Iterator[Entry], seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield `(kind of change, changed name, key of the entry)` for the people among `entries`.

    Primary names of at least two words in Latin letters, each changed in one way drawn by `seed`.
    """
    rng = random.Random(seed)
    for entry in entries:
        words = entry.primary.replace(",", " ").split()
        if entry.kind != "person" or len(words) < 2 or not entry.primary.isascii():
            continue
        kind = rng.choice(list(CHANGES))
        after = CHANGES[kind](rng, words)
        if after != words:
            yield kind, " ".join(after).title(), entry.key
