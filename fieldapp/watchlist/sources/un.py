"""The consolidated list of the United Nations Security Council, in its XML.

Individuals and entities; the reference number ("CDi.001") is the entry's id. Alias quality "Low" is a
weak alias, "f.k.a." a former name. The original script is a name like any other.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import Entry, ListedIdentifier, Quality
from fieldapp.watchlist.sources.markup import Node, records
from fieldapp.watchlist.sources.refusal import Tell, distinct, silent, unique

NAME = "un"
_QUALITY: dict[str, Quality] = {"low": "weak", "f.k.a.": "former", "formerly known as": "former"}


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every file of `paths`."""
    for path in paths:
        for node in records(NAME, path, "CONSOLIDATED_LIST", frozenset({"INDIVIDUAL", "ENTITY"}), tell):
            yield _entry(node)


def _entry(node: Node) -> Entry:
    person = node.name == "INDIVIDUAL"
    addresses = list(node.all(f"{node.name}_ADDRESS"))
    nationality = [value.text for held in node.all("NATIONALITY") for value in held.all("VALUE")]
    places = [address.first("COUNTRY") for address in addresses]
    return Entry(
        id=node.first("REFERENCE_NUMBER") or node.first("DATAID"),
        source=NAME,
        kind="person" if person else "company",
        names=distinct(_names(node)),
        countries=countries.codes(unique([*nationality, *places])),
        birth_dates=unique(_births(node)),
        identifiers=tuple(_documents(node)),
        addresses=unique(_address(address) for address in addresses),
        cities=unique(address.first("CITY") for address in addresses),
        gender=node.first("GENDER").lower(),
        programme=node.first("UN_LIST_TYPE"),
        listed_on=node.first("LISTED_ON")[:10],
        remarks=node.first("COMMENTS1"),
    )


def _names(node: Node) -> Iterator[tuple[str, Quality]]:
    parts = [node.first(f"{order}_NAME") for order in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    primary: Quality = "primary"
    yield " ".join(part for part in parts if part), primary
    yield node.first("NAME_ORIGINAL_SCRIPT"), "aka"
    for alias in node.all(f"{node.name}_ALIAS"):
        yield alias.first("ALIAS_NAME"), _QUALITY.get(alias.first("QUALITY").lower(), "aka")


def _births(node: Node) -> Iterator[str]:
    for birth in node.all("INDIVIDUAL_DATE_OF_BIRTH"):
        if birth.first("DATE"):
            yield birth.first("DATE")[:10]
        elif birth.first("YEAR"):
            yield birth.first("YEAR")
        elif birth.first("FROM_YEAR"):
            first, last = birth.first("FROM_YEAR"), birth.first("TO_YEAR")
            span = range(int(first), int(last) + 1) if first.isdigit() and last.isdigit() else ()
            yield from (str(year) for year in list(span)[:30])


def _documents(node: Node) -> Iterator[ListedIdentifier]:
    for paper in node.all(f"{node.name}_DOCUMENT"):
        number = paper.first("NUMBER")
        if number:
            kind = "passport" if "passport" in paper.first("TYPE_OF_DOCUMENT").lower() else "national-id"
            yield ListedIdentifier(kind, number)


def _address(node: Node) -> str:
    parts = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
    return ", ".join(text for part in parts if (text := node.first(part)))
