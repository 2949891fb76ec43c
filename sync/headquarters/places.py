"""Where inspections took place, as GeoJSON (RFC 7946) and as a list of places with their counts.

A place is on the map where it reads "latitude, longitude"; anything else is a name and has no geometry.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from sync.headquarters.reports import ReportLine

_POINT = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d{1,12})?)\s*[,;]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII)


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One place: its name or point as written, how many reports, how many of them HOLD."""

    name: str
    point: tuple[float, float] | None  # latitude, longitude in degrees
    reports: int
    holds: int


def point(place: str) -> tuple[float, float] | None:
    """Return latitude and longitude that a place gives, None where it gives none on this earth."""
    found = _POINT.fullmatch(place)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def spots(lines: Iterable[ReportLine]) -> tuple[Spot, ...]:
    """Return the places, the busiest first; a report without a place counts for its site."""
    count: Counter[str] = Counter()
    holds: Counter[str] = Counter()
    for line in lines:
        name = line.place or line.site
        count[name] += 1
        holds[name] += line.verdict == "hold"
    return tuple(
        Spot(name=name, point=point(name), reports=number, holds=holds[name])
        for name, number in count.most_common()
    )


def geojson(lines: Iterable[ReportLine]) -> bytes:
    """Return a FeatureCollection, a feature a report; longitude comes first there."""
    return msgspec.json.encode({"type": "FeatureCollection", "features": [_feature(line) for line in lines]})


def _feature(line: ReportLine) -> dict[str, object]:
    at = point(line.place)
    return {
        "type": "Feature",
        "id": line.record,
        "geometry": {"type": "Point", "coordinates": [at[1], at[0]]} if at else None,
        "properties": {
            "number": line.number,
            "revision": line.revision,
            "site": line.site,
            "place": line.place,
            "verdict": line.verdict,
            "goods": line.disposition,
            "severity": line.severity,
            "consignee": line.consignee,
            "substances": line.substances,
            "sealed": line.sealed.isoformat(),
            "standing": line.standing,
        },
    }
