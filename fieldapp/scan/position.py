"""Where this laptop is, as a receiver on a serial port says: NMEA 0183 sentences GGA, RMC and GST.

Promises: a sentence without its right check sum counts for nothing; a place is returned only while the
receiver says that it has a fix. Uncertainty is the receiver's own (GST) where it tells it, else its dilution
of precision times five metres, the usual error of a receiver, and never below five. Refuses to guess a place.
"""

import math
import re
from datetime import UTC, datetime

import msgspec

ERROR_M = 5.0  # metres of a receiver's range error, one sigma, with an open sky
LONGEST = 120  # characters; the standard has 82, receivers send more
_SENTENCE = re.compile(r"\$([A-Z]{2})(GGA|RMC|GST),([^*$\r\n]*)\*([0-9A-Fa-f]{2})")
_ANGLE = re.compile(r"(\d{2,3})(\d\d(?:\.\d+)?)")


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """One place: degrees WGS 84, metres either side, satellites used, the receiver's time (UTC) if told."""

    latitude: float
    longitude: float
    uncertainty_m: float
    satellites: int = 0
    at: datetime | None = None


class Track:
    """Takes in a receiver's lines and holds what they say so far."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._error_m: float | None = None
        self._at: datetime | None = None
        self.fix: Fix | None = None
        self.sentences = 0  # with a right check sum

    def feed(self, received: bytes) -> None:
        """Take what came; a line that never ends is let go."""
        self._held += received
        *whole, rest = self._held.split(b"\n")
        self._held = bytearray(rest[-LONGEST:])
        for line in whole:
            self._take(line.decode("ascii", "replace"))

    def _take(self, line: str) -> None:
        found = sentence(line)
        if found is None:
            return
        self.sentences += 1
        kind, parts = found
        if kind == "GST" and len(parts) >= 7:
            sides = [_number(parts[5]), _number(parts[6])]
            known = [side for side in sides if side is not None]
            self._error_m = math.hypot(*known) if len(known) == 2 else None
        elif kind == "RMC" and len(parts) >= 9:
            self._at = _moment(parts[0], parts[8])
            if parts[1] != "A":
                self.fix = None  # the receiver lost the sky
        elif kind == "GGA" and len(parts) >= 8:
            self.fix = self._place(parts)

    def _place(self, parts: list[str]) -> Fix | None:
        latitude, longitude = _degrees(parts[1], parts[2], "NS", 90), _degrees(parts[3], parts[4], "EW", 180)
        if parts[5] in ("", "0", "7", "8") or latitude is None or longitude is None:
            return None  # no fix; 7 and 8 are typed in by hand and simulated
        dilution = _number(parts[7])
        if self._error_m is None and dilution is None:
            return None
        error = self._error_m if self._error_m is not None else (dilution or 0.0) * ERROR_M
        return Fix(
            latitude=latitude,
            longitude=longitude,
            uncertainty_m=round(max(ERROR_M, error), 1),
            satellites=int(_number(parts[6]) or 0),
            at=self._at,
        )


def sentence(line: str) -> tuple[str, list[str]] | None:
    """Return kind and fields of a sentence whose check sum is right; None for anything else."""
    found = _SENTENCE.search(line[: 2 * LONGEST])
    if found is None:
        return None
    body = line[found.start() + 1 : found.end() - 3]
    total = 0
    for sign in body:
        total ^= ord(sign)
    return (found[2], found[3].split(",")) if total == int(found[4], 16) else None


def _degrees(text: str, side: str, sides: str, most: int) -> float | None:
    found = _ANGLE.fullmatch(text)
    if found is None or side not in tuple(sides) or float(found[2]) >= 60:
        return None
    value = int(found[1]) + float(found[2]) / 60
    if value > most:
        return None
    return round(-value if side == sides[1] else value, 6)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def _moment(time: str, day: str) -> datetime | None:
    try:
        return datetime.strptime(day + time[:6], "%d%m%y%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
