import io

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from fieldapp import text
from sync.headquarters import exports, spreadsheet
from sync.headquarters.words import Words
from tests.support.lines import line


def rows(raw: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    assert all(cell.data_type in ("s", "n", "inlineStr") for row in sheet.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_headings_in_both_languages_and_numbers_stay_numbers() -> None:
    for language in text.LANGUAGES:
        heads, first = rows(spreadsheet.reports_xlsx([line()], Words(language)))
        assert len(heads) == len(first) == len(exports.COLUMNS)
        assert first[exports.COLUMNS.index("findings")] == 2


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(st.text(max_size=20), st.sampled_from(["=CMD()", "+1", "@x", "-2", "=HYPERLINK(1)", "\x00="]))
)
def test_no_cell_is_a_formula_whatever_came_from_outside(outside: str) -> None:
    made = line(consignee=outside, number=outside, site=outside, substances=outside, place=outside)
    _, first, second = rows(spreadsheet.reports_xlsx([made, line()], Words("en")))
    for value in (*first, *second):
        assert not str(value if value is not None else "").startswith(("=", "+", "@", "-"))
