"""Checklists as data: skip logic, limits, faults with their lines."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection import checklist, condition
from fieldapp.inspection.answer import Answer, give, standings, unfinished
from fieldapp.inspection.checklist import SHIPPED, Checklist, Fault, read, shipped

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def file(*questions: str, head: str = "") -> str:
    """A checklist file whose first question begins on line 10."""
    top = (
        'id = "t"\nversion = 1\nsite = "plant_audit"\nwords = { en = "T", hi = "T" }\n'
        f'{head}\n[[section]]\nid = "s"\nwords = {{ en = "S", hi = "S" }}\n\n'
    )
    return top + "\n".join(questions)


def question(name: str = "q", kind: str = "yes_no", **more: str) -> str:
    lines = ["[[section.question]]", f'id = "{name}"', f'kind = "{kind}"', 'words = { en = "Q?", hi = "Q?" }']
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in more.items())]) + "\n"


def made(*questions: str) -> Checklist:
    found = read(file(*questions))
    assert isinstance(found, Checklist), found
    return found


def said(**answers: str) -> tuple[Answer, ...]:
    return tuple(
        Answer(question=name.replace("_", "-"), value=value, at=AT) for name, value in answers.items()
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_is_sound_and_in_both_languages(name: str) -> None:
    found = shipped(name)
    assert found.id == name
    for one in found.questions():
        assert one.words.en != one.words.hi
        assert any("\u0900" <= sign <= "\u097f" for sign in one.words.hi)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (file(question(), "id =").rstrip(), 15, "not-toml"),
        (file(question(kind="guess")), 12, "misfit"),
        (file(question(), question()), 16, "id-twice"),
        (file(question(kind="choice")), 10, "options-missing"),
        (file(question(kind="quantity", unit='"stone"')), 14, "unit-unknown"),
        (file(question(), question("r", when='"later == yes"')), 19, "question-unknown"),
        (file(question(), question("r", when='"q = yes"')), 19, "sign-unknown"),
        (file(question(colour='"red"')), 14, "field-unknown"),
        (file(question("Bad Id")), 11, "id-unfit"),
        (file(question(finding='["perhaps"]')), 14, "finding-unknown"),
        (file(question(kind="number", least="5", most="4")), 15, "limits-crossed"),
        (file(question(kind="number", least="nan", most="4")), 15, "limits-crossed"),
        (file(question(kind="number", least="0", most="inf")), 15, "limits-crossed"),
        (file(question(kind="number", least="0", most='"1E+99999"')), 15, "limits-crossed"),
        (file(question()).replace("version = 1", f"version = {1 << 63}"), 2, "misfit"),
        (file(question()).replace("version = 1", "version = " + "1" * 5000), 14, "not-toml"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, line: int, code: str) -> None:
    faults = read(text)
    assert isinstance(faults, tuple)
    assert [(fault.line, fault.code) for fault in faults] == [(line, code)]


def test_all_faults_are_given_at_once() -> None:
    faults = read(file(question("Bad Id"), question(kind="choice")))
    assert isinstance(faults, tuple)
    assert [fault.code for fault in faults] == ["id-unfit", "options-missing"]


@given(st.text(max_size=200))
def test_reading_any_file_gives_faults_never_an_error(text: str) -> None:
    found = read(text)
    assert isinstance(found, tuple)
    assert all(isinstance(fault, Fault) and fault.line >= 1 for fault in found)


@given(st.text(max_size=60))
def test_reading_any_condition_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(condition.Unreadable):
        assert condition.holds(condition.read(text), {}) in (True, False)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("a == yes", {"a": "yes"}, True),
        ("a == yes", {}, False),
        ("a != yes", {}, False),
        ("not a == yes", {}, True),
        ("n > 9", {"n": "10"}, True),
        ("n > 9", {"n": "ten"}, False),
        ("n == 1.0", {"n": "1"}, True),
        ("a == x or a == y and b == z", {"a": "x"}, True),
        ("(a == x or a == y) and b == z", {"a": "x"}, False),
        ("m in (air, 'by road')", {"m": "by road"}, True),
    ],
)
def test_conditions_decide(text: str, answers: dict[str, str], expected: bool) -> None:
    assert condition.holds(condition.read(text), answers) is expected


def test_deep_conditions_are_refused() -> None:
    with pytest.raises(condition.Unreadable):
        condition.read("(" * 5000 + "a == b" + ")" * 5000)
    with pytest.raises(condition.Unreadable):
        condition.read("not " * 5000 + "a == b")


def test_a_skipped_question_holds_up_nothing_and_counts_for_nothing() -> None:
    sheet = made(
        question("a", required="true"),
        question("b", required="true", when='"a == yes"'),
        question("c", required="true", when='"b == yes"'),
    )
    answers = said(a="yes", b="yes", c="no")
    assert unfinished(sheet, answers) == ()
    turned = give(answers, Answer(question="a", value="no", at=AT))
    assert [one.asked for one in standings(sheet, turned)] == [True, False, False]
    assert unfinished(sheet, turned) == ()
    back = give(turned, Answer(question="a", value="yes", at=AT))
    assert [one.answer.value for one in standings(sheet, back) if one.answer] == ["yes", "yes", "no"]


@pytest.mark.parametrize(
    ("kind", "more", "value", "misfit"),
    [
        ("number", {"least": "1"}, "0", "below"),
        ("number", {"most": "9"}, "10", "above"),
        ("number", {}, "ten", "not-a-number"),
        ("number", {}, "1,250", None),
        ("date", {}, "2026-02-30", "not-a-date"),
        ("yes_no", {}, "perhaps", "not-an-option"),
        ("text", {"required": "true"}, "   ", "required"),
        ("text", {}, "=CMD()", None),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    kind: str, more: dict[str, str], value: str, misfit: str | None
) -> None:
    (one,) = standings(made(question(kind=kind, **more)), said(q=value))
    assert one.misfit == misfit
    assert one.answer is not None
    assert one.answer.value == value


def test_an_answer_that_deserves_a_finding_says_so() -> None:
    (one,) = standings(made(question(finding='["no"]')), said(q="no"))
    assert one.wants_finding


@pytest.mark.parametrize("text", ["a" + ".a" * 20_000 + "=1", "[" + "a." * 20_000 + "a]"])
def test_a_key_of_thousands_of_parts_is_refused_at_once(text: str) -> None:
    assert read(text) == (Fault(line=1, code="too-deep"),)


def test_a_file_too_large_is_refused() -> None:
    assert read("#" * (checklist.LARGEST + 1)) == (Fault(line=1, code="too-large"),)


@pytest.mark.parametrize("sign", ["a", '"a" ', "a \t", "\t.", "a.b "])
def test_one_line_of_the_largest_size_is_answered(sign: str):
    # Each takes a tenth of a second; work that grew with the square of the line would take minutes.
    assert isinstance(checklist.read((sign * checklist.LARGEST)[: checklist.LARGEST]), tuple)
