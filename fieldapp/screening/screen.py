"""One subject against the watchlist: the hits, each with the reasons that make up its score.

Promises: every hit names the entry, the listed name it met and why; the same subject and list give the
same hits. Bands: strong from .90, review from .80, weak from .70 and only with something beside the name
that agrees, or when the name alone comes so near that a country in common would bring it to review. A
whole listed name is at least review; a field more never hides a hit, and a country that differs costs
one band at most.
"""

import re
from collections.abc import Callable, Iterable

import msgspec

from fieldapp.screening.align import Alignment, align
from fieldapp.screening.chance import by_chance, expected
from fieldapp.screening.compare import Comparison, compare_names
from fieldapp.screening.evidence import COUNTRY, beside, corroborated
from fieldapp.screening.hit import BANDS, Band, Hit, Reason
from fieldapp.screening.identity import hit_id
from fieldapp.screening.numbers import screen_domain, screen_identifier
from fieldapp.screening.passage import passages
from fieldapp.screening.score import COMMON, REVIEW, band_of, score_of
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.screening.writings import writings
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.index import Candidate, Index
from fieldapp.watchlist.names import MOST_WORDS, Name, Word, analyse
from fieldapp.watchlist.weight import weight

MOST_HITS = 25
_REWRITTEN = -0.03  # what a reading that is not the one written costs
_TELLING = 0.6  # a name below this is not raised by how rare its words are
_LATIN = re.compile(r"[A-Za-z]")
_NOT_WHOLE = frozenset(("extra-query", "extra-listed", "words-differ", "in-text"))
_SETTLES = frozenset(("birth-agrees", "identifier-agrees"))  # beside these no name is too common
_NEARLY = REVIEW - COUNTRY  # a name alone from here up stays listed: a country would bring it to review
_HOPE = 0.45  # a name below this reaches no band, whatever else agrees


def screen(subject: Subject, index: Index, list_state: ListState) -> tuple[Hit, ...]:
    """Return the hits of `subject`, best first; none when there is no list (the verdict then says so)."""
    if list_state.number == 0:
        return ()
    if not subject.name.strip():  # a party without a name still has its numbers
        return _best(_numbers_of(subject, index) if subject.kind == "party" else ())
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
    readings = {person: _short(analyse(text, person)) for person in _readings(subject)}
    candidates = index.candidates(list(readings.values()))
    named = [
        (held, analyse(held.entry.names[held.at].text, held.entry.kind == "person")) for held in candidates
    ]
    weigh = weigher(index, [*readings.values(), *(listed for _, listed in named)])
    hits = []
    for held, listed in named:
        person = held.entry.kind == "person"
        reading = readings.get(person) or _short(analyse(text, person))
        made = compare_names(reading, listed, weigh, _HOPE)
        alignment = align(reading, listed, weigh)
        same = len(listed.words) > 1 and (
            _texts(reading) == _texts(listed) or (person and _same_in_another_script(alignment))
        )
        if same:
            made = _judgeable(made)
        rarity = None
        if (person or subject.entity == "person") and made.score >= _TELLING:
            rarity = _Rarity(alignment, index, same)
        hit = _judge(subject, text, held, made, rarity, same=same)
        if hit is not None:
            hits.append(hit)
    return hits


def _texts(name: Name) -> list[str]:
    return sorted(word.text for word in name.words)


def _same_in_another_script(alignment: Alignment) -> bool:
    """Say whether every word met whole, those of the other script as a reading of the listed one.

    Letters of another script are read in one way of several: Daud and Dawood are written alike there.
    """
    if alignment.query_extra or alignment.listed_extra or len(alignment.pairs) < 2:
        return False
    return all(
        pair.likeness.relation in ("exact", "script")
        or (
            pair.likeness.relation == "same-name"
            and not any(_LATIN.search(word.shown) for word in pair.query)
        )
        for pair in alignment.pairs
    )


def _short(name: Name) -> Name:
    """Return the opening of a name: what comes later is searched as a text."""
    return Name(name.raw, name.words[:MOST_WORDS])


