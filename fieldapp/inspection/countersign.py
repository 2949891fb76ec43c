"""A second officer's signature over one thing: a release, a seizure, a step of custody, a witness's word.

He signs on the same laptop with his own vault, or on another laptop by two QR codes: the first shows what
is asked, the second bears his answer. Promises: he sees in plain words what he signs; his signature
covers exactly that and nothing else can be put under it; it is checked against headquarters' keys without
a network; nobody countersigns himself.

Signed bytes: b"FIELDCOS1" | sha256(ask) | sha256(certificate payload) | moment as ISO 8601.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import canonical, enrolment
from fieldapp.enrolment import Certificate, Statement
from fieldapp.errors import InspectorError

MAGIC = b"FIELDCOS1"
ASK, ANSWER = "FIELDASK1:", "FIELDCOS1:"
LONGEST = 8192  # characters of a code
LARGEST = 16_384  # bytes after unpacking
Meaning = Literal["release", "seize", "custody", "witness"]
T = TypeVar("T")


class CountersignRefused(InspectorError):
    """This is not a countersignature for what was asked; `why` names the rule."""

    code = "countersign-refused"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed. `digest` is the SHA-256 of the thing's canonical form, 64 hex digits.

    `lines` are shown to the second officer as they are; they are part of what he signs.
    """

    meaning: Meaning
    inspection: str
    revision: int
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    lines: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=500)], ...], msgspec.Meta(max_length=12)]
    asked_by: str
    public: str  # the asking vault's key, 64 hex digits
    practice: bool


class Countersignature(msgspec.Struct, frozen=True, kw_only=True):
    """A second officer's answer, with the certificate by which it is checked."""

    at: datetime
    certificate: Statement
    signature: bytes


def text_of(value: Ask | Countersignature) -> str:
    """Return the text that a QR code carries."""
    packed = zlib.compress(canonical.encode(value), 9)
    prefix = ASK if isinstance(value, Ask) else ANSWER
    return prefix + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read_ask(text: str) -> Ask:
    """Read the first code; refuses anything else."""
    return _read(text, ASK, Ask)


def read_answer(text: str) -> Countersignature:
    """Read the second code; refuses anything else."""
    return _read(text, ANSWER, Countersignature)


def countersign(
    ask: Ask, certificate: Statement, sign: Callable[[bytes], bytes], at: datetime
) -> Countersignature:
    """Sign `ask` with the second officer's key; refuses his own ask."""
    held = canonical.decode(certificate.payload, Certificate)
    _require_another(ask, held)
    return Countersignature(at=at, certificate=certificate, signature=sign(_signed(ask, certificate, at)))


def check(ask: Ask, answer: Countersignature, trusted: tuple[str, ...]) -> Certificate:
    """Return whose answer it is; refuses one that is not over `ask`, or whom headquarters does not know."""
    held = enrolment.open_statement(answer.certificate, "certificate", Certificate, trusted)
    _require_another(ask, held)
    if held.practice != ask.practice:
        raise CountersignRefused(why="other-realm")
    if not held.issued <= answer.at <= held.lease_until:
        raise CountersignRefused(why="lease-ended", name=held.name)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(held.public))
        key.verify(answer.signature, _signed(ask, answer.certificate, answer.at))
    except (InvalidSignature, ValueError):
        raise CountersignRefused(why="signature") from None
    return held


def _require_another(ask: Ask, held: Certificate) -> None:
    if held.public == ask.public or same_name(held.name, ask.asked_by):
        raise CountersignRefused(why="same-officer", name=held.name)


def same_name(one: str, other: str) -> bool:
    """Say whether two printed names are one: case, spaces and points make no other officer."""
    plain = ["".join(sign for sign in name.casefold() if sign.isalnum()) for name in (one, other)]
    return plain[0] == plain[1]


def _signed(ask: Ask, certificate: Statement, at: datetime) -> bytes:
    asked = hashlib.sha256(canonical.encode(ask)).digest()
    return MAGIC + asked + hashlib.sha256(certificate.payload).digest() + at.isoformat().encode("ascii")


def _read(text: str, prefix: str, kind: type[T]) -> T:
    squeezed = "".join(text.split())
    if not squeezed.startswith(prefix) or len(squeezed) > LONGEST:
        raise CountersignRefused(why="not-this-code")
    body = squeezed.removeprefix(prefix)
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), LARGEST)
        return canonical.decode(raw, kind)
    except (ValueError, zlib.error, msgspec.DecodeError):
        raise CountersignRefused(why="not-this-code") from None
