"""The story of a consignment: everything once, in the order of time, with who it was by."""

from datetime import timedelta

import msgspec
import pytest

from fieldapp.consignment.assignment import Assignment
from fieldapp.inspection.addendum import Addendum
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.presence import Presence
from fieldapp.inspection.timeline import KINDS, Sealing, timeline
from fieldapp.text import has
from tests.support import records
from tests.support.full_record import full
from tests.support.records import AT, moment, part_id


def rich():
    before = full().inspection
    order = Assignment(id="a", order="EO-7", lane="red", reasons=("tip",), issued=AT - timedelta(hours=3))
    hold = Hold(id="h", at=moment(50), authority="Customs", by="R. Nair", reason="Papers differ",
                lifted_at=moment(60), lifted_by="S. Rao", lifted_why="Paper came")  # fmt: skip
    due = moment(41 + 48 * 60)
    clock = Deadline(kind="seizure-report", procedure="ndps-2022", starts=moment(41), due=due, by="sent")
    return msgspec.structs.replace(
        before,
        consignment=msgspec.structs.replace(before.consignment, assignment=order),
        holds=(hold,),
        deadlines=(clock, msgspec.structs.replace(clock, kind="sample-sent", satisfied_at=moment(90))),
        reviews=(records.review(),),
        evidence=(*before.evidence, records.evidence(9, b"spectrum", mime="text/plain")),
        present=(Presence(id="p", at=moment(30), role="witness", name="A. Kumar"),),
        addenda=(Addendum(id="x", at=moment(900), kind="court_order", text="Return it", issuer="Court"),),
    )


def told():
    sealing = Sealing(revision=1, at=moment(100), by="R. Nair", record="ab" * 32)
    return timeline(rich(), (sealing,))


def test_it_runs_in_the_order_of_time():
    moments = told()
    assert [one.at for one in moments] == sorted(one.at for one in moments)
    assert moments[0].kind == "ordered"
    assert moments[-1].at == moment(41 + 48 * 60)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "seconded"])
def test_each_kind_of_thing_is_told(kind: str):
    assert any(one.kind == kind for one in told()), kind


def test_nothing_is_told_twice_and_nothing_left_out():
    inspection, moments = rich(), told()
    count = {kind: sum(one.kind == kind for one in moments) for kind in KINDS}
    assert count["scanned"] == len(inspection.scans)
    assert count["found"] == len(inspection.findings)
    assert count["photographed"] + count["filed"] == len(inspection.evidence)
    assert count["judged"] == len(inspection.adjudications)
    assert count["drawn"] == len(inspection.samples)
    assert count["handed"] == len(inspection.custody)
    assert count["decided"] == len(inspection.decisions)
    assert count["held"] == count["lifted"] == 1
    assert count["reviewed"] == count["sealed"] == count["added"] == 1


def test_who_did_it_stands_beside_it():
    by = {one.kind: one.by for one in told()}
    assert by["lifted"] == "S. Rao"
    assert by["reviewed"] == records.review().by
    assert by["attended"] == "A. Kumar"
    assert by["decided"] == "R. Nair"


def test_what_was_taken_back_is_still_told():
    inspection = records.inspection()
    gone = msgspec.structs.replace(inspection.findings[0], withdrawn="Wrong drum")
    (found,) = [
        one for one in timeline(msgspec.structs.replace(inspection, findings=(gone,))) if one.kind == "found"
    ]
    assert found.withdrawn
    assert found.text == gone.note


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_each_kind_has_its_words(kind: str, language: str):
    assert has(f"story.{kind}", language)


def test_a_photo_keeps_its_name():
    names = {one.name for one in told() if one.kind == "photographed"}
    assert "IMG_0001.JPG" in names
    assert part_id(301) not in names
