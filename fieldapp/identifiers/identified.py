"""What a symbol turned out to name."""

from typing import Literal

import msgspec


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One field: the application identifier (or other key), its title, its value as carried."""

    ai: str
    title: str
    value: str


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a field: the rule, and where in the data (0-based), -1 if nowhere in particular."""

    rule: str
    position: int = -1
    facts: dict[str, str | int | float] = {}


class Identified(msgspec.Struct, frozen=True, kw_only=True):
    """Fields and identifiers of one code.

    `kind` is gs1, digital_link, iso6346, cas, un, text, ... . `identifiers` uses the keys gtin, sscc,
    batch, serial, expiry (ISO 8601 date), production, container, cas, ... . `confidence` is "inferred"
    when separators had to be guessed; then `alternatives` holds the other readings, and `sure` says
    whether the first is far likelier than they are.
    """

    kind: str
    text: str
    elements: tuple[Element, ...] = ()
    identifiers: dict[str, str] = {}
    issues: tuple[Issue, ...] = ()
    confidence: Literal["read", "inferred"] = "read"
    sure: bool = True
    alternatives: tuple[dict[str, str], ...] = ()
