import re
from typing import Any

import msgspec
import pytest

from sync.headquarters import stix
from sync.headquarters.reports import ReportLine
from tests.support.lines import line
from tests.support.records import AT

ID = re.compile(r"^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def given(*lines: ReportLine, tlp: stix.Tlp = "amber") -> dict[str, Any]:
    read: dict[str, Any] = msgspec.json.decode(stix.bundle(lines, "Customs HQ", AT, tlp))
    return read


def approved(**changes: object) -> ReportLine:
    return line(standing="approved", substances="4-anilinopiperidine", **changes)


def test_the_bundle_is_whole_and_every_reference_is_in_it() -> None:
    made = given(approved(), approved(record="cd" * 32, reference="SB 2"))
    objects = {one["id"]: one for one in made["objects"]}
    assert made["type"] == "bundle"
    assert len(objects) == len(made["objects"])
    assert all(ID.match(own) and own.startswith(one["type"] + "--") for own, one in objects.items())
    for one in objects.values():
        refs = [*one.get("object_refs", ()), *one.get("object_marking_refs", ())]
        refs += [one["created_by_ref"]] if "created_by_ref" in one else []
        assert set(refs) <= set(objects)
        assert one["spec_version"] == "2.1"
        if one["type"] in ("report", "observed-data", "identity"):
            assert one["modified"] >= one["created"]
    assert [one["type"] for one in objects.values()].count("report") == 2


@pytest.mark.parametrize("tlp", stix.TLPS)
def test_everything_told_bears_the_marking(tlp: stix.Tlp) -> None:
    made = given(approved(), tlp=tlp)
    marking = next(one for one in made["objects"] if one["type"] == "marking-definition")
    assert marking["definition"] == {"tlp": tlp}
    told = [one for one in made["objects"] if one["type"] in ("report", "observed-data", "x-consignment")]
    assert all(one["object_marking_refs"] == [marking["id"]] for one in told)


def test_no_officer_no_site_of_work_no_device() -> None:
    raw = stix.bundle([approved()], "Customs HQ", AT, "green").decode()
    for word in ("R. Nair", "Gate 3", "00" * 16):
        assert word not in raw


def test_only_approved_reports_that_hold_or_question_something() -> None:
    kept = [line(), line(standing="returned"), approved(verdict="no_match"), approved(verdict="cannot_check")]
    assert {one["type"] for one in given(*kept)["objects"]} == {"marking-definition", "identity"}


def test_the_same_report_is_the_same_object_in_every_bundle() -> None:
    one, both = given(approved()), given(approved(), approved(record="cd" * 32))
    held = {thing["id"]: thing for thing in both["objects"]}
    assert all(held[thing["id"]] == thing for thing in one["objects"])
