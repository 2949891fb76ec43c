"""Transport numbers: parcel carriers, post, air waybills.

Promises: the shape and, where a carrier has one, the check digit decide. A shape no one else uses is named
even when its check digit is wrong, with an issue; bare digits are named only when the check digit fits,
and then as inferred, with the other carriers it would fit too. Sources: UPU S10, IATA Resolution 600a,
ISO 7064, and the carriers' published label guides.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.rules.codes import is_country_letters
from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.identifiers.source import Source

Check = Callable[[str], bool]

_PREFIXES = re.compile(r"(?:AWB|AIR ?WAYBILL|TRACKING)(?: ?(?:NO|NUMBER))?[.:# ]*", re.IGNORECASE)


def _value(character: str) -> int:
    # Letters count as UPS counts them: A is 2, B 3, and round again after ten.
    return int(character) if only_digits(character) else (ord(character) - 63) % 10


def _alternating(serial: str) -> bool:
    """Weights 1 and 2 from the left, letters as numbers; the last digit fills up to ten."""
    total = sum(_value(character) * (place % 2 + 1) for place, character in enumerate(serial[:-1]))
    return -total % 10 == int(serial[-1])


def _gs1(digits: str) -> bool:
    return mod10(digits[:-1]) == int(digits[-1])


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (place % 2 + 1)
        total += double // 10 + double % 10
    return total % 10 == 0


def _fedex(digits: str) -> bool:
    """Weights 1, 3, 7 from the right, modulo 11; ten is written 0."""
    total = sum(int(digit) * (1, 3, 7)[place % 3] for place, digit in enumerate(reversed(digits[:-1])))
    return total % 11 % 10 == int(digits[-1])


def _mod7(digits: str) -> bool:
    return int(digits[:-1]) % 7 == int(digits[-1])


def _s10(number: str) -> bool:
    total = sum(
        int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)
    )
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(number[10]) and is_country_letters(
        number[11:]
    )


def _mod37_36(number: str) -> bool:
    """ISO 7064 modulo 37,36 over digits and letters."""
    state = 36
    for character in number[:-1]:
        state = ((state + int(character, 36)) % 36 or 36) * 2 % 37
    return (state + int(number[-1], 36)) % 36 == 1


class Scheme(NamedTuple):
    """One kind of number. `part` is the slice the check covers; `own` shapes belong to this carrier alone."""

    carrier: str
    title: str
    shape: re.Pattern[str]
    check: Check | None
    start: int = 0
    end: int | None = None
    own: bool = True


def _scheme(
    carrier: str,
    title: str,
    shape: str,
    check: Check | None,
    start: int = 0,
    end: int | None = None,
    *,
    own: bool = True,
) -> Scheme:
    return Scheme(carrier, title, re.compile(shape), check, start, end, own)


SCHEMES: tuple[Scheme, ...] = (
    _scheme("ups", "UPS tracking number", r"1Z[0-9A-Z]{15}[0-9]", _alternating, 2),
    _scheme("upu", "UPU S10 postal item", r"[A-Z]{2}[0-9]{9}[A-Z]{2}", _s10),
    _scheme("amazon", "Amazon logistics", r"TB[A-Z][0-9]{12}", None),
    _scheme("amazon", "Amazon international", r"C[0-9]{10}", None),
    _scheme("ontrac", "OnTrac", r"[CD][0-9]{14}", _alternating),
    _scheme("ups", "UPS waybill", r"[AEHJKTVW][0-9]{10}", _alternating, 1),
    _scheme("canpar", "Canpar", r"[DLS][0-9]{21}", None),
    _scheme("dhl", "DHL eCommerce", r"GM[0-9A-F]{16,22}", None),
    _scheme("dhl", "DHL piece", r"J(?:JD[0-9]{10}|VGL[0-9]{10}|D[0-9]{18}|JD[0-9]{14,18})", None),
    _scheme("yodel", "Yodel", r"J[DJ][0-9]{16}", None),
    _scheme("landmark", "Landmark Global", r"LTN[0-9]{7,10}N[0-9]", None),
    _scheme("lasership", "LaserShip", r"1LS[0-9]{12}", None),
    _scheme("lasership", "LaserShip", r"1LSCX[0-9A-Z]{10}", None),
    _scheme("lasership", "LaserShip", r"L[AEHINX][1-3][0-9]{7}", None),
    _scheme("purolator", "Purolator", r"[A-Z]{3}[0-9]{9}", None),
    _scheme("speedee", "Spee-Dee", r"SP[0-9]{18}", None),
    _scheme("yunexpress", "YunExpress", r"YT[0-9]{16}", None),
    _scheme("dpd", "DPD parcel label", r"[0-9]{27}[0-9A-Z]", _mod37_36),
    _scheme("dpd", "DPD parcel", r"[0-9]{14}[A-Z]", _mod37_36),
    _scheme("fedex", "FedEx 34", r"(?:10[0-9]{2}|11[0-9]{2})[0-9]{30}", _fedex, 22),
    _scheme("fedex", "FedEx Ground GSN", r"96[0-9]{32}", _fedex, 22),
    _scheme("fedex", "FedEx ASTRA", r"[0-9]{32}", _fedex, 16, 28, own=False),
    _scheme("fedex", "FedEx Ground 96", r"96[0-9]{20}", _gs1, 7),
    _scheme("usps", "USPS with postcode", r"420[0-9]{5}9[1-5][0-9]{20}", _gs1, 8),
    _scheme("usps", "USPS with postcode", r"420[0-9]{9}9[1-5][0-9]{20}", _gs1, 12),
    _scheme("usps", "USPS", r"9[1-5][0-9]{20}", _gs1),
    _scheme("usps", "USPS", r"(?:0[1-9]|23|7[0-9])[0-9]{18}", _gs1, own=False),
    _scheme("fedex", "FedEx Ground SSCC", r"00[0-9]{16}", _gs1, own=False),
    _scheme("canadapost", "Canada Post", r"[0-9]{16}", _gs1, own=False),
    _scheme("fedex", "FedEx Ground", r"[0-9]{15}", _gs1, own=False),
    _scheme("dhl", "DHL eCommerce", r"60[0-9]{12}", None, own=False),
    _scheme("fedex", "FedEx Express", r"[0-9]{12}", _fedex, own=False),
    _scheme("purolator", "Purolator", r"[0-9]{12}", _luhn, own=False),
    _scheme("olddominion", "Old Dominion", r"[0-9]{11}", _luhn, own=False),
    _scheme("dhl", "DHL Express", r"[0-9]{10}", _mod7, own=False),
)
_AIR = re.compile(r"([0-9]{3})[- ]([0-9]{4})[ ]?([0-9]{4})|([0-9]{3})([0-9]{8})")


def read(source: Source, today: date) -> Identified | None:
    """Return the transport number a text consists of, or None."""
    del today
    body = source.body.strip()
    marked = _PREFIXES.match(body)
    bare = body[marked.end() :] if marked else body
    return _air(source, bare, marked=bool(marked)) or _carrier(source, bare)


def _air(source: Source, text: str, *, marked: bool) -> Identified | None:
    """An air waybill: airline prefix and serial; the last digit is the serial modulo seven."""
    found = _AIR.fullmatch(text)
    if not found or not (found[1] or marked):
        return None
    number = re.sub(r"\D", "", text)
    good = _mod7(number[3:])
    issue = Issue(rule="awb-check-digit", position=source.text.find(text) + len(text) - 1)
    return Identified(
        kind="awb",
        text=source.text,
        elements=(Element(ai="awb", title="Air waybill", value=f"{number[:3]}-{number[3:]}"),),
        identifiers={"awb": f"{number[:3]}-{number[3:]}"},
        issues=() if good else (issue,),
    )


def _carrier(source: Source, text: str) -> Identified | None:
    number = re.sub(r"[\s]", "", text).upper()
    if not 10 <= len(number) <= 40 or len(set(number)) < 3:
        return None
    fitting = [scheme for scheme in SCHEMES if scheme.shape.fullmatch(number)]
    good = [scheme for scheme in fitting if _holds(scheme, number)]
    named = good or [scheme for scheme in fitting if scheme.own]
    if not named:
        return None
    first = named[0]
    issues = (
        () if good else (Issue(rule="carrier-check-digit", position=source.text.find(text) + len(text) - 1),)
    )
    return Identified(
        kind="carrier",
        text=source.text,
        elements=(Element(ai=first.carrier, title=first.title, value=number),),
        identifiers={"tracking": number, "carrier": first.carrier},
        issues=issues,
        confidence="read" if first.own else "inferred",
        sure=first.own,
        alternatives=tuple({"tracking": number, "carrier": scheme.carrier} for scheme in named[1:]),
    )


def _holds(scheme: Scheme, number: str) -> bool:
    return scheme.check is None or scheme.check(number[scheme.start : scheme.end])
