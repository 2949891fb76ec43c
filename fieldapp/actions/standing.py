"""How an open vault stands: headquarters' way in, the backups, what was found damaged."""

import contextlib
from datetime import UTC, datetime

import msgspec

from fieldapp import canonical, ids
from fieldapp.errors import FieldappError
from fieldapp.vault import backup, header
from fieldapp.vault.header import DURESS, RECOVERY
from fieldapp.vault.journal import AUDIT
from fieldapp.vault.keys import TOKEN
from fieldapp.vault.securitykey import NAME
from fieldapp.vault.vault import Tx, Vault


class ShowStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Ask how the vault stands."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands. `recovery_key` is the fingerprint of headquarters' key, "" where it has no slot."""

    headquarters: str
    recovery_key: str = ""
    recovery_made: datetime | None = None
    backups: tuple[datetime, ...] = ()  # newest first
    damage: str = ""
    entries: int = 0
    duress_allowed: bool = False
    token_allowed: bool = False  # a security key may open the vault
    token_held: bool = False  # and one does


class _Line(msgspec.Struct):
    event: str = ""
    at: str = ""
    key: str = ""


def show_standing(vault: Vault, _command: ShowStanding) -> Standing:
    """Say how the vault stands; what a damaged one no longer tells is left out."""
    held = header.read_header(vault.folder)
    slot, made, entries = held.slot(RECOVERY), None, 0
    headquarters, allowed, token_allowed = "", False, False
    with contextlib.suppress(FieldappError), vault.reading() as tx:
        enrolled = tx.enrolment()
        headquarters = enrolled.keys.headquarters if enrolled is not None else ""
        allowed, token_allowed = DURESS in tx.policy().slots, NAME in tx.policy().slots
        entries = tx.journal.head().seq
        made = _made(tx, slot.name) if slot is not None else None
    return Standing(
        headquarters=headquarters,
        recovery_key=slot.name if slot is not None else "",
        recovery_made=made,
        backups=tuple(ids.born(name.removesuffix(".db")) for name in backup.names(vault.folder)),
        damage=vault.damage,
        entries=entries,
        duress_allowed=allowed and slot is not None,
        token_allowed=token_allowed,
        token_held=held.slot(TOKEN) is not None,
    )


def _made(tx: Tx, key: str) -> datetime | None:
    """Return when the slot for `key` was made, as the ledger tells."""
    for entry in reversed(tx.journal.entries(1, -1)):
        if entry.kind == AUDIT and entry.payload:
            line = canonical.decode(entry.payload, _Line)
            if line.event == "recovery-slot-made" and line.key == key:
                return datetime.fromisoformat(line.at).astimezone(UTC)
    return None
