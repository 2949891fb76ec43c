"""What is done at the goods, on a real vault: checklist, findings of weight, field tests, people, papers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.actions import examining
from fieldapp.actions.examining import (
    AddAddendum,
    BeginChecklist,
    ChecklistBegun,
    ChecklistFaulty,
    ComparePapers,
    GiveAnswer,
    NoteFound,
    NotePlace,
    NotePresent,
    RecordFieldTest,
)
from fieldapp.inspection.addendum import AddendumRefused
from fieldapp.inspection.fieldtest import word
from fieldapp.inspection.inspection import CannotSeal, Inspection, NotFound, require_sealable
from fieldapp.inspection.presence import PresenceRefused
from tests.support.laptops import LABELS, Laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(laptop: Laptop) -> Inspection:
    return laptop.open()


def test_answers_are_kept_as_given_and_hold_up_the_seal(laptop: Laptop, opened: Inspection) -> None:
    begun = examining.begin_checklist(
        laptop.vault, BeginChecklist(inspection=opened.id, name="courier-parcel")
    )
    assert begun.checklist is not None
    after = examining.give_answer(
        laptop.vault, GiveAnswer(inspection=opened.id, question="weight", value="ten", unit="gms")
    )
    assert [(one.value, one.unit) for one in after.answered] == [("ten", "GRM")]
    laptop.examine(opened, sorted(LABELS.glob("*.png"))[0])
    with pytest.raises(CannotSeal) as refused:
        require_sealable(
            examining.give_answer(
                laptop.vault, GiveAnswer(inspection=opened.id, question="tracking", value="yes")
            )
        )
    assert refused.value.facts["why"] in ("checklist", "open-hits")
    back = examining.give_answer(laptop.vault, GiveAnswer(inspection=opened.id, question="weight"))
    assert [one.question for one in back.answered] == ["tracking"]


def test_a_question_that_is_not_asked_for_is_refused(laptop: Laptop, opened: Inspection) -> None:
    with pytest.raises(NotFound):
        examining.give_answer(
            laptop.vault, GiveAnswer(inspection=opened.id, question="tracking", value="yes")
        )


def test_a_begun_checklist_is_not_exchanged(laptop: Laptop, opened: Inspection) -> None:
    examining.begin_checklist(laptop.vault, BeginChecklist(inspection=opened.id, name="courier-parcel"))
    examining.give_answer(laptop.vault, GiveAnswer(inspection=opened.id, question="tracking", value="yes"))
    with pytest.raises(ChecklistBegun):
        examining.begin_checklist(laptop.vault, BeginChecklist(inspection=opened.id, name="air-cargo"))


def test_a_faulty_file_names_its_line(laptop: Laptop, opened: Inspection) -> None:
    with pytest.raises(ChecklistFaulty) as refused:
        examining.begin_checklist(laptop.vault, BeginChecklist(inspection=opened.id, text='id = "x"\nwhat\n'))
    assert refused.value.facts["line"] == 2


def test_what_was_found_replaces_what_was_found_before(laptop: Laptop, opened: Inspection) -> None:
    def note(**given: Any) -> Inspection:
        return examining.note_found(laptop.vault, NoteFound(inspection=opened.id, **given))

    note(field="gross", value="27 kg")
    after = note(field="gross", value="27.4 kg", uncertainty="0.1 kg")
    assert [(one.field, one.value) for one in after.found] == [("gross", "27.4 kg")]
    note(field="seal", value="S-1")
    after = note(field="seal", value="S-2")
    assert [one.value for one in after.found if one.field == "seal"] == ["S-1", "S-2"]
    after = note(field="seal", value="", instead_of="S-1")
    assert [one.value for one in after.found if one.field == "seal"] == ["S-2"]
    rows = examining.compare(laptop.vault, ComparePapers(inspection=opened.id)).rows
    assert any(cell.source == "found" for row in rows for cell in row.cells)


def test_a_field_test_bears_the_word_its_facts_allow(laptop: Laptop, opened: Inspection) -> None:
    after = examining.record_field_test(
        laptop.vault, RecordFieldTest(inspection=opened.id, kind="raman", shown="match", substance="ANPP")
    )
    assert word(after.field_tests[0]) == "inconclusive"
    assert after.field_tests[0].operator == "R. Nair"
    with pytest.raises(NotFound):
        examining.record_field_test(
            laptop.vault, RecordFieldTest(inspection=opened.id, kind="colour", shown="match", sample="none")
        )


def test_a_refusal_to_sign_needs_its_reason(laptop: Laptop, opened: Inspection) -> None:
    def note(**given: Any) -> Inspection:
        return examining.note_present(
            laptop.vault, NotePresent(inspection=opened.id, role="witness", **given)
        )

    with pytest.raises(PresenceRefused):
        note(name="A. Desai", outcome="refused")
    after = note(name="A. Desai", outcome="refused", reason="in a hurry", address="Uran")
    changed = note(name="A. Desai", id=after.present[0].id)
    assert [one.outcome for one in changed.present] == ["signs-paper"]


def test_a_place_is_kept(laptop: Laptop, opened: Inspection) -> None:
    after = examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place=" Gate 3, Nhava Sheva "))
    assert after.place == "Gate 3, Nhava Sheva"


def test_an_addendum_needs_something_sealed(laptop: Laptop, opened: Inspection) -> None:
    with pytest.raises(AddendumRefused):
        examining.add_addendum(
            laptop.vault,
            AddAddendum(inspection=opened.id, kind="laboratory_result", text="positive", exhibit="1A"),
        )
