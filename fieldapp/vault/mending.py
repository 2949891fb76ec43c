"""Mending a damaged vault: back to a backup that opens, or salvage of what can be read. Both end unlocked.

The damaged database is kept aside either way. A backup behind the head that headquarters countersigned is
used, and marked: it may be read and gone on with, and nothing new is sealed until headquarters has spoken.
"""

from collections.abc import Callable

import msgspec

from fieldapp.vault import anchor, backup, keys, salvage
from fieldapp.vault.backup import Backup
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.salvage import Salvaged
from fieldapp.vault.vault import Vault


def to_backup(directory: VaultDirectory, passphrase: str) -> Backup:
    """Go back to the newest backup that opens."""
    data_key = _closed(directory, passphrase)
    found = backup.restore(directory.folder, keys.subkey(data_key, "db"))
    vault = _mended(directory, data_key)
    vault.note_soon("restored", backup=found.name, seq=found.head.seq)
    with vault.reading() as tx:
        witnessed = anchor.highest(vault, tx)
    if witnessed is not None and witnessed.seq > found.head.seq:
        with vault.transaction() as tx:
            tx.meta.put_raw("rolled-back", b"1")
    return found


def by_salvage(
    directory: VaultDirectory, passphrase: str, progress: Callable[[int, int], None] | None = None
) -> Salvaged:
    """Make a new database of what can still be read."""
    data_key = _closed(directory, passphrase)
    found = salvage.salvage(directory.folder, data_key, progress)
    vault = _mended(directory, data_key)
    vault.note_soon("salvaged", whole=found.whole, entries=found.entries, aside=found.aside)
    return found


def _closed(directory: VaultDirectory, passphrase: str) -> bytes:
    data_key = directory.confirm(passphrase)
    directory.lock()
    return data_key


def _mended(directory: VaultDirectory, data_key: bytes) -> Vault:
    vault = directory.open_with(data_key)
    vault.damage = ""
    vault.change_header(damage=msgspec.UNSET)
    return vault
