"""The record: what a sealed inspection becomes, and what travels.

Its payload is UTF-8 JSON, signed and kept as those bytes. `Record` is only a reading of them.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp import canonical
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.machine import Machine
from fieldapp.screening.verdict import ListState

KIND = "inspection"


class BlobRef(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed file that belongs to the record: hash and size of its sealed bytes, and its class."""

    h: str
    n: int
    t: str
    c: Literal["sig", "pdf", "thumb", "photo", "attach"]


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, in what role, when, and what the signature means (21 CFR 11.50)."""

    name: str
    role: str
    at: datetime
    meaning: Literal["authored", "reviewed", "approved", "witnessed"] = "authored"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed inspection with what was known at that moment."""

    v: int = 1
    practice: bool
    software: str
    inspection: Inspection
    watchlist: ListState
    signature: Signature
    blobs: tuple[BlobRef, ...] = ()
    clock_suspect: bool = False
    machine: Machine | None = None  # sealed on; a record from before this was kept has none


def payload(record: Record) -> bytes:
    """Return the bytes to sign."""
    return canonical.encode(record)


def read(raw: bytes) -> Record:
    """Read a record's payload; raises msgspec.ValidationError."""
    return canonical.decode(raw, Record)
