"""GS1 dates become calendar days, with the century chosen by a day given from outside.

Source: GS1 General Specifications 7.12: a two-digit year 51 to 99 years ahead lies in the last century,
50 to 99 years behind in the next; day 00 is the last day of the month.
"""

from calendar import monthrange
from datetime import date

from fieldapp.identifiers.digits import only_digits


def full_year(two_digits: int, today: date) -> int:
    """Return the four-digit year meant by two digits, seen from `today`."""
    century = today.year // 100 * 100
    ahead = two_digits - today.year % 100
    if ahead >= 51:
        return century + two_digits - 100
    if ahead <= -50:
        return century + two_digits + 100
    return century + two_digits


def day(yymmdd: str, today: date) -> date | None:
    """Return the day six digits mean, or None where they mean none."""
    if len(yymmdd) != 6 or not only_digits(yymmdd):
        return None
    year, month, number = full_year(int(yymmdd[:2]), today), int(yymmdd[2:4]), int(yymmdd[4:])
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    last = monthrange(year, month)[1]
    if number > last:
        return None
    return date(year, month, number or last)
