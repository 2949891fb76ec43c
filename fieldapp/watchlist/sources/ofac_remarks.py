"""What OFAC writes into the remarks: weak aliases, birth dates, nationality, numbers, web addresses.

Clauses are separated by semicolons. A clause nobody knows is left in the remarks and never guessed at.
"""

import re
from collections.abc import Iterator

import msgspec

from fieldapp.watchlist.entry import ListedIdentifier, Quality

_MONTHS = {
    month: f"{number:02d}"
    for number, month in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_WEAK = re.compile(r"^(?:alt\. )?([afn])\.k\.a\. '(.+?)'\.?$", re.IGNORECASE)
_DOB = re.compile(r"^(?:alt\. )?DOB (?:circa )?(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})")
_COUNTRY = re.compile(r"^(?:alt\. )?(?:nationality|citizen) (.+?)\.?$")
_GENDER = re.compile(r"^Gender (\w+)")
_NET = re.compile(r"^(?:alt\. )?(Website|Email)(?: Address)?:? *(\S+)", re.IGNORECASE)
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (
        kind,
        re.compile(rf"^(?:alt\. )?(?:{words})[.:#]* *(?:No\.?|#)? *([A-Z0-9][A-Z0-9 ./-]*)", re.IGNORECASE),
    )
    for kind, words in (
        ("imo", r"(?:Vessel Registration Identification|Company Number|Identification Number) IMO"),
        ("passport", r"(?:Stateless Person )?Passport"),
        ("mmsi", r"MMSI"),
        ("swift", r"SWIFT/BIC"),
        ("phone", r"(?:Tele)?phone(?: Number)?|Fax"),
        (
            "aircraft",
            r"Aircraft (?:Tail Number|Manufacturer's Serial Number \(MSN\)|Mode S Transponder Code)",
        ),
        (
            "national-id",
            r"National ID No|Cedula No|D\.N\.I|C\.U\.R\.P|I\.F\.E|NIT|Identification Number|SSN|NIE",
        ),
        ("tax", r"Tax ID No|V\.A\.T\. Number|R\.F\.C|RUC|US FEIN|Fiscal Code|Italian Fiscal Code"),
        (
            "registration",
            (
                r"Registration (?:ID|Number)|Company Number|Commercial Registry Number|Trade License No"
                r"|Business Registration (?:Number|Document)|Folio Mercantil No|Matricula Mercantil No"
                r"|Unified Social Credit Code \(USCC\)|License|Chamber of Commerce Number"
            ),
        ),
        ("wallet", r"Digital Currency Address - \w+"),
    )
)


class Remarks(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of the remarks that are understood."""

    names: tuple[tuple[str, Quality], ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[ListedIdentifier, ...] = ()
    gender: str = ""


def parse_remarks(text: str) -> Remarks:
    """Take the understood clauses out of `text`."""
    names: list[tuple[str, Quality]] = []
    births: list[str] = []
    lands: list[str] = []
    identifiers: list[ListedIdentifier] = []
    gender = ""
    for clause in _clauses(text):
        if weak := _WEAK.match(clause):
            names.append((weak[2], "former" if weak[1].lower() == "f" else "weak"))
        elif birth := _DOB.match(clause):
            births.append(_date(birth[1], birth[2], birth[3]))
        elif land := _COUNTRY.match(clause):
            lands.append(land[1])
        elif sex := _GENDER.match(clause):
            gender = sex[1].lower()
        elif net := _NET.match(clause):
            identifiers.append(ListedIdentifier(net[1].lower(), net[2].rstrip(".,;")))
        else:
            identifiers.extend(_number(clause))
    return Remarks(
        names=tuple(names),
        birth_dates=tuple(dict.fromkeys(births)),
        countries=tuple(dict.fromkeys(lands)),
        identifiers=tuple(dict.fromkeys(identifiers)),
        gender=gender,
    )


def _clauses(text: str) -> Iterator[str]:
    for clause in text.split(";"):
        clean = clause.strip()
        if clean.startswith("(Linked To"):
            continue
        yield clean


def _date(day: str | None, month: str | None, year: str) -> str:
    known = _MONTHS.get((month or "").lower())
    if known is None:
        return year
    return f"{year}-{known}-{int(day):02d}" if day else f"{year}-{known}"


def _number(clause: str) -> Iterator[ListedIdentifier]:
    for kind, pattern in _NUMBERS:
        if (found := pattern.match(clause)) and any(character.isdigit() for character in found[1]):
            value = re.split(r" (?:issued|expires|exp|\()", found[1], maxsplit=1)[0].strip(" .")
            yield ListedIdentifier(kind, value)
            return
        if kind == "swift" and found:
            yield ListedIdentifier(kind, found[1].strip(" ."))
            return
