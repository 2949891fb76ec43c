"""Retail and outer-case numbers on their own: EAN-8, EAN-13, UPC-A, UPC-E and ITF-14.

Promises: the number as a 14-digit GTIN; a wrong check digit is an issue. Refuses: digits that no symbology
vouches for, since every tenth number has a fitting last digit.
"""

from datetime import date

from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.rules.numbers import check_digit
from fieldapp.identifiers.source import Source

_LENGTHS = (8, 12, 13, 14)


def read(source: Source, today: date) -> Identified | None:
    """Return the GTIN of a retail or ITF-14 symbol, or None."""
    del today
    digits = source.body[:13] if source.aim == "]E3" else source.body
    if source.aim[:2] not in ("]E", "]I") or not only_digits(digits):
        return None
    if len(digits) not in _LENGTHS or (source.aim[:2] == "]I" and len(digits) != 14):
        return None
    fault = check_digit(digits)
    value = digits.zfill(14)
    return Identified(
        kind="gs1",
        text=source.text,
        elements=(Element(ai="01", title="GTIN", value=value),),
        identifiers={"gtin": value},
        issues=(Issue(rule="gs1-" + fault.code, position=source.offset + fault.start, facts={"ai": "01"}),)
        if fault
        else (),
    )
