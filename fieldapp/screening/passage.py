"""Listed names inside a longer text: a goods description, a remark, a party's name with its address.

The words of the text are looked up like a query; a listed name is taken seriously when most of its
weight stands in one short stretch of the text. That stretch is then compared like any name, and its
place is reported. A party's name is mostly a name, and part of a name is another name: there a listed
name counts only where it is set off from the rest, tells so much that chance is out of the question, or
is a firm's and stands there whole: words written behind or in front of a listed firm make no other firm.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from fieldapp.screening.align import align
from fieldapp.screening.compare import Comparison, compare_names
from fieldapp.screening.hit import Reason, Span
from fieldapp.screening.score import COMMON, REVIEW, band_of, score_of
from fieldapp.watchlist.index import Candidate, Index
from fieldapp.watchlist.names import Name, Word, analyse

_SHORT = 8  # parts of a text that is looked up part by part
_IN_LONG, _PLACES = 200, 2  # names looked for in a longer text, and parts of it where each is looked for
_STRETCH = 24  # words looked up together
_STEP = 18
_LOOSE = 2  # words of the text that may stand between the words of a name
_COVERED = 0.7
_LONE = 6  # letters a name of one word must have to count inside a text

_FIRMS = ("company", "other")
_MUCH, _MANY = 2.0, 3  # weight and number of words that need not be set off in a party's name
_BETWEEN = re.compile(r"[,;:\n/()\[\]|<>\"]|\s[-\u2013\u2014]\s")
_BETWEEN_IN_PERSON = re.compile(r"[;\n/()\[\]|<>\"]")  # a comma turns a person's name round
_CARE_OF = re.compile(r"\bc\s?/\s?o\b", re.IGNORECASE)
_JOINING = frozenset(("of", "for", "by", "via", "from", "through", "to", "attn", "attention", "co", "behalf"))

Weigher = Callable[[Index, Iterable[Name]], Callable[[Word], float]]


def passages(
    text: str, index: Index, weigher: Weigher, *, party: str | None = None
) -> Iterator[tuple[Candidate, Comparison]]:
    """Yield listed names that stand in `text`, with the comparison of the stretch where they stand.

    `party` is given where the text is the name of a party: the kind of it, or nothing when not known.
    """
    person = party == "person"
    between = _BETWEEN_IN_PERSON if person else _BETWEEN
    whole = analyse(text, False)
    brief = party is not None and not between.search(text) and (person or len(whole.words) <= _MANY)
    if brief and (person or len(whole.words) < _MANY):
        return
    for part, named in _looked_up(whole, index):
        weigh = weigher(index, [part, *(listed for _, listed in named)])
        for held, listed in named:
            stretch = _stretch(text, part, listed, weigh)
            if stretch is None:
                continue
            made, (first, last) = stretch
            stands = party is not None and not person and _stands_whole(held, part, listed, (first, last))
            if brief and not stands:
                continue
            if party is not None:
                if len(listed.telling()) < 2 and (held.entry.kind == "vessel" or part.words[0].start < first):
                    continue
                if made.differs_listed and between.search(text[first:last]):
                    continue
                enough = not person and _tells_much(listed, weigh)
                if not enough and not _is_set_off(text, part, first, last, between):
                    if not stands:
                        continue
                    made = _at_most_review(made)
            yield held, made


def _looked_up(whole: Name, index: Index) -> Iterator[tuple[Name, list[tuple[Candidate, Name]]]]:
    """Yield the parts of a text, each with the listed names that may stand in it.

    A short text is looked up part by part; a long one once, and each name is then looked for in the
    parts that hold most of its words.
    """
    parts = list(_parts(whole))
    if len(parts) <= _SHORT:
        for part in parts:
            yield part, [(held, _listed(held)) for held in index.candidates([part], inside=True)]
        return
    places: dict[str, set[int]] = {}
    for at, part in enumerate(parts):
        for word in part.telling():
            places.setdefault(word.text, set()).add(at)
    wanted: dict[int, list[tuple[Candidate, Name]]] = {}
    for held in index.candidates([whole], _IN_LONG, inside=True):
        listed = _listed(held)
        counts = Counter(at for word in listed.telling() for at in places.get(word.text, ()))
        for at, _ in counts.most_common(_PLACES):
            wanted.setdefault(at, []).append((held, listed))
    for at, named in sorted(wanted.items()):
        yield parts[at], named


def _listed(held: Candidate) -> Name:
    return analyse(held.entry.names[held.at].text, held.entry.kind == "person")


def _tells_much(listed: Name, weigh: Callable[[Word], float]) -> bool:
    told = listed.telling()
    return len(told) >= _MANY and sum(weigh(word) for word in told) >= _MUCH


def _stands_whole(held: Candidate, part: Name, listed: Name, place: tuple[int, int]) -> bool:
    """Say whether a firm's name of two telling words or more stands letter for letter in `place`."""
    first, last = place
    told = [word for word in listed.telling() if word.kind == "number" or word.script or len(word.text) > 2]
    if held.entry.kind not in _FIRMS or len(told) < 2:  # two letters are as often an unknown legal form
        return False
    found = [word.text for word in part.telling() if first <= word.start < last]
    return sorted(found) == sorted(word.text for word in listed.telling())


