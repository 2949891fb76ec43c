"""Identifiers minted on this machine: UUID version 7 (RFC 9562), so they sort by time of birth.

Names of files are made here too, never taken from input.
"""

import os
from datetime import UTC, datetime

from fieldapp import clock


def uuid7(at: datetime | None = None) -> str:
    """Return a new UUIDv7 in its usual 36-character form."""
    millis = int((at or clock.now()).timestamp() * 1000)
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def born(identifier: str) -> datetime:
    """Return when a UUIDv7 was minted, by the clock of the machine that did."""
    return datetime.fromtimestamp(int(identifier.replace("-", "")[:12], 16) / 1000, UTC)
