"""How much a word tells. A rare word tells 1; a word in every tenth name tells little.

The weight depends on the share of names that hold the word: the larger of what the list itself shows
and what `resources/names/common.tsv` says, so two names can be compared without any list and a small
list does not make "Trading" look rare.
"""

import math
from functools import lru_cache

from fieldapp.watchlist import tables
from fieldapp.watchlist.names import Word, same_name

_RARE = 2e-5  # a share at or below this tells all a word can tell
_LEAST = 0.12
_GIVEN = 0.004  # share taken for a given name of the table when the list does not say more
KIND_WEIGHT = {"form": 0.1, "particle": 0.06, "title": 0.0, "initial": 0.3}


@lru_cache(maxsize=1)
def _common() -> dict[str, float]:
    return {word: float(share) / 1000 for share, words in tables.rows("common.tsv") for word in words}


def share_of(word: str, listed: float = 0.0) -> float:
    """Return the share of names that hold `word`: what the tables say or `listed`, whichever is more."""
    return max(listed, _table_share(word))


@lru_cache(maxsize=1 << 16)
def _table_share(word: str) -> float:
    told = _common().get(word)
    if told is not None:
        return told
    return _GIVEN if same_name(word) else 0.0


def weight_of_share(share: float) -> float:
    """Return the weight, 0.12 to 1, of a word that stands in `share` of the names."""
    if share <= _RARE:
        return 1.0
    return max(_LEAST, 1.0 - 0.13 * math.log(share / _RARE))


@lru_cache(maxsize=1 << 16)
def _table_weight(word: str) -> float:
    return weight_of_share(_table_share(word))


def weight(word: Word, listed: float = 0.0) -> float:
    """Return what `word` tells; `listed` is the share of listed names that hold it."""
    if word.kind in KIND_WEIGHT:
        return KIND_WEIGHT[word.kind]
    told = weight_of_share(share_of(word.text, listed)) if listed else _table_weight(word.text)
    if word.kind == "word" and len(word.text) <= 2:
        told *= 0.7
    return told * 0.4 if word.aside else told
