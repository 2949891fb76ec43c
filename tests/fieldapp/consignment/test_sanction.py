"""What is left of a paper that sanctions an amount."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.consignment.document import Document
from fieldapp.consignment.sanction import balance

ON = date(2026, 11, 22)


def noc(**changes: Any) -> Document:
    return Document(**({"kind": "export_noc", "number": "22/4410", "quantity_kg": 500.0} | changes))


@pytest.mark.parametrize(
    ("used", "reserved", "asked", "paper", "state"),
    [
        (150, 0, 300, {}, "enough"),
        (200, 0, 300, {}, "enough"),
        (200, 0, 300.1, {}, "short"),
        (150, 100, 300, {}, "short"),
        (400, 100, 1, {}, "exhausted"),
        (0, 0, None, {}, "weight-unknown"),
        (0, 0, 1, {"used_kg": 500.0}, "exhausted"),  # what the paper says was used counts too
        (0, 0, 1, {"valid_to": date(2026, 11, 21)}, "expired"),
        (0, 0, 1, {"valid_to": ON}, "enough"),
    ],
)
def test_a_balance(used: float, reserved: float, asked: float | None, paper: Any, state: str) -> None:
    found = balance(noc(**paper), used_kg=used, reserved_kg=reserved, asked_kg=asked, on=ON)
    assert found is not None
    assert found.state == state
    assert found.left_kg >= 0


def test_a_paper_without_an_amount_has_no_balance() -> None:
    assert balance(noc(quantity_kg=None), used_kg=0, reserved_kg=0, asked_kg=1, on=ON) is None


@given(*[st.floats(0, 1e6)] * 4)
def test_enough_means_that_all_fits(sanctioned: float, used: float, reserved: float, asked: float) -> None:
    paper = noc(quantity_kg=sanctioned)
    found = balance(paper, used_kg=used, reserved_kg=reserved, asked_kg=asked, on=ON)
    assert found is not None
    if found.state == "enough":
        assert used + reserved + asked <= sanctioned + 0.001
