"""Passphrases to offer: words nobody has used before, easy to say in any of our languages.

A word is two syllables, each one of 16 consonants and one of 5 vowels: 6,400 words, 12.6 bits each, from the
system's random source. Five words are 63 bits: at 0.75 s a guess on one core, some 10^11 years of it. No
list is kept, so there is none to go stale or to give offence in one language and not in another.
"""

import math
import secrets

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aeiou"
WORDS = 5
BITS_PER_WORD = 2 * math.log2(len(_CONSONANTS) * len(_VOWELS))


def suggest(words: int = WORDS) -> str:
    """Return a new passphrase of `words` words with blanks between them."""
    return " ".join(_syllable() + _syllable() for _ in range(words))


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)


def bits(words: int = WORDS) -> float:
    """Return the entropy of a suggestion in bits."""
    return words * BITS_PER_WORD
