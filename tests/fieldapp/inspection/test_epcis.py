"""What a partner's system is told: closed words, and nothing of why."""

import json

import msgspec
import pytest

from fieldapp.identifiers.identify import identify
from fieldapp.inspection import epcis
from fieldapp.inspection.disposition import DISPOSITIONS, Decision
from fieldapp.scan.symbol import Symbol
from tests.support.full_record import full
from tests.support.records import AT


@pytest.mark.parametrize("disposition", [None, *DISPOSITIONS])
def test_every_disposition_is_said_in_closed_words(disposition: str | None) -> None:
    made = () if disposition is None else (Decision(at=AT, disposition=disposition, reason="x", by="y"),)  # type: ignore[arg-type]
    held = epcis.document(msgspec.structs.replace(full().inspection, decisions=made))
    assert epcis.faults(held) == ()
    assert held["epcisBody"]["eventList"]


def test_a_word_of_no_vocabulary_is_named() -> None:
    held = epcis.document(full().inspection)
    held["epcisBody"]["eventList"][0]["bizStep"] = "frobnicate"
    held["epcisBody"]["eventList"][0]["disposition"] = "bogus word"
    assert set(epcis.faults(held)) == {"bizStep: frobnicate", "disposition: bogus word"}


def test_nothing_of_why_leaves() -> None:
    inspection = full().inspection
    told = json.dumps(epcis.document(inspection))
    names = [finding.note for finding in inspection.findings] + [inspection.officer.name]
    names += [hit.listed_name for scan in inspection.scans for hit in scan.screening.hits]
    names += [decision.reason for decision in inspection.decisions if len(decision.reason) > 3]
    assert len(names) > 3
    assert not [name for name in names if name in told]


def test_codes_go_out_as_digital_links() -> None:
    (first, *rest) = epcis.document(full().inspection)["epcisBody"]["eventList"]
    assert all(link.startswith("https://id.gs1.org/") for link in first["epcList"])
    assert {event["bizStep"] for event in rest} == {"sampling"}


@pytest.mark.parametrize(("digit", "told"), [("3", True), ("4", False)])
def test_a_number_whose_check_digit_failed_stays_here(digit: str, told: bool) -> None:
    inspection = full().inspection
    code = f"(01)0952123400001{digit}(10)KX"
    symbol = Symbol(symbology="typed", aim="", text=code, hex=code.encode().hex())
    scan = msgspec.structs.replace(inspection.scans[0], symbol=symbol, identified=identify(symbol, AT.date()))
    assert scan.identified.identifiers["gtin"].endswith(digit)
    held = json.dumps(epcis.document(msgspec.structs.replace(inspection, scans=(scan,))))
    assert (f"/01/0952123400001{digit}" in held) is told
