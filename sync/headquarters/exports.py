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
_COLUMNS = (
    "report", "revision", "standing", "verdict", "goods", "findings", "severity", "consignee", "reference",
    "inspector", "site", "sealed", "received", "record-id",
)  # fmt: skip


def tame(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and nothing more."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def reports_csv(lines: Iterable[ReportLine], words: Words) -> bytes:
    """Return the list with headings in the language of `words`; times in ISO 8601, UTC."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([words.code("hq.column", column) for column in _COLUMNS])
    for line in lines:
        row = (
            line.number,
            str(line.revision),
            words.code("hq.standing", line.standing),
            words.code("verdict", line.verdict),
            words.code("disposition", line.disposition) if line.disposition else "",
            str(line.findings),
            words.code("severity", line.severity) if line.severity else "",
            line.consignee,
            line.reference,
            line.officer,
            line.site,
            line.sealed.isoformat(),
            line.received.isoformat(),
            line.record,
        )
        writer.writerow([tame(str(visible(field))) for field in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
