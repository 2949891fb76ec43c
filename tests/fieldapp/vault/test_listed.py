"""The list of inspections: found by any word, kept up with every change, filled again where a row is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.actions import examining, finding, opening
from fieldapp.actions.examining import NoteFound, NotePlace
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.opening import ListInspections
from fieldapp.inspection.summary import folded
from tests.support.laptops import Laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    yield made
    made.close()


def numbers(laptop: Laptop, text: str = "") -> list[str]:
    return [row.number for row in opening.list_inspections(laptop.vault, ListInspections(text=text)).rows]


@pytest.mark.parametrize(
    "text",
    ["", "Suryodaya", "SURYO", "boyl chem", "23056-29-3", "KX-2291", "FLDU2044184", "gate", "drum 4",
     "in-4471", "गेट", "N-phenylpiperidin"],
)  # fmt: skip
def test_it_is_found_by_any_of_its_words(laptop: Laptop, text: str) -> None:
    opened = laptop.open()
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Gate 3 गेट तीन"))
    examining.note_found(laptop.vault, NoteFound(inspection=opened.id, field="seal", value="IN-4471"))
    command = RecordFinding(inspection=opened.id, severity="other", note="Drum 4 leaks")
    finding.record(laptop.vault, command)
    assert numbers(laptop, text) == [opened.number]


@pytest.mark.parametrize("text", ["nothing-like-it", "drum OR", '"', "*", "NEAR(a b)", "suryodaya xyz", "--"])
def test_what_it_does_not_hold_is_not_found_and_nothing_raises(laptop: Laptop, text: str) -> None:
    laptop.open()
    found = numbers(laptop, text)
    assert found == [] or text == "drum OR"


def test_what_is_taken_back_is_found_no_more(laptop: Laptop) -> None:
    opened = laptop.open()
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Warehouse"))
    assert numbers(laptop, "warehouse")
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Gate"))
    assert numbers(laptop, "warehouse") == []
    assert numbers(laptop, "gate") == [opened.number]


def test_a_lost_row_is_filled_again(laptop: Laptop) -> None:
    opened = laptop.open()
    with laptop.vault.transaction() as tx:
        tx.inspections.listed.forget(opened.id)
    laptop.vault.list_filled = False
    assert numbers(laptop, "suryodaya") == [opened.number]


def test_the_latest_comes_first_and_pages_follow(laptop: Laptop) -> None:
    opened = [laptop.open().number for _ in range(3)]
    assert numbers(laptop) == opened[::-1]
    assert numbers(laptop, "suryodaya") == opened[::-1]
    second = opening.list_inspections(laptop.vault, ListInspections(offset=1))
    assert [row.number for row in second.rows] == opened[::-1][1:]
    assert not second.more


@given(st.text(max_size=60))
def test_folding_is_stable(text: str) -> None:
    once = folded(text)
    assert folded(" ".join(once)) == once
