"""Amounts as papers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.consignment.quantity import Quantity, in_base, number, read, same


def amount(value: str, unit: str = "KGM") -> Quantity:
    return Quantity(value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("25 kg", "25", "KGM"),
        ("1,250.50 Kgs.", "1250.50", "KGM"),
        ("12,34,567 nos", "1234567", "H87"),
        ("200ltr", "200", "LTR"),
        ("0.5 TNE", "0.5", "TNE"),
    ],
)
def test_an_amount_is_read(text: str, value: str, unit: str) -> None:
    assert read(text) == amount(value, unit)


@pytest.mark.parametrize(
    "text", ["", "kg", "25", "1,5 kg", "25 drums", "-3 kg", "1e5 kg", "٢٥ kg", "1.2.3 kg"]
)
def test_what_is_not_plain_is_not_read(text: str) -> None:
    assert read(text) is None


def test_units_of_one_dimension_compare() -> None:
    assert same(amount("0.2", "TNE"), amount("200")) is True
    assert same(amount("25"), amount("24")) is False


def test_a_litre_is_not_a_kilogram() -> None:
    assert same(amount("25", "LTR"), amount("25")) is None


def test_rounding_that_a_paper_shows_is_allowed() -> None:
    assert same(amount("25.0"), amount("25.04")) is True
    assert same(amount("25.0"), amount("25.2")) is False
    assert same(amount("1000"), amount("1004"), Decimal("0.005")) is True


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_an_amount_agrees_with_itself_in_another_unit(value: Decimal) -> None:
    grams = Quantity(value=value * 1000, unit="GRM")
    assert same(Quantity(value=value, unit="KGM"), grams) is True
    assert in_base(grams) == value


@given(st.text(max_size=40))
def test_reading_never_raises(text: str) -> None:
    number(text)
    read(text)
