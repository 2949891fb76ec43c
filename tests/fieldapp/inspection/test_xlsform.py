"""Checklists from spreadsheets."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection import xlsform
from fieldapp.inspection.checklist import Checklist

HEAD = ["type", "name", "label::English (en)", "label::Hindi (hi)", "required", "relevant", "constraint"]
CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "Yes"],
    ["yn", "no", "No"],
    ["c", "wet", "Wet"],
    ["c", "dry", "Dry"],
]
SETTINGS = [["form_id", "form_title", "version"], ["drum-check", "Drums", "20260101"]]


def book(*rows: list[str], choices: list[list[str]] = CHOICES) -> bytes:
    made = openpyxl.Workbook()
    survey = made.active
    assert survey is not None
    survey.title = "survey"
    for row in (HEAD, *rows):
        survey.append(row)
    for title, lines in (("choices", choices), ("settings", SETTINGS)):
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_form_becomes_a_checklist_in_two_languages() -> None:
    made = xlsform.read(
        book(
            ["begin group", "outside", "Outside", "बाहर"],
            ["select_one yn", "Sealed", "Is it sealed?", "क्या सील है?", "yes"],
            ["select_one c", "state", "State", "हालत", "", "${Sealed} = 'no'"],
            ["end group"],
            [
                "integer",
                "count",
                "How many?",
                "कितने?",
                "yes",
                "selected(${state}, 'wet') or ${Sealed} != 'yes'",
            ],
        ),
        "plant_audit",
    )
    assert isinstance(made, Checklist), made
    assert (made.id, made.version, made.site) == ("drum-check", 20260101, "plant_audit")
    sealed, state, count = made.questions()
    assert (sealed.kind, sealed.required, sealed.words.hi) == ("yes_no", True, "क्या सील है?")
    assert (state.kind, state.when) == ("choice", "sealed == 'no'")
    assert count.when == "state == 'wet' or sealed != 'yes'"
    assert [section.words.en for section in made.section] == ["Outside"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["geopoint", "place", "Where?"], "type-unknown"),
        (["select_one none", "q", "Q?"], "options-missing"),
        (["integer", "", "Q?"], "id-unfit"),
        (["integer", "q", "Q?", "", "", "", ". < 5"], "not-in-the-subset"),
        (["integer", "q", "Q?", "", "", "count-selected(${a}) > 1"], "not-in-the-subset"),
        (["integer", "q", "Q?", "", "", "${later} = 'x'"], "question-unknown"),
    ],
)
def test_what_is_not_in_the_subset_is_refused(row: list[str], code: str) -> None:
    faults = xlsform.read(book(["text", "first", "First?"], row), "plant_audit")
    assert isinstance(faults, tuple)
    assert faults[0].code == code
    assert faults[0].line == (1 if code == "question-unknown" else 3)


def test_a_packed_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (xlsform.UNPACKED + 1))
    faults = xlsform.read(out.getvalue(), "plant_audit")
    assert isinstance(faults, tuple)
    assert faults[0].code == "too-large"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_word(content: bytes) -> None:
    faults = xlsform.read(content, "plant_audit")
    assert isinstance(faults, tuple)
    assert faults[0].code == "not-xlsx"


def _with_part(held: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook with one part of its archive put in the place of the one it had."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(held)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            after.writestr(part, content if part == name else before.read(part))
    return out.getvalue()


@pytest.mark.parametrize(
    "cell",
    [b'<c r="A1" t="s"><v>99999</v></c>', b'<c r="1A"><v>1</v></c>', b'<c r="A1" t="d"><v>garbage</v></c>'],
)
def test_cells_that_lead_nowhere_are_no_spreadsheet(cell: bytes) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1">' + cell + b"</row></sheetData></worksheet>"
    )
    broken = _with_part(book(["text", "a", "A"]), "xl/worksheets/sheet1.xml", sheet)
    found = xlsform.read(broken, "plant_audit")
    assert isinstance(found, tuple)
    assert found[0].code in ("not-xlsx", "no-survey")
