"""The hashes under which a word is found again: itself, itself with one letter missing, its sound.

Two words one edit apart share a key. Keys are the same on every machine; whoever finds a word by a key
compares the words themselves, so a collision costs time and never truth.
"""

from hashlib import blake2b
from typing import Literal
from zlib import crc32

from fieldapp.watchlist.phonetic import abjad, skeleton

_SHORTEST = 4  # letters of a word that is found with one of them missing
_LONGEST = 24
_PIECE = 3


def hashed(text: str) -> int:
    """Return the 48-bit hash of `text`, for numbers and addresses."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def spelling(word: str) -> set[int]:
    """Return the 32-bit keys of `word` and of `word` with any one letter missing."""
    raw = b"=" + word.encode("ascii")
    found = {crc32(raw)}
    if _SHORTEST <= len(word) <= _LONGEST:
        found.update(crc32(raw[:at] + raw[at + 1 :]) for at in range(1, len(raw)))
    return found


def sounding(word: str) -> dict[int, Literal["sound", "strong"]]:
    """Return the 32-bit keys of how `word` sounds, with and without its weak letters."""
    found: dict[int, Literal["sound", "strong"]] = {}
    sound, strong = skeleton(word), abjad(word)
    if len(sound) >= 2:
        found[crc32(b"~" + sound.encode("ascii"))] = "sound"
    if len(strong) >= 2:
        found[crc32(b"%" + strong.encode("ascii"))] = "strong"
    return found


def grams(word: str) -> set[int]:
    """Return the codes of the three-letter pieces of `word`, its edges marked."""
    edged = b"^" + word.encode("ascii") + b"$"
    return {int.from_bytes(edged[at : at + _PIECE], "big") for at in range(max(1, len(edged) - 2))}
