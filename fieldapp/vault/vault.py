"""An open vault: its device, its keys while it lives, and transactions over its tables.

`transaction()` is the only way to write. It returns after COMMIT and after the log has been moved into the
file, so what comes after it may be called saved. An error inside undoes everything. Before it begins it
makes sure of some room on the disk, so that a full one is met before work and not in the middle of it.
What is owed to the ledger goes in first. A row that a transaction changed is bound to the chain by its
digest, so that an old page put back into a newer file shows. A vault found damaged is read, never written.
"""

import contextlib
import hmac
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import clock
from fieldapp.clock import Clock, Doubt
from fieldapp.enrolment import Certificate, HeadquartersKeys, Policy, Statement
from fieldapp.errors import InspectorError, TrustError
from fieldapp.inspection.inspection import Officer
from fieldapp.screening.verdict import ListState
from fieldapp.vault import evidence, header, keys, owed, recovery
from fieldapp.vault.adjudications import Adjudications, LaterHits
from fieldapp.vault.connection import (
    Connection,
    DiskFull,
    checkpoint,
    known_errors,
    open_file,
    settle,
)
from fieldapp.vault.forms import Forms
from fieldapp.vault.header import PASSPHRASE, RECOVERY, Header, Slot
from fieldapp.vault.inspections import Inspections
from fieldapp.vault.journal import Journal
from fieldapp.vault.kept import KeptRecords
from fieldapp.vault.lockfile import LockFile
from fieldapp.vault.marks import Marks, Sanctions
from fieldapp.vault.meta import Meta
from fieldapp.vault.outbox import Outbox, SyncState
from fieldapp.vault.owed import Debt, Note
from fieldapp.vault.paperkey import PaperKey
from fieldapp.vault.proofs import Proofs, SignatureUnproven

DATABASE = "vault.db"
ORPHAN_SECONDS = 24 * 3600
ROOM_NEEDED = 8 * 1024 * 1024  # bytes: a commit, its log, a record with a few photos' rows


class NotEnrolled(InspectorError):
    """This vault does not know headquarters yet."""

    code = "not-enrolled"


class VaultRolledBack(TrustError):
    """This vault is older than what headquarters already holds of it: an old copy was put back."""

    code = "vault-rolled-back"


class VaultReadOnly(TrustError):
    """This vault was found damaged: it can be read and salvaged, and nothing is written to it."""

    code = "vault-read-only"


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose vault this is, as typed when it was made; the certificate overrides it."""

    name: str
    role: str = ""
    unit: str = ""
    site: str = ""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What headquarters handed over: checked statements, kept as they were signed."""

    root: str
    url: str
    keys: HeadquartersKeys
    keys_statement: Statement
    certificate: Certificate
    certificate_statement: Statement
    x509: tuple[bytes, ...] = ()  # who may sign PDFs: this vault's certificate and its authority's (DER)


class Tx:
    """One transaction: the tables, and the moment it stands for."""

    def __init__(self, connection: Connection, journal: Journal, now: str) -> None:
        journal.bound.clear()
        self.meta = Meta(connection)
        self.inspections = Inspections(connection, journal.bound)
        self.outbox = Outbox(connection)
        self.adjudications = Adjudications(connection)
        self.later_hits = LaterHits(connection)
        self.kept = KeptRecords(connection)
        self.forms = Forms(connection)
        self.marks = Marks(connection)
        self.sanctions = Sanctions(connection)
        self.journal = journal
        self.now = now

    def time_floor(self) -> datetime | None:
        """Return the latest moment known to be past: headquarters' time, the list's, the ledger's since.

        An entry written before headquarters was last heard counts no more: a clock that once ran ahead is
        forgiven when headquarters has said what time it is.
        """
        held = self.meta.get("watchlist", ListState)
        heard = self.meta.get("sync", SyncState) or SyncState()
        known = (
            self.meta.get("time-floor", datetime),
            held.issued if held is not None else None,
            self.journal.last_time(heard.witnessed.seq),
        )
        return max((moment for moment in known if moment is not None), default=None)

    def enrolment(self) -> Enrolment | None:
        """Return what headquarters handed over, if it did."""
        return self.meta.get("enrolment", Enrolment)

    def require_enrolment(self) -> Enrolment:
        """Return the enrolment or refuse."""
        found = self.enrolment()
        if found is None:
            raise NotEnrolled
        return found

    def require_newest(self) -> None:
        """Refuse to go on in a vault that was found older than headquarters' copy of its chain."""
        if self.meta.raw("rolled-back"):
            raise VaultRolledBack

    def policy(self) -> Policy:
        """Return headquarters' policy, or the defaults."""
        return self.meta.get("policy", Policy) or Policy()

    def owner(self) -> Owner:
        """Return whose vault this is."""
        found = self.meta.get("owner", Owner)
        assert found is not None, "written when the vault is made"
        return found

    def officer(self) -> Officer:
        """Return the officer as certified, or as typed before enrolment."""
        enrolment = self.enrolment()
        if enrolment is not None:
            held = enrolment.certificate
            return Officer(name=held.name, role=held.role, unit=held.unit)
        owner = self.owner()
        return Officer(name=owner.name, role=owner.role, unit=owner.unit)


