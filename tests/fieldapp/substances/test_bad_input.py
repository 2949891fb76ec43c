"""Whatever a field holds, there is an answer, and never a silent `none` for what was not understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.substances import structure
from fieldapp.substances.identify import identify

needs_engine = pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")


def codes(answer) -> list[str]:
    return [reason.code for reason in answer.reasons]


@needs_engine
@pytest.mark.parametrize(
    "smiles",
    [
        "C" * 5000,
        "C1CC" * 900,
        "not a structure",
        "C(C(C",
        "[Xx]",
        "InChI=1S/",
        "C=" * 400,
        "\x00\x01",
        "C1" * 200,
    ],
)
def test_an_impossible_structure_is_not_understood(smiles: str) -> None:
    answer = identify("", smiles=smiles)
    assert answer.action == "not_understood"
    assert "structure-unreadable" in codes(answer)


@needs_engine
def test_an_impossible_structure_does_not_hide_what_the_words_say() -> None:
    answer = identify("acetic anhydride", smiles="C1CC")
    assert answer.action == "controlled"
    assert "structure-unreadable" in codes(answer)


@pytest.mark.parametrize(
    "text",
    [
        "zq " * 6666,
        "N-phenethyl-4-" * 1428,
        "фентанил fentanyl फेंटानिल 芬太尼 " * 500,
        "eth" * 6666,
        "(" * 20_000,
    ],
)
def test_a_field_as_long_as_a_field_may_be_is_answered(text: str) -> None:
    assert identify(text).action in ("controlled", "ask_headquarters", "not_understood", "none")


def test_what_is_cut_off_is_said() -> None:
    answer = identify("cotton shirts " * 2000)
    assert (answer.action, "text-too-long" in codes(answer)) == ("not_understood", True)


def test_a_number_of_another_substance_is_told_beside_the_name() -> None:
    # Toluene's number beside the name of a precursor: both are answered, neither hides the other.
    answer = identify("4-piperidone", cas="108-88-3")
    assert answer.action == "controlled"
    assert {match.name for match in answer.substances} == {"4-Piperidone", "Toluene"}


@pytest.mark.parametrize("cas", ["41661-47-7", "0-0-0", "abc", "416614", "９９９-99-9"])
def test_a_number_that_is_none_is_never_passed_over(cas: str) -> None:
    assert identify("intermediate", cas=cas).action in ("not_understood", "ask_headquarters", "controlled")


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60),
    st.text(max_size=12),
    st.text(alphabet="CNO=()[]123#c@+-/\\.%", max_size=30),
    st.text(max_size=9),
)
def test_nothing_raises(text: str, cas: str, smiles: str, hs: str) -> None:
    assert identify(text, cas, smiles, hs=hs).action
