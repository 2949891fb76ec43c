"""Lines of the ledger that a full disk did not let in yet: kept beside the vault until it does.

The file has its room from the day the vault was made and is overwritten in place, so that noting takes no
new space. Its content is sealed with a key of the vault and no longer than that room. What is owed goes into
the ledger in the same transaction as the next thing recorded, before it: nothing is acknowledged while an
unlock or a view goes unrecorded.
"""

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp import canonical
from fieldapp.vault.connection import sync_folder

FILE = "owed"
ROOM = 16_384  # bytes


class Debt(msgspec.Struct, frozen=True):
    """One line that is owed: what, when, about what."""

    event: str
    at: str
    facts: dict[str, str | int | bool] = {}


def make_room(folder: Path) -> None:
    """Take the room on the disk that a full one would refuse."""
    with (folder / FILE).open("wb") as file:
        file.write(os.urandom(ROOM))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read(folder: Path, key: bytes) -> tuple[Debt, ...]:
    """Return what is owed; nothing where the file holds only its room, or was altered."""
    try:
        raw = (folder / FILE).read_bytes()
        size = int.from_bytes(raw[:4], "big")
        if not 0 < size <= len(raw) - 16:
            return ()
        return canonical.decode(AESGCM(key).decrypt(raw[4:16], raw[16 : 16 + size], None), tuple[Debt, ...])
    except (OSError, InvalidTag, msgspec.DecodeError):
        return ()


def keep(folder: Path, key: bytes, debts: tuple[Debt, ...]) -> bool:
    """Keep what is owed, in place; False when the disk or the room refused."""
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, canonical.encode(debts), None) if debts else b""
    raw = len(sealed).to_bytes(4, "big") + nonce + sealed
    if len(raw) > ROOM:
        return False
    try:
        with (folder / FILE).open("r+b") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True
