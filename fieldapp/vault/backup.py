"""Copies of the encrypted database that are known to open, and going back to one.

A copy is of the file as it lies on the disk, so it is sealed by the same key. It is opened and checked page
by page before it gets its name: a copy of a damaged file is never kept in place of a good one. Two are kept.
Going back moves the damaged database aside, never away.
"""

import shutil
from pathlib import Path

import msgspec

from fieldapp import ids
from fieldapp.errors import TrustError
from fieldapp.ledger import Head
from fieldapp.vault.connection import (
    VaultDamaged,
    checkpoint,
    disk_error,
    known_errors,
    open_file,
    sync_file,
    sync_folder,
)
from fieldapp.vault.journal import Journal
from fieldapp.vault.vault import DATABASE, Vault

FOLDER = "backup"
ASIDE = "damaged-files"
EVERY = 25  # ledger entries
KEPT = 2


class NothingToRestore(TrustError):
    """There is no backup that opens."""

    code = "nothing-to-restore"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that opens: its file's name, and where its ledger stands."""

    name: str
    head: Head


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of the backups in the vault's `folder`, newest first."""
    return tuple(sorted((file.name for file in (folder / FOLDER).glob("*.db")), reverse=True))


def inspect(file: Path, key: bytes) -> Head:
    """Return where the ledger of the database in `file` stands; raises VaultDamaged on any bad page."""
    connection = open_file(file, key)
    try:
        with known_errors():
            head = Journal.head_of(connection)
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                raise VaultDamaged(why="unreadable")
            return head
    finally:
        connection.close()


def keep(vault: Vault, key: bytes, every: int = EVERY) -> Backup | None:
    """Keep a checked copy when `every` entries were written since the last; None when none is due.

    `key` is the database's. Raises VaultDamaged when the live file is damaged; older copies stay.
    """
    with vault.reading() as tx:
        head, last = tx.journal.head(), tx.meta.get("backup-head", int) or 0
    if head.seq - last < every:
        return None
    folder = vault.folder / FOLDER
    name = f"{ids.uuid7(vault.clock())}.db"
    part = folder / f"{name}.part"
    checkpoint(vault.connection)
    try:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(vault.folder / DATABASE, part)
        sync_file(part)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error) from error
    try:
        found = inspect(part, key)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(folder / name)
    sync_folder(folder)
    sync_folder(vault.folder)
    with vault.transaction() as tx:
        tx.meta.put("backup-head", head.seq)
    for old in names(vault.folder)[KEPT:]:
        (folder / old).unlink(missing_ok=True)
    return Backup(name=name, head=found)


def set_aside(folder: Path) -> str:
    """Move the database and its log to a folder of their own; return its name."""
    place = folder / ASIDE / ids.uuid7()
    place.mkdir(parents=True)
    for name in (f"{DATABASE}-wal", DATABASE):
        if (folder / name).exists():
            (folder / name).replace(place / name)
    for changed in (place, place.parent, folder):
        sync_folder(changed)
    return place.name


def put_in_place(folder: Path, fresh: Path) -> str:
    """Make `fresh` the vault's database and move the one before aside; return where that lies now."""
    sync_file(fresh)
    aside = set_aside(folder)
    fresh.replace(folder / DATABASE)
    sync_folder(folder)
    return aside


def restore(folder: Path, key: bytes) -> Backup:
    """Go back to the newest backup that opens; the database before it is kept aside."""
    for name in names(folder):
        try:
            head = inspect(folder / FOLDER / name, key)
        except VaultDamaged:
            continue
        fresh = folder / f"{DATABASE}.restored"
        shutil.copyfile(folder / FOLDER / name, fresh)
        put_in_place(folder, fresh)
        return Backup(name=name, head=head)
    raise NothingToRestore
