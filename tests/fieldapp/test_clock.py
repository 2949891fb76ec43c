from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import clock
from fieldapp.clock import Reading

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPANS = st.floats(-1e7, 1e7)


@pytest.mark.parametrize(
    ("off", "said"),
    [(0, ""), (3600, ""), (-299, ""), (-301, "behind"), (-86_400 * 400, "behind"), (86_400 * 3650, "")],
)
def test_a_clock_behind_what_is_past_is_in_doubt(off: int, said: str):
    assert clock.doubt(Reading(NOON + timedelta(seconds=off), 5.0), NOON) == said


@pytest.mark.parametrize(
    ("wall", "boot", "said"),
    [
        (3600, 3600, ""),
        (3600, 3490, ""),
        (3600, 0, "jumped"),
        (-3600, 60, "jumped"),
        (60, 8 * 3600, "jumped"),
    ],
)
def test_a_clock_that_jumped_while_the_vault_was_open_is_in_doubt(wall: int, boot: int, said: str):
    earlier = Reading(NOON, 1000.0)
    assert clock.doubt(Reading(NOON + timedelta(seconds=wall), 1000.0 + boot), None, earlier) == said


def test_sleep_is_no_jump():
    """Eight hours of suspend pass on both clocks."""
    night = 8 * 3600
    assert clock.doubt(Reading(NOON + timedelta(seconds=night), night), NOON, Reading(NOON, 0.0)) == ""


@given(SPANS, SPANS)
def test_a_clock_that_was_passed_in_is_never_said_to_jump(wall: float, boot: float):
    earlier, later = Reading(NOON, None), Reading(NOON + timedelta(seconds=wall), boot)
    assert clock.doubt(later, None, earlier) == ""


@given(SPANS)
def test_ages_are_judged_by_no_earlier_time_than_is_known_to_be_past(off: float):
    moment = NOON + timedelta(seconds=off)
    assert clock.at_least(moment, NOON) >= NOON
    assert clock.at_least(moment, None) == moment


def test_since_boot_walks():
    first = clock.since_boot()
    assert clock.since_boot() >= first > 0
