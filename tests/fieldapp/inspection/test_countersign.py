"""A second officer signs what he saw, and nothing else."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.enrolment import StatementRefused
from fieldapp.inspection.countersign import Ask, CountersignRefused, check, read_answer, read_ask, text_of
from tests.support.officers import SECOND, TRUSTED, answer, ask
from tests.support.records import AT, moment


def test_the_two_codes_carry_ask_and_answer() -> None:
    asked = read_ask(text_of(ask()))
    given_back = read_answer(text_of(answer(asked)))
    assert check(ask(), given_back, TRUSTED).name == "S. Rao"
    assert len(text_of(given_back)) < 1500  # fits a code that a laptop's camera reads from a screen


@pytest.mark.parametrize(
    "changes", [{"digest": "0" * 64}, {"lines": ("Hold",)}, {"meaning": "seize"}, {"revision": 2}]
)
def test_an_answer_to_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CountersignRefused) as refused:
        check(ask(**changes), answer(ask()), TRUSTED)
    assert refused.value.facts["why"] == "signature"


@pytest.mark.parametrize(
    "asked", [ask(asked_by="s.  RAO"), ask(public=SECOND.public_key().public_bytes_raw().hex())]
)
def test_nobody_countersigns_himself(asked: Ask) -> None:
    with pytest.raises(CountersignRefused) as refused:
        answer(asked)
    assert refused.value.facts["why"] == "same-officer"


def test_whom_headquarters_does_not_know_is_refused() -> None:
    with pytest.raises(StatementRefused):
        check(ask(), answer(ask()), ("ef" * 32,))


@pytest.mark.parametrize(
    ("changes", "why"), [({"practice": True}, "other-realm"), ({"lease_until": AT}, "lease-ended")]
)
def test_practice_and_ended_leases_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(CountersignRefused) as refused:
        check(ask(), answer(ask(), **changes), TRUSTED)
    assert refused.value.facts["why"] == why


def test_a_later_moment_cannot_be_put_under_a_signature() -> None:
    moved = msgspec.structs.replace(answer(ask()), at=moment(6))
    with pytest.raises(CountersignRefused):
        check(ask(), moved, TRUSTED)


@given(st.text(max_size=200))
def test_any_other_code_is_refused(text: str) -> None:
    for read in (read_ask, read_answer):
        with pytest.raises(CountersignRefused):
            read(text)
        with pytest.raises(CountersignRefused):
            read("FIELDASK1:" + text)
