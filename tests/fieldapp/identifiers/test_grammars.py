"""The smaller grammars, by numbers whose check digits are known."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers import carriers, cas, container, hibc, india, iso15434
from fieldapp.identifiers.identified import Identified
from fieldapp.identifiers.identify import GRAMMARS, identify_text
from fieldapp.identifiers.source import source
from tests.support.shared import shared_data

TODAY = date(2026, 11, 22)


def identify(text: str, aim: str = "") -> Identified:
    return identify_text(text, aim, today=TODAY)


@pytest.mark.parametrize("text", ["CSQU3054383", "csqu 305438 3", "CSQU 305.438-[3]", "CSQU3054383 22G1"])
def test_containers(text: str) -> None:
    found = identify(text)
    assert found.identifiers["container"] == "CSQU3054383"
    assert found.issues == ()


def test_a_wrong_container_digit_is_a_finding_at_its_place() -> None:
    found = identify("CSQU3054384")
    assert found.identifiers == {"container": "CSQU3054384"}
    assert [(issue.rule, issue.position) for issue in found.issues] == [("iso6346-check-digit", 10)]


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), st.integers(0, 999_999))
def test_the_container_digit_of_any_number(owner: str, number: int) -> None:
    ten = f"{owner}U{number:06d}"
    assert container.is_valid(ten + str(container.check_digit(ten)))
    assert not container.is_valid(ten + str((container.check_digit(ten) + 1) % 10))


@pytest.mark.parametrize("number", ["64-17-5", "7732-18-5", "58-08-2", "437-38-7"])
def test_registry_numbers(number: str) -> None:
    assert cas.is_valid(number)
    assert identify(f"CAS No. {number}").identifiers == {"cas": number}
    assert not cas.is_valid(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_hibc_primary_secondary_and_combined() -> None:
    assert identify("+A123BJC5D6E71G").identifiers == {"labeler": "A123", "product": "BJC5D6E7", "unit": "1"}
    found = identify("+A99912345/$$52001510X33")
    assert (found.identifiers["expiry"], found.identifiers["batch"]) == ("2020-01-15", "10X3")
    assert found.issues == ()
    assert [issue.rule for issue in identify("+A123BJC5D6E71H").issues] == ["hibc-check-character"]


@pytest.mark.parametrize(
    ("secondary", "wanted"),
    [
        ("$$0928LOT1", {"expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$2093028LOT1", {"expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$3280930LOT1", {"expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$5282740LOT1"[:8] + "LOT1", {"expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$7LOT1", {"batch": "LOT1"}),
        ("$$8123280930LOT1", {"count": "12", "expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$+3280930SER9", {"expiry": "2028-09-30", "serial": "SER9"}),
        ("$LOT1", {"batch": "LOT1"}),
        ("$+SER9", {"serial": "SER9"}),
        ("28274LOT1", {"expiry": "2028-09-30", "batch": "LOT1"}),
        ("$$7LOT1/SSER9/16D20260102", {"batch": "LOT1", "serial": "SER9", "production": "2026-01-02"}),
    ],
)
def test_hibc_secondary_forms(secondary: str, wanted: dict[str, str]) -> None:
    body = "+A99912345/" + secondary
    found = identify(body + str(hibc.check_character(body)))
    assert {name: value for name, value in found.identifiers.items() if name in wanted} == wanted
    assert found.issues == ()


def test_envelopes() -> None:
    found = identify("[)>\x1e06\x1d9N110375286414\x1d1TABC123\x1dD270630\x1dS123\x1e\x04")
    assert found.kind == "iso15434"
    assert found.identifiers == {
        "ppn": "110375286414",
        "batch": "ABC123",
        "expiry": "2027-06-30",
        "serial": "123",
    }
    assert found.issues == ()
    assert not iso15434.is_ppn("110375286415")
    inner = identify("[)>\x1e05\x1d010950600013435210AB\x1d21X\x1e\x04")
    assert inner.identifiers == {"gtin": "09506000134352", "batch": "AB", "serial": "X"}
    assert "iso15434-trailer" in {issue.rule for issue in identify("[)>\x1e06\x1d1TA").issues}


def test_air_waybills() -> None:
    assert identify("176-12345675").identifiers == {"awb": "176-12345675"}
    assert identify("176-1234 5675").issues == ()
    assert [issue.rule for issue in identify("176-12345674").issues] == ["awb-check-digit"]


def test_carriers_numbers() -> None:
    # One row calls a number of the same carrier's other scheme wrong; one follows a rule nobody publishes.
    besides = {"331426749957", "79927398713"}
    names = {"s10": "upu", "old_dominion": "olddominion"}
    path = shared_data("carriers", "tracking_numbers.jsonl")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["number"] in besides:
            continue
        found = carriers.read(source(row["number"]), TODAY)
        held = [found.identifiers, *found.alternatives] if found and not found.issues else []
        wanted = names.get(row["courier"], row["courier"])
        assert any(one.get("carrier") == wanted for one in held) == row["valid"], row


LABEL = {
    "UPIC": "89-1",
    "Name of API": "Metformin hydrochloride",
    "Mfd. by": "Acme Pharma, Plot 5, Hyderabad",
    "B.No.": "MF-0012",
    "Batch Size": "500 kg",
    "Mfg. Date": "03/2026",
    "Retest Date": "02/2030",
    "SSCC": "006141411234567890",
    "Mfg Lic No": "25/HD/AP/2010",
}


@pytest.mark.parametrize("joint", ["\n", "|", ";", " ; ", "\r\n"])
def test_indian_labels_however_they_are_joined(joint: str) -> None:
    found = identify(joint.join(f"{label}: {value}" for label, value in LABEL.items()))
    assert found.kind == "india_label"
    assert found.issues == ()
    assert found.identifiers["batch"] == "MF-0012"
    assert (found.identifiers["production"], found.identifiers["retest"]) == ("2026-03-01", "2030-02-28")


def test_what_a_label_lacks_is_an_issue_each() -> None:
    label = {name: value for name, value in LABEL.items() if name not in ("UPIC", "SSCC")}
    found = identify(json.dumps(label))
    assert [issue.facts["particular"] for issue in found.issues] == ["upic", "sscc"]
    packs = identify("Generic Name: Paracetamol|Brand Name: Dolo|Batch No: B1|Exp: JUN-2028|Mfg: 07/2026")
    assert {issue.facts["rules"] for issue in packs.issues} == {"gsr-823-e"}
    assert packs.identifiers["expiry"] == "2028-06-30"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2028", "2028-12-31"),
        ("12 Jan 2026", "2026-01-12"),
        ("2028-06-05", "2028-06-05"),
        ("Feb-28", "2028-02-29"),
    ],
)
def test_days_as_labels_write_them(text: str, day: str) -> None:
    found = india.day_of(text, TODAY, last=True)
    assert found is not None
    assert found.isoformat() == day


@given(st.text(max_size=120))
def test_no_grammar_raises(text: str) -> None:
    for grammar in GRAMMARS:
        for start in ("", "+", "[)>\x1e06\x1d", "UPIC: ", "{"):
            grammar(source(start + text), TODAY)
