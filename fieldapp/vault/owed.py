"""Lines of the ledger that a full disk did not let in yet: kept beside the vault until it does.

The file has its room from the day the vault was made and is overwritten in place, so that noting takes no
new space. It holds two notes, sealed with a key of the vault and numbered; the newer counts, the older is
overwritten next, so a write that the power cut short leaves the one before. The database knows the number
of the last note it paid: a file that is missing, unreadable or older than that was torn or tampered with, and
that is a line of the ledger too. What is owed goes into the ledger in the same transaction as the next thing
recorded, before it: nothing is acknowledged while an unlock or a view goes unrecorded, and nothing is paid
twice.
"""

import contextlib
import os
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp import canonical
from fieldapp.vault.connection import sync_folder

FILE = "owed"
HALF = 8_192  # bytes of a note
ROOM = 2 * HALF
Fault = Literal["", "missing", "unreadable", "older"]


class Debt(msgspec.Struct, frozen=True):
    """One line that is owed: what, when, about what."""

    event: str
    at: str
    facts: dict[str, str | int | bool] = {}


class Note(msgspec.Struct, frozen=True):
    """What is owed as of note `number`."""

    number: int
    debts: tuple[Debt, ...] = ()


def make_room(folder: Path, key: bytes) -> None:
    """Take the room on the disk that a full one would refuse; nothing is owed."""
    halves = (_packed(Note(number), key) for number in (0, 1))
    with (folder / FILE).open("wb") as file:
        file.write(b"".join(half + os.urandom(HALF - len(half)) for half in halves))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def _packed(note: Note, key: bytes) -> bytes:
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, canonical.encode(note), None)
    return len(sealed).to_bytes(4, "big") + nonce + sealed


def _unpacked(half: bytes, key: bytes) -> Note | None:
    size = int.from_bytes(half[:4], "big")
    try:
        return canonical.decode(AESGCM(key).decrypt(half[4:16], half[16 : 16 + size], None), Note)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        return None


def read(folder: Path, key: bytes, paid: int) -> tuple[Note, Fault]:
    """Return what is owed, and what is wrong with the file; `paid` is the number of the last note paid."""
    try:
        raw = (folder / FILE).read_bytes()
    except OSError:
        return Note(paid), "missing"
    found = [note for at in (0, HALF) if (note := _unpacked(raw[at : at + HALF], key)) is not None]
    newest = max(found, key=lambda note: note.number, default=Note(paid))
    fault: Fault = "" if len(found) == 2 else "unreadable"
    if found and newest.number < paid:
        return Note(paid), "older"
    return (newest if newest.number > paid else Note(paid)), fault


def keep(folder: Path, key: bytes, note: Note) -> bool:
    """Keep `note` in place of the older of the two; False when the disk or the room refused."""
    raw = _packed(note, key)
    if len(raw) > HALF:
        return False
    try:
        if not (folder / FILE).exists():
            make_room(folder, key)
        with (folder / FILE).open("r+b") as file:
            file.seek(note.number % 2 * HALF)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def mend(folder: Path, key: bytes) -> None:
    """Make the file anew after something was wrong with it; on a full disk as well as that allows."""
    with contextlib.suppress(OSError):
        make_room(folder, key)
