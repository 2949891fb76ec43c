"""What headquarters and a vault hand each other, and the signatures that hold it together.

Headquarters has a root key, kept offline, and signing keys. The root signs only the list of signing keys
and age recipients, and in it a short word for each signing key, which fits on paper; a signing key signs
everything else: certificates, policies, reviews, witnessed heads.
A statement is signed as bytes:

    b"FIELDHQ1" | u8 length of kind | kind | payload

Practice has a root of its own, so nothing of practice can pass for real. An invitation (file or QR text)
carries the root; whoever holds it can enrol one vault, once, before it expires.
"""

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509 import load_der_x509_certificate

from fieldapp import canonical
from fieldapp.errors import InspectorError, TrustError
from fieldapp.ledger import Entry

MAGIC = b"FIELDHQ1"
PREFIX = "FIELDAPP1:"
T = TypeVar("T")


class InvitationUnreadable(InspectorError):
    """The text or file is not an invitation of headquarters."""

    code = "invitation-unreadable"


class InvitationExpired(InspectorError):
    """The invitation is no longer good."""

    code = "invitation-expired"


class StatementRefused(TrustError):
    """A statement that headquarters did not sign, or signed with a key the root does not name."""

    code = "statement-refused"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A signed statement. `key` is the signer's public key (32 bytes), `payload` the signed JSON bytes."""

    kind: str
    payload: bytes
    key: bytes
    signature: bytes


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """The enrolment file or QR text. `root` is 64 hex digits, `secret` 32; `practice` marks the realm."""

    v: int = 1
    id: str
    url: str
    headquarters: str
    practice: bool
    root: str
    secret: str
    expires: datetime
    authority: str = ""  # who certifies headquarters' server (PEM)


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `signer`, signed by the root: `key` (64 hex digits) signs for headquarters in this realm."""

    key: str
    practice: bool


class HeadquartersKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `keys`, signed by the root: signing keys (hex), age recipients for evidence and recovery.

    `signers` says of each signing key, in their order, what this says of all: for paper, where this is too
    long. An older headquarters gives none.
    """

    headquarters: str
    practice: bool
    signing: tuple[str, ...]
    evidence_recipients: tuple[str, ...]
    recovery_recipients: tuple[str, ...]
    issued: datetime
    authorities: tuple[
        str, ...
    ] = ()  # who certifies headquarters' server (PEM); none: whom the system trusts
    signers: tuple[Statement, ...] = ()


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `certificate`: this vault's key belongs to this officer. `device` is 32 hex digits.

    `x509` is the SHA-256 (64 hex digits) of the certificate that signs its PDFs; empty: it signs none.
    """

    device: str
    public: str
    name: str
    role: str
    unit: str
    site: str
    practice: bool
    issued: datetime
    lease_until: datetime
    x509: str = ""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `policy`: what this vault must keep to. Defaults hold for a vault that is not enrolled."""

    number: int = 0
    list_amber_hours: float = 24.0
    list_max_age_hours: float = 168.0
    idle_lock_minutes: int = 5
    slots: tuple[str, ...] = ("passphrase", "recovery")
    release_needs_second: bool = True
    seize_needs_second: bool = True
    retention_days: int = 0  # acknowledged records are purged after that many days; 0: never
    legal_hold: tuple[str, ...] = ()  # numbers of inspections that are kept whatever their age; "*": all
    lease_days: int = 0  # a laptop that has not heard from headquarters for so long seals itself; 0: never
    issued: datetime | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `order`: this vault is to seal itself. Numbers grow; an order not above the last is an old one."""

    device: str
    number: int
    what: Literal["lock"]
    why: str = ""
    at: datetime


class IssuedChecklist(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `checklist`: a checklist for all of a realm, as the text of its TOML document."""

    number: int
    document: str
    issued: datetime


