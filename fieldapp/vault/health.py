"""Is this vault whole? A quick look at every unlock, a full one in the background, each fault by its name.

The full one keeps an order that raises no false alarm: SQLite's integrity_check, the log moved into the
file, the file closed and opened anew, and only then SQLCipher's own check, all of whose lines are read: it
looks past the log and once it has met a bad page the connection is no longer to be trusted. After that the
ledger is replayed, every row compared with the digest the ledger holds of it, every sealed file hashed.
SQLCipher alone sees no old page put back; the ledger does. It sees no whole vault put back either: only the
head that headquarters countersigned does.
"""

import contextlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from fieldapp import canonical, ledger
from fieldapp.errors import FieldappError
from fieldapp.inspection import record
from fieldapp.vault import anchor, header
from fieldapp.vault.connection import VaultDamaged, checkpoint, known_errors
from fieldapp.vault.journal import AUDIT, Binding
from fieldapp.vault.vault import Tx, Vault

What = Literal["pages", "ledger", "rows", "evidence", "header", "anchor"]
WRITE_STOPS = ("pages", "ledger", "rows")  # after these nothing more is written


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is not as it must be, and where."""

    what: What
    where: str = ""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `entries` and `files` say how much was looked at."""

    faults: tuple[Fault, ...] = ()
    entries: int = 0
    files: int = 0

    @property
    def whole(self) -> bool:
        """Say whether nothing was found."""
        return not self.faults


class _AuditRows(msgspec.Struct):
    rows: tuple[Binding, ...] = ()


def mark(vault: Vault, health: Health) -> None:
    """Let nothing more be written to a vault with faults, now and after a restart, until it is mended.

    The header says so, under its mac: no file that could be taken away does.
    """
    stops = [fault.what for fault in health.faults if fault.what in WRITE_STOPS]
    if stops and vault.damage != stops[0]:
        vault.damage = stops[0]
        with contextlib.suppress(FieldappError):  # a full disk, a torn header: it is found again next time
            vault.change_header(damage=stops[0])


def quick(vault: Vault) -> Health:
    """Check the head of the ledger and its place under headquarters' countersigned head: milliseconds."""
    faults: list[Fault] = []
    try:
        with vault.reading() as tx:
            head, witnessed = tx.journal.head(), anchor.highest(vault, tx)
            if not tx.journal.check_place(head):
                faults.append(Fault(what="ledger", where=str(head.seq)))
            if witnessed is not None and not tx.journal.check_place(witnessed):
                faults.append(Fault(what="anchor", where=str(witnessed.seq)))
    except VaultDamaged:
        faults.append(Fault(what="pages"))
        head = ledger.Head()
    health = Health(faults=tuple(faults), entries=head.seq)
    mark(vault, health)
    return health


def full(vault: Vault, *, with_files: bool = True) -> Health:
    """Check all of it, in the safe order; takes about 2 s for 100 MB. `files` checks the evidence apart."""
    faults = [Fault(what="header", where=name) for name in header.torn(vault.folder)]
    entries = files = 0
    pages = _pages(vault)
    faults += pages
    try:
        with vault.reading() as tx:
            entries = tx.journal.head().seq
            faults += _chain(vault, tx)
            if not pages:
                faults += _rows(tx)
            rows = tx.outbox.sealed_files() if with_files else ()
            faults += _evidence(vault, rows)
            files = len(rows)
    except VaultDamaged:
        faults.append(Fault(what="pages", where="reading"))
    health = Health(faults=tuple(faults), entries=entries, files=files)
    mark(vault, health)
    return health


def _pages(vault: Vault) -> list[Fault]:
    try:
        with known_errors():
            connection = vault.connection
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            checkpoint(connection)
            connection = vault.reconnect()
            found += [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
            if found:
                vault.reconnect()
    except VaultDamaged:
        found = ["unreadable"]
    return [Fault(what="pages", where=where[:80]) for where in found[:20]]


def _chain(vault: Vault, tx: Tx) -> list[Fault]:
    try:
        tx.journal.verify()
        witnessed = anchor.highest(vault, tx)
        if witnessed is not None and not tx.journal.check_place(witnessed):
            return [Fault(what="anchor", where=str(witnessed.seq))]
    except ledger.LedgerBroken as broken:
        return [Fault(what="ledger", where=f"{broken.facts.get('why')} {broken.facts.get('seq')}")]
    return []


def _rows(tx: Tx) -> list[Fault]:
    bound: dict[tuple[str, int], str] = {}
    for entry in tx.journal.entries(1, -1):
        if not entry.payload:
            continue
        if entry.kind == AUDIT:
            for name, revision, digest in canonical.decode(entry.payload, _AuditRows).rows:
                bound[name, revision] = digest
        elif entry.kind == record.KIND:
            sealed = record.read(entry.payload).inspection
            bound[sealed.id, sealed.revision] = canonical.sha256(canonical.encode(sealed))
    kept = tx.inspections.digests()
    missing = [
        Fault(what="rows", where=f"{name} {number}: missing") for name, number in bound.keys() - kept.keys()
    ]
    other = [
        Fault(what="rows", where=f"{name} {number}: older")
        for (name, number), digest in kept.items()
        if bound.get((name, number), digest) != digest
    ]
    purged = tx.journal.purged()
    gone = {f"{name} {number}: missing" for name, number in tx.inspections.purged(purged)}
    unsent = [Fault(what="rows", where=f"outbox {seq}") for seq in tx.outbox.unlisted()]
    return [fault for fault in missing if fault.where not in gone] + other + unsent


def files(vault: Vault, after: str, most: int) -> tuple[tuple[Fault, ...], str]:
    """Check up to `most` sealed files, those whose names come `after`; return the faults and the last name.

    The name is "" at the end. Gigabytes of pictures are hashed so without making a person wait.
    """
    with vault.reading() as tx:
        rows = sorted(row for row in tx.outbox.sealed_files() if row[0] > after)[: most + 1]
    return tuple(_evidence(vault, rows[:most])), rows[most - 1][0] if len(rows) > most else ""


def _evidence(vault: Vault, rows: Iterable[tuple[str, int]]) -> list[Fault]:
    faults = []
    for h, size in rows:
        try:
            vault.check_sealed(h, size)
        except FieldappError:
            faults.append(Fault(what="evidence", where=h))
    return faults
