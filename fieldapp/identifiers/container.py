"""Freight container numbers of ISO 6346: owner code, category U, J or Z, six digits, one check digit.

Promises: spaces, hyphens and a boxed check digit are accepted; a size and type code after the number is
kept. The check digit is the sum of the values times powers of two, modulo 11, with 10 written as 0.
"""

import re
from datetime import date

from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

_SHAPE = re.compile(
    r"([A-Z]{3})[\s-]?([UJZ])[\s-]?([0-9]{3})[\s.-]?([0-9]{3})[\s/-]{0,2}\[?([0-9])\]?(?:\s+([0-9A-Z]{2}[0-9A-Z]{2}))?"
)
# Letters count from 10 and leave out the multiples of eleven.
_LETTERS = (number for number in range(10, 39) if number % 11)
_VALUES: dict[str, int] = {str(digit): digit for digit in range(10)}
_VALUES.update(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LETTERS, strict=True))


def check_digit(ten: str) -> int:
    """Return the check digit for the four letters and six digits of a container number."""
    return sum(_VALUES[character] << place for place, character in enumerate(ten)) % 11 % 10


def is_valid(number: str) -> bool:
    """Say whether `number`, "CSQU3054383", has the right shape and check digit."""
    found = _SHAPE.fullmatch(number.strip().upper())
    return found is not None and check_digit("".join(found.group(1, 2, 3, 4))) == int(found[5])


def read(source: Source, today: date) -> Identified | None:
    """Return the container number a text consists of, or None."""
    del today
    found = _SHAPE.fullmatch(source.body.strip().upper())
    if not found:
        return None
    ten = "".join(found.group(1, 2, 3, 4))
    number = ten + found[5]
    issues: tuple[Issue, ...] = ()
    if check_digit(ten) != int(found[5]):
        lead = len(source.body) - len(source.body.lstrip())
        issues = (Issue(rule="iso6346-check-digit", position=source.offset + lead + found.start(5)),)
    elements = [Element(ai="container", title="ISO 6346", value=number)]
    if found[6]:
        elements.append(Element(ai="size_type", title="ISO 6346 size and type", value=found[6]))
    return Identified(
        kind="iso6346",
        text=source.text,
        elements=tuple(elements),
        identifiers={"container": number},
        issues=issues,
    )
