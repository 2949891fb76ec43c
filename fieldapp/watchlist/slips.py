"""Numbers with a check digit, and what a number that fails it may have been meant as.

Only a number that fails its own check digit has near matches: a neighbour of a valid number is simply
another valid number. Known: GTIN (modulo 10), IMO ship numbers, ISO 6346 containers.
"""

import re
from collections.abc import Callable, Iterator

from fieldapp.identifiers import container

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_imo(number: str) -> bool:
    """Say whether seven digits are an IMO ship number."""
    return sum(int(digit) * (7 - at) for at, digit in enumerate(number[:6])) % 10 == int(number[6])


def is_gtin(number: str) -> bool:
    """Say whether 8, 12, 13 or 14 digits are a GTIN."""
    weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(number)))
    return weighed % 10 == 0


def _rule(number: str) -> Callable[[str], bool] | None:
    if re.fullmatch(r"[A-Z]{4}\d{7}", number):
        return container.is_valid
    if re.fullmatch(r"\d{7}", number):
        return is_imo
    return is_gtin if re.fullmatch(r"\d{8}|\d{12,14}", number) else None


def meant(number: str) -> Iterator[str]:
    """Yield the valid numbers one wrong or two swapped characters away; none for a valid number."""
    rule = _rule(number)
    if rule is None or rule(number):
        return
    for at, character in enumerate(number):
        for other in _DIGITS if character in _DIGITS else _LETTERS:
            changed = number[:at] + other + number[at + 1 :]
            if other != character and rule(changed):
                yield changed
    for at in range(len(number) - 1):
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if swapped != number and _rule(swapped) is rule and rule(swapped):
            yield swapped
