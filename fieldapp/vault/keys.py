"""Key slots: how a passphrase opens the vault without ever being its key.

The data key is 32 random bytes, made once. A slot keeps it under AES-256-GCM with a key from Argon2id and
HKDF-SHA256; what the slot says of itself is authenticated with it. Changing a passphrase rewrites one
slot and no data. The header lies twice on the disk with a generation number and its hash; the newer copy
counts, one whose hash does not hold is passed over. Floors: Argon2id 64 MiB, 3 passes (RFC 9106, second
recommended option); a header that asks for more than 1 GiB or 16 passes is refused, for it is an attack on
this machine's memory.
"""

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp import canonical
from fieldapp.errors import InspectorError, TrustError
from fieldapp.vault.connection import VaultDamaged, sync_folder

COPIES = ("vault.hdr", "vault.hdr2")
SHORTEST_PASSPHRASE = 15
VERSION = 1


class WrongPassphrase(InspectorError):
    """No slot opened. Which part was wrong is not said."""

    code = "wrong-passphrase"


class PassphraseTooShort(InspectorError):
    """SP 800-63B asks for 15 characters where the passphrase is the only factor."""

    code = "passphrase-too-short"


class VaultNewer(TrustError):
    """A newer Fieldapp wrote this vault."""

    code = "vault-newer"


class KdfCost(msgspec.Struct, frozen=True):
    """What one guess costs: memory in KiB, passes, lanes."""

    memory: int = 262_144
    passes: int = 3
    lanes: int = 2


FLOOR = KdfCost(65_536, 3, 4)


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One way in. `wrapped` is the data key under the slot's key; the other fields are authenticated."""

    kind: str
    cost: KdfCost
    salt: bytes
    nonce: bytes
    wrapped: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The clear part of a vault. `label` is what the unlock screen shows, chosen by its owner."""

    v: int = VERSION
    vault: str
    generation: int
    label: str
    slots: tuple[Slot, ...]


def subkey(data_key: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for `purpose` ("db", "watchlist")."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"fieldapp/" + purpose.encode("ascii")).derive(data_key)


def _aad(vault: str, kind: str, cost: KdfCost, salt: bytes) -> bytes:
    return canonical.encode([VERSION, vault, kind, [cost.memory, cost.passes, cost.lanes], salt.hex()])


def _slot_key(passphrase: str, cost: KdfCost, salt: bytes) -> bytes:
    if not (FLOOR.memory <= cost.memory <= 1_048_576 and 1 <= cost.passes <= 16 and 1 <= cost.lanes <= 16):
        raise VaultDamaged(why="header-cost")
    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    return subkey(kdf.derive(passphrase.encode("utf-8")), "slot")


def make_slot(passphrase: str, data_key: bytes, vault: str, cost: KdfCost) -> Slot:
    """Return a passphrase slot for `data_key`."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(least=SHORTEST_PASSPHRASE)
    salt, nonce = os.urandom(16), os.urandom(12)
    key = _slot_key(passphrase, cost, salt)
    wrapped = AESGCM(key).encrypt(nonce, data_key, _aad(vault, "passphrase", cost, salt))
    return Slot(kind="passphrase", cost=cost, salt=salt, nonce=nonce, wrapped=wrapped)


def open_slots(header: Header, passphrase: str) -> bytes:
    """Return the data key, or refuse with `WrongPassphrase`."""
    for slot in header.slots:
        if slot.kind != "passphrase":
            continue
        try:
            key = _slot_key(passphrase, slot.cost, slot.salt)
            return AESGCM(key).decrypt(
                slot.nonce, slot.wrapped, _aad(header.vault, slot.kind, slot.cost, slot.salt)
            )
        except InvalidTag:
            continue
        except ValueError:
            raise VaultDamaged(why="header") from None
    raise WrongPassphrase


def packed(header: Header) -> bytes:
    """Return a header as it lies on the disk: its JSON and, on a line of its own, that JSON's SHA-256."""
    raw = canonical.encode(header)
    return raw + b"\n" + canonical.sha256(raw).encode("ascii")


def write_header(folder: Path, header: Header) -> None:
    """Write both copies, one after the other, each whole, with its hash, synced and renamed into place."""
    raw = packed(header)
    for name in COPIES:
        part = folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
        sync_folder(folder)


def read_header(folder: Path) -> Header:
    """Return the newest readable copy; a vault of a newer program is refused by name."""
    found: list[Header] = []
    for name in COPIES:
        try:
            raw, _line, digest = (folder / name).read_bytes().rpartition(b"\n")
            if canonical.sha256(raw).encode("ascii") != digest:
                continue
            version = canonical.decode(raw, dict).get("v")
            if isinstance(version, int) and version > VERSION:
                raise VaultNewer(found=version, known=VERSION)
            found.append(canonical.decode(raw, Header))
        except (OSError, msgspec.DecodeError):
            continue
    if not found:
        raise VaultDamaged(why="header")
    return max(found, key=lambda header: header.generation)
