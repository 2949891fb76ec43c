"""Making the report of a sealed inspection: gathered where the keys are, rendered where none are."""

import msgspec

from fieldapp import ledger
from fieldapp.actions.rooms import Press
from fieldapp.errors import InspectorError
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.report import recordfile
from fieldapp.report.paper import Copy, Language, ReportInput, facts_of, paper_code
from fieldapp.vault.vault import Vault


class NotSealed(InspectorError):
    """A report is made of a sealed inspection."""

    code = "not-sealed"


class Gather(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for all that the report of a sealed revision is made of; 0 is the newest sealed one."""

    inspection: str
    revision: int = 0


class RenderReport(msgspec.Struct, frozen=True, kw_only=True):
    """Make the PDF in English, Hindi or both; for the file, for a court, or for the trader."""

    input: ReportInput
    language: Language = "en"
    copy: Copy = "full"


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The PDF's bytes: the same for the same input. `record_file` is the sealed record as a file."""

    pdf: bytes
    record_file: bytes


class PrintSlip(msgspec.Struct, frozen=True, kw_only=True):
    """Make the labels of all samples, or, with a step's `receipt` number, its receipt."""

    inspection: Inspection
    receipt: str = ""
    language: Language = "en"


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """A PDF to print at the goods."""

    pdf: bytes


def gather(vault: Vault, command: Gather) -> ReportInput:
    """Collect the record, its entry, its photos and the signed paper code."""
    with vault.reading() as tx:
        enrolled = tx.require_enrolment()
        newest = tx.inspections.get(command.inspection, command.revision).revision
        sealed = [
            held
            for number in range(1, newest + 1)
            if (held := tx.inspections.record_of(command.inspection, number))
        ]
        if not sealed or (command.revision and len(sealed) < command.revision):
            raise NotSealed
        entry = tx.journal.entry(sealed[-1][0])
    record_id = sealed[-1][1]
    vault.note_view("report-gathered", record_id, inspection=command.inspection, record=record_id)
    read = record.read(entry.payload)
    certificate = enrolled.certificate_statement
    photos = {
        item.id: vault.open_file(item.sealed_sha256, item.plain_sha256)
        for item in read.inspection.evidence
        if item.mime.startswith("image/")
    }
    assert ledger.entry_id(entry).hex() == sealed[-1][1], "the record row names its entry"
    return ReportInput(
        record=entry.payload,
        entry=entry,
        certificate=certificate,
        keys=enrolled.keys_statement,
        photos=photos,
        paper_code=paper_code(facts_of(read, entry), vault.public, vault.sign, certificate),
        history=tuple(record_id for _seq, record_id in sealed[:-1]),
    )


def render(_press: Press, command: RenderReport) -> Rendered:
    """Make the PDF, and the sealed record as a file of its own."""
    from fieldapp.report.render import render as render_pdf  # loads the press's engine

    given = command.input
    kept = recordfile.write(recordfile.of_input(given))
    return Rendered(pdf=render_pdf(given, command.language, command.copy), record_file=kept)


def print_slip(_press: Press, command: PrintSlip) -> Slip:
    """Make labels or a receipt from the inspection as it stands."""
    from fieldapp.report import slips  # loads the press's engine

    inspection = command.inspection
    if not command.receipt:
        return Slip(pdf=slips.labels(inspection, command.language))
    step = next((one for one in inspection.custody if one.receipt == command.receipt), None)
    if step is None:
        raise NotFound(what="receipt", id=command.receipt)
    return Slip(pdf=slips.receipt(inspection, step, command.language))
