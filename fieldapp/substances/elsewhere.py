"""Substances that only the lists of other countries control, in a consignment seen in India.

Ordinary medicines stand on such lists. Says nothing of a class rule, of a list whose country is not known
here (an order of headquarters), or of a schedule that allows no medicine: those count wherever goods go.
"""

from collections.abc import Collection

from fieldapp.substances.answer import Match

_EU = frozenset({  # ISO 3166-1 alpha-2, in small letters
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu",
    "ie", "it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk",
})  # fmt: skip
# List -> the countries it binds.
_COUNTRIES: dict[str, frozenset[str]] = {
    "US-CSA": frozenset({"us"}),
    "EU-273/2004": _EU,
    "CN-445": frozenset({"cn"}),
    "CN-NPS-2015": frozenset({"cn"}),
    "UK-MDA": frozenset({"gb"}),
    "DE-NpSG": frozenset({"de"}),
}
_NO_MEDICINE = ("US-CSA Schedule I", "CN-NPS-2015 controlled")  # "(temporary)" may stand behind
_BINDS_NOBODY = "INCB-ISSL"


def is_elsewhere(match: Match, countries: Collection[str]) -> bool:
    """Say whether all lists of `match` are those of other countries, none of them among `countries`."""
    if match.rule:
        return False
    there = {country.casefold() for country in countries}
    lists = [label for label in match.lists if label.partition(" ")[0] != _BINDS_NOBODY]
    return bool(lists) and all(_is_foreign(label, there) for label in lists)


def _is_foreign(label: str, there: set[str]) -> bool:
    name = label.partition(" ")[0]
    if label.partition(" (")[0] in _NO_MEDICINE or name not in _COUNTRIES:
        return False
    return not _COUNTRIES[name] & there
