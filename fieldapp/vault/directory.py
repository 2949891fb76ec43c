"""The folder of one inspector's vault, locked or not: what can be done before it is open.

Holds the open vault while there is one. Wrong passphrases cost a growing wait; after ten, or with the duress
passphrase, the vault is sealed: its passphrase and token slots are erased, headquarters' stays, and nothing
recorded is lost. A vault in which headquarters has no slot yet is never sealed, for that would destroy it;
there the longest wait stays.
"""

import contextlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import clock, ids
from fieldapp.clock import Clock
from fieldapp.errors import InspectorError, SituationError
from fieldapp.vault import evidence, header, health, keycopy, keys, migrate, owed, tries
from fieldapp.vault.connection import (
    Connection,
    DiskFull,
    HeaderAltered,
    VaultDamaged,
    VaultForeign,
    checkpoint,
    create_file,
    known_errors,
    open_file,
    settle,
    sync_folder,
)
from fieldapp.vault.header import DURESS, PASSPHRASE, RECOVERY, Header, KdfCost
from fieldapp.vault.keys import TOKEN, Token
from fieldapp.vault.lockfile import LockFile
from fieldapp.vault.meta import Meta
from fieldapp.vault.tries import TooManyTries
from fieldapp.vault.vault import DATABASE, Owner, Vault

FRESH = "vault.db.new"


class VaultMissing(InspectorError):
    """There is no vault here yet."""

    code = "vault-missing"


class VaultExists(InspectorError):
    """There is a vault here already."""

    code = "vault-exists"


class VaultLocked(InspectorError):
    """The vault is locked."""

    code = "vault-locked"


class VaultSealed(SituationError):
    """Only headquarters can open this vault now; nothing in it is lost."""

    code = "vault-sealed"


class SlotNotAllowed(InspectorError):
    """Headquarters' policy does not allow this way in."""

    code = "slot-not-allowed"


