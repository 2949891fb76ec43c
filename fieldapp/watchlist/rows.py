"""An entry as the index keeps it: the same values without the names of the fields.

`key_of` is the 32-bit number under which an entry is found by its key; two keys may share one.
"""

from hashlib import blake2b

import msgspec

from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier, ListedName, Quality


class _Name(msgspec.Struct, frozen=True, array_like=True):
    text: str
    quality: Quality


class _Identifier(msgspec.Struct, frozen=True, array_like=True):
    type: str
    value: str


class _Row(msgspec.Struct, frozen=True, array_like=True):
    id: str
    source: str
    kind: EntryKind
    names: tuple[_Name, ...]
    countries: tuple[str, ...]
    birth_dates: tuple[str, ...]
    identifiers: tuple[_Identifier, ...]
    programme: str
    listed_on: str
    cities: tuple[str, ...]
    addresses: tuple[str, ...]
    father: str
    gender: str
    remarks: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Row).decode


def key_of(key: str) -> int:
    """Return the number of an entry's key."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big")


def pack(entry: Entry) -> bytes:
    """Return the bytes of `entry`."""
    return _encode(
        _Row(
            entry.id,
            entry.source,
            entry.kind,
            tuple(_Name(name.text, name.quality) for name in entry.names),
            entry.countries,
            entry.birth_dates,
            tuple(_Identifier(held.type, held.value) for held in entry.identifiers),
            entry.programme,
            entry.listed_on,
            entry.cities,
            entry.addresses,
            entry.father,
            entry.gender,
            entry.remarks,
        )
    )


def unpack(raw: bytes) -> Entry:
    """Return the entry in `raw`."""
    row = _decode(raw)
    return Entry(
        id=row.id,
        source=row.source,
        kind=row.kind,
        names=tuple(ListedName(name.text, name.quality) for name in row.names),
        countries=row.countries,
        birth_dates=row.birth_dates,
        identifiers=tuple(ListedIdentifier(held.type, held.value) for held in row.identifiers),
        programme=row.programme,
        listed_on=row.listed_on,
        cities=row.cities,
        addresses=row.addresses,
        father=row.father,
        gender=row.gender,
        remarks=row.remarks,
    )
