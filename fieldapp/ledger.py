"""The ledger: one hash chain of signed entries per vault. It is the audit trail and it is what sync sends.

An entry's signature covers, in this order (preimage, `FIELDREC1`):

    b"FIELDREC1" | u8 length of kind | kind | device (16 bytes) | seq (u64 big-endian) | prev (32 bytes) |
    sha256(payload)

`id` is the SHA-256 of that preimage; `prev` of the first entry is 32 zero bytes; `seq` starts at 1.
Payloads are signed as the bytes they are kept as; nothing here makes them canonical again. `verify`
refuses a gap, a fork, a foreign device, a changed byte. It cannot see a truncated tail: only a head
countersigned elsewhere can. An entry whose payload was purged is checked by the digest that was kept of it.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.errors import TrustError

MAGIC = b"FIELDREC1"
GENESIS = bytes(32)


class LedgerBroken(TrustError):
    """The chain does not hold; `why` is gap, prev, device, signature or kind; `seq` says where."""

    code = "ledger-broken"


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One signed entry: kind, device id (16 bytes), seq, prev (32), payload, signature (64)."""

    kind: str
    device: bytes
    seq: int
    prev: bytes
    payload: bytes
    signature: bytes


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where a chain stands: how many entries, and the id of the last (64 hex digits)."""

    seq: int = 0
    id: str = GENESIS.hex()


def preimage(kind: str, device: bytes, seq: int, prev: bytes, payload: bytes) -> bytes:
    """Return the bytes that are signed."""
    return preimage_of_digest(kind, device, seq, prev, hashlib.sha256(payload).digest())


def preimage_of_digest(kind: str, device: bytes, seq: int, prev: bytes, digest: bytes) -> bytes:
    """Return the bytes that are signed, from the payload's SHA-256 alone."""
    name = kind.encode("ascii", "replace")
    whole = len(device) == 16 and len(prev) == 32 and 0 < seq < 2**64
    if not (kind.isascii() and 0 < len(name) < 256 and whole):
        raise LedgerBroken(why="kind", seq=seq)
    return b"".join(
        (
            MAGIC,
            struct.pack("B", len(name)),
            name,
            device,
            struct.pack(">Q", seq),
            prev,
            digest,
        )
    )


def entry_id(entry: Entry, digest: bytes | None = None) -> bytes:
    """Return the 32-byte id of `entry`, the next one's `prev`; `digest` is of a purged payload."""
    return hashlib.sha256(_signed(entry, digest)).digest()


def _signed(entry: Entry, digest: bytes | None) -> bytes:
    known = hashlib.sha256(entry.payload).digest() if digest is None else digest
    return preimage_of_digest(entry.kind, entry.device, entry.seq, entry.prev, known)


def append(head: Head, kind: str, device: bytes, payload: bytes, key: Ed25519PrivateKey) -> Entry:
    """Return the signed entry that follows `head`."""
    prev = bytes.fromhex(head.id)
    seq = head.seq + 1
    signature = key.sign(preimage(kind, device, seq, prev, payload))
    return Entry(kind, device, seq, prev, payload, signature)


def head_after(entry: Entry, digest: bytes | None = None) -> Head:
    """Return the head of a chain that ends with `entry`."""
    return Head(seq=entry.seq, id=entry_id(entry, digest).hex())


def check_signature(entry: Entry, public: Ed25519PublicKey, digest: bytes | None = None) -> None:
    """Refuse an entry that `public` did not sign."""
    try:
        public.verify(entry.signature, _signed(entry, digest))
    except InvalidSignature:
        raise LedgerBroken(why="signature", seq=entry.seq) from None


def verify(
    entries: Iterable[Entry],
    device: bytes,
    public: Ed25519PublicKey,
    start: Head | None = None,
    purged: Mapping[int, bytes] = MappingProxyType({}),
) -> Head:
    """Check that `entries` continue `start` (or the beginning) without a break; return their head.

    `purged` gives the digest of each payload that was purged; such an entry must come with none.
    """
    head = start or Head()
    for entry in entries:
        if entry.device != device:
            raise LedgerBroken(why="device", seq=entry.seq)
        if entry.seq != head.seq + 1:
            raise LedgerBroken(why="gap", seq=entry.seq)
        if entry.prev.hex() != head.id:
            raise LedgerBroken(why="prev", seq=entry.seq)
        digest = None if entry.payload else purged.get(entry.seq)
        check_signature(entry, public, digest)
        head = head_after(entry, digest)
    return head
