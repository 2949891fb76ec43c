"""How many listed names would meet a query as well by chance, and what that makes of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.screening.align import align
from fieldapp.screening.chance import by_chance, expected
from fieldapp.screening.hit import Reason
from fieldapp.watchlist.names import analyse
from fieldapp.watchlist.weight import weight

MILLION = 1_000_000
NEAR = {"kim": [("kim", 0.02)], "chol": [("chol", 0.01), ("chul", 0.01)], "rotenberg": [("rotenberg", 1e-6)]}


def laid(query: str, listed: str):
    return align(analyse(query, True), analyse(listed, True), weight)


def chance(query: str, listed: str, names: int = MILLION, around: tuple[Reason, ...] = ()) -> float:
    return expected(laid(query, listed), names, lambda word: NEAR.get(word, []), lambda _: {}, around)


def test_common_words_meet_by_chance_and_rare_ones_do_not():
    assert chance("Kim Chol", "Kim Chol") > 10
    assert chance("Arkady Rotenberg", "Arkady Rotenberg") < 0.1


@given(st.integers(1, MILLION), st.integers(1, MILLION))
def test_the_longer_the_list_the_more_meet_by_chance(short, long):
    short, long = sorted((short, long))
    assert chance("Kim Chol", "Kim Chol", short) <= chance("Kim Chol", "Kim Chol", long)


def test_what_agrees_beside_the_name_makes_chance_rarer():
    alone = chance("Kim Chol", "Kim Chol")
    for code in ("country-agrees", "birth-year-agrees", "birth-agrees", "identifier-agrees"):
        assert chance("Kim Chol", "Kim Chol", around=(Reason(code),)) < alone
    assert chance("Kim Chol", "Kim Chol", around=(Reason("country-differs"),)) == alone


def test_a_near_name_that_chance_explains_is_held_back_and_says_so():
    (reason,) = by_chance(laid("Kim Chul", "Kim Chol"), 0.9, 200.0, MILLION)
    assert (reason.code, reason.facts["cap"]) == ("chance-explains", 0.79)


@pytest.mark.parametrize("query", ["Kim Chol", "Chol, Kim", "Kimchol"])
def test_a_name_met_whole_is_left_to_the_person_however_common(query):
    assert by_chance(laid(query, "Kim Chol"), 1.0, 200.0, MILLION) == []


def test_one_common_word_is_no_whole_name():
    (reason,) = by_chance(laid("Kim", "Kim"), 0.89, 20_000.0, MILLION)
    assert reason.code == "chance-explains"


def test_one_slip_in_the_one_long_word_there_is_is_left_to_the_person():
    assert by_chance(laid("Maulana Fazlllah", "Maulana Fazlullah"), 0.9, 5.0, MILLION) == []
    assert by_chance(laid("Kin", "Kim"), 0.8, 5.0, MILLION) != []


def test_the_same_words_with_their_particles_are_left_to_the_person():
    assert by_chance(laid("Rusdan, Abu", "Abu Rusdan"), 0.95, 5.0, MILLION, same=True) == []


def test_words_left_over_on_one_side_weigh_less_where_chance_is_small():
    (reason,) = by_chance(laid("Arkady Boris Rotenberg", "Arkady Rotenberg"), 0.75, 0.001, MILLION)
    assert reason.code == "chance-is-small"
    assert 0.05 < float(reason.facts["term"]) <= 0.2
    assert by_chance(laid("Arkady Boris Rotenberg", "Arkady Ivan Rotenberg"), 0.6, 0.001, MILLION) == []


@given(st.floats(0, 1), st.floats(0, 1e6))
def test_chance_never_lifts_a_name_into_the_top_band(score, found):
    reasons = by_chance(laid("Arkady Boris Rotenberg", "Arkady Rotenberg"), score, found, MILLION)
    lifted = score + sum(float(reason.facts.get("term", 0)) for reason in reasons)
    assert lifted <= max(score, 0.89) + 1e-4
