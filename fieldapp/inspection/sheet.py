"""Inspections as rows of a spreadsheet: one line each, in the words of one language.

Promises: no cell is a formula. What a spreadsheet would reckon with (a text that begins with =, +, -, @ or a
control character) is led by an apostrophe, which it shows as text. UTF-8 with its mark, so that every
spreadsheet reads Hindi.
Standard: RFC 4180.
"""

import csv
import io
from collections.abc import Iterable

from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.summary import Summary, summarise
from fieldapp.text import say

COLUMNS = (
    "number", "revision", "state", "opened", "site", "officer", "reference", "consignee", "goods", "verdict",
    "disposition", "lane", "holds", "samples", "record",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
LONGEST = 2000  # characters of a cell


def sheet(rows: Iterable[tuple[Inspection, str]], language: str) -> bytes:
    """Return the sheet of (inspection, record id or "") as bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([say(f"sheet.{column}", language) for column in COLUMNS])
    for inspection, record in rows:
        writer.writerow([harmless(cell) for cell in _cells(inspection, record, language)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "".join(sign if sign.isprintable() else " " for sign in cell[:LONGEST])
    led = cell.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if led else text


def _cells(inspection: Inspection, record: str, language: str) -> tuple[str, ...]:
    row: Summary = summarise(inspection)
    goods = inspection.consignment.goods
    return (
        row.number,
        str(row.revision),
        say(f"state.{row.state}", language),
        row.opened.isoformat(timespec="minutes"),
        row.site,
        inspection.officer.name,
        row.reference,
        row.consignee,
        "; ".join(line.description for line in goods[:20]),
        say(f"verdict.{row.verdict}", language),
        say(f"disposition.{row.disposition}", language) if row.disposition else "",
        say(f"lane.{row.lane}", language) if row.lane else "",
        str(row.holds),
        str(row.samples),
        record,
    )
