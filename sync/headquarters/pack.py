"""Reports as PDF files in one ZIP, made here from the sealed records.

A paper made at headquarters shows the same record; its first page bears no signed square code, because the
key for that is the vault's own. The record as it was signed lies inside each PDF, for `fieldapp verify`.
At most `MOST` reports at a time: a page of paper costs a tenth of a second.
"""

import io
import re
import zipfile
from collections.abc import Iterable

from sqlalchemy import select

from fieldapp.errors import FieldappError
from fieldapp.report.paper import Language, ReportInput
from fieldapp.report.render import render
from sync.headquarters import intake, keys, reading, store, tables
from sync.headquarters.office import Office
from sync.headquarters.reports import ReportLine

MOST = 25
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_STAMP = (1980, 1, 1, 0, 0, 0)


def pack(office: Office, lines: Iterable[ReportLine], practice: bool, language: Language) -> bytes:
    """Return the ZIP; its files are named by us, the numbers of reports only hinted at."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
        for place, line in enumerate(list(lines)[:MOST], 1):
            content = paper(office, line, practice, language)
            zipped.writestr(zipfile.ZipInfo(f"{place:03d}-{name(line)}", _STAMP), content)
    return out.getvalue()


def name(line: ReportLine) -> str:
    """Return a name of ours for the PDF of one report."""
    hint = _PLAIN.sub("-", line.number).strip("-.")[:60]
    return f"{hint or 'report'}-r{line.revision}.pdf"


def paper(office: Office, line: ReportLine, practice: bool, language: Language) -> bytes:
    """Return the PDF of one report."""
    return render(_given(office, line, practice), language, "full")


def _given(office: Office, line: ReportLine, practice: bool) -> ReportInput:
    found = reading.read(office, line.record, practice)
    kept = tables.record
    with store.reading(office.engine) as connection:
        row = store.one(connection, select(kept).where(kept.c.id == line.record))
    assert row is not None, "a line is a reading of a record"
    photos: dict[str, bytes] = {}
    for number, piece in enumerate(found.evidence, 1):
        if piece.state == "whole" and piece.evidence.mime in ("image/jpeg", "image/png"):
            try:
                photos[piece.evidence.id] = reading.open_evidence(office, line.record, practice, number)[1]
            except FieldappError:
                continue  # the paper says that it was not printed
    return ReportInput(
        record=row["payload"],
        entry=intake.entry_of(row),
        keys=keys.realm(office.keyring, practice).statement,
        photos=photos,
        history=tuple(past.record for past in found.revisions if past.revision < line.revision),
    )
