import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.substances import normal


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Fentanyl", "fentanyl"),
        ("fеntаnyl", "fentanyl"),  # Cyrillic e and a
        ("α-Methylfentanyl", "alpha-methylfentanyl"),
        ("N‐phenethyl—4–piperidone", "n-phenethyl-4-piperidone"),
        ("ＦＥＮＴＡＮＹＬ", "fentanyl"),
        ("fen\u200btanyl", "fentanyl"),
        ("Éphédrine", "ephedrine"),
        ("фентанил", "фентанил"),
        ("फेंटानिल", "फेंटानिल"),
    ],
)
def test_writings_of_one_word_become_one(written: str, read: str) -> None:
    assert normal.normalise(written) == read


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normal.normalise(text)
    assert normal.normalise(once) == once


@given(st.text(max_size=100))
def test_digits_that_stand_for_letters_keep_their_place(text: str) -> None:
    plain = normal.normalise(text)
    assert len(normal.unleet(plain)) == len(plain)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("et0nitazene", "etonitazene"),
        ("4-piperidone", "4-piperidone"),
        ("n-1-boc", "n-1-boc"),
        ("f3ntanyl", "fentanyl"),
    ],
)
def test_locants_stay_digits(written: str, read: str) -> None:
    assert normal.unleet(written) == read


@given(st.text(max_size=200))
def test_every_atom_stands_where_it_says(text: str) -> None:
    plain = normal.normalise(text)
    assert all(plain[atom.start : atom.end] == atom.text for atom in normal.atoms(plain))


@pytest.mark.parametrize(
    "mark", list("\ufe0f\u180e\u202a\U000e0041\U000e0100\u2064\ufff9\x00\x9b\ufffc\u3164")
)
def test_what_nobody_sees_does_not_change_a_word(mark: str) -> None:
    assert normal.normalise(f"fen{mark}tanyl") == "fentanyl"
