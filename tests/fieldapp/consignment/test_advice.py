"""Pre-advices from partners: CSV and EPCIS 2.0."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.consignment.advice import AdviceUnreadable, read
from fieldapp.consignment.epcis import identify

ID = "0197e400-0000-7000-8000-000000000009"
HEAD = (
    "reference,direction,exporter,exporter_country,consignee,container,invoice,description,hs,cas,packages,"
    "net_kg,expires\n"
)
LINE = (
    "SB 1,export,Suryodaya Fine Chem,IN,Baltic OU,CSQU3054383,INV-7,Toluene,2902.30,108-88-3,10,250.5,"
    "2029-03-31\n"
)
KEYS = ["epcList", "ilmd", "quantityList", "epcClass", "quantity", "sourceList", "parentID"]
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def document(*events: dict[str, Any]) -> bytes:
    return json.dumps({"type": "EPCISDocument", "epcisBody": {"eventList": list(events)}}).encode()


def event(**changes: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "epcList": ["https://id.gs1.org/00/095212340000000013"],
        "quantityList": [{"epcClass": "https://id.gs1.org/01/09521234000013/10/KX-1", "quantity": 12}],
        "bizTransactionList": [
            {"type": "inv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141:INV-7"},
            {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141:DA-3"},
        ],
        "destinationList": [{"type": "owning_party", "destination": "https://id.gs1.org/414/9521234000006"}],
    } | changes


def test_a_csv_becomes_a_consignment() -> None:
    made = read(("\ufeff" + HEAD + LINE + LINE.replace("Toluene", "Acetone")).encode(), ID).consignment
    assert (made.reference, made.direction, made.containers) == ("SB 1", "export", ("CSQU3054383",))
    assert [(line.seq, line.description, line.hs) for line in made.goods] == [
        (1, "Toluene", "290230"),
        (2, "Acetone", "290230"),
    ]
    assert [(party.role, party.country) for party in made.parties] == [("exporter", "in"), ("consignee", "")]
    assert made.documents[0].number == "INV-7"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (HEAD, 1, "no-lines"),
        ("reference,description,colour\nA,B,C\n", 1, "columns"),
        ("description\nB\n", 1, "columns"),
        (HEAD + LINE + LINE.replace("250.5", "much"), 3, "value"),
        (HEAD + LINE + LINE.replace("SB 1", "SB 2"), 2, "references"),
        (HEAD + LINE + LINE.replace("export,", "import,"), 2, "references"),
        ("reference,description,description\nA,B,C\n", 1, "columns"),
        (HEAD + LINE.replace("\n", ",extra\n"), 2, "too-many-fields"),
        (HEAD + LINE.replace(",10,", ",-1,"), 1, "value"),
        (HEAD + LINE.replace("export,", "sideways,"), 1, "value"),
        ("{", 1, "not-json"),
        ("{}", 1, "not-epcis"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(AdviceUnreadable) as refused:
        read(text.encode(), ID)
    assert (refused.value.facts["line"], refused.value.facts["why"]) == (line, why)


def test_every_party_and_paper_of_every_row_belongs_to_the_consignment() -> None:
    other = LINE.replace("Baltic OU", "Shanghai Boyle").replace("INV-7", "INV-8").replace(",IN,", ",,")
    made = read((HEAD + LINE + other + LINE.replace(",IN,", ",AE,")).encode(), ID).consignment
    assert [(party.role, party.name, party.country) for party in made.parties] == [
        ("exporter", "Suryodaya Fine Chem", "in"),
        ("exporter", "Suryodaya Fine Chem", "ae"),
        ("consignee", "Baltic OU", ""),
        ("consignee", "Shanghai Boyle", ""),
    ]
    assert [paper.number for paper in made.documents] == ["INV-7", "INV-8"]


@pytest.mark.parametrize("events", [1, 2500])
def test_nothing_beyond_the_limit_is_cut_off(events: int) -> None:
    """2500 pallets, in one event or in as many."""
    pallets = [f"urn:epc:id:sscc:0614141.{number:010}" for number in range(2500)]
    each = len(pallets) // events
    parts = [{"epcList": pallets[at : at + each]} for at in range(0, len(pallets), each)]
    with pytest.raises(AdviceUnreadable) as refused:
        read(document(*parts), ID)
    assert refused.value.facts["why"] == "too-many-lines"


def test_an_epcis_document_becomes_a_consignment() -> None:
    made = read(document(event()), ID).consignment
    assert made.reference == "DA-3"
    assert made.sscc == ("095212340000000013",)
    assert [(line.gtin, line.batch, line.packages) for line in made.goods] == [("09521234000013", "KX-1", 12)]
    assert [paper.kind for paper in made.documents] == ["packing_list", "invoice"]
    assert made.parties[0].identifiers == ("9521234000006",)


@pytest.mark.parametrize(
    ("epc", "found"),
    [
        ("urn:epc:id:sgtin:9521234.000001.77", {"gtin": "09521234000013"}),
        ("urn:epc:class:lgtin:9521234.000001.KX%2F1", {"gtin": "09521234000013", "batch": "KX/1"}),
        ("urn:epc:id:sscc:9521234.0000000001", {"sscc": "095212340000000013"}),
        ("https://example.org/some/01/09521234000013/21/5", {"gtin": "09521234000013"}),
        ("urn:epc:id:gdti:1.2.3", {}),
        ("nonsense", {}),
    ],
)
def test_an_epc_is_identified(epc: str, found: dict[str, str]) -> None:
    assert identify(epc) == found


def test_a_wrong_check_digit_is_a_doubt_and_stays_as_written() -> None:
    wrong = "https://id.gs1.org/01/09521234000014/10/KX-1"
    advice = read(document(event(quantityList=[{"epcClass": wrong, "quantity": 1}])), ID)
    assert advice.doubts == ("09521234000014",)
    assert advice.consignment.goods[0].gtin == "09521234000014"


@given(VALUES)
def test_any_document_is_read_or_refused(value: Any) -> None:
    content = json.dumps({"type": "EPCISDocument", "epcisBody": {"eventList": [value]}}).encode()
    with contextlib.suppress(AdviceUnreadable):
        assert read(content, ID).consignment.id == ID


@given(st.text(max_size=80))
def test_no_epc_raises(epc: str) -> None:
    identify(epc)
    identify("urn:epc:id:sgtin:" + epc)
