"""Labels that are not of the consignment."""

from datetime import date
from typing import Any

import pytest

from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.goods import GoodsLine
from fieldapp.identifiers.identified import Identified, Issue
from fieldapp.inspection.belonging import strange

LINE = GoodsLine(seq=1, description="x", gtin="09521234000013", batch="KX-2291", expires=date(2028, 11, 30))


def declared(*lines: GoodsLine, **changes: Any) -> Consignment:
    given = {"id": "c", "reference": "SB 1", "goods": lines or (LINE,), "containers": ("FLDU2044184",)}
    return Consignment(**(given | changes))


def label(confidence: Any = "read", issues: tuple[Issue, ...] = (), **named: str) -> Identified:
    return Identified(kind="gs1", text="x", identifiers=named, confidence=confidence, issues=issues)


def codes(identified: Identified, consignment: Consignment) -> list[str]:
    return [reason.code for reason in strange(identified, consignment)]


@pytest.mark.parametrize(
    "named",
    [
        {"gtin": "09521234000013", "batch": "KX-2291", "expiry": "2028-11-30"},
        {"gtin": "19521234000010"},  # the same product, a carton of it
        {"gtin": "09521234000013", "batch": "kx 2291"},
        {"container": "FLDU 204418-4"},
        {"sscc": "095212340000000013"},  # no pallets are declared
        {"serial": "7"},
        {},
    ],
)
def test_what_agrees_or_is_not_declared_is_not_told(named: dict[str, str]) -> None:
    assert codes(label(**named), declared()) == []


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"gtin": "09521234000020"}, "label-not-declared"),
        ({"container": "FLDU2044190"}, "label-not-declared"),
        ({"gtin": "09521234000013", "batch": "OTHER"}, "batch-not-declared"),
        ({"gtin": "09521234000013", "batch": "KX-2291", "expiry": "2029-01-31"}, "expiry-not-declared"),
    ],
)
def test_what_differs_from_the_papers_is_told(named: dict[str, str], code: str) -> None:
    assert codes(label(**named), declared()) == [code]


def test_a_line_that_does_not_say_its_number_may_be_the_one() -> None:
    silent = GoodsLine(seq=2, description="y")
    assert codes(label(gtin="09521234000020"), declared(LINE, silent)) == []


def test_a_line_of_another_batch_may_be_the_one() -> None:
    other = GoodsLine(seq=2, description="x", gtin="09521234000013", batch="KX-2292")
    assert codes(label(gtin="09521234000013", batch="KX-2292"), declared(LINE, other)) == []


def test_a_code_that_is_not_certain_speaks_against_nothing() -> None:
    assert codes(label("inferred", gtin="09521234000020"), declared()) == []
    assert codes(label(issues=(Issue(rule="check-digit"),), gtin="09521234000020"), declared()) == []
