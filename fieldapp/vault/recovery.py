"""Headquarters' way into a sealed vault, and how the key comes back without ever travelling in clear.

The recovery slot holds the data key under HPKE (RFC 9180) with ML-KEM-768 and X25519 together, HKDF-SHA256,
AES-256-GCM: whoever copies the slot today cannot open it with tomorrow's computer. The private key is made
at headquarters, split so that any two of three officers open it together, and kept nowhere whole.

The laptop writes a request: the slot, and a fresh public key whose private half lies on the laptop under the
passphrase its officer has just chosen. Two officers open the slot and seal the data key to that public key.
Only the answer and the new passphrase together open the vault; request and answer may be read by anyone.
"""

import base64
from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.vault import sharing
from fieldapp.vault.header import RECOVERY, Header, Slot, authenticated
from fieldapp.vault.sharing import Share

HYBRID = "hybrid"
PREFIX = "hybrid1:"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SEED, _POINT, _MLKEM_PUBLIC = 64, 32, 1184  # bytes
_ANSWER = b"FIELDRECOVERY1"


class RecoveryRefused(InspectorError):
    """This key does not open this vault, or the answer is not to this request; `why` says which."""

    code = "recovery-refused"


class RecoveryMissing(InspectorError):
    """Headquarters has no slot in this vault."""

    code = "recovery-missing"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the laptop sends to headquarters: nothing in it is secret."""

    v: int = 1
    vault: str
    label: str
    slot: Slot
    reply_to: str
    at: datetime


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What headquarters returns: the data key, sealed to `reply_to`; who opened it, and when."""

    v: int = 1
    vault: str
    sealed: bytes
    officers: tuple[str, ...]
    at: datetime


def new_key() -> bytes:
    """Return a new private key: the ML-KEM-768 seed (64 bytes) and the X25519 key (32 bytes)."""
    return MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()


def _private(key: bytes) -> MLKEM768X25519PrivateKey:
    if len(key) != _SEED + _POINT:
        raise RecoveryRefused(why="key")
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(key[:_SEED]), X25519PrivateKey.from_private_bytes(key[_SEED:])
    )


def public_of(key: bytes) -> str:
    """Return the public half as text, the form in which `HeadquartersKeys.recovery_recipients` names it."""
    _private(key)
    raw = (
        MLKEM768PrivateKey.from_seed_bytes(key[:_SEED]).public_key().public_bytes_raw()
        + X25519PrivateKey.from_private_bytes(key[_SEED:]).public_key().public_bytes_raw()
    )
    return PREFIX + base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _public(text: str) -> MLKEM768X25519PublicKey:
    body = text.removeprefix(PREFIX)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if not text.startswith(PREFIX) or len(raw) != _MLKEM_PUBLIC + _POINT:
            raise RecoveryRefused(why="key")
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
        )
    except ValueError:
        raise RecoveryRefused(why="key") from None


def fingerprint(public: str) -> str:
    """Return the name of a recovery key: 16 hex digits, as slots and shares carry it."""
    return canonical.sha256(public.encode("ascii"))[:16]


def split_key(key: bytes) -> tuple[Share, ...]:
    """Return three shares of a private key, any two of which give it back."""
    return sharing.split(key, fingerprint(public_of(key)), count=3, needed=2)


def join_key(shares: Sequence[Share]) -> bytes:
    """Return the private key of two officers' shares; refuses what does not give the key they name."""
    key = sharing.join(shares)
    if len(key) != _SEED + _POINT or fingerprint(public_of(key)) != shares[0].of:
        raise RecoveryRefused(why="shares")
    return key


def make_slot(data_key: bytes, vault: str, public: str) -> Slot:
    """Return headquarters' slot for `data_key`."""
    bare = Slot(kind=RECOVERY, kdf=HYBRID, name=fingerprint(public), wrapped=b"")
    wrapped = _SUITE.encrypt(data_key, _public(public), authenticated(vault, bare))
    return msgspec.structs.replace(bare, wrapped=wrapped)


def open_slot(slot: Slot, vault: str, key: bytes) -> bytes:
    """Return the data key; only headquarters' officers can, two together."""
    return _open(slot.wrapped, key, authenticated(vault, slot), "slot")


def _open(sealed: bytes, key: bytes, info: bytes, why: str) -> bytes:
    try:
        return _SUITE.decrypt(sealed, _private(key), info)
    except (InvalidTag, ValueError):
        raise RecoveryRefused(why=why) from None


def request(header: Header, reply_to: str, at: datetime) -> Request:
    """Return the request for the key of `header`'s vault; refuses when headquarters has no slot there."""
    slot = header.slot(RECOVERY)
    if slot is None:
        raise RecoveryMissing
    return Request(vault=header.vault, label=header.label, slot=slot, reply_to=reply_to, at=at)


def answer(asked: Request, shares: Sequence[Share], officers: Sequence[str], at: datetime) -> Answer:
    """Open the slot with two officers' shares and seal the data key for the laptop that asked."""
    named = tuple(dict.fromkeys(name.strip() for name in officers if name.strip()))
    if len(named) < 2:
        raise sharing.SharesMissing(given=len(named), needed=2)
    data_key = open_slot(asked.slot, asked.vault, join_key(shares))
    body = canonical.encode([base64.b64encode(data_key).decode("ascii"), named, at.isoformat()])
    sealed = _SUITE.encrypt(body, _public(asked.reply_to), _ANSWER + asked.vault.encode())
    return Answer(vault=asked.vault, sealed=sealed, officers=named, at=at)


def open_answer(given: Answer, vault: str, key: bytes) -> bytes:
    """Return the data key that `given` carries for this laptop's `key`; refuses an answer to another."""
    if given.vault != vault:
        raise RecoveryRefused(why="vault")
    body = _open(given.sealed, key, _ANSWER + vault.encode(), "answer")
    data_key, officers, at = canonical.decode(body, tuple[str, tuple[str, ...], str])
    if officers != given.officers or at != given.at.isoformat():
        raise RecoveryRefused(why="answer")  # who opened it is part of what was sealed
    return base64.b64decode(data_key)


def new_reply_key() -> tuple[bytes, str]:
    """Return (private, public) of the key pair that one request is answered to."""
    key = new_key()
    return key, public_of(key)
