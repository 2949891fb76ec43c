"""Component rules against the published vectors: verdict, name of the fault, and its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers.rules import RULES
from fieldapp.identifiers.rules.numbers import mod10
from tests.support.shared import shared_data

# A company prefix that was never given out needs the registry, which is not offline.
_NEEDS_REGISTRY = ("GS1_LINTER_INVALID_GCP_PREFIX", "GS1_LINTER_GCP_DATASOURCE_OFFLINE")


def test_published_vectors() -> None:
    path = shared_data("gs1", "linter_vectors.jsonl")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["error"] in _NEEDS_REGISTRY:
            continue
        fault = RULES[row["linter"]](row["value"])
        assert (fault is None) == (row["expect"] == "pass"), row
        if fault:
            value = row["value"]
            marked = f"{value[: fault.start]}*{value[fault.start : fault.end]}*{value[fault.end :]}"
            assert marked == row["marked"], row
            assert "GS1_LINTER_" + fault.code.upper().replace("-", "_") == row["error"]


@pytest.mark.parametrize("name", sorted(RULES))
@given(value=st.one_of(st.text(max_size=40), st.text("0123456789", max_size=40)))
def test_no_rule_raises_and_every_fault_lies_inside(name: str, value: str) -> None:
    fault = RULES[name](value)
    assert fault is None or 0 <= fault.start <= fault.end <= len(value)


@given(st.text("0123456789", min_size=1, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, more: int) -> None:
    good = body + str(mod10(body))
    place %= len(good)
    bad = good[:place] + str((int(good[place]) + more) % 10) + good[place + 1 :]
    assert RULES["csum"](good) is None
    assert RULES["csum"](bad) is not None
