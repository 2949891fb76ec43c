"""Laptops of the simulation: the real vault, its outbox and its ledger over a disk that lies in memory.

Only the disk is made here: SQLite in memory, sealed files in a dictionary. It can be imaged, put back, full,
and lost in the middle of a commit. Everything above is what runs on a laptop.
"""

import hashlib
import random
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.clock import Clock
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.record import BlobRef, Record
from fieldapp.ledger import entry_id
from fieldapp.vault import migrate
from fieldapp.vault.connection import DiskFull
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.meta import Meta
from fieldapp.vault.outbox import BlobRow
from fieldapp.vault.vault import Owner, Vault
from tests.support import records

Trouble = Literal["", "crash_before_commit", "crash_after_commit", "disk_full"]


class Crash(BaseException):
    """The laptop's battery fell out. No `except Exception` of the program may hold it up."""


class Disk:
    """A connection whose next commit may not come back."""

    def __init__(self, image: bytes) -> None:
        self._real = sqlite3.connect(":memory:", isolation_level=None)
        self._real.deserialize(image)
        self.trouble: Trouble = ""

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.trouble:
            trouble, self.trouble = self.trouble, ""
            if trouble == "disk_full":
                raise DiskFull
            if trouble == "crash_after_commit":
                self._real.execute(sql)
            raise Crash
        return self._real.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> sqlite3.Cursor:
        return self._real.executemany(sql, parameters)

    def commit(self) -> None:
        self._real.commit()

    def rollback(self) -> None:
        self._real.rollback()

    def close(self) -> None:
        self._real.close()

    def image(self) -> bytes:
        return self._real.serialize()

    def put_back(self, image: bytes) -> None:
        self._real.deserialize(image)


@lru_cache(maxsize=1)
def _empty() -> bytes:
    made = sqlite3.connect(":memory:", isolation_level=None)
    for _number, script in migrate.steps():
        for statement in migrate.statements(script.read_text("utf-8")):
            # Python's own SQLite may be older than SQLCipher's: there the words of a list lie in the table.
            made.execute(statement.replace("content = '', contentless_delete = 1, ", ""))
    return made.serialize()


@lru_cache(maxsize=64)
def _identity(number: int) -> tuple[str, str]:
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


class SimulatedVault(Vault):
    """A vault whose sealed files lie in a dictionary."""

    def __init__(self, folder: Path, disk: Disk, clock: Clock) -> None:
        super().__init__(folder, disk, bytes(32), clock)  # type: ignore[arg-type]  # SQLite all the same
        self.files: dict[str, bytes] = {}

    def keep_recovery(self, recipients: tuple[str, ...]) -> bool:
        return not recipients  # there is no header beside this database to put a slot into

    def check_sealed(self, h: str, size: int) -> None:
        if len(self.read_sealed(h, 0, -1)) != size:
            raise EvidenceAltered(why="sealed")

    def read_sealed(self, h: str, offset: int, length: int) -> bytes:
        if h not in self.files:
            raise EvidenceAltered(why="missing")
        return self.files[h][offset:] if length < 0 else self.files[h][offset : offset + length]


def vault(folder: Path, dice: random.Random, number: int, clock: Clock) -> SimulatedVault:
    """A new vault; its device and its signing key come from the dice, so that a run can be repeated."""
    disk = Disk(_empty())
    identity, recipient = _identity(number)
    meta = Meta(disk)  # type: ignore[arg-type]
    meta.put_raw("device", dice.randbytes(16))
    meta.put_raw("device-key", Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)).private_bytes_raw())
    meta.put_raw("age-identity", identity.encode())
    meta.put_raw("age-recipient", recipient.encode())
    meta.put("owner", Owner(name=f"Officer {number}"))
    own = folder / dice.randbytes(8).hex()
    own.mkdir(exist_ok=True)
    return SimulatedVault(own, disk, clock)


def seal(of: SimulatedVault, inspection: Inspection, files: tuple[bytes, ...]) -> str:
    """Seal one record with its files in one transaction, as `sealing.seal` does; return the record's id."""
    refs = tuple(
        BlobRef(h=hashlib.sha256(one).hexdigest(), n=len(one), t="image/jpeg", c="photo") for one in files
    )
    of.files |= {ref.h: one for ref, one in zip(refs, files, strict=True)}
    with of.transaction() as tx:
        sealed = msgspec.structs.replace(inspection, state="sealed")
        made: Record = records.record(inspection=sealed, blobs=refs)
        entry = tx.journal.append(record.KIND, record.payload(made), tx.now)
        own = entry_id(entry).hex()
        tx.inspections.put(sealed)
        tx.inspections.note_record(entry.seq, own, sealed)
        for ref in refs:
            tx.outbox.put_blob(BlobRow(h=ref.h, n=ref.n, t=ref.t, c=ref.c), sealed.id, ref.h)
        tx.outbox.attach_blobs(sealed.id, entry.seq)
    return own
