"""The list of reports as a file for a spreadsheet (CSV, RFC 4180, UTF-8 with a mark so that Excel reads it).

Every field is quoted, and one that a spreadsheet would take for a formula gets an apostrophe before it:
texts of reports come from outside, and opening a list must never run anything.
"""

import csv
import io
from collections.abc import Iterable

from sync.headquarters.reports import ReportLine
from sync.headquarters.words import Words, visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "＝", "＋", "－", "＠")
COLUMNS = (
    "report", "revision", "standing", "verdict", "goods", "findings", "severity", "consignee", "reference",
    "inspector", "site", "sealed", "received", "record-id", "substances", "list-age", "clock", "place",
)  # fmt: skip


def tame(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and nothing more."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def row(line: ReportLine, words: Words) -> tuple[str | int, ...]:
    """Return one line of the list, in the order of COLUMNS; what cannot be seen is written out."""
    fields: tuple[str | int, ...] = (
        line.number,
        line.revision,
        words.code("hq.standing", line.standing),
        words.code("verdict", line.verdict),
        words.code("disposition", line.disposition) if line.disposition else "",
        line.findings,
        words.code("severity", line.severity) if line.severity else "",
        line.consignee,
        line.reference,
        line.officer,
        line.site,
        line.sealed.isoformat(),
        line.received.isoformat(),
        line.record,
        line.substances,
        line.list_age if line.list_age >= 0 else "",
        line.due.isoformat() if line.due else "",
        line.place,
    )
    return tuple(field if isinstance(field, int) else str(visible(field)) for field in fields)


def reports_csv(lines: Iterable[ReportLine], words: Words) -> bytes:
    """Return the list with headings in the language of `words`; times in ISO 8601, UTC."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([words.code("hq.column", column) for column in COLUMNS])
    for line in lines:
        writer.writerow([tame(str(field)) for field in row(line, words)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
