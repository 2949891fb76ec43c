"""The folder of one inspector's vault, locked or not: what can be done before it is open.

Holds the open vault while there is one. Wrong passphrases cost a growing wait, kept beside the header;
an attacker with the disk can put that file back, so the real barrier is what a guess costs.
"""

import contextlib
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, clock, ids
from fieldapp.clock import Clock
from fieldapp.errors import InspectorError, SituationError
from fieldapp.vault import evidence, keys, migrate
from fieldapp.vault.connection import (
    VaultDamaged,
    checkpoint,
    create_file,
    known_errors,
    open_file,
    sync_folder,
)
from fieldapp.vault.keys import Header, KdfCost
from fieldapp.vault.meta import Meta
from fieldapp.vault.vault import Owner, Vault

DATABASE = "vault.db"
FRESH = "vault.db.new"
ATTEMPTS = "attempts"
WAITS = (0, 0, 0, 2, 5, 15, 60, 300)  # seconds after the n-th wrong passphrase


class VaultMissing(InspectorError):
    """There is no vault here yet."""

    code = "vault-missing"


class VaultExists(InspectorError):
    """There is a vault here already."""

    code = "vault-exists"


class VaultLocked(InspectorError):
    """The vault is locked."""

    code = "vault-locked"


class TooManyTries(SituationError):
    """Wait before the next passphrase."""

    code = "too-many-tries"


class Attempts(msgspec.Struct, frozen=True):
    """Wrong passphrases in a row, and when the next may be tried (seconds since 1970)."""

    wrong: int = 0
    not_before: float = 0.0


class VaultDirectory:
    """One vault's folder and, once unlocked, its open `vault`."""

    def __init__(self, folder: Path, cost: KdfCost | None = None, now: Clock = clock.now) -> None:
        self.folder = folder
        self._cost = cost or KdfCost()
        self._clock = now
        self._vault: Vault | None = None

    @property
    def exists(self) -> bool:
        """Say whether a vault was made here; a database that lost its header is one too."""
        return any((self.folder / name).exists() for name in (*keys.COPIES, DATABASE))

    @property
    def unlocked(self) -> bool:
        """Say whether the vault is open."""
        return self._vault is not None

    @property
    def vault(self) -> Vault:
        """The open vault; refuses while it is locked."""
        if self._vault is None:
            raise VaultLocked
        return self._vault

    def label(self) -> str:
        """Return what the unlock screen shows; empty when there is no vault or its header is torn."""
        try:
            return keys.read_header(self.folder).label if self.exists else ""
        except VaultDamaged:
            return ""

    def create(self, passphrase: str, owner: Owner) -> Vault:
        """Make the vault. Nothing that could hold records is ever overwritten.

        The database is made under another name, then the header is written, then the database gets its
        name: a crash before the header leaves nothing that counts, after it `unlock` takes the last step.
        """
        if self.exists:
            raise VaultExists
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        vault_id, data_key = ids.uuid7(), os.urandom(32)
        slot = keys.make_slot(passphrase, data_key, vault_id, self._cost)
        fresh = self.folder / FRESH
        for stale in (fresh, fresh.with_name(FRESH + "-wal")):
            stale.unlink(missing_ok=True)
        self._fill(fresh, keys.subkey(data_key, "db"), vault_id, owner)
        header = Header(vault=vault_id, generation=1, label=owner.name, slots=(slot,))
        keys.write_header(self.folder, header)
        sync_folder(self.folder.parent)
        return self._open(header, data_key)

    def _fill(self, file: Path, key: bytes, vault_id: str, owner: Owner) -> None:
        connection = create_file(file, key)
        with known_errors():
            migrate.migrate(connection, file)
            identity, recipient = evidence.new_identity()
            device_key = Ed25519PrivateKey.generate()
            connection.execute("BEGIN IMMEDIATE")
            meta = Meta(connection)
            meta.put_raw("vault", vault_id.encode("ascii"))
            meta.put_raw("device", bytes.fromhex(vault_id.replace("-", "")))
            meta.put_raw("device-key", device_key.private_bytes_raw())
            meta.put_raw("age-identity", identity.encode("ascii"))
            meta.put_raw("age-recipient", recipient.encode("ascii"))
            meta.put("owner", owner)
            connection.execute("COMMIT")
            checkpoint(connection)
            connection.close()
        sync_folder(self.folder)

    def wait_seconds(self) -> float:
        """Return how long to wait before the next passphrase may be tried."""
        return max(0.0, self._attempts().not_before - self._clock().timestamp())

    def unlock(self, passphrase: str) -> Vault:
        """Open the vault; a wrong passphrase is counted and costs a growing wait."""
        if self._vault is not None:
            return self._vault
        if not self.exists:
            raise VaultMissing
        if (wait := self.wait_seconds()) > 0:
            raise TooManyTries(seconds=round(wait))
        header = keys.read_header(self.folder)
        try:
            data_key = keys.open_slots(header, passphrase)
        except keys.WrongPassphrase:
            self._count_wrong()
            raise
        with contextlib.suppress(OSError):
            (self.folder / ATTEMPTS).unlink(missing_ok=True)
        return self._open(header, data_key)

    def _open(self, header: Header, data_key: bytes) -> Vault:
        database, fresh = self.folder / DATABASE, self.folder / FRESH
        if not database.exists() and fresh.exists():
            fresh.replace(database)
            sync_folder(self.folder)
        connection = open_file(database, keys.subkey(data_key, "db"))
        try:
            with known_errors():
                migrate.migrate(connection, database)
                kept = Meta(connection).raw("vault")
            if kept is None or kept.decode("ascii") != header.vault:
                raise VaultDamaged(why="foreign")
            self._vault = Vault(self.folder, connection, keys.subkey(data_key, "watchlist"), self._clock)
        except BaseException:
            connection.close()
            raise
        return self._vault

    def lock(self) -> None:
        """Close the vault. In the window's service the process ends instead, which forgets more."""
        if self._vault is not None:
            self._vault.close()
            self._vault = None

    def _attempts(self) -> Attempts:
        try:
            return canonical.decode((self.folder / ATTEMPTS).read_bytes(), Attempts)
        except (OSError, msgspec.DecodeError):
            return Attempts()

    def _count_wrong(self) -> None:
        wrong = self._attempts().wrong + 1
        wait = WAITS[min(wrong, len(WAITS) - 1)]
        until = self._clock().timestamp() + wait
        with contextlib.suppress(OSError):  # a full disk must not hide that the passphrase was wrong
            (self.folder / ATTEMPTS).write_bytes(canonical.encode(Attempts(wrong, until)))