def _at_most_review(made: Comparison) -> Comparison:
    """Return `made` below the top band: what stands around a name may be part of it."""
    reasons = tuple(
        Reason(reason.code, {**reason.facts, "cap": COMMON}) if reason.code == "in-text" else reason
        for reason in made.reasons
    )
    score = score_of(reasons)
    return msgspec.structs.replace(made, reasons=reasons, score=score, band=band_of(score))


def _is_set_off(text: str, part: Name, first: int, last: int, between: re.Pattern[str]) -> bool:
    """Say whether something ends in front of `first` and behind `last`: a sign, a form, a joining word."""
    before = [word for word in part.words if word.end <= first]
    behind = [word for word in part.words if word.start >= last]
    opens = not before or _divides(before[-1]) or between.search(text[before[-1].end : first])
    closes = not behind or _divides(behind[0]) or between.search(text[last : behind[0].start])
    opens = opens or _CARE_OF.search(text[max(0, first - 8) : first])
    closes = closes or _CARE_OF.search(text[last : last + 8])
    return bool(opens and closes)


def _divides(word: Word) -> bool:
    return word.kind == "form" or word.text in _JOINING


def _parts(name: Name) -> Iterator[Name]:
    words = name.words
    for start in range(0, max(1, len(words)), _STEP):
        yield Name(name.raw, words[start : start + _STRETCH])
        if start + _STRETCH >= len(words):
            return


def _stretch(
    text: str, part: Name, listed: Name, weigh: Callable[[Word], float]
) -> tuple[Comparison, tuple[int, int]] | None:
    told = listed.telling()
    met = align(part, listed, weigh).pairs
    if not met or not told:
        return None
    held = [word for pair in met for word in pair.query]
    first, last = min(word.start for word in held), max(word.end for word in held)
    between = [word for word in part.words if first <= word.start < last and word.kind != "particle"]
    if len(between) > len(listed.words) + _LOOSE:
        return None
    weight = sum(weigh(word) for word in told)
    if sum(pair.weight for pair in met) < _COVERED * weight:
        return None
    if len(told) == 2 and sum(len(pair.listed) for pair in met) < 2:
        return None
    if len(told) == 1 and (len(told[0].text) < _LONE or met[0].likeness.relation != "exact"):
        return None
    made = compare_names(Name(part.raw, tuple(between)), listed, weigh)
    if made.score < REVIEW:
        return None
    where = Reason("in-text", {"text": text[first:last], "start": first, "end": last, "cap": 0.95})
    made = msgspec.structs.replace(
        made, reasons=(*made.reasons, where), differs_query=(Span(first, last), *made.differs_query)[:1]
    )
    return made, (first, last)
