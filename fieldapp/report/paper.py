"""What goes into a report, and the square code on its first page.

`ReportInput` is gathered where the keys are (the vault) and travels to where the PDF is made, so it holds
bytes and no keys. `PaperFacts` are the few things an officer compares with the paper in his hand; the code
carries them signed:

    "FIR1:" + base32( public key (32) | certificate digest (8) | signature (64) | zlib(facts) )

The Ed25519 signature covers b"FIELDPAPR1" and everything in the brackets but itself. The facts name the
record by the id of its ledger entry, which covers every byte of it. The certificate digest is the first 8
bytes of the SHA-256 of the certificate's signed bytes, or zeros. Base32 without padding keeps a QR code in
its alphanumeric mode; version 15 at level M holds 600 characters and the longest facts stay under that.

The code alone shows that the holder of this key signed these facts. Whose key it is, the certificate says:
it travels in the PDF, and enrolled units and headquarters can look it up by its digest.
"""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import ledger
from fieldapp.enrolment import Statement
from fieldapp.errors import InspectorError, SituationError, TrustError
from fieldapp.inspection.disposition import DISPOSITIONS, Disposition
from fieldapp.inspection.inspection import effective_disposition, standing_verdict
from fieldapp.inspection.record import Record
from fieldapp.screening.verdict import WORDS, Word

Language = Literal["en", "hi", "both"]
Copy = Literal["full", "court", "trader"]

PREFIX = "FIR1:"
MAGIC = b"FIELDPAPR1"
LONGEST = 2048  # characters; nothing longer is looked at
_KEY, _CERTIFICATE, _SIGNED = 32, 40, 104  # where the parts of the code end
_FACTS_LIMIT = 1024
_NUMBER_BYTES = 32
_CONSIGNEE_BYTES = 64
_DISPOSITIONS: tuple[Disposition | Literal[""], ...] = ("", *DISPOSITIONS)


class PaperUnreadable(InspectorError):
    """The text is not the square code of a report, or was not read whole."""

    code = "paper-unreadable"


class PaperNewer(SituationError):
    """The code is of a later form than this software knows; `form` names it."""

    code = "paper-newer"


class PaperRefused(TrustError):
    """The code is whole but does not hold: `why` is signature or content."""

    code = "paper-refused"


