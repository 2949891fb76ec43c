"""A security key beside the passphrase: unlocking with it, setting it up, taking it away.

It opens the vault; it signs nothing, for a signature asks for the passphrase. Policy must allow it, and it is
never the only way in: whoever loses it has his passphrase, and headquarters its slot.
"""

import msgspec

from fieldapp.actions import provisioning
from fieldapp.actions.provisioning import Unlocked
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.securitykey import NAME, SecurityKey


class UnlockWithKey(msgspec.Struct, frozen=True, kw_only=True):
    """Open the vault with the security key that is plugged in; `pin` is the key's own."""

    pin: str


class AddKey(msgspec.Struct, frozen=True, kw_only=True):
    """Let the security key that is plugged in open this vault; it takes the place of an earlier one."""

    passphrase: str
    pin: str


class RemoveKey(msgspec.Struct, frozen=True, kw_only=True):
    """Let no security key open this vault any more."""

    passphrase: str


def unlock_with_key(directory: VaultDirectory, command: UnlockWithKey) -> Unlocked:
    """Open the vault and write so into the ledger."""
    directory.unlock_with(SecurityKey(directory.devices, command.pin))
    return provisioning.opened(directory, way=NAME)


def add_key(directory: VaultDirectory, command: AddKey) -> Unlocked:
    """Make the slot; the key is asked twice, to see that it answers."""
    directory.add_token(command.passphrase, SecurityKey(directory.devices, command.pin))
    directory.vault.note_soon("security-key-added")
    return provisioning.status(directory.vault, provisioning.Status())


def remove_key(directory: VaultDirectory, command: RemoveKey) -> Unlocked:
    """Erase the slot."""
    directory.remove_token(command.passphrase)
    directory.vault.note_soon("security-key-removed")
    return provisioning.status(directory.vault, provisioning.Status())
