"""The signature of a report's file, that a court's own viewer can check: PAdES B-B (ETSI EN 319 142-1).

Three steps, because the key never leaves the vault: `prepare` appends the place of the signature to a
finished PDF and returns what has to be signed, the vault signs it (ECDSA on P-256 with SHA-256, the nonce by
RFC 6979), `bind` puts the signature in. The time is that of sealing, told by the record, and nothing is left
to chance, so a second run gives the same bytes. Whoever changes the file afterwards is told on by every
viewer (DocMDP: no changes).

`read` is the check: exactly one signature, over the whole file but itself, by the key of the certificate
inside. Whose certificate that is, the record's own certificate says (`verify.py`). No PDF library looks at
what came from a stranger. pyHanko is imported here and nowhere else, with the first signature: it brings an
HTTP client along, which nothing here uses.
"""

import asyncio
import hashlib
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import Name, ObjectIdentifier, load_der_x509_certificate
from cryptography.x509.oid import NameOID

from fieldapp.errors import TrustError

if TYPE_CHECKING:  # loads pyHanko, a second
    from asn1crypto.cms import SignedData, SignerInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import ExternalSigner

FIELD = "Seal"
RESERVED = 8192  # hexadecimal digits: two certificates of 64-character names take half
_ALGORITHM = "sha256"
_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,12}) (\d{1,12}) (\d{1,12})\]")
_BASE_END = b"%%EOF\n"
_LONGEST_PART = 1 << 16  # bytes of the signature's part of a file


class SignatureBroken(TrustError):
    """The file's signature does not hold; `why` is stripped, changed or foreign."""

    code = "signature-broken"


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A PDF with room for its signature, and the bytes (DER) that are to be signed."""

    pdf: bytes
    attributes: bytes


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that holds: the PDF it was put to, and certificates as DER, the signer's first."""

    base: bytes
    x509: tuple[bytes, ...]


def prepare(pdf: bytes, x509: tuple[bytes, ...], at: datetime) -> Prepared:
    """Append the place of the signature of `x509[0]`'s key, dated `at`."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    class Writer(IncrementalPdfFileWriter):
        """Adds nothing that changes from run to run."""

        @classmethod
        def _handle_id(cls, prev: object) -> object:
            return prev.trailer["/ID"]  # type: ignore[attr-defined]  # not typed

        def _update_meta(self) -> None:
            """The report says who made it, and when."""

    steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(sig_field_name=FIELD)).write_cms(
        FIELD, Writer(io.BytesIO(pdf))
    )
    next(steps)
    place = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=RESERVED)
    rule = SigMDPSetup(md_algorithm=_ALGORITHM, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=place, mdp_setup=rule))
    digest, out = steps.send(SigIOSetup(md_algorithm=_ALGORITHM))
    attributes = asyncio.run(
        _signer(x509, bytes(72)).signed_attrs(digest.document_digest, _ALGORITHM, use_pades=True)
    )
    return Prepared(pdf=out.getvalue(), attributes=attributes.dump())


def bind(prepared: Prepared, x509: tuple[bytes, ...], signature: bytes) -> bytes:
    """Return the signed PDF; `signature` is the DER of the ECDSA signature over `prepared.attributes`."""
    start, end = _gap(prepared.pdf)
    return prepared.pdf[:start] + _digits(prepared.attributes, x509, signature) + prepared.pdf[end:]


def is_signed(content: bytes) -> bool:
    """Say whether the file claims a signature."""
    return _RANGE.search(content, max(0, len(content) - _LONGEST_PART)) is not None


def read(content: bytes) -> Signed:
    """Check the file's signature by the certificate inside; raises SignatureBroken."""
    start, end = _gap(content)
    base_end = content.rfind(_BASE_END, 0, start) + len(_BASE_END)
    if base_end < len(_BASE_END) or content.count(b"/ByteRange", base_end) != 1:
        raise SignatureBroken(why="changed")
    digest = hashlib.sha256(content[: start - 1] + content[end + 1 :]).digest()
    try:
        x509 = _checked(content[start:end], digest)
    # The reader of the structures refuses with whatever it meets first.
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError):
        raise SignatureBroken(why="changed") from None
    return Signed(base=content[:base_end], x509=x509)


