import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import cas


def usual(body: int) -> str:
    digits = str(body)
    check = sum(place * int(digit) for place, digit in enumerate(reversed(digits), 1)) % 10
    return f"{digits[:-2]}-{digits[-2:]}-{check}"


numbers = st.integers(min_value=1000, max_value=999_999_999).map(usual)


@given(numbers, st.sampled_from("-‐‑–—−"))
def test_any_dash_reads_as_the_usual_form(number: str, dash: str) -> None:
    found = cas.find(f"goods {number.replace('-', dash)} 25 kg")
    assert [(one.cas, one.valid) for one in found] == [(number, True)]


@given(numbers, st.sampled_from([" ", ".", "/", "_", " - ", ""]))
def test_after_the_word_cas_any_joint_will_do(number: str, joint: str) -> None:
    found = cas.find(f"intermediate CAS No. {number.replace('-', joint)}, 25 kg")
    assert [one.cas for one in found] == [number]


@given(numbers)
def test_letters_that_look_like_digits_are_read_as_digits(number: str) -> None:
    written = number.replace("0", "O").replace("1", "l")
    assert [one.cas for one in cas.find(f"C.A.S. {written} drum")] == [number]


@given(numbers, st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_is_one_away_and_seldom_valid(number: str, place: int, digit: int) -> None:
    at = [i for i, char in enumerate(number) if char.isdigit()][place % (len(number) - 2)]
    wrong = number[:at] + str(digit) + number[at + 1 :]
    assert cas.one_away(wrong, [number]) == ((number,) if wrong != number else ())


def test_swapped_neighbours_are_one_away_across_the_dash() -> None:
    assert cas.one_away("437-83-7", ["437-38-7"]) == ("437-38-7",)
    assert cas.one_away("433-78-7", ["437-38-7"]) == ("437-38-7",)
    assert cas.one_away("473-83-7", ["437-38-7"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Date 2024/10/5",
        "invoice 20.11.6",
        "tel 98100 12345",
        "shipping bill 1234567",
        "lot 79/03/8",
        "HS 2933.39.90",
        "CAS verified goods 25 kg",
        "",
    ],
)
def test_other_numbers_are_no_substances(text: str) -> None:
    assert cas.find(text) == ()


@pytest.mark.parametrize(
    ("written", "usual_form"),
    [
        ("437-38-7", "437-38-7"),
        ("437 38 7", "437-38-7"),
        ("CAS 437387", "437-38-7"),
        ("fentanyl", ""),
        ("12", ""),
    ],
)
def test_a_column_value_is_read(written: str, usual_form: str) -> None:
    assert cas.read(written) == usual_form


def test_a_number_keeps_what_was_written() -> None:
    (found,) = cas.find("CAS No. 1609-66-5")
    assert (found.text, found.valid, found.labelled) == ("1609-66-5", False, True)
    assert not is_valid(found.cas)
