"""What stands beside a name: country, birth date, kind, quality of the alias. Signed terms, each shown.

What agrees raises a score a little; what is known to differ lowers it or caps it, and never hides a hit
that the name alone would have made. A field that nobody filled in says nothing.
"""

from collections.abc import Iterable

from fieldapp.screening.hit import Reason
from fieldapp.screening.subject import Subject
from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import Entry, ListedName
from fieldapp.watchlist.identifier_keys import numbers_in, plain

COUNTRY = 0.03
_BIRTH_DAY, _BIRTH_YEAR, _IDENTIFIER = 0.06, 0.04, 0.12
_COUNTRY_DIFFERS, _KIND_DIFFERS = -0.04, -0.12
_HARD_CAP = 0.79
_WEAK_ALIAS, _WEAK_ALIAS_CAP = -0.08, 0.82
_YEARS_APART = 1


def beside(subject: Subject, entry: Entry, name: ListedName) -> list[Reason]:
    """Return the reasons that fields other than the name give."""
    found: list[Reason] = []
    if name.quality == "weak":
        found.append(Reason("alias-weak", {"listed": name.text, "term": _WEAK_ALIAS, "cap": _WEAK_ALIAS_CAP}))
    elif name.quality == "former":
        found.append(Reason("name-former", {"listed": name.text}))
    found += _kind(subject, entry)
    found += _country(subject, entry)
    found += _birth(subject, entry)
    found += _identifier(subject, entry)
    return found


def corroborated(reasons: list[Reason]) -> bool:
    """Say whether something beside the name agrees."""
    return any(float(reason.facts.get("term", 0.0)) > 0 for reason in reasons)


def _kind(subject: Subject, entry: Entry) -> list[Reason]:
    told = {"person": "person", "company": "company", "vessel": "vessel", "aircraft": "vessel"}.get(
        entry.kind
    )
    if not subject.entity or told is None or told == subject.entity:
        return []
    return [Reason(f"kind-is-{entry.kind}", {"query": subject.entity, "term": _KIND_DIFFERS})]


def _country(subject: Subject, entry: Entry) -> list[Reason]:
    mine, theirs = set(countries.codes(subject.countries)), set(entry.countries)
    if not mine or not theirs:
        return []
    shared = mine & theirs
    if shared:
        return [Reason("country-agrees", {"country": _shown(shared), "term": COUNTRY})]
    facts: dict[str, str | int | float] = {
        "query": _shown(mine),
        "listed": _shown(theirs),
        "term": _COUNTRY_DIFFERS,
    }
    return [Reason("country-differs", facts)]


def _shown(codes: Iterable[str]) -> str:
    """Return country codes as ISO 3166 writes them."""
    return ", ".join(sorted(codes)).upper()


def _birth(subject: Subject, entry: Entry) -> list[Reason]:
    mine = subject.birth_date.strip()
    if len(mine) < 4 or not mine[:4].isdigit() or not entry.birth_dates:
        return []
    whole = len(mine) == 10
    for theirs in entry.birth_dates:
        if whole and theirs == mine:
            return [Reason("birth-agrees", {"date": mine, "term": _BIRTH_DAY})]
    years = sorted({int(date[:4]) for date in entry.birth_dates if date[:4].isdigit()})
    if int(mine[:4]) in years:
        return [Reason("birth-year-agrees", {"year": mine[:4], "term": _BIRTH_YEAR})]
    if years and min(abs(int(mine[:4]) - year) for year in years) > _YEARS_APART:
        listed = ", ".join(entry.birth_dates[:3])
        return [Reason("birth-differs", {"query": mine, "listed": listed, "cap": _HARD_CAP, "term": -0.03})]
    return []


def _identifier(subject: Subject, entry: Entry) -> list[Reason]:
    mine = {number for value in subject.identifiers for number in numbers_in(value)}
    for identifier in entry.identifiers:
        if plain(identifier.value) in mine:
            facts: dict[str, str | int | float] = {
                "type": identifier.type or "number",
                "value": identifier.value,
                "term": _IDENTIFIER,
            }
            return [Reason("identifier-agrees", facts)]
    return []
