"""Is this paper what an enrolled vault sealed? One line per check, and no word that was not checked.

`verify_pdf` compares three things that must tell the same story: the square code on the first page as a
camera would see it, the sealed record inside the file, and the ledger entry that signed it. With
headquarters' root key (64 hex digits) it also follows root -> signing keys -> certificate -> vault key;
without it the answer says "not-anchored" and means it: anyone can make a key. A file that is signed, or says
so, must bear the signature of the certificate that the record's certificate names.

Never raises on what it is given: what cannot be read is a failed check. A check that could not be made is
`None`, which is neither. For the sentences printed around the code speaks only `pages`: the report is made
again from its own record and compared. A file for which that was not done is not `ok`, for its label may be
forged: get the report printed again from its record. Where the paper is all there is, compare the facts with
the paper.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import canonical, enrolment, ledger
from fieldapp.enrolment import Certificate, HeadquartersKeys, Signer, Statement
from fieldapp.errors import Fact, FieldappError, TrustError
from fieldapp.inspection import record as records
from fieldapp.inspection.record import Record
from fieldapp.report import recordfile, signature
from fieldapp.report.chain import PREFIXES, read_chain_code
from fieldapp.report.paper import (
    PREFIX,
    CheckedPaper,
    PaperFacts,
    PaperUnreadable,
    certificate_digest,
    facts_of,
    read_paper_code,
)
from fieldapp.report.recordfile import SealedRecord
from fieldapp.report.remake import judge, says_signed
from fieldapp.report.signature import SignatureBroken, Signed
from fieldapp.scan import zxing
from fieldapp.scan.decode import decode_frame, decode_picture
from fieldapp.scan.document import draw_page, is_pdf, open_document

_DPI = 200
T = TypeVar("T")


class RecordMismatch(TrustError):
    """The parts of a report do not belong together; `why` names the pair or the field that differs."""

    code = "record-mismatch"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check: True it holds, False it does not, None it could not be made; `code` says why."""

    name: str
    ok: bool | None
    code: str = "ok"
    facts: Mapping[str, Fact] = {}


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The checks in the order they were made, and the facts to compare with the paper, if any were read."""

    checks: tuple[Check, ...]
    facts: PaperFacts | None = None
    officer: str = ""  # the name on a certificate that the root vouches for

    @property
    def ok(self) -> bool:
        """Whether something was checked, nothing failed, and no printed page was left unchecked.

        Whoever alters a page would otherwise see to it that the pages cannot be checked.
        """
        failed = any(check.ok is False or (check.name == "pages" and not check.ok) for check in self.checks)
        return any(check.ok for check in self.checks) and not failed


_NOT_REMADE = Check(name="pages", ok=None, code="not-remade")


def verify_pdf(content: bytes, root: str | None = None) -> Verification:
    """Check a report's PDF, and against headquarters' `root` key (64 hex digits) where one is given."""
    code, paper = _try("paper-code", lambda: _code_on_first_page(content))
    file, sealed = _try("embedded-record", lambda: recordfile.read(content))
    verification = _verification([code, file], paper, sealed, root)
    sound = any(check.name == "record-signature" and check.ok for check in verification.checks)
    mark, signed = _file_signature(content, sealed)
    if sealed is None and signed is not None:
        return _signed_alone(verification, content, signed, root)
    remade = sealed is not None and sound and mark.ok is not False
    pages = _remade(content, sealed, signed) if sealed and remade else _NOT_REMADE
    return msgspec.structs.replace(verification, checks=(*verification.checks, mark, pages))


def verify_entry_file(content: bytes, root: str | None = None) -> Verification:
    """Check an exported sealed record (`.fieldrecord`)."""
    file, sealed = _try("record-file", lambda: recordfile.read_whole(content))
    return _verification([file], None, sealed, root)


def verify_file(content: bytes, root: str | None = None) -> Verification:
    """Check a report, a sealed record file, a photo of page 1, or the text of its code, whichever it is."""
    if is_pdf(content):
        return verify_pdf(content, root)
    if content.startswith(recordfile.MAGIC):
        return verify_entry_file(content, root)
    if content[: len(PREFIX)].upper() == PREFIX.encode("ascii"):
        return verify_paper_code(content.decode("ascii", "replace"))
    return verify_codes((symbol.text for symbol in decode_picture(content).symbols), root)


def verify_codes(texts: Iterable[str], root: str | None = None) -> Verification:
    """Check the codes scanned from a paper: the first page's, and the second one where it was scanned too."""
    scanned = tuple(texts)
    chains = {text for text in scanned if text.startswith(PREFIXES)}
    code, paper = _try("paper-code", lambda: _needed(_only_code(scanned)))
    if paper is None or root is None or len(chains) != 1:
        return _verification([code], paper, None, None)
    anchor, officer = _try("anchor", lambda: _anchored_chain(paper, chains.pop(), root))
    return Verification(checks=(code, anchor), facts=paper.facts, officer=officer or "")


