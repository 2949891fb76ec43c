"""From hits to one of four words: HOLD, CHECK, CAN'T CHECK, NO MATCH, worst first.

Every part keeps its own line, so nobody reads a word without its reason. An adjudicated false hit no
longer counts and says by whom. NO MATCH is not proof of safety and no wording here says so. A list past
its first age limit is told of; past its second nothing counts as checked.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from fieldapp import clock
from fieldapp.screening import memory
from fieldapp.screening.hit import (
    Adjudication,
    Band,
    Hit,
    Reason,
    SubstanceAnswer,
    SubstanceMatch,
    hits_of,
)
from fieldapp.screening.memory import Recall

Word = Literal["hold", "check", "cannot_check", "no_match"]
WORDS: tuple[Word, ...] = ("hold", "check", "cannot_check", "no_match")


class ListState(msgspec.Struct, frozen=True, kw_only=True):
    """Which watchlist was used: its number and name, its issue, its size. `number` 0 means there is none."""

    number: int = 0
    name: str = ""
    issued: datetime | None = None
    entries: int = 0


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """What the screening process found; no policy, no papers, no person's judgement in it yet."""

    hits: tuple[Hit, ...] = ()
    substances: tuple[SubstanceAnswer, ...] = ()
    watchlist: ListState = ListState()
    ms: float = 0.0

    def every_hit(self) -> tuple[Hit, ...]:
        """Return the hits on the watchlist, then those on the substance lists."""
        return (*self.hits, *(hit for answer in self.substances for hit in hits_of(answer)))


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the verdict: `part` is name, identifier, substance, papers, code or list.

    `memory` says what was judged of the same pair before, where that does not settle this hit.
    """

    part: Literal["name", "identifier", "domain", "substance", "papers", "code", "list"]
    word: Word
    reason: Reason
    hit: Hit | None = None
    substance: SubstanceMatch | None = None
    adjudication: Adjudication | None = None
    memory: Reason | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The worst word of the lines, the lines worst first, and the list they were made with."""

    word: Word
    lines: tuple[Line, ...]
    watchlist: ListState = ListState()
    ms: float = 0.0


class PaperState(msgspec.Struct, frozen=True, kw_only=True):
    """One paper the law asks for and how it stands: ok, missing, expired, exhausted, wrong_authority."""

    kind: str
    state: Literal["ok", "missing", "expired", "exhausted", "wrong_authority"]
    number: str = ""
    valid_to: date | None = None


_WORD_OF_BAND: dict[Band, Word] = {
    "strong": "hold",
    "review": "check",
    "weak": "no_match",
    "none": "no_match",
}


ELSEWHERE = "controlled-elsewhere"  # of a match that only lists of countries control where no party is
_SAID_ALREADY = ("text-unreadable", "text-empty")  # by the line of the goods themselves
_COUNTS_FOR_NOTHING = ("isomer-outside",)


def worst(words: Iterable[Word]) -> Word:
    """Return the worst of `words`; NO MATCH when there are none."""
    return min(words, key=WORDS.index, default="no_match")


def decide(
    screening: Screening,
    *,
    papers: tuple[PaperState, ...] = (),
    papers_disagree: tuple[Reason, ...] = (),
    code: tuple[Reason, ...] = (),
    unread: tuple[Reason, ...] = (),
    adjudications: tuple[Adjudication, ...] = (),
    recalled: Mapping[str, Recall] | None = None,
    max_list_age_hours: float,
    amber_list_age_hours: float | None = None,
    at: datetime,
) -> Verdict:
    """Apply the table of the four verdicts.

    `code` names what was wrong with the code itself (unread, unconfirmed, bad check digit), `unread` what
    of the parties and texts could not be compared; `recalled` is
    what was judged before of each hit, by its id; `at` is the moment of the check, against which the
    list's age in hours is judged: past `amber_list_age_hours` it is told, past the other nothing is checked.
    """
    judged = {judgement.hit: judgement for judgement in adjudications}
    known = recalled or {}
    lines = [_hit_line(hit, judged.get(hit.id), known.get(hit.id)) for hit in screening.hits]
    for answer in screening.substances:
        lines.extend(_substance_lines(answer, papers, judged, known))
    lines.extend(_notes(screening.substances))
    lines.extend(_paper_lines(standing_answers(screening.substances, adjudications), papers))
    lines.extend(Line(part="papers", word="check", reason=reason) for reason in papers_disagree)
    lines.extend(Line(part="code", word="cannot_check", reason=reason) for reason in code)
    lines.extend(Line(part="name", word="cannot_check", reason=reason) for reason in unread)
    lines.extend(_list_lines(screening.watchlist, max_list_age_hours, amber_list_age_hours, at))
    lines.sort(key=lambda line: WORDS.index(line.word))
    return Verdict(
        word=worst(line.word for line in lines),
        lines=tuple(lines),
        watchlist=screening.watchlist,
        ms=screening.ms,
    )


def too_old(used: ListState, max_age_hours: float, at: datetime) -> bool:
    """Say whether nothing counts as checked with this list at the moment `at`."""
    if used.number == 0 or used.issued is None or used.entries == 0:
        return True
    return clock.age_hours(used.issued, at) > max_age_hours


def list_unfit(verdict: Verdict) -> bool:
    """Say whether the list was missing or too old for this verdict."""
    return any(line.part == "list" and line.word == "cannot_check" for line in verdict.lines)


