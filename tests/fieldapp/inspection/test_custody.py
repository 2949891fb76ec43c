"""Samples and their custody: numbers, weights, seals, a chain without a gap."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection.custody import CustodyRefused, Step, allowed, follow, whereabouts
from fieldapp.inspection.procedure import PROFILES, least_grams, profile
from fieldapp.inspection.sample import Draw, Sample, SampleRefused, draw
from tests.support.records import AT, part_id

NDPS = profile("ndps-2022")
OFFICER = "R. Nair"


def order(**changes: Any) -> Draw:
    given = {
        "package": "3",
        "net_g": Decimal("5.2"),
        "gross_g": Decimal("7.1"),
        "seal": "S-1",
        "duplicate_net_g": Decimal("5.1"),
        "duplicate_gross_g": Decimal("7.0"),
        "duplicate_seal": "S-2",
        "package_net_g": Decimal(25_000),
    }
    return Draw(**(given | changes))


def drawn(*before: Sample, **changes: Any) -> tuple[Sample, ...]:
    return draw(before, order(**changes), NDPS, inspection="FA-7", at=AT, ids=(part_id(1), part_id(2)))


def step(action: str = "hand_over", minutes: int = 10, **changes: Any) -> Step:
    given = {
        "id": part_id(9),
        "exhibit": "FA-7/3/1A",
        "seq": 0,
        "action": action,
        "at": AT + timedelta(minutes=minutes),
        "place": "JNPT",
        "giver": OFFICER,
        "taker": "S. Rao",
        "gross_in_g": Decimal("7.1"),
        "seal_in": "S-1",
        "gross_out_g": Decimal("7.1"),
        "seal_out": "S-1",
        "receipt": f"R-{minutes}",
    }
    return Step(**(given | changes))


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_names_its_source_and_leads_to_an_end(name: str) -> None:
    found = profile(name)
    assert found.source
    assert {move.after for move in found.move} >= set(found.final)
    reached, states = {"drawn"}, {state for move in found.move for state in (*move.before, move.after)}
    for _ in states:
        reached |= {move.after for move in found.move if reached & set(move.before)}
    assert states <= reached


def test_original_and_duplicate_are_numbered_as_a_pair() -> None:
    first, second = drawn()
    assert (first.number, second.number) == ("FA-7/3/1A", "FA-7/3/1B")
    assert (first.pair, second.pair) == (second.number, first.number)
    third, _ = drawn(first, second, seal="S-3", duplicate_seal="S-4")
    assert third.number == "FA-7/3/2A"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"net_g": Decimal("4.9")}, "below-least"),
        ({"group": "charas"}, "below-least"),
        ({"gross_g": Decimal(5)}, "gross-below-net"),
        ({"seal": " "}, "seal-missing"),
        ({"duplicate_seal": "S-1"}, "seal-used-twice"),
        ({"duplicate_net_g": None}, "duplicate-missing"),
        ({"package_net_g": Decimal(10)}, "heavier-than-package"),
        ({"package": ""}, "package-missing"),
        ({"net_g": Decimal("NaN")}, "weight-missing"),
        ({"net_g": Decimal("9e999999")}, "weight-missing"),
        ({"duplicate_seal": "s 1"}, "seal-used-twice"),
        ({"seal": "- -"}, "seal-missing"),
        ({"package_net_g": Decimal("Infinity")}, "weight-missing"),
    ],
)
def test_a_wrong_drawing_is_refused_with_its_reason(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(SampleRefused) as refused:
        drawn(**changes)
    assert refused.value.facts["why"] == why


def test_what_was_drawn_before_counts_against_the_package() -> None:
    before = drawn(package_net_g=Decimal("15"))
    with pytest.raises(SampleRefused) as refused:
        drawn(*before, seal="S-3", duplicate_seal="S-4", package_net_g=Decimal("15"))
    assert refused.value.facts["why"] == "heavier-than-package"


def test_a_package_once_weighed_counts_for_later_drawings() -> None:
    before = drawn(package_net_g=Decimal(15))
    with pytest.raises(SampleRefused):
        drawn(*before, seal="S-3", duplicate_seal="S-4", package_net_g=None)


def test_the_least_weight_is_the_profiles() -> None:
    assert least_grams(NDPS) == 5
    assert least_grams(NDPS, "opium") == 24


def test_a_chain_goes_to_the_laboratory_and_back() -> None:
    sample = drawn()[0]
    steps: tuple[Step, ...] = ()
    for one in (
        step("hand_over", 10),
        step("send_to_laboratory", 20, giver="S. Rao", taker="CRCL"),
        step("open_for_analysis", 30, giver="CRCL", taker="CRCL", seal_out=""),
        step("reseal", 40, giver="CRCL", taker="CRCL", seal_in="", seal_out="L-7",
             gross_out_g=Decimal("6.8")),
        step("return", 50, giver="CRCL", taker=OFFICER, seal_in="L-7", seal_out="L-7",
             gross_in_g=Decimal("6.8"), gross_out_g=Decimal("6.8")),
    ):  # fmt: skip
        steps = follow(steps, one, sample, NDPS, OFFICER)
    now = whereabouts(sample, steps, NDPS, OFFICER)
    assert (now.state, now.holder, now.seal, now.ended) == ("returned", OFFICER, "L-7", False)
    assert [one.seq for one in steps] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (step("return"), "not-from-here"),
        (step("teleport"), "action-unknown"),
        (step(giver="Somebody"), "giver-does-not-hold"),
        (step(seal_in="S-9", seal_out="S-9"), "seal-differs"),
        (step(gross_in_g=Decimal("6.9"), gross_out_g=Decimal("6.9")), "weight-differs"),
        (step(seal_out="S-8"), "seal-must-stay"),
        (step(minutes=-5), "before-the-last-step"),
        (step(taker=""), "party-missing"),
        (step(gross_out_g=Decimal("7.3")), "weight-grew"),
        (step(gross_in_g=Decimal("NaN")), "weight-missing"),
        (step(gross_in_g=Decimal("1e9999999"), gross_out_g=Decimal(1)), "weight-missing"),
        (step(place=" "), "place-missing"),
        (step(taker=OFFICER), "same-party"),
        (step(gross_out_g=Decimal(0)), "weight-differs"),
    ],
)
def test_an_impossible_step_is_refused_with_its_reason(new: Step, why: str) -> None:
    with pytest.raises(CustodyRefused) as refused:
        follow((), new, drawn()[0], NDPS, OFFICER)
    assert refused.value.facts["why"] == why


def test_a_difference_is_kept_when_it_is_explained() -> None:
    new = step(gross_in_g=Decimal("6.9"), gross_out_g=Decimal("6.9"), discrepancy="scales of another maker")
    (kept,) = follow((), new, drawn()[0], NDPS, OFFICER)
    assert kept.discrepancy


def test_nothing_follows_the_end() -> None:
    sample = drawn()[0]
    steps = follow((), step(), sample, NDPS, OFFICER)
    steps = follow(steps, step("destroy", 20, giver="S. Rao", taker="Board", seal_out="",
                               gross_out_g=Decimal(0)), sample, NDPS, OFFICER)  # fmt: skip
    assert allowed(sample, steps, NDPS, OFFICER) == ()
    with pytest.raises(CustodyRefused) as refused:
        follow(steps, step("hand_over", 30, giver="Board"), sample, NDPS, OFFICER)
    assert refused.value.facts["why"] == "custody-ended"


@given(st.lists(st.sampled_from([move.action for move in NDPS.move]), max_size=12), st.randoms())
def test_no_sequence_of_steps_leaves_a_gap(actions: list[str], chance: Any) -> None:
    sample, steps = drawn()[0], ()
    for at, action in enumerate(actions):
        now = whereabouts(sample, steps, NDPS, OFFICER)
        move = next(one for one in NDPS.move if one.action == action)
        out = {"kept": now.seal, "new": f"N-{at}", "broken": ""}[move.seal]
        new = step(action, at + 1, giver=now.holder, taker=chance.choice(["A", "B", "C"]), seal_in=now.seal,
                   seal_out=out, gross_in_g=now.gross_g, gross_out_g=now.gross_g)  # fmt: skip
        try:
            steps = follow(steps, new, sample, NDPS, OFFICER)
        except CustodyRefused:
            to_himself = move.seal == "kept" and new.taker == new.giver
            assert now.ended or now.state not in move.before or to_himself
    holders = [OFFICER, *(one.taker for one in steps)]
    assert [one.giver for one in steps] == holders[:-1]
    assert all(msgspec.structs.asdict(one)["seq"] == place for place, one in enumerate(steps, 1))
