"""An inspection as EPCIS 2.0 events, for partners' systems: what was observed, sampled, held or let go.

Promises: only words of the Core Business Vocabulary 2.0 leave here; `faults` names every other one, because
the published schema accepts any. Identifiers go out as GS1 Digital Links; one that was found wrong stays
here. No hit, no reason, no finding and no name of a person is in an event: a partner learns what became of
the goods and nothing of why.
Standard: GS1 EPCIS 2.0, CBV 2.0 (JSON).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from fieldapp.identifiers.identified import Identified
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, effective_disposition

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EVENT_TYPES = frozenset({"ObjectEvent"})
ACTIONS = frozenset({"OBSERVE"})
BIZ_STEPS = frozenset({"inspecting", "sampling", "holding", "removing"})
DISPOSITIONS = frozenset({"conformant", "non_conformant", "unknown", "in_progress", "container_open"})
TRANSACTIONS = {"invoice": "inv", "bill_of_lading": "bol", "packing_list": "desadv"}
# What a disposition of ours is called there: business step and disposition.
_SAID: dict[Disposition | None, tuple[str, str]] = {
    None: ("inspecting", "in_progress"),
    "release": ("inspecting", "conformant"),
    "hold": ("holding", "unknown"),
    "refer": ("inspecting", "unknown"),
    "seize": ("removing", "non_conformant"),
}
_LINK = "https://id.gs1.org"


def document(inspection: Inspection) -> dict[str, Any]:
    """Return the inspection as an EPCIS document; its time of creation is that of the opening."""
    return gathered((inspection,))


def gathered(inspections: Iterable[Inspection]) -> dict[str, Any]:
    """Return several inspections as one document, created when the latest of them was opened."""
    held = tuple(inspections)
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": max(one.opened for one in held).isoformat() if held else "",
        "epcisBody": {"eventList": [event for one in held for event in _events(one)]},
    }


def faults(held: dict[str, Any]) -> tuple[str, ...]:
    """Return the words of a document that its vocabularies do not have, as "field: word"."""
    closed = {"type": EVENT_TYPES, "action": ACTIONS, "bizStep": BIZ_STEPS, "disposition": DISPOSITIONS}
    found = []
    for event in held.get("epcisBody", {}).get("eventList", ()):
        found += [
            f"{name}: {event[name]}"
            for name, words in closed.items()
            if name in event and event[name] not in words
        ]
        for item in event.get("bizTransactionList", ()):
            if item.get("type") not in TRANSACTIONS.values():
                found.append(f"bizTransaction type: {item.get('type')}")
    return tuple(found)


def _events(inspection: Inspection) -> Iterator[dict[str, Any]]:
    step, became = _SAID[effective_disposition(inspection)]
    about = {
        "bizTransactionList": [
            {"type": TRANSACTIONS[paper.kind], "bizTransaction": paper.number}
            for paper in inspection.consignment.documents
            if paper.kind in TRANSACTIONS
        ]
    }
    epcs = sorted(
        {link for scan in inspection.scans if not scan.withdrawn for link in _links(scan.identified)}
    )
    if epcs:
        at = inspection.decisions[-1].at if inspection.decisions else inspection.opened
        yield _event(at.isoformat(), step, became) | {"epcList": epcs} | about
    for sample in inspection.samples:
        yield _event(sample.at.isoformat(), "sampling", "in_progress") | {
            "epcList": [f"urn:fieldapp:exhibit:{sample.number}"]
        }


def _event(at: str, step: str, became: str) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": became,
    }


def _links(identified: Identified) -> Iterator[str]:
    named = identified.identifiers
    if identified.confidence == "inferred":
        return
    wrong = {issue.facts.get("ai") for issue in identified.issues}
    if named.get("sscc") and "00" not in wrong:
        yield f"{_LINK}/00/{named['sscc']}"
    if named.get("gtin") and not wrong & {"01", "02"}:
        batch = f"/10/{quote(named['batch'], safe='')}" if named.get("batch") else ""
        serial = f"/21/{quote(named['serial'], safe='')}" if named.get("serial") else ""
        yield f"{_LINK}/01/{named['gtin']}{batch}{serial}"
