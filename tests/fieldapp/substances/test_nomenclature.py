import csv

import pytest

from fieldapp.substances import nomenclature, structure
from fieldapp.substances.identify import identify, unexplained, unread
from tests.support.shared import shared_data

needs_names = pytest.mark.skipif(not nomenclature.available(), reason="Java or py2opsin is not installed")
# A short name of so large a molecule that reading it does not end in time.
ENDLESS = "octa(octa(octa(octa(octa(octa(octaoctyl)octyl)octyl)octyl)octyl)octyl)benzene"
ANALOGUE = "N-(3-fluorophenyl)-2-ethoxy-N-[1-(2-phenylethyl)piperidin-4-yl]acetamide"


@pytest.mark.parametrize(
    "text",
    [
        ANALOGUE,
        f"{ANALOGUE}, 1 kg in 2 drums",
        f"Chemical intermediate - {ANALOGUE}; lot 7",
        f"1) {ANALOGUE} 98 %",
    ],
)
def test_a_systematic_name_is_found_in_its_line(text: str) -> None:
    assert ANALOGUE in nomenclature.systematic(text)


@pytest.mark.parametrize(
    "text", ["cotton shirts, 12 cartons", "Paracetamol tablets IP 500 mg", "acetone", "", "98-76-5", "((((("]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert nomenclature.systematic(text) == ()


def test_what_something_else_explained_is_not_read_again() -> None:
    for text in ("2-chloro-4-nitroaniline", "N-phenethyl-4-piperidone", "x" * 20_000):
        assert unexplained(text, identify(text)) == ()
    assert unexplained(ANALOGUE, identify(ANALOGUE)) == (ANALOGUE,)


@needs_names
def test_names_are_read_in_one_call_and_what_cannot_be_read_is_left_out() -> None:
    read = nomenclature.structures([ANALOGUE, "no-such-name-at-all", "line one\nline two", "ethanol"])
    assert set(read) == {ANALOGUE, "ethanol"}
    if structure.available():
        assert identify("", smiles=read[ANALOGUE]).substances[0].limb == "iv/D, v/E"


@needs_names
def test_a_reader_that_takes_too_long_says_so() -> None:
    assert nomenclature.structures(["propan-2-ol"], seconds=0.001) == {"propan-2-ol": nomenclature.UNREAD}


@needs_names
def test_a_name_that_hangs_the_reader_takes_no_other_with_it() -> None:
    read = nomenclature.structures([ENDLESS, ANALOGUE])
    assert read.pop(ENDLESS) == nomenclature.UNREAD
    assert set(read) == {ANALOGUE}


def test_nothing_to_read_starts_nothing() -> None:
    assert nomenclature.structures([]) == {}


@needs_names
def test_a_name_too_long_to_be_read_is_said_to_be_unread() -> None:
    assert nomenclature.structures(["x" * 1000]) == {"x" * 1000: nomenclature.UNREAD}


def test_a_long_name_and_a_name_behind_much_else_are_not_passed_over() -> None:
    assert nomenclature.systematic(" ".join([ANALOGUE] * 10)) == (" ".join([ANALOGUE] * 10),)
    text = f"{'paint ' * 500}; {ANALOGUE}"
    assert ANALOGUE in unexplained(text, identify(text))


@pytest.mark.parametrize("name", ["2-methyl-", "2-propenoic acid", "furan, 2-ethoxy-", "ethyl acetate"])
def test_a_piece_of_a_name_tells_little(name: str) -> None:
    assert not nomenclature.is_telling(name)
    assert unread([name], {}) == ()
    assert unread([name], {name: nomenclature.UNREAD}) == (name,)


def test_a_whole_name_that_nobody_read_is_unread() -> None:
    assert unread([ANALOGUE], {}) == (ANALOGUE,)
    assert unread([ANALOGUE], {ANALOGUE: "CC"}) == ()


def test_ordinary_goods_are_understood_where_no_name_can_be_read() -> None:
    """The neutral lines of the shared descriptions, as on a laptop without Java."""
    with (shared_data("substances") / "dev_descriptions.csv").open(encoding="utf-8", newline="") as file:
        lines = [row["text"] for row in csv.DictReader(file) if row["expected"] == "none"]
    assert len(lines) > 500
    assert [line for line in lines if unread(unexplained(line, identify(line)), {})] == []
