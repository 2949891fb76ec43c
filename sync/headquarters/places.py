"""Where inspections took place: points read from what reports say, and all of them as GeoJSON (RFC 7946).

A place is on the map where it reads "latitude, longitude"; anything else is a name and has no geometry.
"""

import re
from collections.abc import Iterable

import msgspec

from sync.headquarters.reports import ReportLine

_POINT = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d{1,12})?)\s*[,;]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII)


def point(place: str) -> tuple[float, float] | None:
    """Return latitude and longitude that a place gives, None where it gives none on this earth."""
    found = _POINT.fullmatch(place)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


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
