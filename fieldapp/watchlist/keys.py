"""The hashes under which a word is found again: itself, itself with one letter missing, its sound.

Two words one edit apart share a key. Keys are 48-bit hashes, the same on every machine; whoever finds
a word by a key compares the words themselves, so a collision costs time and never truth.
"""

from hashlib import blake2b
from typing import Literal

from fieldapp.watchlist.phonetic import abjad, skeleton

_SHORTEST = 4  # words below this are found whole or by sound only
_LONGEST = 24


def hashed(text: str) -> int:
    """Return the 48-bit hash of `text`."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def spelling(word: str) -> set[int]:
    """Return the keys of `word` and of `word` with any one letter missing."""
    keys = {hashed("=" + word)}
    if _SHORTEST <= len(word) <= _LONGEST:
        keys.update(hashed("=" + word[:at] + word[at + 1 :]) for at in range(len(word)))
    return keys


def sounding(word: str) -> dict[int, Literal["sound", "strong"]]:
    """Return the keys of how `word` sounds, with and without its weak letters."""
    keys: dict[int, Literal["sound", "strong"]] = {}
    sound, strong = skeleton(word), abjad(word)
    if len(sound) >= 2:
        keys[hashed("~" + sound)] = "sound"
    if len(strong) >= 2:
        keys[hashed("%" + strong)] = "strong"
    return keys


def grams(word: str) -> set[int]:
    """Return the codes of the three-letter pieces of `word`, its edges marked."""
    edged = f"^{word}$"
    return {hashed("#" + edged[at : at + 3]) & 0x7FFFFFFF for at in range(max(1, len(edged) - 2))}
