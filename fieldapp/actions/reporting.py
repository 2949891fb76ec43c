"""Making the report of a sealed inspection: gathered where the keys are, rendered where none are.

    gather (vault) -> render (press) -> sign (vault) -> bind (press)

The file is signed with the vault's certificate, after the passphrase was given for just these files; a vault
that headquarters gave none makes files that say that they are not signed.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from fieldapp import canonical, ledger
from fieldapp.actions import hearing, inheriting
from fieldapp.actions.rooms import Press
from fieldapp.enrolment import Statement
from fieldapp.errors import InspectorError, SituationError
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.ledger import Entry
from fieldapp.report import recordfile, signature
from fieldapp.report.paper import Copy, Language, ReportInput, facts_of, paper_code
from fieldapp.vault import proofs
from fieldapp.vault.vault import Enrolment, Vault


class NotSealed(InspectorError):
    """A report is made of a sealed inspection."""

    code = "not-sealed"


class NotCertified(SituationError):
    """Headquarters gave this vault no certificate to sign files with."""

    code = "not-certified"


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
    """The PDF's bytes: the same for the same input. `record_file` is the sealed record as a file.

    `attributes` is what the vault has to sign for this PDF to be whole; empty: it is, and is not signed.
    `number` and `revision` are those of the inspection.
    """

    pdf: bytes
    record_file: bytes
    attributes: bytes = b""
    number: str = ""
    revision: int = 0


class ToSign(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a sealed revision, by what `render` said is to be signed of it."""

    inspection: str
    revision: int
    attributes: Annotated[bytes, msgspec.Meta(min_length=1, max_length=1024)]


class SignReports(msgspec.Struct, frozen=True, kw_only=True):
    """Sign files of reports; `proof` is that of the passphrase given for `subject_of` them."""

    reports: Annotated[tuple[ToSign, ...], msgspec.Meta(min_length=1)]
    proof: str


class Signatures(msgspec.Struct, frozen=True, kw_only=True):
    """One signature a file, in their order (DER)."""

    signatures: tuple[bytes, ...]


class BindSignature(msgspec.Struct, frozen=True, kw_only=True):
    """Put the vault's signature into what `render` made of an input with these certificates."""

    pdf: bytes
    attributes: bytes
    x509: tuple[bytes, ...]
    signature: bytes


class SignedReport(msgspec.Struct, frozen=True, kw_only=True):
    """The signed PDF: the same bytes for the same input."""

    pdf: bytes


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
        earlier = inheriting.sealed_entry(tx, command.inspection, command.revision)
    if earlier is not None:
        return _gather_earlier(vault, command, enrolled, earlier)
    with vault.reading() as tx:
        newest = tx.inspections.get(command.inspection, command.revision).revision
        sealed = [
            held
            for number in range(1, newest + 1)
            if (held := tx.inspections.record_of(command.inspection, number))
        ]
        if not sealed or (command.revision and len(sealed) < command.revision):
            raise NotSealed
        entry = tx.journal.entry(sealed[-1][0])
        certificate = hearing.certificate_at(tx, entry.seq)
    record_id = sealed[-1][1]
    vault.note_view("report-gathered", record_id, inspection=command.inspection, record=record_id)
    read = record.read(entry.payload)
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
        x509=() if vault.damage else enrolled.x509,  # a vault that may not be written to signs nothing
    )


def _gather_earlier(
    vault: Vault, command: Gather, enrolled: Enrolment, earlier: tuple[Entry, Statement, tuple[str, ...]]
) -> ReportInput:
    """Collect a record of an earlier laptop. The key that could sign its paper is gone with that laptop."""
    entry, certificate, history = earlier
    record_id = ledger.entry_id(entry).hex()
    vault.note_view("report-gathered", record_id, inspection=command.inspection, record=record_id)
    return ReportInput(
        record=entry.payload,
        entry=entry,
        certificate=certificate,
        keys=enrolled.keys_statement,
        photos={
            item.id: inheriting.open_evidence(vault, item)
            for item in record.read(entry.payload).inspection.evidence
            if item.mime.startswith("image/")
        },
        history=history,
    )


def render(_press: Press, command: RenderReport) -> Rendered:
    """Make the PDF, and the sealed record as a file of its own."""
    from fieldapp.report.render import render as render_pdf  # loads the press's engine

    given = command.input
    kept = recordfile.write(recordfile.of_input(given))
    pdf = render_pdf(given, command.language, command.copy)
    read = recordfile.read_payload(given.record)
    number, revision = read.inspection.number, read.inspection.revision
    if not given.x509:
        return Rendered(pdf=pdf, record_file=kept, number=number, revision=revision)
    prepared = signature.prepare(pdf, given.x509, read.signature.at)
    return Rendered(
        pdf=prepared.pdf,
        record_file=kept,
        attributes=prepared.attributes,
        number=number,
        revision=revision,
    )


def subject_of(reports: Sequence[ToSign]) -> str:
    """Return what the passphrase has to be given for before these files are signed."""
    return proofs.subject("report", canonical.sha256(canonical.encode(reports)))


def sign(vault: Vault, command: SignReports) -> Signatures:
    """Sign the files of sealed revisions, and write each into the ledger."""
    vault.spend_proof(command.proof, subject_of(command.reports))
    key = vault.paper_key
    with vault.transaction() as tx:
        if not tx.require_enrolment().x509:
            raise NotCertified
        for one in command.reports:
            held = tx.inspections.record_of(one.inspection, one.revision)
            if not held:
                raise NotSealed
            tx.journal.note("report-signed", tx.now, record=held[1], signed=canonical.sha256(one.attributes))
    return Signatures(signatures=tuple(key.sign(one.attributes) for one in command.reports))


def bind(_press: Press, command: BindSignature) -> SignedReport:
    """Make the PDF whole."""
    prepared = signature.Prepared(pdf=command.pdf, attributes=command.attributes)
    return SignedReport(pdf=signature.bind(prepared, command.x509, command.signature))


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