class Vault:
    """An open vault. Lives in one process; closing it, or the end of that process, is the lock."""

    def __init__(
        self,
        folder: Path,
        connection: Connection,
        data_key: bytes,
        now: Clock = clock.now,
        lock: LockFile | None = None,
    ) -> None:
        self.folder = folder
        self.watchlist_key = keys.subkey(data_key, "watchlist")
        self.clock = now
        self.damage = ""  # why it may not be written any more
        self.list_filled = False  # the list of inspections has a row for each
        self._lock = lock
        self._data_key = data_key
        self._connection = connection
        self._owed_key = keys.subkey(data_key, "owed")
        self._proofs = Proofs()
        self._seen: set[tuple[str, ...]] = set()
        self._opened = clock.Reading.take(now)
        meta = Meta(connection)
        paid = meta.get("owed-paid", int)
        self._owed, self.owed_fault = owed.read(folder, self._owed_key, paid or 0)
        if paid is None:  # made before notes had numbers
            self.owed_fault = ""
            owed.mend(folder, self._owed_key)
        seed, identity = meta.raw("device-key"), meta.raw("age-identity")
        assert seed is not None, "written when the vault is made"
        assert identity is not None, "written when the vault is made"
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._identity = identity.decode("ascii")
        self.device = meta.raw("device") or b""
        self.recipient = (meta.raw("age-recipient") or b"").decode("ascii")
        self._journal = Journal(connection, self.device, self._key)

    @property
    def connection(self) -> Connection:
        """The open database, for the checks that look at the file itself."""
        return self._connection

    @property
    def data_key(self) -> bytes:
        """The vault's data key, 32 bytes; it stays in this process."""
        return self._data_key

    def reconnect(self) -> Connection:
        """Close the file and open it anew: what was cached of it is read from the disk again."""
        self._connection.close()
        self._connection = open_file(self.folder / DATABASE, keys.subkey(self._data_key, "db"))
        settle(self._connection)
        self._journal = Journal(self._connection, self.device, self._key)
        return self._connection

    @property
    def public(self) -> bytes:
        """The device's public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def paper_key(self) -> PaperKey:
        """The key that signs PDFs."""
        return PaperKey(self._data_key)

    def sign(self, message: bytes) -> bytes:
        """Sign with the device key. Callers put a prefix before the message that no entry begins with."""
        return self._key.sign(message)

    def now(self) -> str:
        """Return the moment as ISO 8601 text."""
        return self.clock().isoformat()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give the tables inside BEGIN IMMEDIATE ... COMMIT and a checkpoint; undo all on an error."""
        if self.damage:
            raise VaultReadOnly(why=self.damage)
        if shutil.disk_usage(self.folder).free < ROOM_NEEDED:
            raise DiskFull
        with known_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                tx = self._tx()
                for debt in self._owed.debts:
                    tx.journal.note(debt.event, debt.at, **debt.facts)
                if self._owed.debts:
                    tx.meta.put("owed-paid", self._owed.number)
                yield tx
                tx.journal.bind_rest(tx.now)
                self._connection.execute("COMMIT")
                self._owed = Note(self._owed.number)  # that it was paid is in the database
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        checkpoint(self._connection)

    def _tx(self) -> Tx:
        tx = Tx(self._connection, self._journal, self.now())
        self._journal.doubt = self.doubt(tx)
        return tx

    def doubt(self, tx: Tx) -> Doubt:
        """Say whether this machine's clock can be right: "" when nothing speaks against it."""
        return clock.doubt(clock.Reading.take(self.clock), tx.time_floor(), self._opened)

    def owe(self, event: str, **facts: str | int | bool) -> None:
        """Have a line of the ledger written before the next thing recorded; kept on the disk meanwhile."""
        self._owed = Note(self._owed.number + 1, (*self._owed.debts, Debt(event, self.now(), facts)))
        owed.keep(self.folder, self._owed_key, self._owed)

    def note_soon(self, event: str, **facts: str | int | bool) -> None:
        """Write a line of the ledger now; on a full disk or in a damaged vault it is owed."""
        self.owe(event, **facts)
        with contextlib.suppress(DiskFull, VaultReadOnly), self.transaction():
            pass

    def note_view(self, event: str, *what: str, **facts: str | int | bool) -> None:
        """Write a view of `what` into the ledger, once while the vault is open."""
        if (event, *what) not in self._seen:
            self._seen.add((event, *what))
            self.note_soon(event, **facts)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Tx]:
        """Give the tables for reading; whatever is written is undone."""
        with known_errors():
            self._connection.execute("BEGIN")
            try:
                yield self._tx()
            finally:
                self._connection.execute("ROLLBACK")

    def seal_file(self, content: bytes, recipients: tuple[str, ...]) -> tuple[str, int]:
        """Seal `content` to this vault and `recipients` and write it durably; return (hash, size)."""
        sealed = evidence.seal(content, (self.recipient, *recipients))
        return evidence.store(self.folder / "evidence", sealed), len(sealed)

    def open_file(self, h: str, plain_sha256: str) -> bytes:
        """Return the plain bytes of a sealed file, both hashes checked."""
        return evidence.open_sealed(self.folder / "evidence", h, self._identity, plain_sha256)

    def keep_sealed(self, sealed: bytes) -> str:
        """Write what headquarters sealed to this vault durably; return its hash."""
        return evidence.store(self.folder / "evidence", sealed)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what was sealed to this vault's own recipient: a reply of headquarters."""
        return evidence.unseal(sealed, self._identity)

    def remove_file(self, h: str) -> None:
        """Remove the sealed file of something that was purged."""
        evidence.remove(self.folder / "evidence", h)

    def sweep_files(self) -> int:
        """Remove sealed files that no row names, a day after they were written; return how many."""
        with self.reading() as tx:
            named = {h for h, _size in tx.outbox.sealed_files()}
        found = evidence.orphans(self.folder / "evidence", named, self.clock().timestamp() - ORPHAN_SECONDS)
        for file in found:
            file.unlink(missing_ok=True)
        if found:
            self.note_soon("files-swept", files=len(found))
        return len(found)

    def check_sealed(self, h: str, size: int) -> None:
        """Refuse a sealed file that is missing, shortened or altered."""
        evidence.check_sealed(self.folder / "evidence", h, size)

    def read_sealed(self, h: str, offset: int, length: int) -> bytes:
        """Return a stretch of a sealed file as it travels."""
        return evidence.read_sealed(self.folder / "evidence", h, offset, length)

    def prove(self, data_key: bytes, subject: str) -> str:
        """Return the proof, for one signature, of a passphrase given again: `data_key` came from its slot."""
        if not hmac.compare_digest(data_key, self._data_key):
            raise SignatureUnproven(why="other")
        return self._proofs.make(subject)

    def spend_proof(self, proof: str, subject: str) -> None:
        """Refuse to sign `subject` unless `proof` was made for it; it is good once."""
        self._proofs.spend(proof, subject)

    def put_slots(self, made: tuple[Slot, ...], gone: tuple[str, ...]) -> None:
        """Write the header anew with `made` in place of every slot of the kinds `gone`.

        Refuses a header in which a token would be the only way in: it is lost, or breaks.
        """
        found = header.read_header(self.folder)
        kinds = {slot.kind for slot in made}.union(gone)
        slots = (*made, *(slot for slot in found.slots if slot.kind not in kinds))
        if not any(slot.kind in (PASSPHRASE, RECOVERY) for slot in slots):
            raise ValueError("a vault keeps a slot that cannot be lost with a token")
        self.change_header(slots=slots)

    def change_header(self, **changes: object) -> Header:
        """Write the header anew with `changes`, under its mac, and have the database know its generation."""
        found = header.read_header(self.folder)
        after = msgspec.structs.replace(found, generation=found.generation + 1, **changes)
        after = header.signed(after, keys.subkey(self._data_key, "header"))
        header.write_header(self.folder, after)
        if not self.damage:
            with self.transaction() as tx:
                tx.meta.put("header-generation", after.generation)
        return after

    def keep_recovery(self, recipients: tuple[str, ...]) -> bool:
        """Give headquarters' newest recovery key its slot; False when none of `recipients` is such a key.

        Called after enrolment and at every unlock, so that a crash between the two is made good.
        """
        wanted = [public for public in recipients if public.startswith(recovery.PREFIX)]
        if not wanted:
            return False
        found = header.read_header(self.folder)
        slot = found.slot(RECOVERY)
        if slot is None or slot.name != recovery.fingerprint(wanted[-1]):
            made = recovery.make_slot(self._data_key, found.vault, wanted[-1])
            self.put_slots((made,), (RECOVERY,))
            self.note_soon("recovery-slot-made", key=made.name)
        return True

    @property
    def recoverable(self) -> bool:
        """Say whether headquarters has a slot in this vault."""
        try:
            return header.read_header(self.folder).slot(RECOVERY) is not None
        except TrustError:
            return False

    def close(self) -> None:
        """Close the database. The keys go with the process."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()