def verify_paper_code(
    text: str,
    root: str | None = None,
    certificate: Statement | None = None,
    keys: Statement | None = None,
) -> Verification:
    """Check the text of a scanned code alone.

    Whose key signed it stays open unless the `certificate` that the code names by its digest and the `keys`
    of headquarters are at hand.
    """
    code, paper = _try("paper-code", lambda: read_paper_code(text))
    if paper is None or root is None or certificate is None:
        return _verification([code], paper, None, None)
    anchor, officer = _try("anchor", lambda: _anchored_paper(paper, certificate, keys, root))
    return Verification(checks=(code, anchor), facts=paper.facts, officer=officer or "")


def _verification(
    checks: list[Check], paper: CheckedPaper | None, sealed: SealedRecord | None, root: str | None
) -> Verification:
    facts = paper.facts if paper else None
    officer = ""
    if sealed is not None:
        signed, record = _try("record-signature", lambda: _signed_record(sealed, paper))
        checks.append(signed)
        if record is not None:
            found = facts_of(record, sealed.entry)
            facts = facts or found
            if paper is not None:
                checks.append(_try("same-story", lambda: _compare(paper, sealed, found))[0])
        if root is not None:
            anchor, named = _try("anchor", lambda: _anchored(sealed, record, root))
            checks.append(anchor)
            officer = named or ""
    if root is None or sealed is None:
        checks.append(Check(name="anchor", ok=None, code="not-anchored"))
    return Verification(checks=tuple(checks), facts=facts, officer=officer)


def _try(name: str, act: Callable[[], T]) -> tuple[Check, T | None]:
    try:
        return Check(name=name, ok=True), act()
    except FieldappError as problem:
        return Check(name=name, ok=False, code=problem.code, facts=problem.facts), None


def _code_on_first_page(content: bytes) -> CheckedPaper:
    opened = open_document(content)
    try:
        page = draw_page(opened, 0, _DPI)
    finally:
        opened.close()
    # A page drawn by us needs no more than the plain reader; a scanned or photographed one may.
    return _only_code(read.text for read in zxing.read(page, "paper")) or _needed(
        _only_code(symbol.text for symbol in decode_frame(page))
    )


def _only_code(texts: Iterable[str]) -> CheckedPaper | None:
    found = {text for text in texts if text.startswith(PREFIX)}
    if len(found) > 1:
        raise PaperUnreadable(codes=len(found))
    return read_paper_code(found.pop()) if found else None


def _file_signature(content: bytes, sealed: SealedRecord | None) -> tuple[Check, Signed | None]:
    """Check the signature of the file itself, which a copy made without the vault does not bear."""
    if not signature.is_signed(content) and not says_signed(content):
        return Check(name="file-signature", ok=None, code="unsigned"), None
    mark, signed = _try("file-signature", lambda: signature.read(content))
    if signed is None:
        return mark, None
    if sealed is None:
        return mark, signed
    signer = canonical.sha256(signed.x509[0])
    named, _same = _try("file-signature", lambda: _require_signer(sealed, signer))
    return named, signed


def _signed_alone(found: Verification, content: bytes, signed: Signed, root: str | None) -> Verification:
    """Say whose signature a file without a record bears, such as the trader's: its code may lead to the root.

    What such a file says is not compared with anything, so it is never `ok`.
    """
    signer = canonical.sha256(signed.x509[0])
    facts = {**signature.names(signed.x509[0]), "x509": signer}
    anchor = Check(name="anchor", ok=None, code="not-anchored")
    mark = Check(name="file-signature", ok=None, code="signer-unknown", facts=facts)
    officer = ""
    _read, text = _try("chain", lambda: _chain_on_last_page(content))
    if root is not None and text:
        anchor, held = _try("anchor", lambda: _certified(text, root))
        if held is not None and held.x509 == signer:
            mark, officer = Check(name="file-signature", ok=True, facts=facts), held.name
        elif held is not None:
            mark = Check(name="file-signature", ok=False, code=SignatureBroken.code, facts={"why": "foreign"})
    kept = tuple(check for check in found.checks if check.name != "anchor")
    return msgspec.structs.replace(found, checks=(*kept, anchor, mark, _NOT_REMADE), officer=officer)


