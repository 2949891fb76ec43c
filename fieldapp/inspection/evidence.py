"""Evidence: a file taken in, by its hashes. The bytes lie sealed beside the vault.

Promises: an original is never altered. What is marked on a photo, or covered, makes a derivative: bytes of
its own, that name the original by its hash and keep the strokes as facts. What the file says of itself is
kept as a claim, and where it disagrees with the moment or the place of its capture, that is said.
"""

import math
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fieldapp.inspection.position import Position
from fieldapp.scan.claims import Claims
from fieldapp.scan.stroke import Stroke

Purpose = Literal["exhibit", "scan", "result"]
Doubt = Literal["time-apart", "time-ahead", "place-apart"]
APART = timedelta(hours=24)  # between a photo's own time and its capture
AHEAD = timedelta(minutes=15)
FAR_M = 5_000.0  # metres between a photo's own place and the inspection's
_EARTH_M = 6_371_000.0


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file. `plain_sha256` is of the bytes as taken, `sealed_sha256` of the sealed file kept and sent.

    Sizes are bytes. An "exhibit" was taken in by a person; a "scan" is the picture, frame or document that
    codes were read from, kept by itself; a "result" is an instrument's file. A derivative has the original's
    `plain_sha256` in `derived_from` and what was drawn in `strokes`.
    """

    id: str
    at: datetime
    mime: str
    size: int
    plain_sha256: str
    sealed_sha256: str
    sealed_size: int
    caption: str = ""
    original_name: str = ""
    purpose: Purpose = "exhibit"
    derived_from: str = ""
    strokes: tuple[Stroke, ...] = ()
    claims: Claims | None = None
    doubts: tuple[Doubt, ...] = ()  # as found at capture

    @property
    def redacted(self) -> bool:
        """Say whether something is covered here that the original shows."""
        return any(stroke.shape == "redact" for stroke in self.strokes)


def doubts(claims: Claims, local: datetime, located: Position | None) -> tuple[Doubt, ...]:
    """Return where a file's own words disagree with its capture; it may be innocent, and is looked at.

    `local` is the moment of capture with the offset of this laptop: a time without one is read by its clock.
    """
    found: list[Doubt] = []
    try:
        taken = datetime.fromisoformat(claims.taken)
    except ValueError:
        taken = None
    if taken is not None:
        apart = (taken if taken.tzinfo is not None else taken.replace(tzinfo=local.tzinfo)) - local
        if apart > AHEAD:
            found.append("time-ahead")
        elif apart < -APART:
            found.append("time-apart")
    if located is not None and claims.latitude is not None and claims.longitude is not None:
        away = distance_m((claims.latitude, claims.longitude), (located.latitude, located.longitude))
        if away > FAR_M + located.uncertainty_m:
            found.append("place-apart")
    return tuple(found)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres between two places in degrees, on a sphere."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)


def media_type(content: bytes) -> str:
    """Return the media type that the first bytes show; a file's name proves nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for start, kind in _BEGINNINGS if content.startswith(start)), "application/octet-stream"
    )