class VaultDirectory:
    """One vault's folder and, once unlocked, its open `vault`."""

    def __init__(self, folder: Path, cost: KdfCost | None = None, now: Clock = clock.now) -> None:
        self.folder = folder
        self._cost = cost
        self._clock = now
        self._vault: Vault | None = None

    @property
    def exists(self) -> bool:
        """Say whether a vault was made here; a database that lost its header is one too."""
        return any((self.folder / name).exists() for name in (*header.COPIES, DATABASE))

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

    def cost(self) -> KdfCost:
        """Return what a guess at a new passphrase shall cost: as given, or calibrated on this machine."""
        return self._cost or keys.calibrate()

    def now(self) -> datetime:
        """Return the moment by this directory's clock."""
        return self._clock()

    @property
    def sealed(self) -> bool:
        """Say whether only headquarters can open the vault."""
        try:
            return self.exists and self.header().sealed
        except VaultDamaged:
            return False

    @property
    def recoverable(self) -> bool:
        """Say whether headquarters has a slot in this vault."""
        try:
            return self.exists and self.header().slot(RECOVERY) is not None
        except VaultDamaged:
            return False

    def header(self) -> Header:
        """Return the header as it lies on the disk."""
        return header.read_header(self.folder)

    def label(self) -> str:
        """Return what the unlock screen shows; empty when there is no vault or its header is torn."""
        try:
            return self.header().label if self.exists else ""
        except VaultDamaged:
            return ""

    def wait_seconds(self) -> float:
        """Return how long to wait before the next passphrase may be tried."""
        return tries.read(self.folder).wait(self._clock().timestamp())

    def create(self, passphrase: str, owner: Owner) -> Vault:
        """Make the vault. Nothing that could hold records is ever overwritten.

        The database is made under another name, then the header is written, then the database gets its
        name: a crash before the header leaves nothing that counts, after it `unlock` takes the last step.
        """
        if self.exists:
            raise VaultExists
        keys.require_strong(passphrase)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        vault_id, data_key = ids.uuid7(), os.urandom(32)
        slot = keys.make_slot(passphrase, data_key, vault_id, self.cost())
        owed.make_room(self.folder)
        fresh = self.folder / FRESH
        for stale in (fresh, fresh.with_name(FRESH + "-wal")):
            stale.unlink(missing_ok=True)
        self._fill(fresh, keys.subkey(data_key, "db"), vault_id, owner)
        made = Header(vault=vault_id, generation=1, label=owner.name, slots=(slot,))
        header.write_header(self.folder, header.signed(made, keys.subkey(data_key, "header")))
        sync_folder(self.folder.parent)
        return self.open_with(data_key)

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

    def unlock(self, passphrase: str) -> Vault:
        """Open the vault; a wrong passphrase is counted, costs a growing wait, and the tenth seals."""
        if self._vault is not None:
            return self._vault
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        wrong = tries.read(self.folder).wrong
        vault = self.open_with(data_key)
        tries.forget(self.folder)
        if wrong:
            vault.owe("wrong-passphrases", count=wrong)
        self._follow_policy(vault, passphrase, data_key)
        return vault

    def unlock_with(self, token: Token) -> Vault:
        """Open the vault with a token that policy allowed and the officer set up."""
        if self._vault is not None:
            return self._vault
        return self.open_with(self._try(lambda found: keys.open_token_slot(found, token)))

    def confirm(self, passphrase: str) -> bytes:
        """Check the passphrase, with the waits of an unlock and its end; return the data key."""
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        if self._vault is not None and (wrong := tries.read(self.folder).wrong):
            tries.forget(self.folder)
            self._vault.note_soon("wrong-passphrases", count=wrong)
        return data_key

    def _try(self, opener: Callable[[Header], bytes]) -> bytes:
        if not self.exists:
            raise VaultMissing
        found = self.header()
        if found.sealed:
            raise VaultSealed
        if (wait := self.wait_seconds()) > 0:
            raise TooManyTries(seconds=round(wait))
        try:
            return opener(found)
        except keys.Duress:
            self.seal()
            raise VaultSealed from None
        except keys.WrongPassphrase:
            counted = tries.read(self.folder).after_wrong(self._clock().timestamp())
            tries.keep(self.folder, counted)
            if counted.wrong >= tries.MOST and found.slot(RECOVERY) is not None:
                self.seal()
                raise VaultSealed from None
            raise

    def open_with(self, data_key: bytes) -> Vault:
        """Open the vault with its data key, by whichever slot it came."""
        if self._vault is not None:
            return self._vault
        found = self.header()
        header.check_mac(found, keys.subkey(data_key, "header"))
        database, fresh = self.folder / DATABASE, self.folder / FRESH
        if not database.exists() and fresh.exists():
            fresh.replace(database)
            sync_folder(self.folder)
        lock = LockFile(self.folder)
        lock.take()
        try:
            connection = open_file(database, keys.subkey(data_key, "db"))
            try:
                self._check(found, connection)
                with contextlib.suppress(DiskFull):
                    keycopy.keep(self.folder, data_key, Meta(connection))
                self._vault = Vault(self.folder, connection, data_key, self._clock, lock)
            except BaseException:
                connection.close()
                raise
        except BaseException:
            lock.release()
            raise
        self._vault.damage = health.marked(self.folder)
        return self._vault

    def _check(self, found: Header, connection: Connection) -> None:
        with known_errors():
            migrate.migrate(connection, self.folder / DATABASE)
            settle(connection)
            meta = Meta(connection)
            kept, newest = meta.raw("vault"), meta.get("header-generation", int)
        if kept is None or kept.decode("ascii") != found.vault:
            raise VaultForeign(why="foreign")
        if newest is not None and (found.generation < newest or found.v < header.VERSION):
            raise HeaderAltered(why="header-old")

    def change_passphrase(self, passphrase: str, new: str) -> None:
        """Rewrite the one slot; the database and every other slot stay as they are."""
        keys.require_strong(new)
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        self._put_passphrase(new, data_key, self._kdf())
        self.vault.note_soon("passphrase-changed")

    def _put_passphrase(self, passphrase: str, data_key: bytes, kdf: str) -> None:
        found = self.header()
        old, duress = found.slot(PASSPHRASE), found.slot(DURESS)
        keep = old is not None and duress is not None and old.kdf == kdf
        cost = old.cost if old is not None and old.kdf == kdf else self._price(kdf)
        salt = old.salt if old is not None and keep else b""
        slot = keys.make_slot(passphrase, data_key, found.vault, cost, kdf, salt)
        gone = (PASSPHRASE,) if keep else (PASSPHRASE, DURESS)  # a duress slot lives by the shared salt
        self.vault.put_slots((slot,), gone)

    def _price(self, kdf: str) -> KdfCost:
        if kdf == keys.PBKDF2 and self._cost is not None:
            return keys.PBKDF2_FLOOR
        return self._cost or keys.calibrate(kdf)

    def _kdf(self) -> str:
        with self.vault.reading() as tx:
            return keys.PBKDF2 if keys.PBKDF2 in tx.policy().slots else keys.ARGON2ID

    def _follow_policy(self, vault: Vault, passphrase: str, data_key: bytes) -> None:
        """Bring the slots to what headquarters asks for, now that the passphrase is at hand."""
        found, kdf = self.header(), self._kdf()
        slot = found.slot(PASSPHRASE)
        if slot is not None and slot.kdf != kdf:
            self._put_passphrase(passphrase, data_key, kdf)
            vault.owe("passphrase-slot-remade", kdf=kdf)
        with vault.reading() as tx:
            enrolled = tx.enrolment()
        if enrolled is not None:
            vault.keep_recovery(enrolled.keys.recovery_recipients)

    def _require_allowed(self, kind: str) -> None:
        with self.vault.reading() as tx:
            if kind not in tx.policy().slots:
                raise SlotNotAllowed(kind=kind)

    def set_duress(self, passphrase: str, duress: str) -> None:
        """Set the passphrase that seals; policy must allow it and headquarters hold a slot."""
        self._require_allowed(DURESS)
        self._try(lambda found: keys.open_slots(found, passphrase))
        found = self.header()
        beside = found.slot(PASSPHRASE)
        if found.slot(RECOVERY) is None or beside is None or duress == passphrase:
            raise SlotNotAllowed(kind=DURESS)
        self.vault.put_slots((keys.make_duress_slot(duress, beside, found.vault),), (DURESS,))

    def add_token(self, passphrase: str, token: Token) -> None:
        """Let `token` open the vault as well as the passphrase; policy must allow it by name."""
        self._require_allowed(token.name)
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        self.vault.put_slots((keys.make_token_slot(token, data_key, self.header().vault),), (TOKEN,))

    def seal(self) -> None:
        """Erase every way in but headquarters'. Refuses where headquarters has none: that would destroy."""
        found = self.header()
        slot = found.slot(RECOVERY)
        if slot is None:
            raise SlotNotAllowed(kind=RECOVERY)
        sealed = msgspec.structs.replace(found, generation=found.generation + 1, slots=(slot,))
        header.write_header(self.folder, sealed)
        self.lock()

    def reopen(self, data_key: bytes, passphrase: str) -> Vault:
        """Open a vault whose key headquarters gave back, under a new passphrase."""
        vault = self.open_with(data_key)
        self._put_passphrase(passphrase, data_key, self._kdf())
        tries.forget(self.folder)
        return vault

    def lock(self) -> None:
        """Close the vault. In the window's service the process ends instead, which forgets more."""
        if self._vault is not None:
            self._vault.close()
            self._vault = None
