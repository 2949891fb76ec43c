"""Approved reports for partner agencies: a STIX 2.1 bundle of objects that carry a TLP marking.

Given: the report, its goods and firms as observed, the substances. Never given: names of officers and
persons, numbers of devices, evidence. Ids are made from the record's own id (UUIDv5), and what is no report
is dated by the day headquarters was founded: the same thing is the same object in every bundle.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec

from sync.headquarters.reports import ReportLine

Tlp = Literal["green", "amber"]
TLPS: tuple[Tlp, ...] = ("amber", "green")
# The marking definitions that STIX 2.1 itself fixes (section 7.2.1.4).
_MARKING = {
    "green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "marking-definition--f88d31f6-486b-44da-b317-01333bde0b82",
}
_MARKED = "2017-01-20T00:00:00.000Z"
_OURS = uuid.UUID("6f2a4f0e-6a53-5c8b-9d1b-2f3f9a1c77d4")
_SCO = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # the namespace STIX gives for observables


def bundle(lines: Iterable[ReportLine], headquarters: str, founded: datetime, tlp: Tlp) -> bytes:
    """Return the bundle of those `lines` that were approved and hold or question a consignment."""
    source = f"identity--{uuid.uuid5(_OURS, headquarters)}"
    told = [line for line in lines if line.standing == "approved" and line.verdict in ("hold", "check")]
    objects: dict[str, dict[str, object]] = {}
    for thing in (_marking(tlp), _identity(source, headquarters, founded)):
        objects[str(thing["id"])] = thing
    for line in told:
        for thing in _report(line, source, founded, tlp):
            objects.setdefault(str(thing["id"]), thing)
    made = {
        "type": "bundle",
        "id": f"bundle--{uuid.uuid5(_OURS, ' '.join([tlp, *objects]))}",
        "objects": list(objects.values()),
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=1)


def _report(line: ReportLine, source: str, founded: datetime, tlp: Tlp) -> list[dict[str, object]]:
    common = {
        "spec_version": "2.1",
        "created_by_ref": source,
        "created": _time(line.sealed),
        "modified": _time(line.received if line.received > line.sealed else line.sealed),
        "object_marking_refs": [_MARKING[tlp]],
    }
    made: list[dict[str, object]] = []
    if line.consignee:
        firm = f"identity--{uuid.uuid5(_OURS, 'firm ' + line.consignee.casefold())}"
        marked: dict[str, object] = {"created_by_ref": source, "object_marking_refs": [_MARKING[tlp]]}
        made.append(_identity(firm, line.consignee, founded) | marked)
    goods = _goods(line)
    seen = f"observed-data--{uuid.uuid5(_OURS, 'seen ' + line.record)}"
    made += [
        {**goods, "object_marking_refs": [_MARKING[tlp]]},
        {
            "type": "observed-data",
            "id": seen,
            **common,
            "first_observed": _time(line.sealed),
            "last_observed": _time(line.sealed),
            "number_observed": 1,
            "object_refs": [goods["id"]],
        },
    ]
    refs = [thing["id"] for thing in made]
    made.append(
        {
            "type": "report",
            "id": f"report--{uuid.uuid5(_OURS, 'report ' + line.record)}",
            **common,
            "name": f"{line.number} ({line.verdict})",
            "description": "; ".join(filter(None, (line.disposition, line.severity, line.substances))),
            "report_types": ["observed-data"],
            "published": _time(line.sealed),
            "object_refs": refs,
        }
    )
    return made


def _goods(line: ReportLine) -> dict[str, object]:
    """Return the consignment as an observable of our own kind: STIX has none for goods."""
    value = f"{line.reference}\x1f{line.substances}"
    return {
        "type": "x-consignment",
        "id": f"x-consignment--{uuid.uuid5(_SCO, value)}",
        "spec_version": "2.1",
        "reference": line.reference,
        "substances": [name for name in line.substances.split("; ") if name],
        "verdict": line.verdict,
        "disposition": line.disposition,
    }


def _marking(tlp: Tlp) -> dict[str, object]:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _MARKING[tlp],
        "created": _MARKED,
        "definition_type": "tlp",
        "name": f"TLP:{tlp.upper()}",
        "definition": {"tlp": tlp},
    }


def _identity(own: str, name: str, at: datetime) -> dict[str, object]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": own,
        "created": _time(at),
        "modified": _time(at),
        "name": name,
        "identity_class": "organization",
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
