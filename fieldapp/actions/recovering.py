"""Ways into a vault besides today's passphrase: a new one, one that seals, headquarters'.

A sealed vault is opened by a request that headquarters answers: two of its officers, each with a share of the
recovery key. `answer` runs at headquarters, with no vault; all else in the vault's process.
"""

from datetime import datetime
from typing import TypeVar

import msgspec

from fieldapp import canonical
from fieldapp.actions import obeying, provisioning
from fieldapp.actions.provisioning import Unlocked
from fieldapp.vault import header, keys, passphrase, recovery, sharing
from fieldapp.vault.connection import disk_error, sync_folder
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.header import Slot
from fieldapp.vault.recovery import Answer, RecoveryRefused, Request

PENDING = "recovery.pending"
LARGEST = 65_536  # bytes of a request or an answer
T = TypeVar("T")


class SuggestPassphrase(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for a passphrase nobody has used before."""

    words: int = passphrase.WORDS


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A passphrase, and its strength in bits."""

    passphrase: str
    bits: int


class ChangePassphrase(msgspec.Struct, frozen=True, kw_only=True):
    """Change the passphrase; the old one is given again."""

    passphrase: str
    new: str


class SetDuress(msgspec.Struct, frozen=True, kw_only=True):
    """Set the passphrase that seals the vault, where policy allows one."""

    passphrase: str
    duress: str


class SealVault(msgspec.Struct, frozen=True, kw_only=True):
    """Seal the vault now: on headquarters' order, or at the officer's own wish."""


class AskRecovery(msgspec.Struct, frozen=True, kw_only=True):
    """Begin to recover the vault under a new passphrase."""

    passphrase: str


class RecoveryRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to send to headquarters: JSON, nothing in it is secret."""

    raw: bytes


class TakeRecovery(msgspec.Struct, frozen=True, kw_only=True):
    """Open the vault with headquarters' answer and the passphrase chosen with the request."""

    raw: bytes
    passphrase: str


def suggest(directory: VaultDirectory, command: SuggestPassphrase) -> Suggestion:
    """Return a new passphrase to offer; no vault need be open for it, nor be there."""
    del directory
    words = max(passphrase.WORDS, min(command.words, 12))
    return Suggestion(passphrase=passphrase.suggest(words), bits=int(passphrase.bits(words)))


def change_passphrase(directory: VaultDirectory, command: ChangePassphrase) -> Unlocked:
    """Rewrite the passphrase's slot."""
    directory.change_passphrase(command.passphrase, command.new)
    return provisioning.status(directory.vault, provisioning.Status())


def set_duress(directory: VaultDirectory, command: SetDuress) -> Unlocked:
    """Set the passphrase that seals. The ledger is silent about it: a coercer could read it there."""
    directory.set_duress(command.passphrase, command.duress)
    return provisioning.status(directory.vault, provisioning.Status())


def seal_vault(directory: VaultDirectory, _command: SealVault) -> provisioning.VaultState:
    """Seal the vault: every way in but headquarters' is erased, and it is locked."""
    directory.vault.note_soon("vault-sealed")
    directory.seal()
    return provisioning.look(directory, provisioning.Look())


def ask_recovery(directory: VaultDirectory, command: AskRecovery) -> RecoveryRequest:
    """Make the request. The key its answer is sealed to is kept here under the new passphrase."""
    keys.require_strong(command.passphrase)
    found = directory.header()
    key, public = recovery.new_reply_key()
    slot = keys.make_slot(command.passphrase, key, found.vault, directory.cost())
    asked = recovery.request(found, public, directory.now())
    part = directory.folder / f"{PENDING}.part"
    try:
        part.write_bytes(canonical.encode(slot))
        part.replace(directory.folder / PENDING)
        sync_folder(directory.folder)
    except OSError as error:
        raise disk_error(error) from error
    return RecoveryRequest(raw=canonical.encode(asked))


def take_recovery(directory: VaultDirectory, command: TakeRecovery) -> Unlocked:
    """Open the vault with the answer, put the new passphrase in its slot, write so into the ledger."""
    found = directory.header()
    given = _read(command.raw, Answer)
    try:
        slot = canonical.decode((directory.folder / PENDING).read_bytes(), Slot)
    except (OSError, msgspec.DecodeError):
        raise RecoveryRefused(why="request") from None
    pending = header.Header(vault=found.vault, generation=0, label="", slots=(slot,))
    data_key = recovery.open_answer(given, found.vault, keys.open_slots(pending, command.passphrase))
    vault = directory.reopen(data_key, command.passphrase)
    obeying.reopened(vault)
    vault.note_soon("recovered", officers=", ".join(given.officers), answered=given.at.isoformat())
    (directory.folder / PENDING).unlink(missing_ok=True)
    return provisioning.status(vault, provisioning.Status())


def answer(raw: bytes, shares: tuple[str, ...], officers: tuple[str, ...], at: datetime) -> bytes:
    """At headquarters: open the request's slot with two officers' shares and return the answer's bytes."""
    held = [sharing.from_text(text) for text in shares]
    return canonical.encode(recovery.answer(_read(raw, Request), held, officers, at))


def _read(raw: bytes, kind: type[T]) -> T:
    if len(raw) > LARGEST:
        raise RecoveryRefused(why="form")
    try:
        return canonical.decode(raw, kind)
    except msgspec.DecodeError:
        raise RecoveryRefused(why="form") from None
