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

from fieldapp import clock, ids
from fieldapp.clock import Clock
from fieldapp.errors import InspectorError, SituationError
from fieldapp.vault import header, keycopy, keys, making, migrate, owed, securitykey, slots, tries
from fieldapp.vault.connection import (
    Connection,
    DiskFull,
    HeaderAltered,
    VaultDamaged,
    VaultForeign,
    known_errors,
    open_file,
    settle,
    sync_folder,
)
from fieldapp.vault.header import DURESS, RECOVERY, Header, KdfCost
from fieldapp.vault.keys import TOKEN, Token
from fieldapp.vault.lockfile import LockFile
from fieldapp.vault.meta import Meta
from fieldapp.vault.securitykey import Devices
from fieldapp.vault.slots import SlotNotAllowed
from fieldapp.vault.tries import TooManyTries, Tries
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


class VaultDirectory:
    """One vault's folder and, once unlocked, its open `vault`."""

    def __init__(
        self,
        folder: Path,
        cost: KdfCost | None = None,
        now: Clock = clock.now,
        devices: Devices = securitykey.devices,
    ) -> None:
        self.folder = folder
        self.devices = devices
        self._cost = cost
        self._clock = now
        self._vault: Vault | None = None
        self._doubtful: tuple[float, int] | None = None  # since when a count is doubted; wrong since

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

    def cost(self, kdf: str = keys.ARGON2ID) -> KdfCost:
        """Return what a guess at a new passphrase shall cost: as given, or calibrated on this machine."""
        if kdf == keys.PBKDF2 and self._cost is not None:
            return keys.PBKDF2_FLOOR
        return self._cost or keys.calibrate(kdf)

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
        return self.holds(RECOVERY)

    def holds(self, kind: str) -> bool:
        """Say whether this vault has a slot of `kind`; one that cannot be read has none."""
        try:
            return self.exists and self.header().slot(kind) is not None
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
        try:
            held = self._tries(self.header())
        except VaultDamaged:
            return 0.0
        if not held.altered:
            return held.wait(self._clock().timestamp())
        since, _wrong = self._doubted()
        return max(0.0, tries.WAITS[-1] - (self._moment() - since))

    def _tries(self, found: Header) -> Tries:
        """Return the count of wrong tries; of a file tampered with, what the longest wait stands for."""
        held = tries.read(self.folder, None if found.tries is msgspec.UNSET else found.tries)
        if not held.altered:
            return held
        _since, wrong = self._doubted()
        return msgspec.structs.replace(held, wrong=held.wrong + wrong)

    def _doubted(self) -> tuple[float, int]:
        self._doubtful = self._doubtful or (self._moment(), 0)
        return self._doubtful

    def _moment(self) -> float:
        """Return seconds that nobody can set; a test's clock goes its own way."""
        return clock.since_boot() if self._clock is clock.now else self._clock().timestamp()

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
        owed.make_room(self.folder, keys.subkey(data_key, "owed"))
        fresh = self.folder / FRESH
        for stale in (fresh, fresh.with_name(FRESH + "-wal")):
            stale.unlink(missing_ok=True)
        making.fill(fresh, keys.subkey(data_key, "db"), vault_id, owner)
        end = tries.begin(self.folder)
        made = Header(vault=vault_id, generation=1, label=owner.name, slots=(slot,), tries=end)
        header.write_header(self.folder, header.signed(made, keys.subkey(data_key, "header")))
        sync_folder(self.folder.parent)
        return self.open_with(data_key)

    def unlock(self, passphrase: str) -> Vault:
        """Open the vault; a wrong passphrase is counted, costs a growing wait, and the tenth seals."""
        if self._vault is not None:
            return self._vault
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        vault = self.open_with(data_key)
        self._count_anew(vault)
        slots.follow_policy(vault, self.header(), passphrase, data_key, self.cost)
        return vault

    def unlock_with(self, token: Token) -> Vault:
        """Open the vault with a token that policy allowed and the officer set up."""
        if self._vault is not None:
            return self._vault
        vault = self.open_with(self._try(lambda found: keys.open_token_slot(found, token)))
        self._count_anew(vault)
        return vault

    def confirm(self, passphrase: str) -> bytes:
        """Check the passphrase, with the waits of an unlock and its end; return the data key."""
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        if self._vault is not None:
            self._count_anew(self._vault)
        return data_key

    def _count_anew(self, vault: Vault) -> None:
        """Write wrong tries into the ledger and begin to count from nought; a full disk leaves the count."""
        found = self.header()
        held = self._tries(found)
        if held.altered:
            vault.owe("attempts-altered", file=tries.FILE)
        elif held.wrong:
            vault.owe("wrong-passphrases", count=held.wrong)
        elif found.tries is not msgspec.UNSET:
            return
        with contextlib.suppress(OSError, DiskFull):
            vault.change_header(tries=tries.begin(self.folder, held))
            self._doubtful = None

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
            counted = self._tries(found).after_wrong(self._clock().timestamp())
            if counted.altered:
                self._doubtful = (self._moment(), self._doubted()[1] + 1)
            else:
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
        self._vault.damage = "" if found.damage is msgspec.UNSET else found.damage
        if self._vault.owed_fault:
            owed.mend(self.folder, keys.subkey(data_key, "owed"))
            self._vault.owe("owed-altered", file=owed.FILE, why=self._vault.owed_fault)
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
        slots.put_passphrase(self.vault, self.header(), new, data_key, self.cost)
        self.vault.note_soon("passphrase-changed")

    def set_duress(self, passphrase: str, duress: str) -> None:
        """Set the passphrase that seals; it must be another than the one that opens."""
        slots.require_allowed(self.vault, DURESS)
        self._try(lambda found: keys.open_slots(found, passphrase))
        if duress == passphrase:
            raise SlotNotAllowed(kind=DURESS)
        slots.put_duress(self.vault, self.header(), duress)

    def add_token(self, passphrase: str, token: Token) -> None:
        """Let `token` open the vault as well as the passphrase; policy must allow it by name."""
        slots.require_allowed(self.vault, token.name)
        data_key = self._try(lambda found: keys.open_slots(found, passphrase))
        slots.put_token(self.vault, self.header(), data_key, token)

    def remove_token(self, passphrase: str) -> None:
        """Let no token open the vault any more."""
        self._try(lambda found: keys.open_slots(found, passphrase))
        self.vault.put_slots((), (TOKEN,))

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
        slots.put_passphrase(vault, self.header(), passphrase, data_key, self.cost)
        self._count_anew(vault)
        return vault

    def lock(self) -> None:
        """Close the vault. In the window's service the process ends instead, which forgets more."""
        if self._vault is not None:
            self._vault.close()
            self._vault = None
