"""The consolidated list of the European Union, in its XML (`export`) or its semicolon CSV.

The EU reference number is the entry's id. An alias that the publisher does not call strong is weak. In
the CSV every row holds one name, birth date, address or number of an entity; rows of an entity stand
together.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import LINE_LIMIT, Entry, EntryKind, ListedIdentifier, Quality
from fieldapp.watchlist.sources.markup import Node, records
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, lines, silent, unique

NAME = "eu"
_KINDS: dict[str, EntryKind] = {"p": "person", "person": "person", "e": "company", "enterprise": "company"}
_NUMBERS = {"passport": "passport", "id": "national-id", "imo": "imo", "regnumber": "registration"}


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every file of `paths`."""
    for path in paths:
        with path.open("rb") as raw:
            head = raw.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
        yield from _xml(path, tell) if head.startswith(b"<") else _csv(path, tell)


def _xml(path: Path, tell: Tell) -> Iterator[Entry]:
    for node in records(NAME, path, "export", frozenset({"sanctionEntity"}), tell):
        yield _entry(node)


def _entry(node: Node) -> Entry:
    kind = next((held.attributes.get("code", "") for held in node.all("subjectType")), "")
    addresses = [held.attributes for held in node.all("address")]
    regulation = next((held.attributes for held in node.all("regulation")), {})
    lands = [held.attributes.get("countryIso2Code", "") for held in node.all("citizenship")]
    lands += [address.get("countryIso2Code", "") for address in addresses]
    names = [
        (_whole(held.attributes), _quality(held.attributes, at))
        for at, held in enumerate(node.all("nameAlias"))
    ]
    if not any(text for text, _ in names):
        raise SourceRefused(source=NAME, file="", reason="empty", line=0)
    return Entry(
        id=node.attributes.get("euReferenceNumber") or node.attributes.get("logicalId", ""),
        source=NAME,
        kind=_KINDS.get(kind.lower(), "other"),
        names=distinct(names),
        countries=countries.codes(unique(land for land in lands if land != "00")),
        birth_dates=unique(
            held.attributes.get("birthdate") or held.attributes.get("year", "")
            for held in node.all("birthdate")
        ),
        identifiers=tuple(
            ListedIdentifier(_number_kind(held.attributes.get("identificationTypeCode", "")), number)
            for held in node.all("identification")
            if (number := held.attributes.get("number", "").strip())
        ),
        addresses=unique(_address(address) for address in addresses),
        cities=unique(address.get("city", "") for address in addresses),
        gender={"M": "male", "F": "female"}.get(
            next((held.attributes.get("gender", "") for held in node.all("nameAlias")), ""), ""
        ),
        programme=regulation.get("programme", ""),
        listed_on=regulation.get("publicationDate", "")[:10],
        remarks=" ".join(held.text for held in node.all("remark") if held.text),
    )


def _whole(name: dict[str, str]) -> str:
    parts = (name.get("firstName", ""), name.get("middleName", ""), name.get("lastName", ""))
    return name.get("wholeName") or " ".join(part for part in parts if part)


def _quality(name: dict[str, str], at: int) -> Quality:
    if name.get("strong", "true").lower() == "false":
        return "weak"
    return "primary" if at == 0 else "aka"


def _number_kind(code: str) -> str:
    return _NUMBERS.get(code.lower(), code.lower() or "national-id")


def _address(address: dict[str, str]) -> str:
    parts = ("street", "city", "zipCode", "countryDescription")
    return ", ".join(text for part in parts if (text := address.get(part, "")))


def _csv(path: Path, tell: Tell) -> Iterator[Entry]:
    with path.open("rb") as raw:
        raw.seek(0, 2)
        if raw.tell() == 0:
            raise SourceRefused(source=NAME, file=path.name, reason="empty", line=0)
        raw.seek(-1, 2)
        if raw.read(1) != b"\n":
            raise SourceRefused(source=NAME, file=path.name, reason="cut", line=0)
    rows = csv.reader(
        (text + "\n" for text in lines(NAME, path, tell, limit=LINE_LIMIT)), delimiter=";", strict=True
    )
    try:
        titles = [title.strip().lower() for title in next(rows, [])]
        if "entity_logicalid" not in titles or "namealias_wholename" not in titles:
            raise SourceRefused(source=NAME, file=path.name, reason="columns", line=1)
        held = (_row(path, rows.line_num, titles, row) for row in rows if row)
        for number, group in groupby(held, key=lambda row: row["entity_logicalid"]):
            yield _csv_entry(path, number, list(group))
    except csv.Error as error:
        raise SourceRefused(source=NAME, file=path.name, reason="cut", line=rows.line_num) from error


def _row(path: Path, line: int, titles: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(titles):
        raise SourceRefused(source=NAME, file=path.name, reason="columns", line=line)
    return dict(zip(titles, (cell.strip() for cell in row), strict=True))


def _csv_entry(path: Path, number: str, rows: list[dict[str, str]]) -> Entry:
    def every(title: str) -> tuple[str, ...]:
        return unique(row.get(title, "") for row in rows)

    def first(title: str) -> str:
        return next(iter(every(title)), "")

    names = every("namealias_wholename")
    if not names:
        raise SourceRefused(source=NAME, file=path.name, reason="empty", line=0)
    return Entry(
        id=first("entity_eu_referencenumber") or number,
        source=NAME,
        kind=_KINDS.get(first("entity_subjecttype").lower(), "other"),
        names=distinct((text, "primary" if at == 0 else "aka") for at, text in enumerate(names)),
        countries=countries.codes([*every("citizenship_countryiso2code"), *every("address_countryiso2code")]),
        birth_dates=unique((*every("birthdate_birthdate"), *every("birthdate_year"))),
        identifiers=tuple(
            ListedIdentifier(
                _number_kind(row.get("identification_typecode", "")), row["identification_number"]
            )
            for row in rows
            if row.get("identification_number")
        ),
        cities=every("address_city"),
        programme=first("entity_regulation_programme"),
        listed_on=first("entity_regulation_publicationdate")[:10],
        remarks=first("entity_remark"),
    )
