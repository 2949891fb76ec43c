"""An open vault: its device, its keys while it lives, and transactions over its tables.

`transaction()` is the only way to write. It returns after COMMIT and after the log has been moved into the
file, so what comes after it may be called saved. An error inside undoes everything. Before it begins it
makes sure of some room on the disk, so that a full one is met before work and not in the middle of it.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import clock
from fieldapp.clock import Clock
from fieldapp.enrolment import Certificate, HeadquartersKeys, Policy, Statement
from fieldapp.errors import InspectorError, TrustError
from fieldapp.inspection.inspection import Officer
from fieldapp.vault import evidence
from fieldapp.vault.connection import Connection, DiskFull, checkpoint, known_errors
from fieldapp.vault.inspections import Inspections
from fieldapp.vault.journal import Journal
from fieldapp.vault.meta import Meta
from fieldapp.vault.outbox import Outbox

ROOM_NEEDED = 8 * 1024 * 1024  # bytes: a commit, its log, a record with a few photos' rows


class NotEnrolled(InspectorError):
    """This vault does not know headquarters yet."""

    code = "not-enrolled"


class VaultRolledBack(TrustError):
    """This vault is older than what headquarters already holds of it: an old copy was put back."""

    code = "vault-rolled-back"


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


class Tx:
    """One transaction: the tables, and the moment it stands for."""

    def __init__(self, connection: Connection, journal: Journal, now: str) -> None:
        self.meta = Meta(connection)
        self.inspections = Inspections(connection)
        self.outbox = Outbox(connection)
        self.journal = journal
        self.now = now

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
        self, folder: Path, connection: Connection, watchlist_key: bytes, now: Clock = clock.now
    ) -> None:
        self.folder = folder
        self.watchlist_key = watchlist_key
        self.clock = now
        self._connection = connection
        meta = Meta(connection)
        seed, identity = meta.raw("device-key"), meta.raw("age-identity")
        assert seed is not None, "written when the vault is made"
        assert identity is not None, "written when the vault is made"
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._identity = identity.decode("ascii")
        self.device = meta.raw("device") or b""
        self.recipient = (meta.raw("age-recipient") or b"").decode("ascii")
        self._journal = Journal(connection, self.device, self._key)

    @property
    def public(self) -> bytes:
        """The device's public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign with the device key. Callers put a prefix before the message that no entry begins with."""
        return self._key.sign(message)

    def now(self) -> str:
        """Return the moment as ISO 8601 text."""
        return self.clock().isoformat()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give the tables inside BEGIN IMMEDIATE ... COMMIT and a checkpoint; undo all on an error."""
        if shutil.disk_usage(self.folder).free < ROOM_NEEDED:
            raise DiskFull
        with known_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Tx(self._connection, self._journal, self.now())
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        checkpoint(self._connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Tx]:
        """Give the tables for reading; whatever is written is undone."""
        with known_errors():
            self._connection.execute("BEGIN")
            try:
                yield Tx(self._connection, self._journal, self.now())
            finally:
                self._connection.execute("ROLLBACK")

    def seal_file(self, content: bytes, recipients: tuple[str, ...]) -> tuple[str, int]:
        """Seal `content` to this vault and `recipients` and write it durably; return (hash, size)."""
        sealed = evidence.seal(content, (self.recipient, *recipients))
        return evidence.store(self.folder / "evidence", sealed), len(sealed)

    def open_file(self, h: str, plain_sha256: str) -> bytes:
        """Return the plain bytes of a sealed file, both hashes checked."""
        return evidence.open_sealed(self.folder / "evidence", h, self._identity, plain_sha256)

    def check_sealed(self, h: str, size: int) -> None:
        """Refuse a sealed file that is missing, shortened or altered."""
        evidence.check_sealed(self.folder / "evidence", h, size)

    def read_sealed(self, h: str, offset: int, length: int) -> bytes:
        """Return a stretch of a sealed file as it travels."""
        return evidence.read_sealed(self.folder / "evidence", h, offset, length)

    def close(self) -> None:
        """Close the database. The keys go with the process."""
        self._connection.close()
