"""Checklists and profiles: installed whole or refused by line; what was begun goes on with its version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import resources
from fieldapp import enrolment
from fieldapp.actions import examining, hearing, installing, opening
from fieldapp.actions.examining import BeginChecklist
from fieldapp.actions.hearing import FeedItem, TakeFeed
from fieldapp.actions.installing import FormUnreadable, InstallForm, ListForms, ReadForm
from fieldapp.enrolment import IssuedChecklist, StatementRefused
from fieldapp.inspection.form import FormRefused, FormRow
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import Headquarters, enrolled_vault

COURIER = resources.path("checklists", "courier-parcel.toml").read_text("utf-8")
VERSION = next(line for line in COURIER.splitlines() if line.startswith("version"))
NOW = int(VERSION.split("=")[1])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def courier(version: int, name: str = "courier-parcel") -> str:
    text = COURIER.replace(VERSION, f"version = {version}", 1)
    return text.replace('id = "courier-parcel"', f'id = "{name}"', 1)


def install(desk: Laptop, folder: Path, text: str) -> None:
    file = folder / "list.toml"
    file.write_text(text, "utf-8")
    seen = installing.read_form(desk.reader, ReadForm(path=str(file)))
    assert seen.faults == ()
    installing.install_form(desk.vault, InstallForm(checklist=seen.checklist, profile=seen.profile))


def row(desk: Laptop, name: str) -> FormRow:
    found = installing.list_forms(desk.vault, ListForms(kind="checklist")).rows
    (only,) = [each for each in found if each.id == name]
    return only


def test_a_draft_finishes_on_the_version_it_began_with(desk: Laptop, tmp_path: Path):
    first = desk.open()
    begun = examining.begin_checklist(desk.vault, BeginChecklist(inspection=first.id, name="courier-parcel"))
    install(desk, tmp_path, courier(NOW + 1))
    assert (row(desk, "courier-parcel").version, row(desk, "courier-parcel").source) == (NOW + 1, "file")
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=first.id))
    assert held.checklist == begun.checklist
    second = desk.open("2-tablets")
    later = examining.begin_checklist(desk.vault, BeginChecklist(inspection=second.id, name="courier-parcel"))
    assert later.checklist is not None
    assert later.checklist.version == NOW + 1


def test_a_version_is_written_once(desk: Laptop, tmp_path: Path):
    install(desk, tmp_path, courier(7, "ours"))
    install(desk, tmp_path, courier(7, "ours"))  # the same again changes nothing
    with pytest.raises(FormRefused) as taken:
        install(desk, tmp_path, courier(7, "ours").replace("required = true", "required = false", 1))
    assert taken.value.facts["why"] == "version-taken"
    with pytest.raises(FormRefused) as older:
        install(desk, tmp_path, courier(6, "ours"))
    assert older.value.facts["why"] == "older"
    assert row(desk, "ours").version == 7


def test_what_came_with_the_program_is_not_put_aside_by_other_words_under_its_version(
    desk: Laptop, tmp_path: Path
):
    with pytest.raises(FormRefused):
        install(desk, tmp_path, courier(NOW).replace("required = true", "required = false", 1))
    assert row(desk, "courier-parcel").source == "shipped"


def test_a_fault_on_line_14_is_told_with_its_line_and_nothing_is_installed(desk: Laptop, tmp_path: Path):
    lines = courier(9, "ours").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("kind"))
    faulty = [*lines[:at], *["# a line"] * (13 - at if at < 13 else 0), 'kind = "riddle"', *lines[at + 1 :]]
    line = faulty.index('kind = "riddle"') + 1
    file = tmp_path / "list.toml"
    file.write_text("\n".join(faulty), "utf-8")
    seen = installing.read_form(desk.reader, ReadForm(path=str(file)))
    assert seen.checklist is None
    assert [(fault.line, fault.code) for fault in seen.faults] == [(line, "misfit")]
    with pytest.raises(FormRefused):
        installing.install_form(desk.vault, InstallForm())
    assert not [
        each
        for each in installing.list_forms(desk.vault, ListForms(kind="checklist")).rows
        if each.id == "ours"
    ]


def test_a_profile_is_installed_and_read_by(desk: Laptop, tmp_path: Path):
    text = resources.path("instruments", "pairs-report.toml").read_text("utf-8")
    install(desk, tmp_path, text.replace('id = "pairs-report"', 'id = "office"'))
    forms = installing.list_forms(desk.vault, ListForms(kind="instrument"))
    assert [each.id for each in forms.profiles] == ["office"]
    assert {each.source for each in forms.rows} == {"shipped", "file"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bin", b"PK\x03\x04 no sheet", b""])
def test_a_file_that_is_none_is_refused_or_faulty(desk: Laptop, tmp_path: Path, content: bytes):
    file = tmp_path / "odd.toml"
    file.write_bytes(content)
    try:
        seen = installing.read_form(desk.reader, ReadForm(path=str(file)))
    except FormUnreadable:
        return
    assert seen.checklist is None
    assert seen.faults


def test_no_file_is_refused(desk: Laptop, tmp_path: Path):
    with pytest.raises(FormUnreadable):
        installing.read_form(desk.reader, ReadForm(path=str(tmp_path / "none.toml")))


def test_what_headquarters_publishes_is_installed_and_a_faulty_one_changes_nothing(desk: Laptop):
    with desk.vault.transaction() as tx:
        installing.take_published(tx, courier(NOW + 3))
        installing.take_published(tx, courier(NOW + 2))  # an older one, later: nothing changes
        with pytest.raises(StatementRefused):
            installing.take_published(tx, courier(NOW + 3).replace("required = true", "required = false", 1))
        with pytest.raises(StatementRefused):
            installing.take_published(tx, "id = 3")
    assert (row(desk, "courier-parcel").version, row(desk, "courier-parcel").source) == (
        NOW + 3,
        "headquarters",
    )


def test_a_checklist_comes_with_the_feed_only_under_headquarters_signature(tmp_path: Path):
    office = Headquarters()
    laptop = Laptop(tmp_path, enrolled_vault(tmp_path, office))
    issued = IssuedChecklist(number=1, document=courier(NOW + 1), issued=laptop.vault.clock())
    forged = enrolment.sign("checklist", issued, Headquarters().signing)
    signed = enrolment.sign("checklist", issued, office.signing)
    taken = [
        hearing.take_feed(laptop.vault, TakeFeed(generation="g", items=(FeedItem(pos=at, statement=each),)))
        for at, each in enumerate((forged, signed), start=1)
    ]
    assert [(each.applied, each.refused) for each in taken] == [(0, 1), (1, 0)]
    assert (row(laptop, "courier-parcel").version, row(laptop, "courier-parcel").source) == (
        NOW + 1,
        "headquarters",
    )
    laptop.close()
