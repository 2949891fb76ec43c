"""FollowTheMoney entities as JSON lines (OpenSanctions and others), whole or as a delta file.

A line is an entity `{"id", "schema", "properties"}`; in a delta it is `{"op": "ADD|MOD|DEL", "entity"}`.
People, companies and other legal entities, vessels and aircraft become entries; relations, addresses
and sanctions are passed over.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier, Quality
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, lines, silent, unique

NAME = "ftm"
_LINE = 1 << 20
_KINDS: dict[str, EntryKind] = {
    "Person": "person",
    "Company": "company",
    "Organization": "company",
    "LegalEntity": "company",
    "PublicBody": "company",
    "Vessel": "vessel",
    "Airplane": "aircraft",
    "Substance": "substance",
    "Product": "other",
}
_NAMES: tuple[tuple[str, Quality], ...] = (
    ("name", "primary"),
    ("alias", "aka"),
    ("previousName", "former"),
    ("weakAlias", "weak"),
    ("abbreviation", "weak"),
)
_NUMBERS = (
    ("passportNumber", "passport"),
    ("idNumber", "national-id"),
    ("registrationNumber", "registration"),
    ("taxNumber", "tax"),
    ("imoNumber", "imo"),
    ("mmsi", "mmsi"),
    ("website", "website"),
    ("email", "email"),
    ("phone", "phone"),
    ("swiftBic", "swift"),
    ("leiCode", "registration"),
    ("innCode", "tax"),
    ("ogrnCode", "registration"),
    ("cryptoWallet", "wallet"),
)
_LANDS = ("country", "nationality", "citizenship", "jurisdiction", "flag")


class _Entity(msgspec.Struct, frozen=True):
    id: str
    schema: str = ""
    properties: dict[str, list[str]] = {}
    datasets: list[str] = []


class _Line(msgspec.Struct, frozen=True):
    op: Literal["ADD", "MOD", "DEL"]
    entity: _Entity


class _Either(msgspec.Struct, frozen=True):
    op: str = ""


class Change(msgspec.Struct, frozen=True):
    """One line of a delta: what happened, to which id, and the entry as it is now (none when deleted)."""

    op: Literal["ADD", "MOD", "DEL"]
    id: str
    entry: Entry | None = None


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of the whole files of `paths` as the delta files among them leave them.

    Deltas are taken in the order given, after all whole files. One without a whole file is refused.
    """
    deltas = [path for path in paths if _is_delta(path)]
    wholes = [path for path in paths if path not in deltas]
    if deltas and not wholes:
        raise SourceRefused(source=NAME, file=deltas[0].name, reason="base", line=0)
    changed = {change.id: change.entry for path in deltas for change in read_delta(path, tell)}
    if not changed:
        yield from (entry for _, entry in _whole(wholes, tell) if entry is not None)
        return
    met: set[str] = set()
    for number, was in _whole(wholes, tell):
        entry = changed.get(number, was)
        if number in changed:
            if number in met:
                continue
            met.add(number)
        if entry is not None:
            yield entry
    yield from (entry for number, entry in changed.items() if entry is not None and number not in met)


def _is_delta(path: Path) -> bool:
    for _, text in _lines(path):
        try:
            return msgspec.json.decode(text, type=_Either).op != ""
        except msgspec.DecodeError:
            return False
    return False


def _whole(paths: Sequence[Path], tell: Tell) -> Iterator[tuple[str, Entry | None]]:
    whole = msgspec.json.Decoder(_Entity)
    for path in paths:
        for number, text in _lines(path, tell):
            try:
                entity = whole.decode(text)
            except msgspec.DecodeError as error:
                raise SourceRefused(source=NAME, file=path.name, reason="cut", line=number) from error
            yield entity.id, _entry(entity)


def read_delta(path: Path, tell: Tell = silent) -> Iterator[Change]:
    """Yield the changes of a delta file, in its order."""
    changed = msgspec.json.Decoder(_Line)
    for number, text in _lines(path, tell):
        try:
            held = changed.decode(text)
        except msgspec.DecodeError as error:
            raise SourceRefused(source=NAME, file=path.name, reason="cut", line=number) from error
        entry = None if held.op == "DEL" else _entry(held.entity)
        yield Change("DEL" if entry is None else held.op, held.entity.id, entry)


def _lines(path: Path, tell: Tell = silent) -> Iterator[tuple[int, str]]:
    for number, text in enumerate(lines(NAME, path, tell, limit=_LINE), start=1):
        if text.strip():
            yield number, text


def _entry(entity: _Entity) -> Entry | None:
    kind = _KINDS.get(entity.schema)
    told = entity.properties
    names = distinct(
        (text, "aka" if quality == "primary" and at else quality)
        for name, quality in _NAMES
        for at, text in enumerate(told.get(name, []))
    )
    if kind is None or not names:
        return None
    return Entry(
        id=entity.id,
        source=NAME,
        kind=kind,
        names=names,
        countries=countries.codes(land for name in _LANDS for land in told.get(name, [])),
        birth_dates=unique(told.get("birthDate", [])),
        identifiers=tuple(
            ListedIdentifier(kind_of, value)
            for name, kind_of in _NUMBERS
            for value in unique(told.get(name, []))
        ),
        addresses=unique(told.get("address", [])),
        cities=unique(told.get("city", [])),
        father=next(iter(told.get("fatherName", [])), ""),
        gender=next(iter(told.get("gender", [])), "").lower(),
        programme=", ".join(unique(told.get("program", told.get("programId", entity.datasets)))),
        listed_on=next(iter(told.get("createdAt", [])), "")[:10],
        remarks=" ".join(told.get("notes", []))[:4000],
    )