def _hit_line(hit: Hit, judgement: Adjudication | None, recalled: Recall | None) -> Line:
    part: Literal["identifier", "domain", "name"] = "name"
    if hit.subject.kind in ("identifier", "domain"):
        part = "identifier" if hit.subject.kind == "identifier" else "domain"
    if judgement is not None and judgement.verdict == "false":
        facts: dict[str, str | int | float] = {"by": judgement.by, "reason": judgement.reason}
        code = "adjudicated-false"
        if judgement.remembered:
            code, facts = (
                "cleared-before",
                {**facts, "on": judgement.at[:10], "inspection": judgement.remembered},
            )
        return Line(part=part, word="no_match", reason=Reason(code, facts), hit=hit, adjudication=judgement)
    confirmed = (
        judgement.verdict == "true"
        if judgement is not None
        else recalled is not None and recalled.state == "confirmed"
    )
    word: Word = "hold" if confirmed else _WORD_OF_BAND[hit.band]
    reason = Reason(
        f"{part}-{hit.band}",
        {"name": hit.subject.name, "listed": hit.listed_name, "role": hit.subject.role, "entry": hit.entry},
    )
    return Line(
        part=part,
        word=word,
        reason=reason,
        hit=hit,
        adjudication=judgement,
        memory=_told(recalled, judgement),
    )


def _told(recalled: Recall | None, judgement: Adjudication | None) -> Reason | None:
    """Return what to say of an earlier judgement, unless this inspection has one of its own."""
    return memory.reason_of(recalled) if recalled is not None and judgement is None else None


def standing_answers(
    answers: Iterable[SubstanceAnswer], adjudications: Iterable[Adjudication]
) -> tuple[SubstanceAnswer, ...]:
    """Return `answers` without those whose every substance a person judged to be another one."""
    false = {judgement.hit for judgement in adjudications if judgement.verdict == "false"}
    return tuple(
        answer
        for answer in answers
        if not answer.substances or any(match.id not in false for match in answer.substances)
    )


def _substance_lines(
    answer: SubstanceAnswer,
    papers: tuple[PaperState, ...],
    judged: Mapping[str, Adjudication],
    known: Mapping[str, Recall],
) -> Iterable[Line]:
    subject = answer.subject
    if answer.action == "not_understood":
        yield Line(
            part="substance", word="cannot_check", reason=Reason("not-understood", {"text": subject.name})
        )
    elif answer.action == "none":
        yield Line(part="substance", word="no_match", reason=Reason("not-controlled", {"text": subject.name}))
    if answer.action in ("controlled", "ask_headquarters"):
        for match in answer.substances:
            word, reason = _substance_word(answer, match, papers, judged.get(match.id))
            yield Line(
                part="substance",
                word=word,
                reason=reason,
                substance=match,
                adjudication=judged.get(match.id),
                memory=_told(known.get(match.id), judged.get(match.id)),
            )


def _notes(answers: Iterable[SubstanceAnswer]) -> Iterable[Line]:
    """Say once what could not be read of the goods, and what was noticed and counts for nothing."""
    told: set[tuple[str, str]] = set()
    for answer in answers:
        for reason in answer.reasons:
            said = (reason.code, repr(sorted(reason.facts.items())))
            if reason.code not in _SAID_ALREADY and said not in told:
                told.add(said)
                word: Word = "no_match" if reason.code in _COUNTS_FOR_NOTHING else "cannot_check"
                facts = {**reason.facts, "of": answer.subject.name}
                yield Line(part="substance", word=word, reason=Reason(reason.code, facts))


def _substance_word(
    answer: SubstanceAnswer,
    match: SubstanceMatch,
    papers: tuple[PaperState, ...],
    judgement: Adjudication | None,
) -> tuple[Word, Reason]:
    facts: dict[str, str | int | float] = {
        "name": match.name,
        "text": answer.subject.name,
        "lists": ", ".join(match.lists),
    }
    if judgement is not None and judgement.verdict == "false":
        return "no_match", Reason(
            "substance-judged-false", {**facts, "by": judgement.by, "reason": judgement.reason}
        )
    if answer.action == "ask_headquarters":
        confirmed = judgement is not None and judgement.verdict == "true"
        return "hold" if confirmed else "check", Reason("ask-headquarters", facts)
    asked = {*answer.documents_required}
    # HOLD is for a paper that is missing or does not do: here none is asked for.
    if not asked and any(reason.code == ELSEWHERE for reason in match.reasons):
        return "check", Reason(ELSEWHERE, facts)
    in_order = bool(asked) and all(
        any(paper.kind == kind and paper.state == "ok" for paper in papers) for kind in asked
    )
    return (
        ("check", Reason("controlled-in-order", facts)) if in_order else ("hold", Reason("controlled", facts))
    )


def _paper_lines(answers: Iterable[SubstanceAnswer], papers: tuple[PaperState, ...]) -> Iterable[Line]:
    if not any(answer.action == "controlled" for answer in answers):
        return
    for paper in papers:
        word: Word = "no_match" if paper.state == "ok" else "hold"
        facts: dict[str, str | int | float] = {"kind": paper.kind, "number": paper.number}
        if paper.valid_to is not None:
            facts["valid_to"] = paper.valid_to.isoformat()
        yield Line(part="papers", word=word, reason=Reason(f"paper-{paper.state}", facts))


def _list_lines(
    used: ListState, max_age_hours: float, amber_hours: float | None, at: datetime
) -> Iterable[Line]:
    if used.number == 0 or used.issued is None or used.entries == 0:
        yield Line(part="list", word="cannot_check", reason=Reason("list-missing"))
        return
    age = clock.age_hours(used.issued, at)
    facts: dict[str, str | int | float] = {
        "age_days": round(age / 24, 1),
        "limit_days": round(max_age_hours / 24, 1),
    }
    if age > max_age_hours:
        yield Line(part="list", word="cannot_check", reason=Reason("list-too-old", facts))
    elif amber_hours is not None and age > amber_hours:
        yield Line(part="list", word="no_match", reason=Reason("list-ageing", facts))
