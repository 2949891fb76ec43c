"""An instrument's result file: read, kept as it was, and a presumptive test that its limits hold back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp import canonical
from fieldapp.actions import evidence, examining, measuring, opening
from fieldapp.actions.evidence import FileChanged, ShowEvidence
from fieldapp.actions.examining import RecordFieldTest
from fieldapp.actions.measuring import ReadResult, RecordResult
from fieldapp.inspection import fieldtest
from fieldapp.inspection.fieldtest import ValueSource
from fieldapp.inspection.inspection import Inspection
from fieldapp.instrument.cell import ResultUnreadable
from tests.support import results
from tests.support.laptops import Laptop, laptop


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def record(desk: Laptop, inspection: str, file: Path, **other: object) -> Inspection:
    """Read a file and record what it says, with the values in `other` as somebody typed them."""
    seen = measuring.read_result(desk.reader, ReadResult(path=str(file)))
    told = seen.result
    values = {
        "kind": told.technique, "shown": told.shown, "substance": told.text("substance"),
        "device": told.text("device"), "library": told.text("library"),
        "library_version": told.text("library_version"), "serial": told.text("serial"),
        "measured": told.measured, "calibrated_until": told.calibrated_until, "score": told.score,
        "bar": told.bar, "scale": told.most, "profile": f"{told.profile} {told.version}",
        "sources": (ValueSource(field="score", source="file", label="match score", line=13),),
    }  # fmt: skip
    test = RecordFieldTest(inspection=inspection, **(values | other))  # type: ignore[arg-type]
    return measuring.record_result(desk.vault, RecordResult(path=str(file), sha256=seen.sha256, test=test))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "run 7.csv"
    place.write_bytes(results.delimited())
    return place


def test_the_file_is_kept_as_it_was_and_the_test_names_it(desk: Laptop, file: Path):
    opened = desk.open().id
    after = record(desk, opened, file)
    (kept,), (made,) = after.evidence, after.field_tests
    assert (kept.purpose, kept.original_name) == ("result", "run 7.csv")
    assert kept.plain_sha256 == canonical.sha256(results.delimited())
    assert made.evidence == kept.id
    assert (
        evidence.show(desk.vault, ShowEvidence(inspection=opened, evidence=kept.id)).content
        == file.read_bytes()
    )
    assert fieldtest.word(made) == "presumptive_positive"
    assert made.doubts == ("measured-apart",)
    assert made.sources[0].line == 13
    again = record(desk, opened, file)
    assert len(again.evidence) == 1
    assert len(again.field_tests) == 2


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"calibrated_until": "2020-01-01"}, "calibration-expired"),
        ({"library_version": ""}, "library-version-missing"),
        ({"device": ""}, "device-missing"),
    ],
)
def test_a_limit_withholds_the_word_positive(
    desk: Laptop, tmp_path: Path, change: dict[str, str], limit: str
):
    place = tmp_path / "run.csv"
    place.write_bytes(results.delimited(**change))
    made = record(desk, desk.open().id, place).field_tests[0]
    assert fieldtest.limits(made) == (limit,)
    assert fieldtest.word(made) == "inconclusive"


def test_a_low_score_and_one_off_the_scale_withhold_it(desk: Laptop, file: Path):
    opened = desk.open().id
    low = record(desk, opened, file, score=0.5).field_tests[-1]
    beyond = record(desk, opened, file, score=97.0).field_tests[-1]
    none = record(desk, opened, file, score=None).field_tests[-1]
    assert [fieldtest.limits(each) for each in (low, beyond, none)] == [
        ("score-low",), ("score-out-of-scale",), ("score-missing",),
    ]  # fmt: skip
    assert {fieldtest.word(each) for each in (low, beyond, none)} == {"inconclusive"}


def test_a_file_that_changed_since_it_was_read_is_refused(desk: Laptop, file: Path):
    opened = desk.open().id
    seen = measuring.read_result(desk.reader, ReadResult(path=str(file)))
    file.write_bytes(results.delimited((("Aspirin", 0.99),)))
    test = RecordFieldTest(inspection=opened, kind="raman", shown="match")
    with pytest.raises(FileChanged):
        measuring.record_result(desk.vault, RecordResult(path=str(file), sha256=seen.sha256, test=test))
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=opened))
    assert held.evidence == ()
    assert held.field_tests == ()


def test_the_same_file_in_two_inspections_is_named(desk: Laptop, file: Path):
    first, second = desk.open(), desk.open("2-tablets")
    record(desk, first.id, file)
    after = record(desk, second.id, file)
    assert [(each.mark.kind, each.inspections) for each in after.seen_before] == [("result", (first.number,))]


def test_no_file_is_refused(desk: Laptop, tmp_path: Path):
    with pytest.raises(ResultUnreadable):
        measuring.read_result(desk.reader, ReadResult(path=str(tmp_path)))


def test_a_test_of_yore_with_its_version_in_the_library_s_name_keeps_its_word(desk: Laptop):
    opened = desk.open().id
    after = examining.record_field_test(
        desk.vault,
        RecordFieldTest(
            inspection=opened, kind="raman", shown="match", device="R1", library="Lib 3.2", score=0.9, bar=0.8
        ),
    )
    assert fieldtest.word(after.field_tests[0]) == "presumptive_positive"
    assert after.field_tests[0].doubts == ()
