"""The list of reports as a workbook (XLSX). Every cell is text or a whole number; none is a formula.

A text that a spreadsheet would take for a formula stays text by the cell's own type, and is tamed like in the
CSV for whoever saves it as one. What XML cannot hold is written out.
"""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from sync.headquarters import exports
from sync.headquarters.reports import ReportLine
from sync.headquarters.words import Words

LONGEST = 32_000  # signs a cell holds
_WIDE = {"consignee": 32, "reference": 24, "site": 24, "inspector": 22, "substances": 32}


def reports_xlsx(lines: Iterable[ReportLine], words: Words) -> bytes:
    """Return the list with headings in the language of `words`; moments are text in ISO 8601, UTC."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("reports")
    for place, column in enumerate(exports.COLUMNS):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = _WIDE.get(column, 16)
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=words.code("hq.column", column)) for column in exports.COLUMNS]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for line in lines:
        sheet.append([_cell(sheet, value) for value in exports.row(line, words)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: str | int) -> Cell:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value="")
    cell.value = exports.tame(value)[:LONGEST]
    cell.data_type = "s"  # never "f", whatever it begins with
    return cell
