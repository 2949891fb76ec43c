"""Whether a list that names a substance reaches to its other stereoisomers, by the list's own wording.

The clauses are data (`resources/substances/isomers.toml`). An isomer that some list reaches to, or may reach
to because its wording is not known here, is a question for headquarters; one that no list reaches to is
noted and nothing more.
"""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

import resources
from fieldapp.substances import lists
from fieldapp.substances.answer import Reason
from fieldapp.substances.evidence import Evidence
from fieldapp.substances.lists import Lists, Substance

_ISOMER = ("structure-isomer", "form-isomer")


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of isomers; no schedules means all of them, no substances all that stand there."""

    list: str
    covered: bool
    wording: str
    source: str
    verified: Literal["primary", "secondary", "no"]
    schedules: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def clauses() -> tuple[Clause, ...]:
    """Return the clauses, read once in this process."""
    text = resources.path("substances", "isomers.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["clause"], tuple[Clause, ...])


def reaches(substance: Substance) -> bool:
    """Say whether a list in force that names `substance` reaches, or may reach, to its isomers."""
    return any(_reaches(substance.name, row) for row in substance.listings if lists.in_force(row))


def apart(known: Lists, evidence: Iterable[Evidence]) -> tuple[list[Evidence], tuple[Reason, ...]]:
    """Return the evidence that counts, and a note for each isomer that no list reaches to."""
    kept: list[Evidence] = []
    notes: list[Reason] = []
    for one in evidence:
        substance = known.substances.get(one.about)
        if substance is None or one.reason.code not in _ISOMER or reaches(substance):
            kept.append(one)
        else:
            notes.append(Reason("isomer-outside", {"name": substance.name}))
    return kept, tuple(notes)


def _reaches(name: str, row: lists.Listing) -> bool:
    for clause in clauses():
        if (
            clause.list == row.list
            and (not clause.schedules or row.schedule in clause.schedules)
            and (not clause.substances or name in clause.substances)
        ):
            return clause.covered
    return True
