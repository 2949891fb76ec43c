"""EC numbers (EINECS, ELINCS, NLP): seven digits as 200-662-2, the last one a check digit.

The check digit is the sum of the first six digits, each times its place, modulo 11; a remainder of 10 is
never given out (Commission Regulation (EC) No 1272/2008, annex VI, 1.1.1.2). The shape is that of many
telephone and order numbers, so a number counts only behind its label, or among chemicals with its check digit
right.
"""

import re

import msgspec

_DASH = r"[-‐‑‒–—―−﹣]"
_NUMBER = rf"([2-9][0-9]{{2}}){_DASH}([0-9]{{3}}){_DASH}([0-9])(?![0-9A-Za-z]|{_DASH}[0-9])"
_LABELLED = re.compile(
    rf"(?<![A-Za-z])(?:EC|EINECS|ELINCS|NLP)(?:[\s/-]?(?:list|no|number|num|nr|#)\b\.?)?[\s:#=.]*{_NUMBER}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![0-9A-Za-z./+-]){_NUMBER}")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A number as found, in its usual form, and whether its check digit agrees."""

    ec: str
    text: str
    valid: bool


def is_valid(ec: str) -> bool:
    """Say whether `ec` (NNN-NNN-C) has the check digit it should have."""
    digits = ec.replace("-", "")
    if len(digits) != 7 or not digits.isdecimal():
        return False
    return sum(place * int(digit) for place, digit in enumerate(digits[:6], 1)) % 11 == int(digits[6])


def find(text: str, *, chemical: bool) -> tuple[Found, ...]:
    """Return the numbers in `text`: labelled ones, and bare right ones where it talks of chemicals."""
    found: dict[str, Found] = {}
    for hit in _LABELLED.finditer(text):
        ec = "-".join(hit.groups())
        found[ec] = Found(ec=ec, text=hit[0], valid=is_valid(ec))
    if chemical:
        for hit in _BARE.finditer(text):
            ec = "-".join(hit.groups())
            if ec not in found and is_valid(ec):
                found[ec] = Found(ec=ec, text=hit[0], valid=True)
    return tuple(found.values())
