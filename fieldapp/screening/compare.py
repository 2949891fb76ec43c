"""Why two names do or do not match: the scorer of the screening, without a list."""

from typing import Literal

import msgspec
from rapidfuzz.distance import Levenshtein

from fieldapp.screening.align import Alignment, Weigh, align
from fieldapp.screening.hit import Band, Reason, Span
from fieldapp.screening.score import band_of, reasons_of, score_of
from fieldapp.watchlist.names import Name, analyse
from fieldapp.watchlist.weight import weight

CompareKind = Literal["person", "company", "vessel"]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The score of two names, 0 to 1, its band, and the reasons that make it up."""

    score: float
    band: Band
    reasons: tuple[Reason, ...]
    differs_query: tuple[Span, ...] = ()
    differs_listed: tuple[Span, ...] = ()


def compare(a: str, b: str, kind: str = "company") -> Comparison:
    """Compare two names of a person, a company or a vessel."""
    person = kind == "person"
    return compare_names(analyse(a, person), analyse(b, person), weight)


def compare_names(query: Name, listed: Name, weigh: Weigh, worth: float = 0.0) -> Comparison:
    """Compare two names already taken apart; `weigh` may know how common a word is on a list.

    Differing stretches are worked out from `worth` upwards: nobody looks at the others.
    """
    alignment = align(query, listed, weigh)
    reasons = tuple(reasons_of(alignment, query, listed, weigh))
    score = score_of(reasons)
    if score < worth:
        return Comparison(score=score, band=band_of(score), reasons=reasons)
    mine, theirs = spans(alignment)
    return Comparison(
        score=score, band=band_of(score), reasons=reasons, differs_query=mine, differs_listed=theirs
    )


def spans(alignment: Alignment) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the stretches that differ: letters inside words that met, whole words that did not."""
    mine = [Span(word.start, word.end) for word in alignment.query_extra]
    theirs = [Span(word.start, word.end) for word in alignment.listed_extra]
    for pair in alignment.pairs:
        if pair.likeness.relation == "exact":
            continue
        (first, last), (start, end) = (pair.query[0], pair.query[-1]), (pair.listed[0], pair.listed[-1])
        left = " ".join(dict.fromkeys(word.shown for word in pair.query)).casefold()
        right = " ".join(dict.fromkeys(word.shown for word in pair.listed)).casefold()
        whole = (last.end - first.start, end.end - start.start)
        if (len(left), len(right)) != whole or pair.likeness.relation in (
            "script",
            "same-name",
            "acronym",
            "initial",
        ):
            mine.append(Span(first.start, last.end))
            theirs.append(Span(start.start, end.end))
            continue
        for step in Levenshtein.opcodes(left, right):
            if step.tag != "equal":
                if step.src_end > step.src_start:
                    mine.append(Span(first.start + step.src_start, first.start + step.src_end))
                if step.dest_end > step.dest_start:
                    theirs.append(Span(start.start + step.dest_start, start.start + step.dest_end))
    return _merged(mine), _merged(theirs)


def _merged(found: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(found, key=lambda held: (held.start, held.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
