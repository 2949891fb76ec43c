"""Dates and times as digits. Day 00 stands for the last day of the month where a rule allows it."""

from calendar import monthrange

from fieldapp.identifiers.rules.characters import digits
from fieldapp.identifiers.rules.fault import Fault, whole


def yymmdd(value: str) -> Fault | None:
    """Two-digit year, month, day."""
    return _date(value, 2, zero_day=False)


def yymmd0(value: str) -> Fault | None:
    """Two-digit year, month, day or 00."""
    return _date(value, 2, zero_day=True)


def yyyymmdd(value: str) -> Fault | None:
    """Four-digit year, month, day."""
    return _date(value, 4, zero_day=False)


def yyyymmd0(value: str) -> Fault | None:
    """Four-digit year, month, day or 00."""
    return _date(value, 4, zero_day=True)


def _date(value: str, year_digits: int, *, zero_day: bool) -> Fault | None:
    if len(value) < year_digits + 4:
        return whole("date-too-short", value)
    if len(value) > year_digits + 4:
        return whole("date-too-long", value)
    fault = digits(value)
    if fault:
        return fault
    year, month, day = int(value[:year_digits]), int(value[-4:-2]), int(value[-2:])
    if not 1 <= month <= 12:
        return Fault("illegal-month", year_digits, year_digits + 2)
    if day == 0 and zero_day:
        return None
    # 2000 and 2100 differ, but a two-digit 00 is read as the leap year 2000.
    if not 1 <= day <= monthrange(max(year + (2000 if year_digits == 2 else 0), 1), month)[1]:
        return Fault("illegal-day", year_digits + 2, year_digits + 4)
    return None


def hh(value: str) -> Fault | None:
    """Hour, 00 to 23."""
    return _part(value, "hour", 24)


def mi(value: str) -> Fault | None:
    """Minute, 00 to 59."""
    return _part(value, "minute", 60)


def ss(value: str) -> Fault | None:
    """Second, 00 to 59."""
    return _part(value, "second", 60)


def hhmi(value: str) -> Fault | None:
    """Hour and minute."""
    if len(value) != 4:
        return whole("hour-with-minute-too-" + ("short" if len(value) < 4 else "long"), value)
    fault = digits(value)
    if fault:
        return fault
    if int(value[:2]) > 23:
        return Fault("illegal-hour", 0, 2)
    return Fault("illegal-minute", 2, 4) if int(value[2:]) > 59 else None


def _part(value: str, name: str, limit: int) -> Fault | None:
    if len(value) != 2:
        return whole(f"{name}-too-" + ("short" if len(value) < 2 else "long"), value)
    return digits(value) or (whole(f"illegal-{name}", value) if int(value) >= limit else None)
