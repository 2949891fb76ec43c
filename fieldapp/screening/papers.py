"""The papers of a consignment against what its controlled goods ask for.

Each paper asked for is judged once, for the net weight of the goods lines that ask for it. A line without
a weight makes the weight unknown, and then only what is certain is said: a quantity used up is
exhausted, a quantity left is not.
"""

import re
from collections.abc import Iterable
from datetime import date

from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.document import Document
from fieldapp.consignment.goods import GoodsLine
from fieldapp.screening.hit import SubstanceAnswer
from fieldapp.screening.verdict import PaperState
from fieldapp.substances.answer import PaperKind
from fieldapp.substances.papers import Paper, PaperStanding, required, standing

_LINE = re.compile(r"\bline (\d+)\b")


def paper_states(
    consignment: Consignment, answers: tuple[SubstanceAnswer, ...], on: date
) -> tuple[PaperState, ...]:
    """Return how each paper stands on the day `on` that the controlled goods of `consignment` ask for."""
    countries = {party.country for party in consignment.parties if party.country}
    papers = tuple(_paper(document) for document in consignment.documents)
    asking: dict[PaperKind, list[SubstanceAnswer]] = {}
    for answer in answers:
        if answer.action == "controlled":
            lists = [label for match in answer.substances for label in match.lists]
            for kind in required(lists, consignment.direction, countries):
                asking.setdefault(kind, []).append(answer)
    return tuple(
        _state(standing(kind, papers, net_kg(consignment, behind), on)) for kind, behind in asking.items()
    )


def net_kg(consignment: Consignment, answers: Iterable[SubstanceAnswer]) -> float | None:
    """Return the net kilograms of the goods lines behind `answers`; None where a weight is not known."""
    lines: dict[int, GoodsLine] = {}
    for answer in answers:
        line = _line(consignment, answer)
        if line is None or line.net_kg is None:
            return None
        lines[line.seq] = line
    return sum(line.net_kg or 0.0 for line in lines.values())


def _line(consignment: Consignment, answer: SubstanceAnswer) -> GoodsLine | None:
    """Find the goods line an answer is about: by the line number in its role, else by its words."""
    named = _LINE.search(answer.subject.role)
    if named:
        return next((line for line in consignment.goods if line.seq == int(named[1])), None)
    return next((line for line in consignment.goods if line.description == answer.subject.name), None)


def _paper(document: Document) -> Paper:
    return Paper(
        kind=document.kind,
        number=document.number,
        issuer=document.issuer,
        issued=document.issued,
        valid_to=document.valid_to,
        quantity_kg=document.quantity_kg,
        used_kg=document.used_kg,
    )


def _state(one: PaperStanding) -> PaperState:
    return PaperState(kind=one.kind, state=one.state, number=one.number, valid_to=one.valid_to)
