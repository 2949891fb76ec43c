"""What an inspector does in a vault, what was acknowledged to him, and whether a disk still holds it.

`work` performs seeded steps through the vault as it is; `check` opens what is left on a disk and compares it
with the marks of what had been acknowledged. The data key is taken once, for no guess is under test here.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from fieldapp import ledger
from fieldapp.errors import FieldappError
from fieldapp.vault import header, keys
from fieldapp.vault.connection import Connection
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.keys import FLOOR
from fieldapp.vault.outbox import BlobRow
from fieldapp.vault.vault import Owner, Vault

PASSPHRASE = "correct horse battery staple"
FOLDER = "vault"


class Acknowledged(msgspec.Struct, frozen=True):
    """What a person was told: the vault was made, an entry is kept, a header was written."""

    made: bool = False
    seq: int = 0
    id: str = ""
    generation: int = 0


class Lost(AssertionError):
    """Something that was acknowledged is not there, or what is there does not hold together."""


class Careless:
    """A connection for mutants: weaker settings, or a log that is never moved into the file."""

    def __init__(self, real: Connection, *, checkpoints: bool = True, normal: bool = False) -> None:
        self._real = real
        self._checkpoints = checkpoints
        if normal:
            real.set_authorizer(lambda *_asked: 0)
            real.execute("PRAGMA synchronous=NORMAL")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        if "wal_checkpoint" in sql and not self._checkpoints:
            sql, parameters = "SELECT 0, 0, 0", ()
        return self._real.execute(sql, parameters)


Spoil = Callable[[Vault], None]


def careless(*, checkpoints: bool = True, normal: bool = False) -> Spoil:
    """Return what turns a good vault into a mutant."""

    def spoil(vault: Vault) -> None:
        worse: Any = Careless(vault._connection, checkpoints=checkpoints, normal=normal)
        vault._connection = worse
        vault._journal._connection = worse

    return spoil


def create(folder: Path) -> tuple[Vault, bytes]:
    """Make a vault in `folder`; return it open, with its data key."""
    place = VaultDirectory(folder / FOLDER, cost=FLOOR)
    vault = place.create(PASSPHRASE, Owner(name="R. Nair"))
    return vault, keys.open_slots(place.header(), PASSPHRASE)


def open_vault(folder: Path, data_key: bytes) -> Vault:
    """Open what lies in `folder`."""
    return VaultDirectory(folder / FOLDER, cost=FLOOR).open_with(data_key)


def step(vault: Vault, rng: random.Random, generation: int) -> Acknowledged:
    """Do one thing; return what it acknowledged."""
    kind = rng.random()
    if kind < 0.15:
        sealed, size = vault.seal_file(rng.randbytes(rng.choice((300, 5_000, 40_000))), ())
        with vault.transaction() as tx:
            tx.outbox.put_blob(BlobRow(h=sealed, n=size, t="image/jpeg", c="photo"), "i", "e")
            tx.journal.note("evidence-attached", tx.now, evidence=sealed)
    elif kind < 0.2:
        slot = header.read_header(vault.folder).slots[0]
        vault.put_slots((slot,), (slot.kind,))
        generation += 1
    else:
        with vault.transaction() as tx:
            tx.meta.put("draft", rng.randbytes(rng.choice((10, 500, 9_000))).hex())
            tx.journal.note("finding-recorded", tx.now, note="x" * rng.choice((5, 200, 6_000)))
    with vault.reading() as tx:
        head = tx.journal.head()
    return Acknowledged(True, head.seq, head.id, generation)


def check(folder: Path, data_key: bytes, told: Acknowledged) -> None:
    """Open the vault in `folder` and raise Lost unless all that was `told` is there and whole."""
    place = VaultDirectory(folder / FOLDER, cost=FLOOR)
    if not place.exists:
        if told.made:
            raise Lost("the vault is gone")
        return
    try:
        vault = place.open_with(data_key)
    except FieldappError as error:
        raise Lost(f"the vault does not open: {error}") from error
    try:
        if place.header().generation < told.generation:
            raise Lost("the header is older than the one acknowledged")
        with vault.reading() as tx:
            entries = tx.journal.entries(1, -1)
            head = tx.journal.verify()
            blobs = tx.inspections._connection.execute("SELECT h, n FROM blob").fetchall()
        if head.seq < told.seq or (told.seq and ledger.entry_id(entries[told.seq - 1]).hex() != told.id):
            raise Lost(f"{told.seq - head.seq} acknowledged entries")
        for h, size in blobs:
            vault.check_sealed(h, size)
        step(vault, random.Random(head.seq), 1)  # and it can be worked with
    except FieldappError as error:
        raise Lost(str(error)) from error
    finally:
        vault.close()
