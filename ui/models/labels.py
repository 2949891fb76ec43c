"""What is known of a scan besides its verdict: how it was read, its label, what was noticed. In words."""

from fieldapp import text
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan, label_of
from fieldapp.text import say
from ui.models.naming import printable


def code_words(scan: Scan) -> str:
    """Return the number that people call a code by."""
    named = scan.identified.identifiers
    return printable(named.get("gtin") or named.get("sscc") or named.get("container") or scan.identified.text)


def label_facts(scan: Scan, inspection: Inspection, language: str) -> tuple[tuple[str, str], ...]:
    """Return the other codes of the label, the symbology, the device, the picture's hash, the anomalies."""
    others = [each for each in label_of(scan, inspection.scans) if each.id != scan.id]
    facts = [(say("fact.label", language), code_words(each)) for each in others[:4]]
    if len(others) > 4:
        facts.append((say("fact.label", language), say("fact.label-more", language, count=len(others) - 4)))
    facts.append((say("fact.symbology", language), f"{scan.symbol.symbology} {scan.symbol.aim}".strip()))
    if scan.device:
        facts.append((say("fact.device", language), printable(scan.device)))
    picture = next((item for item in inspection.evidence if item.id == scan.picture), None)
    if picture is not None:
        facts.append((say("fact.picture", language), picture.plain_sha256[:16]))
    facts += [
        (say("fact.noticed", language), say(f"anomaly.{each}", language))
        for each in scan.anomalies
        if text.has(f"anomaly.{each}", language)
    ]
    return tuple(facts)
