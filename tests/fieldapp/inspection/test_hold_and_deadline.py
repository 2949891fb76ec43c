"""Holds stack; clocks do not run backwards."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection import deadline, hold
from fieldapp.inspection.hold import Hold, HoldRefused
from fieldapp.inspection.procedure import profile
from tests.support.records import AT, moment, part_id

NDPS = profile("ndps-2022")


def a_hold(number: int = 1, **changes: Any) -> Hold:
    given = {"id": part_id(number), "at": AT, "authority": "Customs", "by": "R. Nair", "reason": "papers"}
    return Hold(**(given | changes))


def test_a_hold_stays_until_it_is_lifted_by_itself() -> None:
    holds = hold.place(hold.place((), a_hold(1)), a_hold(2, authority="Drugs control"))
    holds = hold.lift(holds, part_id(1), at=moment(5), by="S. Rao", why="papers came")
    assert [one.id for one in hold.standing(holds)] == [part_id(2)]
    assert len(holds) == 2


def test_a_hold_on_one_line_leaves_the_others_free() -> None:
    holds = hold.place((), a_hold(line=2))
    assert hold.standing(holds, 2)
    assert not hold.standing(holds, 1)
    assert hold.standing(holds)


@pytest.mark.parametrize(
    ("name", "why", "reason"),
    [(part_id(1), " ", "reason-missing"), (part_id(7), "x", "hold-unknown")],
)
def test_a_lifting_without_reason_or_hold_is_refused(name: str, why: str, reason: str) -> None:
    with pytest.raises(HoldRefused) as refused:
        hold.lift((a_hold(),), name, at=AT, by="S. Rao", why=why)
    assert refused.value.facts["why"] == reason


def test_a_hold_is_lifted_once() -> None:
    lifted = hold.lift((a_hold(),), part_id(1), at=AT, by="S. Rao", why="done")
    with pytest.raises(HoldRefused):
        hold.lift(lifted, part_id(1), at=AT, by="S. Rao", why="again")


def test_a_seizure_starts_the_clocks_once() -> None:
    running = deadline.start((), NDPS, "seized", AT)
    assert {(one.kind, one.due - AT) for one in running} == {
        ("report-to-superior", timedelta(hours=48)),
        ("grounds-to-superior", timedelta(hours=72)),
    }
    assert deadline.start(running, NDPS, "seized", moment(60)) == running


def test_sending_satisfies_and_says_when_it_was_late() -> None:
    running = deadline.start((), NDPS, "seized", AT)
    done = deadline.satisfy(running, "sent", AT + timedelta(hours=50))
    assert [deadline.standing(one, AT) for one in done] == ["late", "satisfied"]
    assert deadline.satisfy(done, "sent", AT + timedelta(hours=99)) == done


@given(st.integers(-1000, 1000), st.integers(0, 1000))
def test_setting_the_clock_back_buys_no_time(wrong_hours: int, true_hours: int) -> None:
    one = deadline.start((), NDPS, "seized", AT)[0]
    floor = AT + timedelta(hours=true_hours)
    order = ("running", "soon", "overdue")
    told = deadline.standing(one, AT + timedelta(hours=wrong_hours), floor)
    assert order.index(told) >= order.index(deadline.standing(one, floor))