def names(x509: bytes) -> dict[str, str]:
    """Return what a certificate (DER) says of its holder: name, unit, device, and who certified it.

    Empty what cannot be read. Anyone can make a certificate that says the same.
    """
    try:
        held = load_der_x509_certificate(x509)
        subject, issuer = held.subject, held.issuer
    except ValueError:
        return dict.fromkeys(("name", "unit", "device", "authority"), "")
    return {
        "name": _said(subject, NameOID.COMMON_NAME),
        "unit": _said(subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
        "device": _said(subject, NameOID.SERIAL_NUMBER),
        "authority": _said(issuer, NameOID.COMMON_NAME),
    }


def _said(name: Name, of: ObjectIdentifier) -> str:
    return next((str(part.value) for part in name.get_attributes_for_oid(of)), "")


def is_ours(content: bytes, signed: Signed, at: datetime) -> bool:
    """Say whether the signature's part of the file is, to the byte, what `prepare` appends."""
    try:
        made = prepare(signed.base, signed.x509, at).pdf
    except ValueError:  # what cannot be appended to, was not
        return False
    start, end = _gap(content)
    return len(made) == len(content) and made[:start] == content[:start] and made[end:] == content[end:]


def _gap(content: bytes) -> tuple[int, int]:
    """Return where the signature's hexadecimal digits begin and end."""
    found = _RANGE.search(content, max(0, len(content) - _LONGEST_PART))
    if found is None:
        raise SignatureBroken(why="stripped")
    before, after, rest = (int(group) for group in found.groups())
    whole = after + rest == len(content) and after - before == RESERVED + 2
    if not whole or content[before : before + 1] != b"<" or content[after - 1 : after] != b">":
        raise SignatureBroken(why="changed")
    return before + 1, after - 1


def _signer(x509: tuple[bytes, ...], signature: bytes) -> "ExternalSigner":
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import ExternalSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    held = [Certificate.load(der) for der in x509]
    return ExternalSigner(
        signing_cert=held[0],
        cert_registry=SimpleCertificateStore.from_certs(held[1:]),  # type: ignore[no-untyped-call]  # theirs
        signature_value=signature,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )


def _digits(attributes: bytes, x509: tuple[bytes, ...], signature: bytes) -> bytes:
    """Return the signature with its certificates (CMS, RFC 5652) as it stands in the file."""
    from asn1crypto.cms import CMSAttributes

    signing = _signer(x509, signature).async_sign_prescribed_attributes(
        _ALGORITHM, CMSAttributes.load(attributes)
    )
    digits: bytes = asyncio.run(signing).dump().hex().encode("ascii")
    assert len(digits) <= RESERVED, "certificates have short names"
    return digits.ljust(RESERVED, b"0")


def _checked(digits: bytes, digest: bytes) -> tuple[bytes, ...]:
    from asn1crypto.cms import ContentInfo
    from pyhanko.sign.general import CMSStructuralError, SigningError
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        held: SignedData = ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]
        signer, leaf, others = _one_signer(held)
        intact, valid = validate_sig_integrity(signer, leaf, "data", digest)
    except (
        CMSStructuralError,
        SigningError,
        SignatureValidationError,
        InvalidSignature,
        UnsupportedAlgorithm,
    ):
        raise SignatureBroken(why="changed") from None
    x509 = (leaf.dump(), *(each.dump() for each in others))
    # What lies around the signed attributes is not signed: it has to be what `bind` puts there.
    same = digits == _digits(signer["signed_attrs"].untag().dump(), x509, signer["signature"].native)
    numbered = all(each.serial_number > 0 for each in (leaf, *others))  # RFC 5280; the next reader warns
    if not (intact and valid and same and numbered and _is_issued(x509)):
        raise SignatureBroken(why="changed")
    return x509


def _is_issued(x509: tuple[bytes, ...]) -> bool:
    """Say whether the second of two certificates issued the first, and itself."""
    if len(x509) != 2:
        return False
    held, authority = (load_der_x509_certificate(der) for der in x509)
    try:
        held.verify_directly_issued_by(authority)
        authority.verify_directly_issued_by(authority)
    except (InvalidSignature, UnsupportedAlgorithm):  # a changed digit may name a kind of key nobody knows
        return False
    return True


def _one_signer(held: "SignedData") -> "tuple[SignerInfo, Certificate, list[Certificate]]":
    if len(held["signer_infos"]) != 1:
        raise SignatureBroken(why="changed")
    signer = held["signer_infos"][0]
    named = signer["sid"].chosen
    certificates = [each.chosen for each in held["certificates"]]
    leaves = [
        each
        for each in certificates
        if each.issuer == named["issuer"] and each.serial_number == named["serial_number"].native
    ]
    if len(leaves) != 1:
        raise SignatureBroken(why="foreign")
    return signer, leaves[0], [each for each in certificates if each is not leaves[0]]
