"""Is this vault whole? A quick look at every unlock, a full one in the background, each fault by its name.

The full one keeps an order that raises no false alarm: SQLite's integrity_check, the log moved into the
file, the file closed and opened anew, and only then SQLCipher's own check, all of whose lines are read: it
looks past the log and once it has met a bad page the connection is no longer to be trusted. After that the
ledger is replayed, every row compared with the digest the ledger holds of it, every sealed file hashed.
SQLCipher alone sees no old page put back; the ledger does. It sees no whole vault put back either: only the
head that headquarters countersigned does.
"""

from pathlib import Path
from typing import Literal

import msgspec

from fieldapp import canonical, ledger
from fieldapp.errors import FieldappError
from fieldapp.inspection import record
from fieldapp.vault import header
from fieldapp.vault.connection import VaultDamaged, checkpoint, known_errors, sync_folder
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.journal import AUDIT, Binding
from fieldapp.vault.vault import Tx, Vault

MARK = "damaged"
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


def marked(folder: Path) -> str:
    """Return why the vault in `folder` was found damaged earlier; "" when it was not."""
    try:
        return (folder / MARK).read_text("ascii")[:40]
    except (OSError, UnicodeDecodeError):
        return ""


def mark(vault: Vault, health: Health) -> None:
    """Let nothing more be written to a vault with faults, now and after a restart, until it is mended."""
    stops = [fault.what for fault in health.faults if fault.what in WRITE_STOPS]
    if stops:
        vault.damage = stops[0]
        (vault.folder / MARK).write_text(stops[0], "ascii")
        sync_folder(vault.folder)


def unmark(folder: Path) -> None:
    """Take the mark away, after the vault was restored or salvaged."""
    (folder / MARK).unlink(missing_ok=True)
    sync_folder(folder)


def quick(vault: Vault) -> Health:
    """Check the head of the ledger and its place under headquarters' countersigned head: milliseconds."""
    faults: list[Fault] = []
    try:
        with vault.reading() as tx:
            head, anchor = tx.journal.head(), vault.anchor(tx)
            if not tx.journal.check_place(head):
                faults.append(Fault(what="ledger", where=str(head.seq)))
            if anchor is not None and not tx.journal.check_place(anchor):
                faults.append(Fault(what="anchor", where=str(anchor.seq)))
    except VaultDamaged:
        faults.append(Fault(what="pages"))
        head = ledger.Head()
    health = Health(faults=tuple(faults), entries=head.seq)
    mark(vault, health)
    return health


def full(vault: Vault) -> Health:
    """Check all of it, in the safe order; takes about 2 s for 100 MB."""
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
            found, files = _evidence(vault, tx)
            faults += found
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
        anchor = vault.anchor(tx)
        if anchor is not None and not tx.journal.check_place(anchor):
            return [Fault(what="anchor", where=str(anchor.seq))]
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


def _evidence(vault: Vault, tx: Tx) -> tuple[list[Fault], int]:
    faults, rows = [], tx.outbox.sealed_files()
    for h, size in rows:
        try:
            vault.check_sealed(h, size)
        except (EvidenceAltered, FieldappError):
            faults.append(Fault(what="evidence", where=h))
    return faults, len(rows)
