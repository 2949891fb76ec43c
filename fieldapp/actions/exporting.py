"""Taking the ledger, or the whole vault, out as a file that proves itself. That it was taken is an entry."""

import contextlib
from pathlib import Path

import msgspec

from fieldapp.vault import export
from fieldapp.vault.connection import disk_error, sync_file
from fieldapp.vault.vault import Vault


class ExportLedger(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the ledger as a file."""


class LedgerFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file's bytes."""

    content: bytes


class ExportVault(msgspec.Struct, frozen=True, kw_only=True):
    """Write the ledger and all sealed evidence to the file at `path`."""

    path: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """How many evidence files were written."""

    files: int


def export_ledger(vault: Vault, _command: ExportLedger) -> LedgerFile:
    """Return the ledger as a file; the line that says so is in it."""
    vault.note_soon("ledger-exported")
    return LedgerFile(content=export.ledger_file(vault))


def export_vault(vault: Vault, command: ExportVault) -> Exported:
    """Write the vault export whole, or not at all."""
    vault.note_soon("vault-exported")
    place = Path(command.path)
    part = place.with_name(f"{place.name}.part")
    try:
        with part.open("wb") as out:
            files = export.write_vault(vault, out)
        sync_file(part)
        part.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_error(error) from error
    return Exported(files=files)
