"""A verdict is only as good as the list behind it."""

from datetime import timedelta

import msgspec
import pytest

from fieldapp.screening.verdict import ListState, Screening, decide
from tests.support.lists import ISSUED

WHOLE = ListState(number=4, name="list", issued=ISSUED, entries=1)


def word_with(state: ListState, hours: int = 1) -> str:
    at = ISSUED + timedelta(hours=hours)
    return decide(Screening(watchlist=state), max_list_age_hours=24, at=at).word


def test_a_list_in_force_and_fresh_can_say_no_match():
    assert word_with(WHOLE) == "no_match"


@pytest.mark.parametrize("lacks", [{"number": 0}, {"issued": None}, {"entries": 0}])
def test_a_list_that_is_none_or_lists_nobody_cannot_check(lacks):
    assert word_with(msgspec.structs.replace(WHOLE, **lacks)) == "cannot_check"


def test_a_list_too_old_cannot_check():
    assert word_with(WHOLE, hours=25) == "cannot_check"
