import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.substances.lists import Name
from fieldapp.substances.names import Index, keys, longest, slips, windows
from fieldapp.substances.normal import atoms, normalise

NAMES = (
    Name("S1", "4-Piperidone", "official"),
    Name("S2", "N-Phenethyl-4-piperidone", "official"),
    Name("S3", "Carfentanil", "official"),
    Name("S4", "NPP", "official"),
    Name("S5", "shared name", "ambiguous"),
    Name("S6", "shared name", "ambiguous"),
)
INDEX = Index(keys(NAMES))


def read(text: str) -> list[tuple[tuple[str, ...], str]]:
    plain = normalise(text)
    runs = atoms(plain)
    spots = [*INDEX.exact(runs), *INDEX.by_parts(plain), *INDEX.near(windows(runs))]
    return [(spot.substances, spot.how) for spot in longest(spots)]


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("4 piperidone", [(("S1",), "exact")]),
        ("n-phenethyl-4-piperidone", [(("S2",), "exact")]),
        ("n-phenyl ethyl piperidone-4", [(("S2",), "parts")]),
        ("carfentnil", [(("S3",), "near")]),
        ("car fentanil", [(("S3",), "exact")]),
        ("shared name", [(("S5", "S6"), "exact")]),
        ("3-piperidone", []),
        ("cotton shirts", []),
    ],
)
def test_the_longest_reading_wins(text: str, spots: list[tuple[tuple[str, ...], str]]) -> None:
    assert read(text) == spots


def test_a_short_name_is_an_acronym_whatever_the_list_calls_it() -> None:
    (spot,) = INDEX.exact(atoms("npp"))
    assert spot.kind == "short"


@given(st.integers(0, 10**6))
def test_one_slip_in_a_long_name_is_read_and_a_changed_locant_is_not(seed: int) -> None:
    chance = random.Random(seed)
    name = "carfentanil"
    at = chance.randrange(1, len(name) - 1)
    assert read(name[:at] + name[at + 1 :]) == [(("S3",), "near")]
    assert read(f"{chance.choice('235678')}-piperidone") == []


@given(st.integers(0, 200))
def test_longer_names_may_carry_more_slips(length: int) -> None:
    assert slips(length) <= slips(length + 1) <= 3
