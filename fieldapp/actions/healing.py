"""A vault's health: checks, backups, going back to one, saving what a damaged one still holds."""

import msgspec

from fieldapp.actions.rooms import Progress
from fieldapp.vault import backup, health, keys, mending
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.health import Fault, Health
from fieldapp.vault.salvage import Salvaged
from fieldapp.vault.vault import Vault


class CheckHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Ask whether the vault is whole: all of it, with its `files`, or only the head of its ledger."""

    full: bool = True
    files: bool = True


class CheckFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Ask whether some sealed files are whole: up to `most`, those whose names come `after`."""

    after: str = ""
    most: int = 10


class FilesChecked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and the last name looked at; "" when there are no more."""

    faults: tuple[Fault, ...]
    last: str


class KeepBackup(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a checked copy if `every` entries were written since the last one."""

    every: int = backup.EVERY


class BackupKept(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a copy was due and made, and where its ledger stands."""

    made: bool
    seq: int = 0


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """Go back to the newest backup that opens."""

    passphrase: str


class Salvage(msgspec.Struct, frozen=True, kw_only=True):
    """Save what can be read of a damaged vault into a new one."""

    passphrase: str


class SweepFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Remove sealed files that nothing names, a day after a crash left them."""


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """How many files went."""

    files: int


def check(vault: Vault, command: CheckHealth) -> Health:
    """Check the vault. Damage stops all writing until it is mended; reading goes on."""
    return health.full(vault, with_files=command.files) if command.full else health.quick(vault)


def check_files(vault: Vault, command: CheckFiles) -> FilesChecked:
    """Check the next sealed files; a damaged one is named and stops nothing."""
    faults, last = health.files(vault, command.after, command.most)
    return FilesChecked(faults=faults, last=last)


def keep_backup(vault: Vault, command: KeepBackup) -> BackupKept:
    """Keep a checked copy of the encrypted database if one is due."""
    made = backup.keep(vault, keys.subkey(vault.data_key, "db"), command.every)
    return BackupKept(made=made is not None, seq=made.head.seq if made else 0)


def restore(directory: VaultDirectory, command: Restore) -> BackupKept:
    """Go back to the newest backup that opens, and unlock it."""
    return BackupKept(made=True, seq=mending.to_backup(directory, command.passphrase).head.seq)


def salvage(directory: VaultDirectory, command: Salvage, progress: Progress | None = None) -> Salvaged:
    """Save what can be read, and unlock what came of it."""
    return mending.by_salvage(directory, command.passphrase, progress)


def sweep(vault: Vault, _command: SweepFiles) -> Swept:
    """Remove what crashes left behind."""
    return Swept(files=vault.sweep_files())
