"""From an alignment to a score, through reasons that hold the whole sum.

Every reason carries its part: `gain` of `mass` for words, a signed `term` for what stands beside the
name, a `cap` where more is not known. `score_of` adds them up and nothing else enters, so whoever has the
reasons can work the score out again, to the last digit.
"""

from collections.abc import Iterable

from fieldapp.screening.align import Alignment, Pair, Weigh
from fieldapp.screening.hit import Band, Reason
from fieldapp.watchlist.names import Name, Word, patronymic_stem

VERSION = 1
STRONG, REVIEW, WEAK = 0.90, 0.80, 0.70
COMMON = 0.89  # the most a name of common words scores
_EXTRA_QUERY = 0.5
_EXTRA_LISTED = 0.3
_MISSED = 0.5  # what even the commonest word costs when it is missing
_INITIALS = 0.3  # a run of dotted initials
_MIDDLE = 0.6  # ... and how much less a father's name, which people leave out
_BOTH = 0.4  # added for what stands against each other on both sides
_FORM = 0.06
_NEAR_ONLY = -0.06
_TOO_COMMON = 0.9  # weight that met below which a name says too little for the top band
_SAY_NOTHING = 0.55  # ... for any band that asks for action

Facts = dict[str, str | int | float]


def band_of(score: float) -> Band:
    """Return the band of `score`."""
    return (
        "strong" if score >= STRONG else "review" if score >= REVIEW else "weak" if score >= WEAK else "none"
    )


def score_of(reasons: Iterable[Reason]) -> float:
    """Work the score out from its reasons: words first, then terms, then caps; 0 to 1, four digits."""
    gain = mass = term = 0.0
    cap = 1.0
    for reason in reasons:
        facts = reason.facts
        gain += float(facts.get("gain", 0.0))
        mass += float(facts.get("mass", 0.0))
        term += float(facts.get("term", 0.0))
        cap = min(cap, float(facts.get("cap", 1.0)))
    base = gain / mass if mass else 0.0
    return round(max(0.0, min(cap, base + term, 1.0)), 4)


def reasons_of(alignment: Alignment, query: Name, listed: Name, weigh: Weigh) -> list[Reason]:
    """Return the reasons that the words of two names give."""
    reasons = [_pair(pair) for pair in alignment.pairs]
    mine = [_missing(word, weigh) for word in alignment.query_extra]
    theirs = [_missing(word, weigh) for word in alignment.listed_extra]
    left, right = sum(mine), sum(theirs)
    for word, missed in zip(alignment.query_extra, mine, strict=True):
        reasons.append(_extra("extra-query", word, _EXTRA_QUERY * missed))
    for word, missed in zip(alignment.listed_extra, theirs, strict=True):
        reasons.append(_extra("extra-listed", word, _EXTRA_LISTED * missed))
    if left and right:
        facts: Facts = {
            "query": _shown(alignment.query_extra),
            "listed": _shown(alignment.listed_extra),
            "mass": _round(_BOTH * 2 * min(left, right)),
        }
        reasons.append(Reason("words-differ", facts))
    reasons += _near_only(alignment)
    reasons += _forms(query, listed)
    reasons += _caps(alignment)
    return reasons


def _missing(word: Word, weigh: Weigh) -> float:
    """Return what it costs to lack `word`: a common word missed tells more than a common word met."""
    told = weigh(word)
    if word.kind == "initial":
        return told
    if word.aside:
        return told
    if "." in word.shown and len(word.text) <= 3:
        return _INITIALS
    lacking = _MISSED + (1.0 - _MISSED) * told
    return lacking * _MIDDLE if patronymic_stem(word.text) else lacking


def _pair(pair: Pair) -> Reason:
    facts: Facts = {
        "query": _shown(pair.query),
        "listed": _shown(pair.listed),
        "gain": _round(pair.weight * pair.likeness.score),
        "mass": _round(pair.weight),
    }
    if pair.likeness.edits:
        facts["edits"] = pair.likeness.edits
    return Reason(f"word-{pair.likeness.relation}", facts)


def _extra(code: str, word: Word, mass: float) -> Reason:
    return Reason(code, {"word": word.shown, "mass": _round(mass)})


def _near_only(alignment: Alignment) -> list[Reason]:
    """Several words that all met only nearly are weaker than their sum: chance has many tries."""
    relations = [pair.likeness.relation for pair in alignment.pairs]
    scripts = {word.script for pair in alignment.pairs for word in (*pair.query, *pair.listed)}
    if len(relations) < 2 or len(scripts) > 1 or not all(held in ("sound", "spelling") for held in relations):
        return []
    shown = " ".join(_shown(pair.query) for pair in alignment.pairs)
    return [Reason("near-only", {"words": shown, "term": _NEAR_ONLY})]


def _forms(query: Name, listed: Name) -> list[Reason]:
    """Legal forms weigh next to nothing, and nothing at all where one side has none."""
    mine = {word.text: word for word in query.words if word.kind == "form"}
    theirs = {word.text: word for word in listed.words if word.kind == "form"}
    if not mine or not theirs:
        return []
    same = sorted(mine.keys() & theirs.keys())
    facts: Facts = {
        "query": mine[same[0]].shown if same else _shown(tuple(mine.values())),
        "listed": theirs[same[0]].shown if same else _shown(tuple(theirs.values())),
        "mass": _FORM,
        "gain": _FORM if same else 0.0,
    }
    return [Reason("form-agrees" if same else "form-differs", facts)]


def _caps(alignment: Alignment) -> list[Reason]:
    met = sum(pair.weight for pair in alignment.pairs)
    shown: Facts = {"words": " ".join(_shown(pair.query) for pair in alignment.pairs)}
    if met < _SAY_NOTHING:
        return [Reason("too-common", {**shown, "cap": 0.69})]
    if met < _TOO_COMMON:
        return [Reason("common", {**shown, "cap": COMMON})]
    return []


def _shown(words: tuple[Word, ...]) -> str:
    return " ".join(dict.fromkeys(word.shown for word in words))


def _round(value: float) -> float:
    return round(value, 4)
