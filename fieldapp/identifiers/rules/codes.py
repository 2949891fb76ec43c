"""Values that must be on a published list: countries, currencies, package types, media.

The lists are data, in `resources/gs1/code_lists.txt`.
"""

import functools

import resources
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.rules.fault import Fault, whole


@functools.cache
def listed(name: str) -> frozenset[str]:
    """Return the codes of one list of the data file."""
    wanted: list[str] = []
    current = ""
    for line in resources.path("gs1", "code_lists.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif current == name and not line.startswith("#"):
            wanted += line.split()
    return frozenset(wanted)


def is_country_letters(value: str) -> bool:
    """Say whether `value` is an ISO 3166-1 alpha-2 code."""
    return value in listed("iso3166alpha2")


def country(value: str) -> Fault | None:
    """ISO 3166-1 numeric."""
    return None if value in listed("iso3166") else whole("not-iso3166", value)


def country_or_999(value: str) -> Fault | None:
    """ISO 3166-1 numeric, or 999 for several countries."""
    return None if value == "999" or value in listed("iso3166") else whole("not-iso3166-or-999", value)


def country_letters(value: str) -> Fault | None:
    """ISO 3166-1 alpha-2."""
    return None if is_country_letters(value) else whole("not-iso3166-alpha2", value)


def currency(value: str) -> Fault | None:
    """ISO 4217 numeric."""
    return None if value in listed("iso4217") else whole("not-iso4217", value)


def package(value: str) -> Fault | None:
    """A package type of UNECE Recommendation 21 or the GS1 list."""
    return None if value in listed("packagetype") else whole("invalid-package-type", value)


def media(value: str) -> Fault | None:
    """A GS1 AIDC media type: 01 to 10, or 80 to 99."""
    known = (
        len(value) == 2
        and value.isascii()
        and only_digits(value)
        and (1 <= int(value) <= 10 or int(value) >= 80)
    )
    return None if known else whole("invalid-media-type", value)


def sex(value: str) -> Fault | None:
    """ISO/IEC 5218."""
    return None if value in ("0", "1", "2", "9") else whole("invalid-biological-sex-code", value)


def winding(value: str) -> Fault | None:
    """Winding direction of a roll: 0, 1 or 9."""
    return None if value in ("0", "1", "9") else whole("invalid-winding-direction", value)


def yes_no(value: str) -> Fault | None:
    """0 or 1."""
    return None if value in ("0", "1") else whole("not-zero-or-one", value)
