"""CAS registry numbers: two to seven digits, two digits, one check digit.

The check digit is the sum of the digits before it, weighted 1, 2, 3... from the right, modulo 10
(Chemical Abstracts Service, "Check Digit Verification of CAS Registry Numbers").
"""

import re
from datetime import date

from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

_SHAPE = re.compile(
    r"(?:CAS(?:[ -]?(?:RN|No\.?))?[:\s#]*)?([1-9][0-9]{1,6})-([0-9]{2})-([0-9])", re.IGNORECASE
)


def is_valid(number: str) -> bool:
    """Say whether `number`, "64-17-5", has the right shape and check digit."""
    found = _SHAPE.fullmatch(number)
    return bool(found) and _check(found[1] + found[2]) == int(found[3])  # type: ignore[index]  # bool(found) holds


def read(source: Source, today: date) -> Identified | None:
    """Return the registry number a text consists of, or None."""
    del today
    found = _SHAPE.fullmatch(source.body.strip())
    if not found:
        return None
    number = f"{found[1]}-{found[2]}-{found[3]}"
    good = _check(found[1] + found[2]) == int(found[3])
    at = source.text.find(number) + len(number) - 1
    return Identified(
        kind="cas",
        text=source.text,
        elements=(Element(ai="cas", title="CAS RN", value=number),),
        identifiers={"cas": number},
        issues=() if good else (Issue(rule="cas-check-digit", position=at),),
    )


def _check(digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), start=1)) % 10
