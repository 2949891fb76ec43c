"""The table of GS1 application identifiers, read once from `resources/gs1/application_identifiers.txt`.

Promises: every identifier of the data file with its parts, rules and associations; the layout is written
at the head of that file. Refuses: a table with an unknown rule does not load.
"""

import functools
import re
from collections.abc import Callable
from typing import NamedTuple

import resources
from fieldapp.identifiers.rules import RULES, Rule, characters

Names = frozenset[str]

_SETS: dict[str, Rule] = {
    "N": characters.digits,
    "X": characters.set_82,
    "Y": characters.set_39,
    "Z": characters.set_64,
}


class Part(NamedTuple):
    """One component: its character set, length bounds, rules, and whether it may be missing."""

    letter: str
    least: int
    most: int
    rules: tuple[Rule, ...]
    optional: bool


class ApplicationIdentifier(NamedTuple):
    """One application identifier.

    `requires` holds groups; each group holds alternatives; each alternative sets of identifiers, one of
    each of which must be present. `qualifiers` are the orders of qualifiers a digital link may have after
    this key.
    """

    ai: str
    title: str
    fixed: bool
    query: bool
    parts: tuple[Part, ...]
    least: int
    most: int
    requires: tuple[tuple[tuple[Names, ...], ...], ...]
    requires_text: tuple[str, ...]
    excludes: Names
    leads: bool
    qualifiers: tuple[tuple[str, ...], ...]


@functools.cache
def table() -> dict[str, ApplicationIdentifier]:
    """Return every application identifier by its digits."""
    lines: dict[str, list[str]] = {}
    for line in resources.path("gs1", "application_identifiers.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            columns = line.split("|")
            first, _, last = columns[0].partition("-")
            for number in range(int(first), int(last or first) + 1):
                lines[str(number).zfill(len(first))] = columns

    @functools.cache
    def matching(pattern: str) -> Names:
        form = re.compile(pattern.replace("n", "[0-9]"))
        return frozenset(ai for ai in lines if form.fullmatch(ai))

    return {ai: _entry(ai, columns, matching) for ai, columns in lines.items()}


def find(data: str, place: int) -> ApplicationIdentifier | None:
    """Return the application identifier that starts at `place`; none is a prefix of another."""
    known = table()
    for length in (2, 3, 4):
        entry = known.get(data[place : place + length])
        if entry is not None and len(entry.ai) == length:
            return entry
    return None


def _entry(ai: str, columns: list[str], matching: Callable[[str], Names]) -> ApplicationIdentifier:
    _, flags, parts_text, requires, excludes, path, title = columns
    parts = tuple(_part(text) for text in parts_text.split())
    key, _, orders = path.partition(" ")
    return ApplicationIdentifier(
        ai=ai,
        title=title,
        fixed="f" in flags,
        query="q" in flags,
        parts=parts,
        least=sum(part.least for part in parts if not part.optional),
        most=sum(part.most for part in parts),
        requires=tuple(
            tuple(tuple(map(matching, choice.split("+"))) for choice in group.split(","))
            for group in requires.split()
        ),
        requires_text=tuple(requires.split()),
        excludes=frozenset().union(*map(matching, filter(None, excludes.split(",")))) - {ai},
        leads=key == "key",
        qualifiers=tuple(tuple(order.split(",")) for order in orders.split(";") if order),
    )


def _part(text: str) -> Part:
    optional = text.startswith("(")
    shape, _, names = text.strip("()").partition(":")
    length = shape[1:]
    most = int(length.lstrip("-"))
    return Part(
        letter=shape[0],
        least=1 if length.startswith("-") else most,
        most=most,
        rules=(_SETS[shape[0]], *(RULES[name] for name in names.split(",") if name)),
        optional=optional,
    )
