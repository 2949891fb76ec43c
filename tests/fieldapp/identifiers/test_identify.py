"""One code in, one answer out, whatever it is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers.identify import identify, identify_text
from fieldapp.scan import decode
from fieldapp.scan.symbol import Symbol
from tests.support import barcodes

TODAY = date(2026, 11, 22)


def test_a_drawn_pack_becomes_its_identifiers() -> None:
    (symbol,) = decode.decode_frame(barcodes.on_page(barcodes.code()))
    found = identify(symbol, TODAY)
    assert found.kind == "gs1"
    assert found.identifiers == {
        "gtin": "09506000134352",
        "expiry": "2028-06-30",
        "batch": "AB-12",
        "serial": "X1",
    }
    assert found.issues == ()


def test_with_and_without_symbology_identifier_and_in_brackets() -> None:
    data = "010950600013435210AB\x1d21X"
    forms = [
        identify_text(data, "]d2", today=TODAY),
        identify_text("]d2" + data, today=TODAY),
        identify_text("]C1" + data, "]C1", today=TODAY),
        identify_text("(01)09506000134352(10)AB(21)X", today=TODAY),
        identify_text("\x1d" + data, today=TODAY),
    ]
    assert {found.kind for found in forms} == {"gs1"}
    assert len({tuple(found.identifiers.items()) for found in forms}) == 1


def test_kinds() -> None:
    kinds = {
        "CSQU3054383": "iso6346",
        "64-17-5": "cas",
        "https://example.com/01/09506000134352/10/AB": "digital_link",
        "https://example.com/about": "text",
        "Acme Trading FZE": "text",
        "10123456": "text",
        "": "text",
    }
    assert {text: identify_text(text, today=TODAY).kind for text in kinds} == kinds


def test_retail_numbers_become_fourteen_digits() -> None:
    assert identify_text("4006381333931", "]E0", today=TODAY).identifiers == {"gtin": "04006381333931"}
    (issue,) = identify_text("4006381333930", "]E0", today=TODAY).issues
    assert (issue.rule, issue.position) == ("gs1-incorrect-check-digit", 12)


def test_bytes_win_over_a_text_that_lost_the_separator() -> None:
    found = identify_text("0109506000134352 10AB21X", "]d2", b"010950600013435210AB\x1d21X", today=TODAY)
    assert found.identifiers["batch"] == "AB"


@given(st.text(max_size=120), st.sampled_from(["", "]d2", "]C1", "]Q1", "]E0", "]I1", "]Z9", "nonsense"]))
def test_nothing_makes_it_raise(text: str, aim: str) -> None:
    found = identify_text(text, aim, today=TODAY)
    assert found.text in (text, text[:20_000])
    assert all(-1 <= issue.position <= len(text) for issue in found.issues)


@given(st.binary(max_size=80), st.sampled_from(["]d2", "]Q3", "]d1", "]e0"]))
def test_no_bytes_make_it_raise(raw: bytes, aim: str) -> None:
    symbol = Symbol(symbology="DataMatrix", aim=aim, text="", hex=raw.hex())
    assert identify(symbol, TODAY).kind
