"""Which papers the law asks for, and whether those at hand will do.

The rules are data (`resources/substances/papers.toml`). A paper does not do if its last day has passed,
if what is left of its sanctioned quantity is less than the shipment, or if another office issued it: an
Export NOC from the drug regulator does not cover what the narcotics law controls.
"""

import tomllib
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import msgspec

import resources
from fieldapp.substances.answer import Direction, Match, PaperKind

State = Literal["ok", "missing", "expired", "exhausted", "wrong_authority"]
# When several papers of a kind are at hand, the one that comes furthest counts.
_BEST_FIRST: tuple[State, ...] = ("ok", "exhausted", "expired", "wrong_authority", "missing")


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper at hand. Quantities are kilograms; `used_kg` is what earlier shipments took of it."""

    kind: str
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    valid_to: date | None = None
    quantity_kg: float | None = None
    used_kg: float | None = None


class PaperStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One paper the law asks for and how it stands; number and last day are those of the paper at hand."""

    kind: PaperKind
    state: State
    number: str = ""
    valid_to: date | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One list asks for one paper in one direction; no schedules means any, no countries means all."""

    list: str
    schedules: tuple[str, ...]
    direction: Direction
    paper: PaperKind
    authority: str
    verified: Literal["primary", "secondary", "no"]
    source: str
    countries: tuple[str, ...] = ()


class WrongAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """Papers and issuers that are taken for the paper `asked` and are not it."""

    asked: PaperKind
    papers: tuple[str, ...]
    issuers: tuple[str, ...]


class Holds(msgspec.Struct, frozen=True, kw_only=True):
    """How many days a paper holds that names no last day."""

    paper: str
    days: int
    source: str


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    rule: tuple[Rule, ...]
    wrong_authority: tuple[WrongAuthority, ...]
    holds: tuple[Holds, ...]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules, read once in this process."""
    return msgspec.convert(
        tomllib.loads(resources.path("substances", "papers.toml").read_text("utf-8")), Rules
    )


def required(
    lists: Collection[str], direction: Direction, countries: Collection[str] = ()
) -> tuple[PaperKind, ...]:
    """Return the papers asked for by `lists` ("LIST Schedule" strings) in `direction`.

    `countries` are the ISO 3166-1 alpha-2 codes of the parties. Goods in transit leave and enter: what
    either direction asks for is asked.
    """
    directions = ("export", "import") if direction == "transit" else (direction,)
    there = {country.lower() for country in countries}
    kinds = [
        rule.paper
        for rule in rules().rule
        if rule.direction in directions
        and (not rule.countries or there.intersection(rule.countries))
        and any(_applies(rule, label) for label in lists)
    ]
    return tuple(dict.fromkeys(kinds))


def check(
    documents: Iterable[Paper],
    substances: Iterable[Match],
    kg: float | None,
    on: date,
    *,
    direction: Direction = "export",
    countries: Collection[str] = (),
) -> tuple[PaperStanding, ...]:
    """Return how each paper stands that the lists of `substances` ask for, for `kg` net on the day `on`."""
    at_hand = tuple(documents)
    lists = tuple(dict.fromkeys(label for match in substances for label in match.lists))
    return tuple(standing(kind, at_hand, kg, on) for kind in required(lists, direction, countries))


def standing(kind: PaperKind, documents: Collection[Paper], kg: float | None, on: date) -> PaperStanding:
    """Return how the paper `kind` stands among `documents`."""
    found = [(state, paper) for paper in documents if (state := _state(kind, paper, kg, on)) != "missing"]
    if not found:
        return PaperStanding(kind=kind, state="missing")
    state, paper = min(found, key=lambda pair: _BEST_FIRST.index(pair[0]))
    return PaperStanding(kind=kind, state=state, number=paper.number, valid_to=last_day(paper))


def last_day(paper: Paper) -> date | None:
    """Return the last day `paper` holds: its own, or by the rule for its kind; None if neither says."""
    if paper.valid_to is not None or paper.issued is None:
        return paper.valid_to
    days = next((held.days for held in rules().holds if held.paper == paper.kind), None)
    return None if days is None else paper.issued + timedelta(days=days)


def _state(kind: PaperKind, paper: Paper, kg: float | None, on: date) -> State:
    if _wrong_authority(kind, paper):
        return "wrong_authority"
    if paper.kind != kind or (paper.issued is not None and paper.issued > on):
        return "missing"
    last = last_day(paper)
    if last is not None and last < on:
        return "expired"
    if paper.quantity_kg is not None:
        left = paper.quantity_kg - (paper.used_kg or 0.0)
        if left < (kg or 0.0) or left <= 0:
            return "exhausted"
    return "ok"


def _wrong_authority(kind: PaperKind, paper: Paper) -> bool:
    issuer = paper.issuer.casefold()
    return any(
        rule.asked == kind
        and (
            paper.kind in rule.papers or (paper.kind == kind and any(word in issuer for word in rule.issuers))
        )
        for rule in rules().wrong_authority
    )


def _applies(rule: Rule, label: str) -> bool:
    if not rule.schedules:
        return label == rule.list or label.startswith(f"{rule.list} ")
    return any(label == f"{rule.list} {schedule}" for schedule in rule.schedules)
