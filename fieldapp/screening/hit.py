"""A hit: one subject against one listed entry, or one substance, with its reasons.

The same frozen value feeds the window, the PDF and headquarters. Reasons are codes with facts; the
sentence for `reason.<code>` comes from the catalogue.
"""

from typing import Literal

import msgspec

from fieldapp.screening.subject import Subject
from fieldapp.substances.drawing import Drawing

Band = Literal["strong", "review", "weak", "none"]
BANDS: tuple[Band, ...] = ("strong", "review", "weak", "none")  # worst first


class Reason(msgspec.Struct, frozen=True):
    """Why, as a code and the facts that fill its sentence."""

    code: str
    facts: dict[str, str | int | float] = {}


class Span(msgspec.Struct, frozen=True):
    """A stretch of characters that differs: [start, end) in code points."""

    start: int
    end: int


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One match. `score` runs from 0 to 1; `id` is stable for the same subject, entry and list number."""

    id: str
    subject: Subject
    entry: str  # the list's own number for the entry
    listed_name: str
    alias: bool = False  # the match is on an alias, not on the primary name
    source: str = ""  # which list: ofac-sdn, un, ...
    programme: str = ""
    listed_on: str = ""
    score: float
    band: Band
    reasons: tuple[Reason, ...] = ()
    differs_query: tuple[Span, ...] = ()
    differs_listed: tuple[Span, ...] = ()


Action = Literal["controlled", "ask_headquarters", "none", "not_understood"]


class SubstanceMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One substance the text, number or structure means.

    `id` is stable for the same subject, substance and lists; a person's judgement is remembered by it.
    `limb` is the part of a class rule that the structure falls under, `nearest` the listed substance most
    like it where it is not listed itself; `drawing` is the structure an officer is shown.
    """

    id: str = ""
    name: str
    cas: str = ""
    lists: tuple[str, ...] = ()  # "UN-1988 Table I", "US-CSA List I", ...
    rule: str = ""  # class rule, when the law controls a class
    limb: str = ""
    nearest: str = ""
    score: float = 1.0
    reasons: tuple[Reason, ...] = ()
    verified: bool = True  # False: the row was not checked against its source, and is shown so
    drawing: Drawing | None = None


class SubstanceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one goods subject was understood to be, and which papers the law asks for.

    `reasons` say what could not be read and what counts for nothing; `edition` is that of the substance
    lists.
    """

    subject: Subject
    action: Action
    substances: tuple[SubstanceMatch, ...] = ()
    documents_required: tuple[str, ...] = ()  # document kinds, e.g. "cbn_noc"
    reasons: tuple[Reason, ...] = ()
    edition: str = ""


def hits_of(answer: SubstanceAnswer) -> tuple[Hit, ...]:
    """Return the substances of an answer as hits, to be judged by a person like any other."""
    if answer.action not in ("controlled", "ask_headquarters"):
        return ()
    return tuple(
        Hit(
            id=match.id,
            subject=answer.subject,
            entry=match.cas or match.rule or match.name,
            listed_name=match.name,
            source="substances",
            programme=", ".join(match.lists),
            score=match.score,
            band="strong" if answer.action == "controlled" else "review",
            reasons=match.reasons,
        )
        for match in answer.substances
        if match.id
    )


class Adjudication(msgspec.Struct, frozen=True, kw_only=True):
    """A person's judgement of one hit: true, false or unsure, with the reason and who gave it.

    `remembered` is the number of the inspection it was given in, where memory brought it to this one.
    """

    hit: str
    verdict: Literal["true", "false", "unsure"]
    reason: str
    by: str
    at: str
    remembered: str = ""