class GivenBack(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `given`: sealed records of an officer's earlier vault, for his vault `device` to keep and read.

    `certificate` is that of the earlier vault; the entries are as it signed them.
    """

    device: str
    certificate: Statement
    entries: tuple[Entry, ...]
    at: datetime


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `witness`: headquarters saw this vault's chain stand at `seq` with `id` (64 hex digits)."""

    device: str
    seq: int
    id: str
    at: datetime


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a vault sends to be enrolled. `mac` is HMAC-SHA256 of the rest under the invitation's secret.

    `paper_key` is the key that will sign its PDFs: a point of P-256, uncompressed (65 bytes).
    """

    invitation: str
    device: bytes
    public: bytes
    recipient: str  # the vault's own age recipient, for reply bundles
    host: str = ""
    mac: bytes = b""
    paper_key: bytes = b""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What headquarters answers: three statements, and who may sign PDFs.

    `x509` holds certificates (DER): the vault's, whose hash its certificate names, and the authority's.
    """

    keys: Statement
    certificate: Statement
    policy: Statement
    x509: tuple[bytes, ...] = ()


class ReplySeal(msgspec.Struct, frozen=True, kw_only=True):
    """Kind `reply`: the reply to a bundle of `device`, by the hash of its content."""

    device: str
    sha256: str
    at: datetime


class CarriedReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply file holds once it is unsealed: the word of headquarters over `content`."""

    statement: Statement
    keys: Statement
    content: bytes


Realm = Literal["real", "practice"]


def _preimage(kind: str, payload: bytes) -> bytes:
    name = kind.encode("ascii")
    return MAGIC + struct.pack("B", len(name)) + name + payload


def sign(kind: str, value: object, key: Ed25519PrivateKey) -> Statement:
    """Return `value` as a statement of `kind` signed by `key`."""
    payload = canonical.encode(value)
    public = key.public_key().public_bytes_raw()
    return Statement(kind=kind, payload=payload, key=public, signature=key.sign(_preimage(kind, payload)))


def sign_keys(named: HeadquartersKeys, root: Ed25519PrivateKey) -> Statement:
    """Return `named` signed by `root`, with the root's word for each of its signing keys."""
    signers = tuple(sign("signer", Signer(key=key, practice=named.practice), root) for key in named.signing)
    return sign("keys", msgspec.structs.replace(named, signers=signers), root)


def open_statement(statement: Statement, kind: str, of: type[T], trusted: tuple[str, ...]) -> T:
    """Check `statement` against the `trusted` public keys (hex) and read it; refuses anything else."""
    if statement.kind != kind or statement.key.hex() not in trusted:
        raise StatementRefused(kind=kind, why="key")
    try:
        Ed25519PublicKey.from_public_bytes(statement.key).verify(
            statement.signature, _preimage(kind, statement.payload)
        )
        return canonical.decode(statement.payload, of)
    except InvalidSignature:
        raise StatementRefused(kind=kind, why="signature") from None
    except msgspec.DecodeError:
        raise StatementRefused(kind=kind, why="content") from None


def mark(statement: Statement) -> bytes:
    """Return eight bytes by which both ends know a statement again."""
    return hashlib.sha256(statement.payload).digest()[:8]


def is_x509_of(x509: tuple[bytes, ...], certificate: Certificate, paper_key: bytes) -> bool:
    """Say whether `x509` is what `certificate` names, for `paper_key` (65 bytes); none may be named."""
    if not x509:
        return not certificate.x509
    if hashlib.sha256(x509[0]).hexdigest() != certificate.x509:
        return False
    try:
        held = load_der_x509_certificate(x509[0]).public_key()
    except ValueError:
        return False
    form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return isinstance(held, EllipticCurvePublicKey) and held.public_bytes(*form) == paper_key


def request_mac(request: Request, secret: str) -> bytes:
    """Return the HMAC-SHA256 of `request`, its `mac` left empty, under an invitation's `secret` (hex).

    A vault that asks for no PDF certificate is heard as it was before there were any.
    """
    rest = msgspec.to_builtins(msgspec.structs.replace(request, mac=b""))
    if not request.paper_key:
        del rest["paper_key"]
    return hmac.new(bytes.fromhex(secret), canonical.encode(rest), hashlib.sha256).digest()


def invitation_text(invitation: Invitation) -> str:
    """Return the text that a QR code or file carries."""
    return PREFIX + base64.urlsafe_b64encode(canonical.encode(invitation)).decode("ascii").rstrip("=")


def read_invitation(text: str) -> Invitation:
    """Read the text of a file or QR code; refuses anything else with one error."""
    squeezed = "".join(text.split())
    if not squeezed.startswith(PREFIX) or len(squeezed) > 8192:
        raise InvitationUnreadable
    body = squeezed.removeprefix(PREFIX)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        return canonical.decode(raw, Invitation)
    except (ValueError, msgspec.DecodeError):
        raise InvitationUnreadable from None
