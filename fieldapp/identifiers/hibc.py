"""HIBC labels of medical devices: supplier labelling standard, ANSI/HIBC 2.6.

Promises: primary, secondary and combined codes; every date form (MMYY, MMDDYY, YYMMDD with or without hour,
year and day of year); serial, quantity and the added fields /S, /14D, /16D, /Q. The check character
(modulo 43) is judged and never needed for the other fields.
"""

import re
from datetime import date, timedelta

from fieldapp.identifiers.dates import full_year
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_PRIMARY = re.compile(r"([A-Z][0-9A-Z]{3})([0-9A-Z]{1,18})([0-9])")
_SECONDARY = re.compile(r"(\$\$\+?|\$\+?|[0-9]{5})(.*)", re.DOTALL)
# What one digit after $$ announces: length of the day that follows, and its form.
_DAYS = {
    "2": (6, "%m%d%y"),
    "3": (6, "%y%m%d"),
    "4": (8, "%y%m%d%H"),
    "5": (5, "%y%j"),
    "6": (7, "%y%j%H"),
    "7": (0, ""),
}
_QUANTITIES = {"8": 2, "9": 5}
_EXTRA = {"S": "serial", "14D": "expiry", "16D": "production", "Q": "count"}
_ADDED = re.compile(r"(14D|16D|S|Q)(.+)", re.DOTALL)


def check_character(body: str) -> str | None:
    """Return the modulo 43 character for `body` (with its leading +), None where it holds others."""
    if any(character not in _CHARACTERS for character in body):
        return None
    return _CHARACTERS[sum(map(_CHARACTERS.index, body)) % 43]


def read(source: Source, today: date) -> Identified | None:
    """Return the fields of an HIBC code, or None where the text is none."""
    text = source.body.strip("*")
    if len(text) < 7 or text[0] != "+":
        return None
    body, check = text[:-1], text[-1]
    first, *added = body[1:].split("/")
    found: dict[str, str] = {}
    primary = _PRIMARY.fullmatch(first)
    if primary and not only_digits(first[0]):
        found = {"labeler": primary[1], "product": primary[2], "unit": primary[3]}
    elif not _secondary(first[:-1], found, today):  # the last character links it to its primary code
        return None
    for piece in added:
        extra = _ADDED.fullmatch(piece)
        if extra:
            _add(_EXTRA[extra[1]], extra[2], found)
        else:
            _secondary(piece, found, today)
    issues = []
    if check_character(body) != check:
        issues.append(Issue(rule="hibc-check-character", position=source.text.rfind(text) + len(text) - 1))
    elements = tuple(Element(ai=name, title=_TITLES[name], value=value) for name, value in found.items())
    return Identified(
        kind="hibc", text=source.text, elements=elements, identifiers=found, issues=tuple(issues)
    )


_TITLES = {
    "labeler": "LIC", "product": "PCN", "unit": "UNIT OF MEASURE", "batch": "LOT", "serial": "SERIAL",
    "expiry": "EXPIRY", "production": "PRODUCTION", "count": "QUANTITY",
}  # fmt: skip


def _secondary(piece: str, found: dict[str, str], today: date) -> bool:
    """Take the lot, serial, quantity and day of one secondary field; say whether it was one."""
    shape = _SECONDARY.fullmatch(piece)
    if not shape:
        return False
    mark, rest = shape[1], shape[2]
    if only_digits(mark):
        _day(mark, "%y%j", found, today)
        _put("batch", rest, found)
    elif mark in ("$", "$+"):
        _put("serial" if mark == "$+" else "batch", rest, found)
    else:
        rest = _after_quantity(rest, found)
        length, form = _DAYS.get(rest[:1], (4, "%m%y"))
        start = 1 if rest[:1] in _DAYS else 0
        if form:
            _day(rest[start : start + length], form, found, today)
        _put("serial" if mark == "$$+" else "batch", rest[start + length :], found)
    return True


def _after_quantity(rest: str, found: dict[str, str]) -> str:
    length = _QUANTITIES.get(rest[:1], 0)
    if length and only_digits(rest[1 : 1 + length]):
        _put("count", rest[1 : 1 + length].lstrip("0") or "0", found)
        return rest[1 + length :]
    return rest


def _put(name: str, value: str, found: dict[str, str]) -> None:
    if value:
        found.setdefault(name, value)


def _add(name: str, value: str, found: dict[str, str]) -> None:
    if name in ("expiry", "production"):
        try:
            value = date(int(value[:4]), int(value[4:6]), int(value[6:8])).isoformat()
        except ValueError:
            return
    _put(name, value, found)


def _day(digits: str, form: str, found: dict[str, str], today: date) -> None:
    if not only_digits(digits):
        return
    try:
        if form.startswith("%y%j"):
            start = date(full_year(int(digits[:2]), today), 1, 1)
            day = start + timedelta(days=int(digits[2:5]) - 1)
        elif form == "%m%y":
            year, month = full_year(int(digits[2:4]), today), int(digits[:2])
            day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        elif form == "%m%d%y":
            day = date(full_year(int(digits[4:6]), today), int(digits[:2]), int(digits[2:4]))
        else:
            day = date(full_year(int(digits[:2]), today), int(digits[2:4]), int(digits[4:6]))
    except (ValueError, OverflowError):
        return
    _put("expiry", day.isoformat(), found)
