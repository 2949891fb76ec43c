"""What was judged before of the same pair: a subject and a listed entry.

Promises: a party judged not to be the listed one is shown as cleared, by whom, when and why, for as long as
neither the subject nor the entry changes; a change, or a nearer match than the one judged, makes the
judgement lapse and says so. Refuses to carry over more than was judged: a number, a domain and a text
about goods belong to their consignment, and a match that rests on a number is judged each time; "unsure"
clears nothing. Why so: docs/adr/0005-what-a-judgement-remembers.md.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from fieldapp.screening.hit import BANDS, Adjudication, Hit, Reason
from fieldapp.screening.identity import subject_key
from fieldapp.screening.subject import Subject
from fieldapp.watchlist.identifier_keys import numbers_in
from fieldapp.watchlist.names import fold

_OF_NUMBERS = ("identifier-", "domain-")  # how the codes of reasons begin that rest on a number or address


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """A hit that was judged, its judgement, and the number of the inspection it was judged in."""

    hit: Hit
    judgement: Adjudication
    inspection: str


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier judgement means for a hit now.

    `cleared`: it does not count. `confirmed`: judged the listed one before. `lapsed`: a clearance that
    no longer holds, because `why` changed: entry, subject, or band (nearer than judged). `told`: worth
    knowing, and the hit counts: judged in another consignment, or nobody was sure.
    """

    state: Literal["cleared", "confirmed", "lapsed", "told"]
    why: Literal["", "entry", "subject", "band", "consignment", "unsure"] = ""
    remembered: Remembered


def pair_of(hit: Hit) -> str:
    """Return the list's key of the entry that was hit: under it judgements are looked for."""
    return f"{hit.source}:{hit.entry}"


def recall(hit: Hit, remembered: Iterable[Remembered]) -> Recall | None:
    """Return what is remembered of `hit` among the judgements on its entry, latest first."""
    near = [known for known in remembered if pair_of(known.hit) == pair_of(hit)]
    for known in near:
        if known.hit.id == hit.id:
            return _same(hit, known)
    for known in near:
        if known.judgement.verdict == "false" and carries(known.hit) and _related(hit, known.hit):
            same = subject_key(known.hit.subject) == subject_key(hit.subject)
            return Recall(state="lapsed", why="entry" if same else "subject", remembered=known)
    return None


def carries(hit: Hit) -> bool:
    """Say whether a judgement of `hit` holds beyond its consignment: a party, found by its name."""
    return hit.subject.kind == "party" and not any(
        reason.code.startswith(_OF_NUMBERS) for reason in hit.reasons
    )


def _same(hit: Hit, known: Remembered) -> Recall:
    verdict = known.judgement.verdict
    if verdict == "true":
        return Recall(state="confirmed", remembered=known)
    if verdict == "unsure":
        return Recall(state="told", why="unsure", remembered=known)
    if not carries(hit):
        return Recall(state="told", why="consignment", remembered=known)
    if BANDS.index(hit.band) < BANDS.index(known.hit.band):
        return Recall(state="lapsed", why="band", remembered=known)
    return Recall(state="cleared", remembered=known)


def _related(hit: Hit, known: Hit) -> bool:
    """Say whether both are about one subject as far as a person would say so: its name, or a number of it."""
    if hit.subject.kind != known.subject.kind:
        return False
    return fold(hit.subject.name) == fold(known.subject.name) or bool(
        _numbers(hit.subject) & _numbers(known.subject)
    )


def _numbers(subject: Subject) -> set[str]:
    return {number for value in subject.identifiers for number in numbers_in(value)}


def adjudication_of(recalled: Recall) -> Adjudication:
    """Return a remembered clearance as a judgement of the inspection at hand; it names where it was made."""
    known = recalled.remembered
    return msgspec.structs.replace(known.judgement, remembered=known.inspection)


def reason_of(recalled: Recall) -> Reason:
    """Return what the verdict's line says of a judgement that does not clear the hit."""
    code = "-".join(part for part in ("memory", recalled.state, recalled.why) if part)
    known = recalled.remembered
    facts: dict[str, str | int | float] = {
        "by": known.judgement.by,
        "on": known.judgement.at[:10],
        "reason": known.judgement.reason,
        "inspection": known.inspection,
    }
    return Reason(code, facts)