class ReportInput(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report is made of.

    `record` is the payload of the sealed record, `entry` the ledger entry that signed it, `photos` original
    bytes by evidence id, `paper_code` the text of the square code, `history` the ids of earlier records of
    this inspection, oldest first (64 hex digits each). `x509` are the certificates (DER) that sign the file,
    the vault's first; with none the file is not signed, and says so.
    """

    record: bytes
    entry: ledger.Entry
    certificate: Statement | None = None
    keys: Statement | None = None
    photos: dict[str, bytes] = {}
    paper_code: str = ""
    history: tuple[str, ...] = ()
    x509: tuple[bytes, ...] = ()


class PaperFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the square code says. `device` is 32 hex digits, `record` the ledger entry's id, 64.

    `number` and `consignee` are cut to 32 and 64 bytes of UTF-8, at a character.
    """

    number: str
    revision: int
    sealed: datetime
    verdict: Word
    disposition: Disposition | Literal[""]
    practice: bool
    consignee: str
    scans: int
    findings: int
    photos: int
    device: str
    seq: int
    record: str


class CheckedPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A code whose signature holds. `public` is 64 hex digits, `certificate` 16 (zeros: there was none)."""

    text: str
    facts: PaperFacts
    public: str
    certificate: str


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    number: str
    revision: int
    sealed_ms: int
    verdict: int
    disposition: int
    practice: bool
    consignee: str
    scans: int
    findings: int
    photos: int
    device: bytes
    seq: int
    record: bytes


def facts_of(record: Record, entry: ledger.Entry) -> PaperFacts:
    """Return the facts of `record`, which `entry` signed."""
    inspection = record.inspection
    consignee = next(
        (party.name for party in inspection.consignment.parties if party.role == "consignee"), ""
    )
    return PaperFacts(
        number=_cut(inspection.number, _NUMBER_BYTES),
        revision=inspection.revision,
        sealed=record.signature.at,
        verdict=standing_verdict(inspection),
        disposition=effective_disposition(inspection) or "",
        practice=record.practice,
        consignee=_cut(consignee, _CONSIGNEE_BYTES),
        scans=len(inspection.scans),
        findings=sum(not finding.withdrawn for finding in inspection.findings),
        photos=len(inspection.evidence),
        device=entry.device.hex(),
        seq=entry.seq,
        record=ledger.entry_id(entry).hex(),
    )


def paper_code(
    facts: PaperFacts,
    public: bytes,
    sign: Callable[[bytes], bytes],
    certificate: Statement | None = None,
) -> str:
    """Return the text of the square code; `sign` makes the 64-byte Ed25519 signature of `public`'s key."""
    head = public + certificate_digest(certificate)
    packed = zlib.compress(_pack(facts), 9)
    signature = sign(MAGIC + head + packed)
    return PREFIX + base64.b32encode(head + signature + packed).decode("ascii").rstrip("=")


def read_paper_code(text: str) -> CheckedPaper:
    """Read a scanned or typed code and check its signature; white space and small letters are forgiven.

    Raises PaperUnreadable, PaperNewer or PaperRefused.
    """
    squeezed = "".join(text.split()).upper() if len(text) <= LONGEST else ""
    if not squeezed.startswith(PREFIX):
        form = squeezed.partition(":")[0]
        if form.startswith("FIR") and form[3:].isdecimal():
            raise PaperNewer(form=form)
        raise PaperUnreadable
    body = squeezed.removeprefix(PREFIX)
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        raise PaperUnreadable from None
    if len(raw) <= _SIGNED:
        raise PaperUnreadable
    head, signature, packed = raw[:_CERTIFICATE], raw[_CERTIFICATE:_SIGNED], raw[_SIGNED:]
    try:
        Ed25519PublicKey.from_public_bytes(head[:_KEY]).verify(signature, MAGIC + head + packed)
    except InvalidSignature:
        raise PaperRefused(why="signature") from None
    return CheckedPaper(
        text=squeezed, facts=_unpack(packed), public=head[:_KEY].hex(), certificate=head[_KEY:].hex()
    )


def certificate_digest(certificate: Statement | None) -> bytes:
    """Return the 8 bytes that name `certificate`, zeros where there is none."""
    return hashlib.sha256(certificate.payload).digest()[:8] if certificate else bytes(8)


def _pack(facts: PaperFacts) -> bytes:
    return msgspec.msgpack.encode(
        _Packed(
            number=facts.number,
            revision=facts.revision,
            sealed_ms=round(facts.sealed.timestamp() * 1000),
            verdict=WORDS.index(facts.verdict),
            disposition=_DISPOSITIONS.index(facts.disposition),
            practice=facts.practice,
            consignee=facts.consignee,
            scans=facts.scans,
            findings=facts.findings,
            photos=facts.photos,
            device=bytes.fromhex(facts.device),
            seq=facts.seq,
            record=bytes.fromhex(facts.record),
        )
    )


def _unpack(packed: bytes) -> PaperFacts:
    try:
        engine = zlib.decompressobj()
        raw = engine.decompress(packed, _FACTS_LIMIT)
        if not engine.eof or engine.unused_data:
            raise PaperRefused(why="content")
        read = msgspec.msgpack.decode(raw, type=_Packed)
        if read.verdict < 0 or read.disposition < 0:
            raise PaperRefused(why="content")
        return PaperFacts(
            number=read.number,
            revision=read.revision,
            sealed=datetime.fromtimestamp(read.sealed_ms / 1000, UTC),
            verdict=WORDS[read.verdict],
            disposition=_DISPOSITIONS[read.disposition],
            practice=read.practice,
            consignee=read.consignee,
            scans=read.scans,
            findings=read.findings,
            photos=read.photos,
            device=read.device.hex(),
            seq=read.seq,
            record=read.record.hex(),
        )
    except (zlib.error, msgspec.DecodeError, IndexError, ValueError, OverflowError, OSError, RecursionError):
        raise PaperRefused(why="content") from None


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
