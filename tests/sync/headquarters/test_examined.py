from datetime import timedelta

import msgspec
import pytest

from fieldapp import text
from fieldapp.inspection.mark import Mark, SeenBefore
from sync.headquarters import examined
from sync.headquarters.words import Words
from tests.support import full_record, records
from tests.support.records import AT


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_part_is_told_in_words(language: str) -> None:
    full = full_record.full()
    seen = SeenBefore(mark=Mark(kind="seal", value="SEAL-77"), inspections=("INS-1",))
    made = msgspec.structs.replace(full.inspection, seen_before=(seen,))
    parts = examined.examine(msgspec.structs.replace(full, inspection=made), Words(language), AT)
    assert [part.key for part in parts] == [
        "clocks", "holds", "seen", "papers", "checklist", "found", "tests", "samples", "custody", "present",
        "addenda",
    ]  # fmt: skip
    for part in parts:
        assert text.has(f"hq.exam.{part.key}", language)
        for head in part.heads:
            assert text.has(f"hq.exam.head.{head}", language), head
        for row in part.rows:
            assert len(row.cells) == len(part.heads)


def test_what_a_reviewer_has_to_see_is_marked() -> None:
    parts = {part.key: part for part in examined.examine(full_record.full(), Words("en"), AT)}
    assert [row.state for row in parts["papers"].rows if row.cells[0] == "Consignee"] == ["bad"]
    assert parts["present"].rows[0].state == "look", "a witness refused"
    assert parts["tests"].rows[0].state == "look", "the kit had expired"
    assert parts["holds"].rows[0].state == "look", "still held"


def test_a_clock_is_told_as_it_stands_now() -> None:
    def state(hours: float) -> str:
        parts = examined.examine(full_record.full(), Words("en"), AT + timedelta(hours=hours))
        return parts[0].rows[0].state

    assert (state(1), state(45), state(49)) == ("good", "look", "bad")


def test_a_plain_inspection_has_nothing_to_say_but_its_papers() -> None:
    parts = examined.examine(records.record(), Words("en"), AT)
    assert {part.key for part in parts} <= {"papers"}
