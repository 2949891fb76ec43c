"""No difference between two checklists is left out, and each is shown in both languages."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection import checklist
from fieldapp.inspection.checklist import Checklist, Option, Question, Section, Wording
from sync.headquarters import reworded


def wording(text: str) -> Wording:
    return Wording(en=text, hi=f"{text} हिन्दी")


def question(own: str = "seal", **changes: Any) -> Question:
    return msgspec.structs.replace(Question(id=own, kind="number", words=wording("Seal intact?")), **changes)


def listed(*sections: tuple[Question, ...], version: int = 1) -> Checklist:
    made = tuple(
        Section(id=f"part-{place}", words=wording(f"Part {place}"), question=own)
        for place, own in enumerate(sections)
    )
    return Checklist(id="port", version=version, site="port_container", words=wording("Port"), section=made)


CHANGED: dict[str, Any] = {
    "words": wording("Seal whole?"),
    "hint": wording("Look at it"),
    "kind": "text",
    "required": True,
    "options": (Option(value="a", words=wording("A")),),
    "unit": "KGM",
    "least": Decimal(1),
    "most": Decimal(9),
    "when": "other is yes",
    "finding": ("no",),
}


def test_every_field_of_a_question_is_compared() -> None:
    assert {*Question.__struct_fields__} == {*CHANGED, "id"}


@pytest.mark.parametrize("field", sorted(CHANGED))
def test_a_changed_field_is_a_line_of_its_own(field: str) -> None:
    (line,) = reworded.compare(listed((question(),)), listed((question(**{field: CHANGED[field]}),)))
    assert (line.what, line.part, line.id, line.field) == ("changed", "question", "seal", field)
    assert line.before != line.after


def test_new_and_old_words_stand_in_both_languages() -> None:
    after = listed((question(words=wording("Seal whole?")),))
    (line,) = reworded.compare(listed((question(),)), after)
    assert line.before == "Seal intact?\nSeal intact? हिन्दी"
    assert line.after == "Seal whole?\nSeal whole? हिन्दी"


def test_what_is_removed_comes_first() -> None:
    before = listed((question("one"), question("two")))
    after = listed((question("three"), question("two", required=True)))
    whats = [(line.what, line.id) for line in reworded.compare(before, after)]
    assert whats == [("removed", "one"), ("changed", "two"), ("added", "three")]


def test_a_question_that_moves_is_told() -> None:
    one, two = question("one"), question("two")
    (swapped,) = reworded.compare(listed((one, two)), listed((two, one)))
    assert (swapped.part, swapped.field) == ("checklist", "order")
    (moved,) = reworded.compare(
        listed((one, two), (question("end"),)), listed((one,), (two, question("end")))
    )
    assert (moved.id, moved.field) == ("two", "section")


def test_a_long_text_is_cut_and_says_so() -> None:
    many = tuple(Option(value=f"v{place}", words=wording("x" * 400)) for place in range(4))
    (line,) = reworded.compare(listed((question(),)), listed((question(options=many),)))
    assert len(line.after) == reworded.LONGEST + 1
    assert line.after.endswith("…")


questions = st.lists(
    st.builds(
        question,
        st.sampled_from(["one", "two", "three"]),
        required=st.booleans(),
        when=st.sampled_from(["", "x"]),
        words=st.sampled_from([wording("A"), wording("B")]),
    ),
    unique_by=lambda made: made.id,
    max_size=3,
).map(tuple)


@given(questions, questions, questions, questions)
def test_there_is_a_line_exactly_where_two_checklists_differ(
    one: tuple[Question, ...],
    two: tuple[Question, ...],
    three: tuple[Question, ...],
    four: tuple[Question, ...],
) -> None:
    ids = [{made.id for made in each} for each in (one, two, three, four)]
    before = listed(one, tuple(made for made in two if made.id not in ids[0]))
    after = listed(three, tuple(made for made in four if made.id not in ids[2]), version=2)
    differ = msgspec.structs.replace(before, version=2) != after
    assert bool(reworded.compare(before, after)) == differ


def test_the_first_of_its_name_has_nothing_before_it() -> None:
    assert reworded.compare(None, checklist.shipped("air-cargo")) == ()
