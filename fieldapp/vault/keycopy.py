"""A second copy of the few rows no vault can do without: its signing key, its evidence identity, its name.

They lie in one page of the database; a single bad sector there would close every sealed file for good. The
copy lies beside the database under AES-256-GCM with a key of the vault, and is read by salvage alone.
"""

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp import canonical
from fieldapp.vault import keys
from fieldapp.vault.connection import disk_error, sync_folder
from fieldapp.vault.meta import Meta

FILE = "keys.copy"
NAMES = ("vault", "device", "device-key", "age-identity", "age-recipient", "owner")


def read(folder: Path, data_key: bytes) -> dict[str, bytes]:
    """Return the copied rows by name; nothing where there is no copy, or not this vault's."""
    try:
        raw = (folder / FILE).read_bytes()
        plain = AESGCM(keys.subkey(data_key, "keys")).decrypt(raw[:12], raw[12:], None)
        return canonical.decode(plain, dict[str, bytes])
    except (OSError, InvalidTag, ValueError, msgspec.DecodeError):
        return {}


def keep(folder: Path, data_key: bytes, meta: Meta) -> None:
    """Copy the rows as they stand in the database, where the copy is another."""
    rows = {name: value for name in NAMES if (value := meta.raw(name)) is not None}
    if read(folder, data_key) == rows:
        return
    nonce = os.urandom(12)
    sealed = AESGCM(keys.subkey(data_key, "keys")).encrypt(nonce, canonical.encode(rows), None)
    part = folder / f"{FILE}.part"
    try:
        with part.open("wb") as file:
            file.write(nonce + sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE)
        sync_folder(folder)
    except OSError as error:
        raise disk_error(error) from error
