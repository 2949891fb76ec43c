"""Where goods may go, line by line, under holds and with two officers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection.disposition import (
    DISPOSITIONS,
    Decision,
    DecisionRefused,
    countersigned,
    digest,
    effective,
    follow,
    of_lines,
    waiting,
)
from fieldapp.inspection.hold import Hold
from tests.support.officers import answer, ask
from tests.support.records import AT, part_id


def decision(disposition: str = "release", **changes: Any) -> Decision:
    given = {"at": AT, "disposition": disposition, "reason": "papers in order", "by": "R. Nair"}
    return Decision(**(given | changes))


HOLD = Hold(id=part_id(1), at=AT, authority="Customs", by="R. Nair", reason="x", line=2)


def test_a_line_goes_its_own_way() -> None:
    decisions = follow(follow((), decision("hold")), decision("release", line=1))
    assert effective(decisions, 1) == "release"
    assert effective(decisions, 2) == "hold"
    assert effective(decisions) == "hold"


def test_no_release_while_a_hold_is_open() -> None:
    with pytest.raises(DecisionRefused) as refused:
        follow((), decision("release", line=2), (HOLD,))
    assert refused.value.facts["why"] == "hold-open"
    with pytest.raises(DecisionRefused):
        follow((), decision("release"), (HOLD,))
    assert follow((), decision("release", line=1), (HOLD,))
    assert follow((), decision("refer", line=2), (HOLD,))


def test_until_the_second_officer_acts_the_goods_stay_held() -> None:
    waiting = follow((), decision("release", needs_second=True))
    assert effective(waiting) == "hold"
    done = countersigned(waiting, digest(waiting[0]), answer(ask()), "S. Rao")
    assert effective(done) == "release"
    assert done[0].second_name == "S. Rao"
    assert digest(done[0]) == digest(waiting[0])


def test_a_countersignature_for_nothing_is_refused() -> None:
    with pytest.raises(DecisionRefused) as refused:
        countersigned(follow((), decision()), "0" * 64, answer(ask()), "S. Rao")
    assert refused.value.facts["why"] == "nothing-waits"


def test_after_a_seizure_the_court_decides() -> None:
    seized = follow((), decision("seize", line=1))
    with pytest.raises(DecisionRefused):
        follow(seized, decision("release", line=1))
    assert follow(seized, decision("release", line=2))


def test_a_release_signed_later_undoes_no_seizure() -> None:
    decisions = follow(
        follow((), decision("seize", needs_second=True)), decision("release", needs_second=True)
    )
    decisions = countersigned(decisions, digest(decisions[0]), answer(ask()), "S. Rao")
    with pytest.raises(DecisionRefused):
        countersigned(decisions, digest(decisions[1]), answer(ask()), "S. Rao")
    assert effective(decisions) == "seize"


def test_a_seizure_that_still_waits_can_be_given_up() -> None:
    waiting = follow((), decision("seize", needs_second=True))
    assert effective(follow(waiting, decision("hold"))) == "hold"


@given(
    st.lists(
        st.tuples(st.sampled_from(DISPOSITIONS), st.sampled_from([None, 1, 2]), st.booleans()), max_size=8
    )
)
def test_nothing_leaves_while_one_line_may_not(given: list[tuple[Any, int | None, bool]]) -> None:
    decisions: tuple[Decision, ...] = ()
    for disposition, line, second in given:
        made = decision(disposition, line=line, needs_second=second)
        try:
            decisions = follow(decisions, made)
        except DecisionRefused:
            continue
    lines = {one.line for one in decisions if one.line is not None}
    if effective(decisions) == "release":
        assert all(effective(decisions, line) == "release" for line in lines)


def test_a_consignment_is_what_its_lines_are() -> None:
    decisions = follow(follow((), decision("hold")), decision("release", line=1))
    assert of_lines(decisions, [1, 2]) == "hold"
    decisions = follow(decisions, decision("release", line=2))
    assert of_lines(decisions, [1, 2]) == "release"
    assert of_lines(decisions, [1, 2, 3]) == "hold"  # the whole was held, and line 3 with it
    assert of_lines(follow((), decision("release", line=1)), [1, 2]) is None
    assert of_lines(follow((), decision("seize", line=1)), [1, 2]) == "seize"
    assert of_lines(follow((), decision("refer")), []) == "refer"


def test_a_release_of_the_whole_passes_over_no_line_that_was_decided_otherwise() -> None:
    held = follow((), decision("hold", line=2))
    with pytest.raises(DecisionRefused) as refused:
        follow(held, decision("release"))
    assert refused.value.facts == {"why": "line-held", "line": 2}
    assert follow(held, decision("release", line=1))
    freed = follow(held, decision("release", line=2))
    assert effective(follow(freed, decision("release"))) == "release"


def test_only_what_still_counts_waits_for_a_second_officer() -> None:
    waits = follow((), decision("seize", line=1, needs_second=True))
    both = follow(waits, decision("release", line=2, needs_second=True))
    assert waiting(both) == both
    assert waiting(follow(both, decision("hold", line=1))) == (both[1],)
    assert waiting(follow(both, decision("hold"))) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(DISPOSITIONS), st.sampled_from([None, 1, 2]), st.booleans()), max_size=8
    )
)
def test_a_consignment_is_never_released_before_each_of_its_lines(
    given: list[tuple[Any, int | None, bool]],
) -> None:
    decisions: tuple[Decision, ...] = ()
    for disposition, line, second in given:
        try:
            decisions = follow(decisions, decision(disposition, line=line, needs_second=second))
        except DecisionRefused:
            continue
    lines = [effective(decisions, line) for line in (1, 2)]
    assert (of_lines(decisions, (1, 2)) == "release") == (lines == ["release", "release"])
