"""Two names laid beside each other, word by word: which met, how, and what was left over.

Greedy from the most telling pair down; a word is used once. Up to three neighbouring words may meet one
word written together; a run of initials may meet the words they open; a lone initial meets a word that
opens with it.
"""

from collections.abc import Callable, Iterator

import msgspec
from rapidfuzz.distance import OSA

from fieldapp.screening.likeness import LEAST, Likeness, Relation, consonants_alike, words_alike
from fieldapp.watchlist.names import Name, Word

Weigh = Callable[[Word], float]
_REPEATED = 0.8
_SLACK = 2  # letters by which words written together may differ in length
_TOGETHER, _TOGETHER_MISSPELT = 5, 8  # letters a joined word must have, exactly met or misspelt
_PARTICLE = 4  # letters of a particle with a slip
_SYLLABLES = 0.8  # how much less a near reading of characters tells: another syllable is another name
_TELLING = ("word", "number", "initial")


class Pair(msgspec.Struct, frozen=True):
    """Words of the query that met words of the listed name, and the weight of their meeting."""

    query: tuple[Word, ...]
    listed: tuple[Word, ...]
    likeness: Likeness
    weight: float


class Alignment(msgspec.Struct, frozen=True):
    """The pairs, and the telling words that met nothing."""

    pairs: tuple[Pair, ...]
    query_extra: tuple[Word, ...]
    listed_extra: tuple[Word, ...]


class _Option(msgspec.Struct, frozen=True):
    query: range
    listed: range
    likeness: Likeness
    weight: float


