"""OFAC's Specially Designated Nationals list in its three CSV files: SDN, ALT (aliases) and ADD (addresses).

The same list in its advanced XML is handed on to `ofac_advanced`.

The publisher writes no header row, `-0-` for nothing, CRLF, and one byte 0x1A at the end. Each file is
known by its number of columns: 12, 5 and 6. Identifiers, birth dates, nationality, websites and weak
aliases (`a.k.a. 'BNC'`) stand in the remarks of the SDN file. A cut file is told by a torn last line, by
the missing end byte together with aliases or addresses of people who are not there.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import LINE_LIMIT, Entry, EntryKind, Quality
from fieldapp.watchlist.sources import ofac_advanced
from fieldapp.watchlist.sources.ofac_remarks import Remarks, parse_remarks
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, lines, silent, unique

NAME = "ofac-sdn"
_COLUMNS = {12: "sdn", 5: "alt", 6: "add"}
_QUALITY: dict[str, Quality] = {"fka": "former", "nka": "aka", "aka": "aka"}
_END = b"\x1a"
Rows = dict[str, list[list[str]]]


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of the three CSV files, or of the advanced XML: the first byte says which it is."""
    marked = [path for path in paths if _is_markup(path)]
    for path in marked:
        yield from ofac_advanced.read(path, tell)
    if len(marked) < len(paths):
        yield from _tables([path for path in paths if path not in marked], tell)


def _is_markup(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _tables(paths: Sequence[Path], tell: Tell) -> Iterator[Entry]:
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(_part(path), path)
    if "sdn" not in found:
        raise SourceRefused(source=NAME, file=paths[0].name if paths else "", reason="files", line=0)
    aliases = _by_number(found.get("alt"), tell)
    addresses = _by_number(found.get("add"), tell)
    missing = set(aliases) | set(addresses)
    sdn = found["sdn"]
    whole = _ends_whole(sdn)
    for row in _rows(sdn, tell):
        missing.discard(row[0])
        yield _entry(row, aliases.get(row[0], []), addresses.get(row[0], []))
    if missing and not whole:
        raise SourceRefused(source=NAME, file=sdn.name, reason="cut", line=0)


def _part(path: Path) -> str:
    first = next(lines(NAME, path, limit=LINE_LIMIT), "")
    width = len(next(csv.reader([first]), []))
    if width not in _COLUMNS:
        raise SourceRefused(source=NAME, file=path.name, reason="columns", line=1)
    return _COLUMNS[width]


def _ends_whole(path: Path) -> bool:
    """Say whether the publisher's end byte is there; refuse a last line without an end."""
    with path.open("rb") as raw:
        raw.seek(0, 2)
        size = raw.tell()
        raw.seek(max(0, size - 8))
        tail = raw.read()
    body = tail.rstrip(_END)
    if not body.endswith((b"\n", b"\r")):
        raise SourceRefused(source=NAME, file=path.name, reason="cut", line=0)
    return tail.endswith(_END)


def _rows(path: Path, tell: Tell) -> Iterator[list[str]]:
    _ends_whole(path)
    rows = csv.reader((text + "\n" for text in lines(NAME, path, tell, limit=LINE_LIMIT)), strict=True)
    width = 0
    try:
        for row in rows:
            if row == [_END.decode()]:
                return
            width = width or len(row)
            if len(row) != width or not row[0].strip().isdigit():
                raise SourceRefused(source=NAME, file=path.name, reason="columns", line=rows.line_num)
            yield ["" if (value := cell.strip()) == "-0-" else value for cell in row]
    except csv.Error as error:
        raise SourceRefused(source=NAME, file=path.name, reason="cut", line=rows.line_num) from error


def _by_number(path: Path | None, tell: Tell) -> dict[str, list[list[str]]]:
    grouped: dict[str, list[list[str]]] = {}
    if path is not None:
        for row in _rows(path, tell):
            grouped.setdefault(row[0], []).append(row)
    return grouped


def _entry(row: list[str], aliases: list[list[str]], addresses: list[list[str]]) -> Entry:
    number, name, kind, programme, title, remarks = row[0], row[1], row[2], row[3], row[4], row[11]
    said = parse_remarks(remarks)
    places = [address[4] for address in addresses]
    return Entry(
        id=number,
        source=NAME,
        kind=_kind(kind, said),
        names=distinct(_names(name, aliases, said)),
        countries=countries.codes(unique([*said.countries, *places, row[9]])),
        birth_dates=said.birth_dates,
        identifiers=said.identifiers,
        addresses=unique(", ".join(part for part in address[2:5] if part) for address in addresses),
        cities=unique(_city(address[3]) for address in addresses),
        gender=said.gender,
        programme=", ".join(re.findall(r"[^\[\]\s][^\[\]]*", programme)).replace(" ,", ","),
        remarks="; ".join(part for part in (title, remarks) if part),
    )


def _kind(text: str, said: Remarks) -> EntryKind:
    known: dict[str, EntryKind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
    return known.get(text.lower(), "person" if said.gender else "company")


def _names(name: str, aliases: list[list[str]], said: Remarks) -> Iterator[tuple[str, Quality]]:
    yield name, "primary"
    for alias in aliases:
        yield alias[3], _QUALITY.get(alias[2].lower(), "aka")
    yield from said.names


def _city(text: str) -> str:
    """Return the city without the post code that the publisher writes behind it."""
    return re.sub(r"\s+[\w-]*\d[\w-]*(\s+\w*\d\w*)*$", "", text.split(",")[0]).strip()
