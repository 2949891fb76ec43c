"""The clear part of a vault: what it is called and the slots that open it.

The header lies twice on the disk with a generation number and its hash; the newer copy counts, one whose
hash does not hold is passed over. A hash stops an accident, not a forger: each slot authenticates what it
says of itself, and `mac` binds the whole header to the vault's data key, so whoever opens it knows that no
slot was slipped in, no name changed; it also says whether the vault was found damaged, and where the count of
wrong passphrases must end (`tries`). The database remembers the newest generation it saw: an older header
put back, with a passphrase that was given up, is refused. A sealed vault has no passphrase slot; its mac is
of the header before, and it is made anew when headquarters gives the key back.
"""

import hmac
import os
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.errors import TrustError
from fieldapp.vault.connection import HeaderAltered, VaultDamaged, disk_error, sync_folder

COPIES = ("vault.hdr", "vault.hdr2")
VERSION = 2  # 1 had no mac
PASSPHRASE, DURESS, RECOVERY = "passphrase", "duress", "recovery"


class VaultNewer(TrustError):
    """A newer Fieldapp wrote this vault."""

    code = "vault-newer"


class KdfCost(msgspec.Struct, frozen=True):
    """What one guess costs: memory in KiB, passes, lanes. PBKDF2 has passes alone."""

    memory: int = 262_144
    passes: int = 3
    lanes: int = 2


class Slot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way in. `wrapped` is the data key under the slot's key; the other fields are authenticated.

    `kdf` is argon2id, pbkdf2-sha512, hybrid (HPKE, for headquarters) or token; `name` is the recovery key's
    fingerprint or the token's name, `credential` what the token has to be shown.
    """

    kind: str
    kdf: str = "argon2id"
    name: str = ""
    cost: KdfCost = KdfCost(0, 0, 0)
    salt: bytes = b""
    nonce: bytes = b""
    credential: bytes = b""
    wrapped: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The clear part of a vault. `label` is what the unlock screen shows, chosen by its owner.

    `tries` is the end of the chain that counts wrong passphrases; a vault made before there was one has none.
    """

    v: int = VERSION
    vault: str
    generation: int
    label: str
    slots: tuple[Slot, ...]
    mac: bytes = b""
    tries: bytes | msgspec.UnsetType = msgspec.UNSET
    damage: str | msgspec.UnsetType = msgspec.UNSET  # pages, ledger or rows: read, never written

    def slot(self, kind: str) -> Slot | None:
        """Return the slot of `kind`, if there is one."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    @property
    def sealed(self) -> bool:
        """Say whether only headquarters can open this vault now."""
        return self.slot(PASSPHRASE) is None


def authenticated(vault: str, slot: Slot) -> bytes:
    """Return what a slot's sealing covers besides the key: all it says of itself, and whose it is."""
    cost = slot.cost
    said: list[object] = [1, vault, slot.kind, [cost.memory, cost.passes, cost.lanes], slot.salt.hex()]
    if slot.kdf != "argon2id" or slot.name:
        said += [slot.kdf, slot.name]
    if slot.credential:
        said.append(slot.credential.hex())
    return canonical.encode(said)


def signed(header: Header, mac_key: bytes) -> Header:
    """Return `header` with its mac under `mac_key` (32 bytes), as the current version."""
    bare = msgspec.structs.replace(header, v=VERSION, mac=b"")
    return msgspec.structs.replace(bare, mac=hmac.digest(mac_key, canonical.encode(bare), "sha256"))


def check_mac(header: Header, mac_key: bytes) -> None:
    """Refuse a header that somebody without the data key changed. One that was sealed cannot be checked."""
    if header.v < 2 or header.sealed:
        return
    if not hmac.compare_digest(signed(header, mac_key).mac, header.mac):
        raise HeaderAltered(why="header-altered")


def packed(header: Header) -> bytes:
    """Return a header as it lies on the disk: its JSON and, on a line of its own, that JSON's SHA-256."""
    raw = canonical.encode(header)
    return raw + b"\n" + canonical.sha256(raw).encode("ascii")


def write_header(folder: Path, header: Header) -> None:
    """Write both copies, one after the other, each whole, with its hash, synced and renamed into place.

    The bytes of the copy before are overwritten once the new one is durable, so that a slot which was given
    up is not simply undeleted. A solid-state disk may keep them all the same.
    """
    raw = packed(header)
    try:
        for name in COPIES:
            _replace(folder / name, raw)
    except OSError as error:
        raise disk_error(error) from error


def _replace(place: Path, raw: bytes) -> None:
    part = place.with_name(f"{place.name}.part")
    with part.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    old = place.open("r+b") if place.exists() and os.name != "nt" else None
    part.replace(place)
    sync_folder(place.parent)
    if old is not None:
        with old:
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())


def _read_copy(place: Path) -> Header | None:
    try:
        raw, _line, digest = place.read_bytes().rpartition(b"\n")
        if canonical.sha256(raw).encode("ascii") != digest:
            return None
        version = canonical.decode(raw, dict).get("v")
        if isinstance(version, int) and version > VERSION:
            raise VaultNewer(found=version, known=VERSION)
        return canonical.decode(raw, Header)
    except (OSError, msgspec.DecodeError):
        return None


def torn(folder: Path) -> tuple[str, ...]:
    """Return the names of the copies that cannot be read."""
    return tuple(name for name in COPIES if _read_copy(folder / name) is None)


def read_header(folder: Path) -> Header:
    """Return the newest readable copy; a vault of a newer program is refused by name."""
    found = [copy for name in COPIES if (copy := _read_copy(folder / name)) is not None]
    if not found:
        raise VaultDamaged(why="header")
    return max(found, key=lambda header: header.generation)