def _readings(subject: Subject) -> tuple[bool, ...]:
    return {"person": (True,), "": (True, False)}.get(subject.entity, (False,))


class _Rarity(msgspec.Struct, frozen=True):
    """What is needed to say how likely chance is to bring two people's names together on this list."""

    alignment: Alignment
    index: Index
    same: bool

    def reasons(self, named: Comparison, around: list[Reason]) -> list[Reason]:
        """Return what chance makes of the names, given what stands `around` them."""
        names = self.index.names
        found = expected(self.alignment, names, self.index.near, self.index.shares, around)
        made = by_chance(self.alignment, named.score, found, names, same=self.same)
        against = any(float(reason.facts.get("term", 0)) < 0 for reason in around)
        return [reason for reason in made if reason.code == "chance-explains" or not against]


def _judgeable(made: Comparison) -> Comparison:
    """Return `made` with its words common, not too common to judge by, where more than words is known."""
    reasons = tuple(
        Reason("common", {**reason.facts, "cap": COMMON}) if reason.code == "too-common" else reason
        for reason in made.reasons
    )
    score = score_of(reasons)
    return msgspec.structs.replace(made, reasons=reasons, score=score, band=band_of(score))


def _judge(
    subject: Subject,
    text: str,
    held: Candidate,
    named: Comparison,
    rarity: _Rarity | None = None,
    *,
    same: bool = False,
) -> Hit | None:
    if text != subject.name:  # places in another reading are no places in the name
        read = Reason("rewritten", {"text": text, "term": _REWRITTEN})
        named = msgspec.structs.replace(named, reasons=(*named.reasons, read), differs_query=())
    if named.score < _HOPE:
        return None
    around = beside(subject, held.entry, held.entry.names[held.at])
    if any(reason.code in _SETTLES for reason in around):
        named = _judgeable(named)
    chance = rarity.reasons(named, around) if rarity else []
    reasons = (*named.reasons, *chance, *around)
    if same:
        reasons = (*reasons, *_whole_name(reasons))
    score = score_of(reasons)
    band = band_of(score)
    alias = [reason for reason in around if reason.code == "alias-weak"]
    alone = rarity.reasons(named, []) if rarity else []
    told = max(score_of((*named.reasons, *alias)), score_of((*named.reasons, *alone, *alias)))
    if band == "weak" and not corroborated(around):
        band = "none"
    if band == "none" and (told >= _NEARLY or same or _country_hides(reasons, around)):
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


def _whole_name(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Return what brings a whole listed name to review where country or kind alone speak against it.

    Not where a birth date speaks against it, nor where the publisher calls the name a weak one.
    """
    score = score_of(reasons)
    least = min((float(reason.facts.get("cap", 1.0)) for reason in reasons), default=1.0)
    if score >= REVIEW or least < REVIEW or any(reason.code == "alias-weak" for reason in reasons):
        return []
    return [Reason("whole-name", {"term": round(REVIEW - score, 4)})]


def _country_hides(reasons: tuple[Reason, ...], around: list[Reason]) -> bool:
    """Say whether there would be a hit if no country had been declared that differs."""
    other = [reason for reason in around if reason.code != "country-differs"]
    if len(other) == len(around) or not corroborated(other):
        return False
    return band_of(score_of(reason for reason in reasons if reason.code != "country-differs")) != "none"


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
        if held is None or _rank_in_entry(hit) < _rank_in_entry(held):
            best[f"{hit.source}:{hit.entry}"] = hit
    return tuple(sorted(best.values(), key=_rank)[:MOST_HITS])


def _rank_in_entry(hit: Hit) -> tuple[int, bool, tuple[float, bool, str, str, str]]:
    """Order the names of one entry: by band, and in a band a name met whole before one that is like it."""
    codes = {reason.code for reason in hit.reasons}
    whole = not codes & _NOT_WHOLE and not any(
        code.startswith("word-") and code != "word-exact" for code in codes
    )
    return BANDS.index(hit.band), not whole, _rank(hit)


def _rank(hit: Hit) -> tuple[float, bool, str, str, str]:
    return (-hit.score, hit.alias, hit.listed_name, hit.source, hit.entry)