def _chain_on_last_page(content: bytes) -> str:
    opened = open_document(content)
    try:
        page = draw_page(opened, len(opened) - 1, _DPI)
    finally:
        opened.close()
    found = {read.text for read in zxing.read(page, "paper") if read.text.startswith(PREFIXES)}
    return found.pop() if len(found) == 1 else ""


def _certified(text: str, root: str) -> Certificate:
    chain = read_chain_code(text, root.strip())
    return _chain(chain.certificate, chain.keys, root)


def _require_signer(sealed: SealedRecord, signer: str) -> None:
    # Whether the certificate that names the signer is to be believed is the anchor's business.
    if _claimed(sealed).x509 != signer:
        raise SignatureBroken(why="foreign")


def _remade(content: bytes, sealed: SealedRecord, signed: Signed | None) -> Check:
    record = recordfile.read_record(sealed)
    found = judge(signed.base, sealed, record, signed.x509) if signed else judge(content, sealed, record)
    if signed and found.same and not signature.is_ours(content, signed, record.signature.at):
        return Check(name="pages", ok=False, code="pages-altered")
    return Check(name="pages", ok=found.same, code=found.code, facts=found.facts)


def _needed(paper: CheckedPaper | None) -> CheckedPaper:
    if paper is None:
        raise PaperUnreadable(codes=0)
    return paper


def _signed_record(sealed: SealedRecord, paper: CheckedPaper | None) -> Record:
    # The key that the code names, or the certificate's claim: whether either is to be believed is the
    # anchor's business.
    entry = sealed.entry
    public = paper.public if paper else _claimed(sealed).public
    try:
        ledger.check_signature(entry, Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    except (ValueError, struct.error):  # a key or an entry with impossible parts
        raise RecordMismatch(why="entry") from None
    if entry.kind != records.KIND:
        raise RecordMismatch(why="kind")
    try:
        return recordfile.read_record(sealed)
    except recordfile.RecordFileUnreadable:
        raise RecordMismatch(why="content") from None


def _claimed(sealed: SealedRecord) -> Certificate:
    if sealed.certificate is None:
        raise RecordMismatch(why="no-certificate")
    try:
        return canonical.decode(sealed.certificate.payload, Certificate)
    except msgspec.DecodeError:
        raise RecordMismatch(why="certificate") from None


def _compare(paper: CheckedPaper, sealed: SealedRecord, found: PaperFacts) -> None:
    if certificate_digest(sealed.certificate).hex() != paper.certificate:
        raise RecordMismatch(why="certificate")
    for field in PaperFacts.__struct_fields__:
        if getattr(paper.facts, field) != getattr(found, field):
            raise RecordMismatch(why=field)


def _anchored(sealed: SealedRecord, record: Record | None, root: str) -> str:
    certificate = _chain(sealed.certificate, sealed.keys, root)
    if record is None:
        raise RecordMismatch(why="record")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate.public))
    except ValueError:
        raise RecordMismatch(why="certificate") from None
    ledger.check_signature(sealed.entry, public)
    if certificate.device != sealed.entry.device.hex():
        raise RecordMismatch(why="device")
    if record.practice != certificate.practice:
        raise RecordMismatch(why="practice")
    return certificate.name


def _anchored_paper(paper: CheckedPaper, certificate: Statement, keys: Statement | None, root: str) -> str:
    held = _chain(certificate, keys, root)
    if certificate_digest(certificate).hex() != paper.certificate or held.public != paper.public:
        raise RecordMismatch(why="certificate")
    if held.device != paper.facts.device:
        raise RecordMismatch(why="device")
    if held.practice != paper.facts.practice:
        raise RecordMismatch(why="practice")
    return held.name


def _anchored_chain(paper: CheckedPaper, text: str, root: str) -> str:
    chain = read_chain_code(text, root.strip())
    return _anchored_paper(paper, chain.certificate, chain.keys, root)


def _chain(certificate: Statement | None, keys: Statement | None, root: str) -> Certificate:
    if certificate is None or keys is None:
        raise RecordMismatch(why="no-certificate")
    practice, signing = _named(keys, (root.strip().lower(),))
    held = enrolment.open_statement(certificate, "certificate", Certificate, signing)
    if held.practice != practice:
        raise RecordMismatch(why="practice")
    return held


def _named(keys: Statement, roots: tuple[str]) -> tuple[bool, tuple[str, ...]]:
    """Return the realm and the signing keys that the root names, all of them or on paper the one."""
    if keys.kind == "signer":
        signer = enrolment.open_statement(keys, "signer", Signer, roots)
        return signer.practice, (signer.key,)
    named = enrolment.open_statement(keys, "keys", HeadquartersKeys, roots)
    return named.practice, named.signing
