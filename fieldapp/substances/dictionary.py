"""The dictionary of known chemicals: names, CAS numbers and structures of substances on no list.

A name that is a known other chemical is not a misspelling of a listed one, and a listed name inside a longer
known name is part of that. The dictionary is `resources/substances/substances.db`, a plain SQLite file that
`compile` makes from the `chemicals` package; names are kept as 8-byte hashes, so opening costs nothing and
little memory is used. Without the file there is no such knowledge, and nothing else changes.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

import resources

FILE = "substances.db"


class Known(msgspec.Struct, frozen=True):
    """A known chemical that is on no list."""

    name: str
    cas: str


def name_hash(squashed: str) -> int:
    """Return the 64-bit number a squashed name is kept under."""
    return int.from_bytes(hashlib.blake2b(squashed.encode(), digest_size=8).digest(), "big", signed=True)


def cas_number(cas: str) -> int:
    """Return a CAS number as a plain integer."""
    return int(cas.replace("-", ""))


class Dictionary:
    """Look-ups in the compiled file; everything is unknown where there is no file."""

    def __init__(self, file: Path | None = None, without: Iterable[str] = ()) -> None:
        self._file = file = file or resources.path("substances", FILE)
        self._without = frozenset(cas_number(cas) for cas in without)
        self._db: sqlite3.Connection | None = None
        if file.exists():
            self._db = sqlite3.connect(
                f"{file.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )

    @property
    def present(self) -> bool:
        """Say whether there is a compiled file."""
        return self._db is not None

    @property
    def filled(self) -> bool:
        """Say whether there are known chemicals in it: a build without their source holds none."""
        if self._db is None:
            return False
        return self._db.execute("SELECT 1 FROM compound LIMIT 1").fetchone() is not None

    def has_name(self, squashed: str) -> bool:
        """Say whether a squashed name is that of a known other chemical."""
        if self._db is None:
            return False
        row = self._db.execute("SELECT cas FROM name WHERE hash = ?", (name_hash(squashed),)).fetchone()
        return row is not None and row[0] not in self._without

    def without(self, cas: Iterable[str]) -> "Dictionary":
        """Return the dictionary without the chemicals that have one of these numbers: a list took them."""
        return Dictionary(self._file, cas)

    def by_cas(self, cas: str) -> Known | None:
        """Return the known other chemical with the number `cas`."""
        if self._db is None:
            return None
        row = self._db.execute("SELECT name FROM compound WHERE cas = ?", (cas_number(cas),)).fetchone()
        return Known(name=row[0], cas=cas) if row else None

    def cas_of_ec(self, ec: str) -> str:
        """Return the CAS number of the known chemical with an EC number; empty where there is none."""
        if self._db is None:
            return ""
        try:
            row = self._db.execute("SELECT cas FROM ec WHERE ec = ?", (cas_number(ec),)).fetchone()
        except sqlite3.OperationalError:  # a file of an earlier build has no such table
            return ""
        digits = str(row[0]) if row else ""
        return f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1]}" if digits else ""

    def prepared(self, source: str) -> bytes | None:
        """Return the prepared lists, if they were made from the resources with the hash `source`."""
        if self._db is None:
            return None
        row = self._db.execute("SELECT value FROM prepared WHERE source = ?", (source,)).fetchone()
        return bytes(row[0]) if row else None

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None
