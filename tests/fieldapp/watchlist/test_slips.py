"""A number that fails its check digit points at what it may have been; a valid one at nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.watchlist.slips import is_gtin, is_imo, meant


@given(st.integers(0, 999_999).map(lambda number: f"{number:06d}"), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_of_a_ship_number_leads_back(six, at, by):
    whole = next(f"{six}{last}" for last in range(10) if is_imo(f"{six}{last}"))
    slipped = whole[:at] + str((int(whole[at]) + by) % 10) + whole[at + 1 :]
    assert list(meant(whole)) == []
    if not is_imo(slipped):
        assert whole in set(meant(slipped))


@pytest.mark.parametrize("number", ["04012345678901", "CSQU3054383", "9172040", "HELLO", "", "12345"])
def test_valid_numbers_and_other_texts_have_no_neighbours(number):
    assert list(meant(number)) == []


def test_a_container_and_a_gtin_lead_back():
    assert "CSQU3054383" in set(meant("CSQU3054384"))
    assert "CSQU3054383" in set(meant("CSQV3054383"))
    assert not is_gtin("04012345678902")
    assert "04012345678901" in set(meant("04012345678902"))
