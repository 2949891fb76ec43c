import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.substances import ec
from fieldapp.substances.identify import identify


def with_digit(six: int) -> str:
    digits = f"{six:06}"
    check = sum(place * int(digit) for place, digit in enumerate(digits, 1)) % 11
    return f"{digits[:3]}-{digits[3:]}-{check}"


@given(st.integers(200_000, 999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(six: int, place: int, change: int) -> None:
    right = with_digit(six)
    if len(right) > 9:
        return  # a remainder of ten is never given out
    digits = [int(char) for char in right if char != "-"]
    digits[place] = (digits[place] + change) % 10
    wrong = "".join(map(str, digits))
    assert ec.is_valid(right)
    assert not ec.is_valid(f"{wrong[:3]}-{wrong[3:6]}-{wrong[6]}")


@pytest.mark.parametrize(
    "text", ["EC 200-662-2", "EINECS No. 200-662-2", "EC-No: 200-662-2", "ec: 200–662–2"]
)
def test_a_labelled_number_is_found_in_any_writing(text: str) -> None:
    assert [(one.ec, one.valid) for one in ec.find(text, chemical=False)] == [("200-662-2", True)]


def test_a_bare_number_counts_only_among_chemicals_and_with_its_check_digit() -> None:
    assert ec.find("order 200-662-2", chemical=False) == ()
    assert [one.ec for one in ec.find("solvent 200-662-2", chemical=True)] == ["200-662-2"]
    assert ec.find("solvent 200-662-3", chemical=True) == ()


def test_a_number_names_a_listed_substance_and_says_whether_it_was_checked() -> None:
    checked = identify("EC 231-442-4, 25 kg")
    assert (checked.action, checked.substances[0].name) == ("controlled", "Iodine")
    unchecked = identify("solvent EC 203-625-9, 200 litres")
    assert (unchecked.action, unchecked.substances[0].name) == ("ask_headquarters", "Toluene")


def test_a_wrong_check_digit_is_told() -> None:
    answer = identify("EC 203-625-8")
    assert answer.action == "not_understood"
    assert "ec-digit-wrong" in [reason.code for reason in answer.reasons]
