"""Which element strings must, and must not, come together.

Promises: one issue for each broken association, at the place of the field that asks for it. GS1 judges
all codes of an item together, so a missing partner is a remark on this code, not proof of a forgery.
Source: GS1 General Specifications 4.13 and 4.14.
"""

from collections.abc import Iterator

from fieldapp.identifiers.identified import Issue
from fieldapp.identifiers.table import ApplicationIdentifier

Field = tuple[ApplicationIdentifier, str, int]
"""An application identifier, its value, and where it starts in the data."""

# The keys whose serial part is optional, with the length they have without it.
_UNSERIALISED = {"253": 13, "255": 13, "8003": 14}


def check(fields: list[Field]) -> list[Issue]:
    """Return an issue for each broken association."""
    present = {entry.ai for entry, _, _ in fields}
    issues: list[Issue] = []
    for entry, _, place in fields:
        if not entry.excludes.isdisjoint(present):
            issues += (
                Issue(rule="gs1-exclusive", position=place, facts={"ai": entry.ai, "other": other})
                for other in sorted(entry.excludes & present)
            )
        for number, group in enumerate(entry.requires):
            if not any(all(not names.isdisjoint(present) for names in choice) for choice in group):
                needs = entry.requires_text[number]
                issues.append(
                    Issue(rule="gs1-required", position=place, facts={"ai": entry.ai, "needs": needs})
                )
    if len(present) < len(fields):
        issues += _repeated(fields)
    if "8030" in present:
        issues += _signed(fields)
    return issues


def _repeated(fields: list[Field]) -> Iterator[Issue]:
    first: dict[str, str] = {}
    for entry, value, place in fields:
        if first.setdefault(entry.ai, value) != value:
            yield Issue(rule="gs1-repeated", position=place, facts={"ai": entry.ai})


def _signed(fields: list[Field]) -> Iterator[Issue]:
    for entry, value, place in fields:
        if _UNSERIALISED.get(entry.ai, -1) == len(value):
            yield Issue(rule="gs1-unserialised", position=place, facts={"ai": entry.ai})
