"""What must not turn up twice across inspections: a photo, an instrument's result, a seal, a serial number.

A pallet's code too. The same photo under two inspections, a seal number read at two containers, one serial
number at two places: each may have an innocent reason, and each is how examinations are made up. It is said,
with where it was seen before, and judges nothing.
"""

from typing import Literal

import msgspec

from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.sample import Sample
from fieldapp.inspection.scan import Scan

Kind = Literal["photo", "result", "seal", "serial", "pallet"]


class Mark(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing that is one of a kind."""

    kind: Kind
    value: str


class SeenBefore(msgspec.Struct, frozen=True, kw_only=True):
    """A mark of this inspection that other inspections bear, by their numbers."""

    mark: Mark
    inspections: tuple[str, ...]


def marks(
    evidence: tuple[Evidence, ...],
    seals: tuple[str, ...],
    samples: tuple[Sample, ...],
    scans: tuple[Scan, ...],
) -> frozenset[Mark]:
    """Return the marks of an inspection's parts. What was guessed from a code, or withdrawn, is none."""
    found = {
        Mark(kind="photo" if item.purpose == "exhibit" else "result", value=item.plain_sha256)
        for item in evidence
        if item.purpose != "scan"
    }
    found |= {
        Mark(kind="seal", value=plain)
        for seal in (*seals, *(sample.seal for sample in samples))
        if (plain := "".join(sign for sign in seal.casefold() if sign.isalnum()))
    }
    for scan in scans:
        named = scan.identified.identifiers
        if scan.withdrawn or scan.identified.confidence == "inferred" or not scan.symbol.confirmed:
            continue
        if named.get("gtin") and named.get("serial"):
            found.add(Mark(kind="serial", value=f"{named['gtin']}/{named['serial']}"))
        if named.get("sscc"):
            found.add(Mark(kind="pallet", value=named["sscc"]))
    return frozenset(found)
