"""Codes printed on papers."""

import base64
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.consignment.document import Document, PaperMisdated, require_dated
from fieldapp.consignment.papercode import PaperCode, names_goods, read

TODAY = date(2026, 11, 22)


def token(**data: Any) -> str:
    """An e-invoice's code: header, payload and a signature that nobody here can check."""
    given = {
        "SellerGstin": "27AAACS1234A1Z5", "BuyerGstin": "URP", "DocNo": "SFC/26/0881", "DocDt": "18/11/2026",
        "TotInvVal": 412000.5, "ItemCnt": 1, "MainHsnCode": "293339", "Irn": "ab" * 32,
    }  # fmt: skip
    parts = ({"alg": "RS256"}, {"data": json.dumps(given | data), "iss": "NIC"})
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{body}.c2lnbmF0dXJl"


def test_an_e_invoice_fills_its_fields() -> None:
    found = read(token(), TODAY)
    assert found == PaperCode(
        kind="invoice",
        number="SFC/26/0881",
        issued=date(2026, 11, 18),
        issuer="GSTIN 27AAACS1234A1Z5",
        says=(("hs", "293339"), ("value", "412000.50 INR")),
    )


@pytest.mark.parametrize(
    ("code", "kind", "number"),
    [
        ("020-1234 5675", "air_waybill", "020-12345675"),
        ("7741209", None, "7741209"),
        ("  EO/2026/3381 ", None, "EO/2026/3381"),
        ("=CMD()", None, "=CMD()"),
        ("<b>9</b>", None, "<b>9</b>"),
    ],
)
def test_a_number_is_the_number_of_the_paper_it_says(code: str, kind: str | None, number: str) -> None:
    found = read(code, TODAY)
    assert found is not None
    assert (found.kind, found.number) == (kind, number)


def test_a_container_is_no_papers_number() -> None:
    found = read("FLDU2044184", TODAY)
    assert found is not None
    assert found.number == ""
    assert found.says == (("container", "FLDU2044184"),)


@pytest.mark.parametrize("data", [{"DocNo": ""}, {"DocNo": 7}, {"TotInvVal": "many"}])
def test_a_token_that_is_no_invoice_is_only_a_text(data: dict[str, Any]) -> None:
    found = read(token(**data), TODAY)
    assert found is not None
    assert found.kind is None


def test_a_label_of_goods_is_told_from_a_paper() -> None:
    assert names_goods("095212340000000013", TODAY) or names_goods("(00)095212340000000013", TODAY)
    assert names_goods("(01)09521234000013", TODAY)
    assert not names_goods("7741209", TODAY)
    assert not names_goods(token(), TODAY)


def test_a_day_that_is_none_is_left_out() -> None:
    found = read(token(DocDt="31/02/2026"), TODAY)
    assert found is not None
    assert found.issued is None


@given(st.text(max_size=300))
def test_no_text_makes_it_raise(text: str) -> None:
    found = read(text, TODAY)
    assert (found is None) == (not text.strip())


@pytest.mark.parametrize(
    ("issued", "valid_to", "why"),
    [
        (date(2026, 11, 23), None, "issued-in-future"),
        (date(2026, 11, 1), date(2026, 10, 1), "ends-before-issued"),
    ],
)
def test_a_paper_with_an_impossible_date_is_refused(issued: date, valid_to: date | None, why: str) -> None:
    paper = Document(kind="invoice", number="1", issued=issued, valid_to=valid_to)
    with pytest.raises(PaperMisdated) as refused:
        require_dated(paper, TODAY)
    assert refused.value.facts["why"] == why
    require_dated(Document(kind="invoice", number="1", issued=TODAY, valid_to=TODAY), TODAY)
