"""Headquarters' newest countersigned head, beside the database as well: an old copy does not bring it."""

import contextlib
from pathlib import Path

import msgspec

from fieldapp import canonical, enrolment
from fieldapp.enrolment import Statement, Witness
from fieldapp.ledger import Head
from fieldapp.vault.connection import sync_folder
from fieldapp.vault.vault import Tx, Vault

FILE = "anchor"


def keep(folder: Path, statement: Statement) -> None:
    """Keep the statement, as well as the disk allows; the database has it too."""
    part = folder / f"{FILE}.part"
    with contextlib.suppress(OSError):
        part.write_bytes(canonical.encode(statement))
        part.replace(folder / FILE)
        sync_folder(folder)


def highest(vault: Vault, tx: Tx) -> Head | None:
    """Return the highest head that headquarters countersigned, from the database or from beside it."""
    enrolled = tx.enrolment()
    if enrolled is None:
        return None
    statements = [tx.meta.get("witness", Statement)]
    with contextlib.suppress(OSError, msgspec.DecodeError):
        statements.append(canonical.decode((vault.folder / FILE).read_bytes(), Statement))
    heads = []
    for statement in statements:
        if statement is not None:
            with contextlib.suppress(enrolment.StatementRefused):
                seen = enrolment.open_statement(statement, "witness", Witness, enrolled.keys.signing)
                if seen.device == vault.device.hex():
                    heads.append(Head(seq=seen.seq, id=seen.id))
    return max(heads, key=lambda head: head.seq, default=None)
