"""How many names of a list as long as this would meet a query as well by chance.

Every word that met has a share of listed names that hold a word at least as near to the query's; the
product of the shares, times the number of names, is the number of names expected to meet by accident.
The longer the list, the more a name must tell. What agrees beside the name makes accident rarer.
"""

import math
from collections.abc import Callable, Iterable

from fieldapp.screening.align import Alignment, Pair
from fieldapp.screening.hit import Reason
from fieldapp.screening.likeness import consonants_alike, words_alike
from fieldapp.watchlist.names import Word
from fieldapp.watchlist.weight import share_of

Near = Callable[[str], list[tuple[str, float]]]  # listed words near a word, with the share of names of each
Shares = Callable[[Iterable[str]], dict[str, float]]  # of listed words, the share of names of each

_EXPLAINED = 0.25  # names expected by chance beyond which a meeting that is not whole asks for nothing
_CAP = 0.79
_WHOLE = frozenset(("exact", "abbreviation", "joined", "script"))
_RARE, _STEP, _MOST = 0.5, 0.08, 0.2  # below what, and how much a power of ten of rarity lifts, and at most
_HIGHEST, _CLOSE, _LETTERS = 0.89, 0.85, 8  # never to the top band; every word close, and letters enough
_FAR, _MANY = 0.8, 0.01  # below this likeness a word has many neighbours, more than the search looks at
_INITIAL = 0.12  # share of names with a word that opens with a given letter
_MISSPELT = 5.0  # neighbours of words written as one with a slip
_MET = ("word", "number")
_FEW = 20_000  # names of a list too short to tell how rare its words are
_SLACK = 0.02  # likeness by which a word may be farther and still count as as near
_BESIDE = {
    "country-agrees": 0.1,
    "birth-agrees": 1e-4,
    "birth-year-agrees": 0.03,
    "identifier-agrees": 0.0,
}


def by_chance(
    alignment: Alignment, score: float, found: float, names: int, *, same: bool = False
) -> list[Reason]:
    """Return what `found` names, expected by chance among `names`, make of a name with this score.

    Where chance explains the meeting, the score is capped below the bands that ask for action. A name
    met whole and letter for letter is left to the person; so is one long word with a slip that is all
    there is. `same` says that both names are the same words, particles included. Where chance cannot
    explain it, words left over on one side weigh less: people leave names out.
    """
    facts: dict[str, str | int | float] = {"expected": round(found, 4), "names": names}
    left = bool(alignment.query_extra) + bool(alignment.listed_extra)
    if found > _EXPLAINED and not same and (left or not _whole(alignment)):
        return [Reason("chance-explains", {**facts, "cap": _CAP})]
    near = all(
        pair.likeness.relation == "initial" or pair.likeness.score >= _CLOSE for pair in alignment.pairs
    )
    letters = sum(len(word.text) for pair in alignment.pairs for word in pair.query)
    if left != 1 or not near or letters < _LETTERS or found >= _RARE or score >= _HIGHEST:
        return []
    lift = min(_MOST, _STEP * math.log10(_RARE / max(found, 1e-9)), _HIGHEST - score)
    return [Reason("chance-is-small", {**facts, "term": round(lift, 4)})]


def _whole(alignment: Alignment) -> bool:
    """Say whether nothing but letters in one long word keeps two names, without left-over words, apart."""
    relations = {pair.likeness.relation for pair in alignment.pairs}
    if relations <= _WHOLE:
        return sum(len(pair.listed) for pair in alignment.pairs) > 1
    (*others, last) = alignment.pairs
    return not others and last.likeness.score >= _CLOSE and len(last.query[0].text) >= _LETTERS


def expected(
    alignment: Alignment, names: int, near: Near, shares: Shares, around: Iterable[Reason] = ()
) -> float:
    """Return how many of `names` listed names are expected to meet by chance as well as `alignment` does."""
    found = float(names)
    least = 1.0 / max(names, _FEW)
    for pair in alignment.pairs:
        if pair.likeness.relation == "joined":
            found *= _together(pair, least, shares)
        else:
            found *= max(_share(pair, near), least)
    for reason in around:
        found *= _BESIDE.get(reason.code, 1.0)
    return found


def _together(pair: Pair, least: float, shares: Shares) -> float:
    """Return the share of names that hold every listed word of a pair of which one side wrote them as one."""
    held = shares(word.text for word in pair.listed)
    found = 1.0 if pair.likeness.edits == 0 else _MISSPELT
    for word in pair.listed:
        if word.kind in _MET:
            found *= max(held.get(word.text, 0.0), share_of(word.text), least)
    return min(1.0, found)


def _share(pair: Pair, near: Near) -> float:
    if pair.likeness.relation == "initial" or all(word.kind == "initial" for word in pair.query):
        return _INITIAL
    shares = [_share_of_word(word, pair.likeness.score, near) for word in pair.query if word.kind in _MET]
    return min(1.0, min(shares, default=1.0))


def _share_of_word(word: Word, score: float, near: Near) -> float:
    alike = consonants_alike if word.script == "abjad" else words_alike
    total = _MANY if score < _FAR else 0.0
    for text, share in near(word.text):
        likeness = alike(word.text, text)
        if likeness is not None and likeness.score >= score - _SLACK:
            total += share
    return max(total, share_of(word.text))