def align(query: Name, listed: Name, weigh: Weigh) -> Alignment:
    """Lay `query` beside `listed`; `weigh` tells what a word is worth."""
    left, right = query.words, listed.words
    options = sorted(
        _options(left, right, weigh),
        key=lambda option: (
            -option.likeness.score * (option.weight + 0.05 * (len(option.query) + len(option.listed))),
            abs(option.query.start - option.listed.start),
            option.query.start,
            option.listed.start,
        ),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs: list[Pair] = []
    for option in options:
        if used_left.isdisjoint(option.query) and used_right.isdisjoint(option.listed):
            used_left.update(option.query)
            used_right.update(option.listed)
            pairs.append(
                Pair(
                    tuple(left[at] for at in option.query),
                    tuple(right[at] for at in option.listed),
                    option.likeness,
                    option.weight,
                )
            )
    pairs.sort(key=lambda pair: pair.query[0].start)
    met = tuple(word for pair in pairs for word in (*pair.query, *pair.listed))
    return Alignment(tuple(pairs), _rest(left, used_left, met), _rest(right, used_right, met))


def _rest(words: tuple[Word, ...], used: set[int], met: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the telling words left over; one that only repeats a word that met says nothing new."""
    return tuple(
        word
        for at, word in enumerate(words)
        if at not in used and word.kind in _TELLING and not _repeats(word, met)
    )


def _repeats(word: Word, met: tuple[Word, ...]) -> bool:
    if word.kind != "word":
        return False
    likes = (words_alike(word.text, other.text) for other in met if other.kind == "word")
    return any(like is not None and like.score >= _REPEATED for like in likes)


def _options(left: tuple[Word, ...], right: tuple[Word, ...], weigh: Weigh) -> Iterator[_Option]:
    for i, mine in enumerate(left):
        for j, theirs in enumerate(right):
            likeness = _alike(mine, theirs)
            if likeness is not None:
                weight = (weigh(mine) + weigh(theirs)) / 2
                if likeness.relation == "initial" or "particle" in (mine.kind, theirs.kind):
                    weight = min(weigh(mine), weigh(theirs))
                yield _Option(range(i, i + 1), range(j, j + 1), likeness, weight)
    yield from _joined(left, right, weigh)
    for option in _joined(right, left, weigh):
        yield _Option(option.listed, option.query, option.likeness, option.weight)


def _alike(mine: Word, theirs: Word) -> Likeness | None:
    if (mine.kind, theirs.kind) == ("word", "particle"):
        return _slipped_particle(mine.text, theirs.text)
    if (mine.kind, theirs.kind) == ("particle", "word"):
        return _slipped_particle(theirs.text, mine.text)
    if mine.kind not in _TELLING or theirs.kind not in _TELLING:
        return None
    if mine.kind == "number" or theirs.kind == "number":
        return Likeness("exact", 1.0) if mine.text == theirs.text else None
    if mine.kind == "initial" or theirs.kind == "initial":
        if mine.text[0] != theirs.text[0]:
            return None
        same = mine.text == theirs.text
        return Likeness("exact", 1.0) if same else Likeness("initial", 0.8)
    if mine.script == theirs.script == "han":
        return _han(mine, theirs)
    half = "abjad" in (mine.script, theirs.script) and mine.script != theirs.script
    best = (consonants_alike if half else words_alike)(mine.text, theirs.text)
    if best is not None and best.relation != "exact" and "han" in (mine.script, theirs.script):
        near = round(best.score * _SYLLABLES, 3)
        return Likeness(best.relation, near, best.edits) if near >= LEAST else None
    if best is not None and best.relation == "exact":
        if (mine.plain or mine.text) != (theirs.plain or theirs.text):
            return Likeness("abbreviation", 0.97)
        if "han" in (mine.script, theirs.script):
            return Likeness("script", 0.88)  # many characters share one reading
        return Likeness("script", 0.97) if mine.script != theirs.script else best
    as_written = (mine.plain or mine.text, theirs.plain or theirs.text)
    for a, b in ((mine.variant, theirs.text), (mine.text, theirs.variant), as_written):
        other = words_alike(a, b) if a and b else None
        if other is not None and (best is None or other.score - 0.05 > best.score):
            drawn = any(character.isdigit() for character in mine.text + theirs.text)
            relation: Relation = (
                "lookalike" if drawn else "spelling" if other.relation == "exact" else other.relation
            )
            best = Likeness(relation, round(other.score - 0.05, 3), max(other.edits, 1))
    return best


def _slipped_particle(word: str, particle: str) -> Likeness | None:
    """A slip in a particle, "alr" for "al", is one in a word that tells nothing: no name is left over."""
    if len(particle) < 2 or len(word) <= len(particle) or len(word) > _PARTICLE:
        return None
    return Likeness("spelling", LEAST, 1) if OSA.distance(word, particle) == 1 else None


def _han(mine: Word, theirs: Word) -> Likeness | None:
    """Characters are compared as characters: to sound alike in Latin letters is not enough."""
    if mine.shown == theirs.shown and mine.text == theirs.text:
        return Likeness("exact", 1.0)
    if mine.text != theirs.text:
        return None
    return Likeness("exact", 1.0) if set(mine.shown) & set(theirs.shown) else Likeness("sound", LEAST)


def _joined(one: tuple[Word, ...], many: tuple[Word, ...], weigh: Weigh) -> Iterator[_Option]:
    """Yield meetings of one word with two to four neighbouring words of the other side."""
    wholes = [(i, word, word.plain or word.text) for i, word in enumerate(one) if word.kind == "word"]
    lengths = {len(text) for _, _, text in wholes}
    if not lengths or len(many) < 2:
        return
    longest = max(lengths) + _SLACK
    for j in range(len(many) - 1):
        joined, opening, words = "", "", 0
        for end in range(j, min(j + 4, len(many))):
            word = many[end]
            if word.kind in ("number", "title"):
                break
            joined += word.plain.replace(" ", "") if word.kind == "form" else word.plain or word.text
            opening += word.text[0]
            words += word.kind == "word"
            if end == j:
                continue
            for i, whole, text in wholes:
                likeness = None
                if any(text == part.text for part in many[j : end + 1]):
                    continue
                if len(opening) == len(text):
                    likeness = _acronym(text, opening)
                elif words and len(joined) <= longest and many[j].kind != "form":
                    likeness = _written_together(text, joined)
                if likeness is not None:
                    weight = weigh(whole) * 0.5
                    if likeness.relation != "acronym":
                        weight = max(weigh(whole), *(weigh(part) for part in many[j : end + 1]))
                    yield _Option(range(i, i + 1), range(j, end + 1), likeness, weight)


def _acronym(text: str, opening: str) -> Likeness | None:
    if text != opening or (len(text) < 3 and any(letter in "aeiou" for letter in text)):
        return None
    return Likeness("acronym", 0.85)


def _written_together(text: str, joined: str) -> Likeness | None:
    if abs(len(joined) - len(text)) > _SLACK or len(text) < _TOGETHER:
        return None
    likeness = words_alike(joined, text)
    if likeness is None or (likeness.edits and len(text) < _TOGETHER_MISSPELT):
        return None
    if likeness.relation == "same-name":
        return Likeness("joined", 0.94)
    return Likeness("joined", round(likeness.score - 0.03, 3), likeness.edits)
