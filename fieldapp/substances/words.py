"""Ordinary words of trade, and what they say about an acronym that stands beside them.

NPP is a substance in "NPP 98 % chemical intermediate" and nothing of the kind in "NPP gloves". Brand
names and acronyms count only where something chemical or medical is being talked about.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import resources
from fieldapp.substances.normal import Atom

_CHAPTER = re.compile(r"\b(?:28|29|30|38)[0-9]{2}(?:[. ]?[0-9]{2}){1,3}\b")
_VOWEL = re.compile(r"[aeiouy]")
_CROWD = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|(.)\1\1|[qx][bcdfghjklmnpqrstvwxz]{2}")
_AMOUNT = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:kgs?|%|mg|grams?|litres?|ltr)(?![a-z])")


@lru_cache(maxsize=1)
def ordinary() -> Mapping[str, frozenset[str]]:
    """Return the words by their section: goods, context, grade."""
    sections: dict[str, set[str]] = {}
    section = ""
    for line in resources.path("substances", "goods_words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            sections.setdefault(section, set()).update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset().union(*ordinary().values())


def is_ordinary(word: str) -> bool:
    """Say whether `word` is a word of ordinary trade."""
    return word in _all()


def is_readable(atoms: Iterable[Atom]) -> bool:
    """Say whether the letters look like words of a language: most of them stand in speakable runs."""
    letters = [atom.text for atom in atoms if atom.text.isalpha()]
    speakable = sum(len(run) for run in letters if is_speakable(run))
    return speakable >= 3 and 2 * speakable >= sum(len(run) for run in letters)


def is_speakable(run: str) -> bool:
    """Say whether a run of letters could be said: it has vowels, and no long crowd of consonants."""
    if is_ordinary(run):
        return True
    return bool(_VOWEL.search(run)) and not _CROWD.search(run)


def is_chemical_context(normal: str, words: Iterable[str]) -> bool:
    """Say whether a text with these `words` talks of chemicals or medicine, and of no ordinary goods."""
    seen = set(words)
    known = ordinary()
    if seen & known["goods"]:
        return False
    return bool(seen & known["context"] or _CHAPTER.search(normal) or _AMOUNT.search(normal))
