from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.inspection.inspection import Inspection
from sync.headquarters import changes
from tests.support import full_record, records


def told(before: Inspection, after: Inspection) -> list[tuple[str, str, str, str]]:
    return [(one.what, one.part, one.name, one.field) for one in changes.compare(before, after)]


def test_an_inspection_does_not_differ_from_itself() -> None:
    made = records.inspection()
    answered = msgspec.structs.replace(made, revision=2, state="returned", parents=("ab" * 32,), answers="r")
    assert changes.compare(made, answered) == ()


def test_each_part_is_matched_by_what_identifies_it() -> None:
    one, two = records.finding(1), records.finding(2)
    before = records.inspection(findings=(one, two))
    after = records.inspection(findings=(msgspec.structs.replace(two, note="Seal 4471 broken"),))
    assert told(before, after) == [("removed", "findings", "1", ""), ("changed", "findings", "2", "note")]
    (_, change) = changes.compare(before, after)
    assert (change.before, change.after) == (two.note, "Seal 4471 broken")


def test_what_was_declared_is_compared_too() -> None:
    lot = records.consignment()
    heavier = msgspec.structs.replace(lot.goods[0], net_kg=301.5)
    after = records.inspection(consignment=msgspec.structs.replace(lot, goods=(heavier, *lot.goods[1:])))
    assert told(records.inspection(), after) == [("changed", "goods", "1", "net_kg")]


def test_a_new_scan_and_photo_are_added() -> None:
    before = records.inspection(scans=(records.scan(1),), evidence=())
    after = records.inspection(scans=(records.scan(1), records.scan(2)), evidence=(records.evidence(),))
    assert told(before, after) == [("added", "scans", "2", ""), ("added", "evidence", "1", "")]


def test_every_part_of_a_full_inspection_is_compared() -> None:
    full = full_record.full().inspection
    bare = records.inspection()
    named = {change.part for change in changes.compare(bare, full)}
    expected = {
        "checklist", "answered", "found", "field_tests", "samples", "custody", "holds", "deadlines",
        "present", "addenda", "place", "procedure", "documents", "decisions",
    }  # fmt: skip
    assert expected <= named
    assert expected <= {change.part for change in changes.compare(full, bare)}


def test_a_changed_answer_a_lifted_hold_and_a_new_version_of_the_checklist_are_told() -> None:
    full = full_record.full().inspection
    answers = (msgspec.structs.replace(full.answered[0], value="900"), *full.answered[1:])
    lifted = (msgspec.structs.replace(full.holds[0], lifted_by="S. Rao"),)
    assert full.checklist is not None
    newer = msgspec.structs.replace(full.checklist, version=full.checklist.version + 1)
    after = msgspec.structs.replace(full, answered=answers, holds=lifted, checklist=newer)
    assert told(full, after) == [
        ("changed", "checklist", "", ""),
        ("changed", "answered", "weight", "value"),
        ("changed", "holds", "1", "lifted_by"),
    ]


parts = st.fixed_dictionaries(
    {
        "site": st.text(max_size=8),
        "findings": st.lists(st.integers(1, 5), unique=True, max_size=4).map(
            lambda numbers: tuple(records.finding(number) for number in numbers)
        ),
        "decisions": st.lists(st.text(min_size=1, max_size=5), max_size=3).map(
            lambda reasons: tuple(records.decision(reason=reason) for reason in reasons)
        ),
    }
)


@settings(max_examples=40, deadline=None)
@given(parts, parts)
def test_there_is_a_change_exactly_where_something_differs(one: dict[str, Any], two: dict[str, Any]) -> None:
    before, after = records.inspection(**one), records.inspection(**two)
    named = {change.part for change in changes.compare(before, after)}
    for part in ("site", "decisions"):
        assert (part in named) == (one[part] != two[part])
    by_number = [{item.number: item for item in given["findings"]} for given in (one, two)]
    assert ("findings" in named) == (by_number[0] != by_number[1]), "order alone is no change"
