"""One subject against the watchlist: the hits, each with the reasons that make up its score.

Promises: every hit names the entry, the listed name it met and why; the same subject and list give the
same hits. Bands: strong from .90, review from .80, weak from .70 and only with something beside the name
that agrees, or when something beside the name spoke against a hit the name alone would have made: a
field more never hides a hit.
"""

from collections.abc import Callable, Iterable

import msgspec

from fieldapp.screening.compare import Comparison, compare_names
from fieldapp.screening.evidence import beside, corroborated
from fieldapp.screening.hit import Band, Hit, Reason
from fieldapp.screening.identity import hit_id
from fieldapp.screening.numbers import screen_domain, screen_identifier
from fieldapp.screening.passage import passages
from fieldapp.screening.score import REVIEW, band_of, score_of
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.screening.writings import writings
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.index import Candidate, Index
from fieldapp.watchlist.names import Name, Word, analyse
from fieldapp.watchlist.weight import weight

MOST_HITS = 25
_REWRITTEN = -0.03  # what a reading that is not the one written costs
_HOPE = 0.45  # a name below this reaches no band, whatever else agrees


def screen(subject: Subject, index: Index, list_state: ListState) -> tuple[Hit, ...]:
    """Return the hits of `subject`, best first; none when there is no list (the verdict then says so)."""
    if list_state.number == 0 or not subject.name.strip():
        return ()
    if subject.kind == "identifier":
        return _best(screen_identifier(subject, index))
    if subject.kind == "domain":
        return _best(screen_domain(subject, index))
    found = [] if subject.kind == "goods" else _numbers_of(subject, index)
    for text in (subject.name, *writings(subject.name, index.shares)):
        if subject.kind == "party":
            found += _party(subject, text, index)
        found += _inside(subject, text, index)
    return _best(found)


def make_hit(subject: Subject, entry: Entry, at: int, made: Comparison, band: Band) -> Hit:
    """Return the hit of `subject` on the name number `at` of `entry`."""
    return Hit(
        id=hit_id(subject, entry),
        subject=subject,
        entry=entry.id,
        listed_name=entry.names[at].text,
        alias=entry.names[at].quality != "primary",
        source=entry.source,
        programme=entry.programme,
        listed_on=entry.listed_on,
        score=made.score,
        band=band,
        reasons=made.reasons,
        differs_query=made.differs_query,
        differs_listed=made.differs_listed,
    )


def weigher(index: Index, names: Iterable[Name]) -> Callable[[Word], float]:
    """Return the function that weighs words by how common they are on the list of `index`."""
    shares = index.shares(word.text for name in names for word in name.telling())
    return lambda word: weight(word, shares.get(word.text, 0.0))


def _party(subject: Subject, text: str, index: Index) -> list[Hit]:
    readings = {person: analyse(text, person) for person in _readings(subject)}
    candidates = index.candidates(list(readings.values()))
    named = [
        (held, analyse(held.entry.names[held.at].text, held.entry.kind == "person")) for held in candidates
    ]
    weigh = weigher(index, [*readings.values(), *(listed for _, listed in named)])
    hits = []
    for held, listed in named:
        person = held.entry.kind == "person"
        reading = readings.get(person) or analyse(text, person)
        hit = _judge(subject, text, held, compare_names(reading, listed, weigh, _HOPE))
        if hit is not None:
            hits.append(hit)
    return hits


def _readings(subject: Subject) -> tuple[bool, ...]:
    return {"person": (True,), "": (True, False)}.get(subject.entity, (False,))


def _judge(subject: Subject, text: str, held: Candidate, named: Comparison) -> Hit | None:
    if text != subject.name:  # places in another reading are no places in the name
        read = Reason("rewritten", {"text": text, "term": _REWRITTEN})
        named = msgspec.structs.replace(named, reasons=(*named.reasons, read), differs_query=())
    if named.score < _HOPE:
        return None
    around = beside(subject, held.entry, held.entry.names[held.at])
    reasons = (*named.reasons, *around)
    score = score_of(reasons)
    band = band_of(score)
    told = score_of((*named.reasons, *(reason for reason in around if reason.code == "alias-weak")))
    if band == "weak" and not corroborated(around):
        band = "none"
    if told >= REVIEW and band == "none":
        band = "weak"
    if band == "none":
        return None
    made = Comparison(
        score=score,
        band=band,
        reasons=reasons,
        differs_query=named.differs_query,
        differs_listed=named.differs_listed,
    )
    return make_hit(subject, held.entry, held.at, made, band)


def _numbers_of(subject: Subject, index: Index) -> list[Hit]:
    hits: list[Hit] = []
    for value in subject.identifiers:
        hits += screen_identifier(subject, index, value)
    return hits


def _inside(subject: Subject, text: str, index: Index) -> list[Hit]:
    party = subject.entity if subject.kind == "party" else None
    hits = []
    for candidate, made in passages(text, index, weigher, party=party):
        hit = _judge(subject, text, candidate, made)
        if hit is not None:
            hits.append(hit)
    return hits


def _best(found: Iterable[Hit]) -> tuple[Hit, ...]:
    """Keep the best hit of each entry, best first."""
    best: dict[str, Hit] = {}
    for hit in found:
        held = best.get(f"{hit.source}:{hit.entry}")
        if held is None or _rank(hit) < _rank(held):
            best[f"{hit.source}:{hit.entry}"] = hit
    return tuple(sorted(best.values(), key=_rank)[:MOST_HITS])


def _rank(hit: Hit) -> tuple[float, bool, str, str, str]:
    return (-hit.score, hit.alias, hit.listed_name, hit.source, hit.entry)
