"""One listed person, company, vessel, aircraft, substance or other thing, as its publisher lists it.

Names keep the publisher's spelling and the quality the publisher gives them. Countries are ISO 3166-1
alpha-2 in lower case where the name of the country is known, else the words as published. Dates are
ISO 8601, whole or in part ("1961", "1961-04").
"""

from typing import Literal

import msgspec

EntryKind = Literal["person", "company", "vessel", "aircraft", "substance", "other"]
Quality = Literal["primary", "aka", "weak", "former"]

FIELD_LIMIT = 20_000  # characters
LINE_LIMIT = 64 * 1024  # bytes an entry may take as one line


class ListedName(msgspec.Struct, frozen=True):
    """A name and how much its publisher stands by it."""

    text: str
    quality: Quality = "primary"


class ListedIdentifier(msgspec.Struct, frozen=True):
    """A number, address on the net or registration: `type` is passport, imo, website, email, ..."""

    type: str
    value: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a list. `id` is the publisher's own; with `source` it is unique."""

    id: str
    source: str
    kind: EntryKind
    names: tuple[ListedName, ...]
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    identifiers: tuple[ListedIdentifier, ...] = ()
    addresses: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    father: str = ""
    gender: str = ""
    programme: str = ""
    listed_on: str = ""
    remarks: str = ""

    @property
    def key(self) -> str:
        """What identifies the entry among all lists."""
        return f"{self.source}:{self.id}"

    @property
    def primary(self) -> str:
        """The name the publisher puts first."""
        for name in self.names:
            if name.quality == "primary":
                return name.text
        return self.names[0].text
