"""From hits to one of four words: HOLD, CHECK, CAN'T CHECK, NO MATCH, worst first.

Every part keeps its own line, so nobody reads a word without its reason. An adjudicated false hit no
longer counts and says by whom. NO MATCH is not proof of safety and no wording here says so.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from fieldapp import clock
from fieldapp.screening.hit import Adjudication, Band, Hit, Reason, SubstanceAnswer, SubstanceMatch

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


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the verdict: `part` is name, identifier, substance, papers, code or list."""

    part: Literal["name", "identifier", "domain", "substance", "papers", "code", "list"]
    word: Word
    reason: Reason
    hit: Hit | None = None
    substance: SubstanceMatch | None = None
    adjudication: Adjudication | None = None


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


def worst(words: Iterable[Word]) -> Word:
    """Return the worst of `words`; NO MATCH when there are none."""
    return min(words, key=WORDS.index, default="no_match")


def decide(
    screening: Screening,
    *,
    papers: tuple[PaperState, ...] = (),
    papers_disagree: tuple[Reason, ...] = (),
    code: tuple[Reason, ...] = (),
    adjudications: tuple[Adjudication, ...] = (),
    max_list_age_hours: float,
    at: datetime,
) -> Verdict:
    """Apply the table of the four verdicts.

    `code` names what was wrong with the code itself (unread, unconfirmed, bad check digit); `at` is the
    moment of the check, against which the list's age is judged.
    """
    judged = {judgement.hit: judgement for judgement in adjudications}
    lines = [_hit_line(hit, judged.get(hit.id)) for hit in screening.hits]
    for answer in screening.substances:
        lines.extend(_substance_lines(answer, papers))
    lines.extend(_paper_lines(screening, papers))
    lines.extend(Line(part="papers", word="check", reason=reason) for reason in papers_disagree)
    lines.extend(Line(part="code", word="cannot_check", reason=reason) for reason in code)
    lines.extend(_list_lines(screening.watchlist, max_list_age_hours, at))
    lines.sort(key=lambda line: WORDS.index(line.word))
    return Verdict(
        word=worst(line.word for line in lines),
        lines=tuple(lines),
        watchlist=screening.watchlist,
        ms=screening.ms,
    )


def _hit_line(hit: Hit, judgement: Adjudication | None) -> Line:
    part: Literal["identifier", "domain", "name"] = "name"
    if hit.subject.kind in ("identifier", "domain"):
        part = "identifier" if hit.subject.kind == "identifier" else "domain"
    if judgement is not None and judgement.verdict == "false":
        reason = Reason("adjudicated-false", {"by": judgement.by, "reason": judgement.reason})
        return Line(part=part, word="no_match", reason=reason, hit=hit, adjudication=judgement)
    confirmed = judgement is not None and judgement.verdict == "true"
    word: Word = "hold" if confirmed else _WORD_OF_BAND[hit.band]
    reason = Reason(
        f"{part}-{hit.band}",
        {"name": hit.subject.name, "listed": hit.listed_name, "role": hit.subject.role, "entry": hit.entry},
    )
    return Line(part=part, word=word, reason=reason, hit=hit, adjudication=judgement)


def _substance_lines(answer: SubstanceAnswer, papers: tuple[PaperState, ...]) -> Iterable[Line]:
    subject = answer.subject
    if answer.action == "not_understood":
        yield Line(
            part="substance", word="cannot_check", reason=Reason("not-understood", {"text": subject.name})
        )
    elif answer.action == "none":
        yield Line(part="substance", word="no_match", reason=Reason("not-controlled", {"text": subject.name}))
    for match in answer.substances:
        facts: dict[str, str | int | float] = {
            "name": match.name,
            "text": subject.name,
            "lists": ", ".join(match.lists),
        }
        if answer.action == "controlled":
            asked = {*answer.documents_required}
            in_order = bool(asked) and all(
                any(paper.kind == kind and paper.state == "ok" for paper in papers) for kind in asked
            )
            word: Word = "check" if in_order else "hold"
            code = "controlled-in-order" if in_order else "controlled"
            yield Line(part="substance", word=word, reason=Reason(code, facts), substance=match)
        elif answer.action == "ask_headquarters":
            yield Line(
                part="substance", word="check", reason=Reason("ask-headquarters", facts), substance=match
            )


def _paper_lines(screening: Screening, papers: tuple[PaperState, ...]) -> Iterable[Line]:
    if not any(answer.action == "controlled" for answer in screening.substances):
        return
    for paper in papers:
        word: Word = "no_match" if paper.state == "ok" else "hold"
        facts: dict[str, str | int | float] = {"kind": paper.kind, "number": paper.number}
        if paper.valid_to is not None:
            facts["valid_to"] = paper.valid_to.isoformat()
        yield Line(part="papers", word=word, reason=Reason(f"paper-{paper.state}", facts))


def _list_lines(used: ListState, max_age_hours: float, at: datetime) -> Iterable[Line]:
    if used.number == 0 or used.issued is None or used.entries == 0:
        yield Line(part="list", word="cannot_check", reason=Reason("list-missing"))
        return
    age = clock.age_hours(used.issued, at)
    if age > max_age_hours:
        facts: dict[str, str | int | float] = {
            "age_days": round(age / 24, 1),
            "limit_days": round(max_age_hours / 24, 1),
        }
        yield Line(part="list", word="cannot_check", reason=Reason("list-too-old", facts))
