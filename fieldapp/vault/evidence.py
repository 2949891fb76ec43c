"""Sealed files beside the vault, named by the hash of their sealed bytes.

Written as a temporary file, synced, renamed, the folder synced, and only then named in the database; so a
row without its file cannot be. Age-sealed to the vault's own identity and to headquarters: the same bytes
lie here, go on a stick and go over the wire. A file nobody names is left by a crash and swept later.
"""

import contextlib
import os
from collections.abc import Container, Sequence
from pathlib import Path

import pyrage

from fieldapp import canonical
from fieldapp.errors import TrustError
from fieldapp.vault.connection import disk_error, sync_folder


class EvidenceAltered(TrustError):
    """A sealed file is missing or its bytes are not those that were sealed."""

    code = "evidence-altered"


def new_identity() -> tuple[str, str]:
    """Return (identity, recipient) of a new age key pair."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _place(folder: Path, h: str) -> Path:
    return folder / h[:2] / f"{h}.age"


def seal(content: bytes, recipients: Sequence[str]) -> bytes:
    """Return `content` sealed to all `recipients` (age X25519)."""
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    return bytes(pyrage.encrypt(content, keys))


def unseal(sealed: bytes, identity: str) -> bytes:
    """Return what was sealed to `identity`."""
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError:
        raise EvidenceAltered(why="unreadable") from None


def store(folder: Path, sealed: bytes) -> str:
    """Write sealed bytes durably and return their SHA-256, which is their name."""
    h = canonical.sha256(sealed)
    place = _place(folder, h)
    part = place.with_suffix(".tmp")
    try:
        if not place.parent.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            sync_folder(folder)
        with part.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
        sync_folder(place.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error) from error
    return h


def remove(folder: Path, h: str) -> None:
    """Remove a sealed file that nothing names any more."""
    with contextlib.suppress(OSError):
        _place(folder, h).unlink(missing_ok=True)


def orphans(folder: Path, named: Container[str], before: float) -> tuple[Path, ...]:
    """Return files that `named` does not name and that were last changed `before` (seconds since 1970).

    A crash leaves them: a temporary file, or a sealed one whose row was never written. They are left alone
    for a day, for a file just written may be about to get its row.
    """
    return tuple(
        file
        for file in sorted(folder.glob("??/*"))
        if file.suffix in (".tmp", ".age") and file.stem not in named and file.stat().st_mtime < before
    )


def read_sealed(folder: Path, h: str, offset: int = 0, length: int = -1) -> bytes:
    """Return a stretch of the sealed bytes, as they travel."""
    try:
        with _place(folder, h).open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except OSError:
        raise EvidenceAltered(why="missing") from None


def check_sealed(folder: Path, h: str, size: int) -> None:
    """Refuse a file that is not, byte for byte, what was sealed; `size` in bytes."""
    sealed = read_sealed(folder, h)
    if len(sealed) != size or canonical.sha256(sealed) != h:
        raise EvidenceAltered(why="sealed")


def open_sealed(folder: Path, h: str, identity: str, plain_sha256: str) -> bytes:
    """Return the plain bytes; refuses if either hash does not hold."""
    sealed = read_sealed(folder, h)
    if canonical.sha256(sealed) != h:
        raise EvidenceAltered(why="sealed")
    try:
        content = bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError:
        raise EvidenceAltered(why="unreadable") from None
    if canonical.sha256(content) != plain_sha256:
        raise EvidenceAltered(why="plain")
    return content
