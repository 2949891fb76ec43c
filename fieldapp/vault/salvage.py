"""Saving what can be read of a damaged database into a new one. The damaged one is kept as it is.

Every source is read row by row, from both ends and, where rows are numbered, one by one: the damaged file
first, then the backups. An entry of the ledger counts only with the vault's own signature. When the chain
comes together without a gap the vault goes on as it was. When it does not, nothing is patched over: the
readable entries are kept to read, and the vault goes on as a new device with a chain of its own, which
headquarters must enrol. Evidence files are not touched; their keys are saved with the rest.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import clock, ids, ledger
from fieldapp.errors import FieldappError, TrustError
from fieldapp.inspection import record
from fieldapp.ledger import Entry
from fieldapp.vault import backup, keycopy, keys, migrate
from fieldapp.vault.connection import Connection, checkpoint, create_file, known_errors, open_file
from fieldapp.vault.kept import KeptRecords
from fieldapp.vault.meta import Meta
from fieldapp.vault.outbox import SyncState
from fieldapp.vault.vault import DATABASE

FRESH = "vault.db.salvaged"
# Copied in this order, for rows refer to rows before them.
_TABLES = ("meta", "outbox", "purged", "record", "inspection", "consignment", "blob", "feed", "kept_record",
           "kept_inspection", "kept_file",
           "adjudication", "later_hit", "mark", "sanction_use")  # fmt: skip
_OF_CHAIN = ("outbox", "purged", "record")  # worth nothing without their entries


_GAP = bytes(64)  # longer than any run of noughts in what we write


class SalvageFailed(TrustError):
    """Neither the vault's tables nor its keys can be read, in no copy. Everything is left as it was."""

    code = "salvage-failed"


class Salvaged(msgspec.Struct, frozen=True, kw_only=True):
    """What was saved: entries of the chain, rows of each table, and whether the chain is whole."""

    whole: bool
    entries: int
    rows: dict[str, int]
    aside: str


class _Source:
    """One database file, as far as it can be read."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file, self._key = file, key
        self.connection: Connection | None = None
        self._open()

    def _open(self) -> None:
        """Open the file, anew after an error: SQLCipher trusts a connection no more that met a bad page."""
        self.close()
        self.connection = None
        with contextlib.suppress(FieldappError):
            self.connection = open_file(self._file, self._key)

    def columns(self, table: str) -> tuple[str, ...]:
        return tuple(str(row[0]) for row in self._query(f"SELECT name FROM pragma_table_info('{table}')"))  # noqa: S608

    def rows(self, table: str, columns: tuple[str, ...], keys: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """Give the rows that can be read, from either end; some may come twice."""
        what = f"SELECT {', '.join(columns)} FROM {table} ORDER BY "  # noqa: S608 - names of our schema
        yield from self._query(what + ", ".join(keys))
        yield from self._query(what + ", ".join(f"{key} DESC" for key in keys))

    def numbered(self, table: str, columns: tuple[str, ...], most: int) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a numbered table one by one, past any that cannot be read."""
        for seq in range(1, most + 1):
            yield from self._query(f"SELECT {', '.join(columns)} FROM {table} WHERE seq = {seq}")  # noqa: S608

    def last(self) -> int | None:
        """Return the number of the last entry as any of three sets of pages tells it; None: none can."""
        told = [
            int(row[0])
            for sql in (
                "SELECT count(*) FROM ledger INDEXED BY sqlite_autoindex_ledger_1",
                "SELECT coalesce(max(seq), 0) FROM ledger",
                "SELECT coalesce(max(seq), 0) FROM outbox",
            )
            for row in self._query(sql)
        ]
        return max(told, default=None)

    def _query(self, sql: str) -> Iterator[tuple[Any, ...]]:
        if self.connection is None:
            return
        try:
            with known_errors():
                yield from self.connection.execute(sql)
        except FieldappError:
            self._open()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


def salvage(folder: Path, data_key: bytes, progress: Callable[[int, int], None] | None = None) -> Salvaged:
    """Make a new database of what can be read in the damaged one and the backups, and put it in its place.

    `progress` gets the number of tables done and of all.
    """
    key = keys.subkey(data_key, "db")
    files = (folder / DATABASE, *(folder / backup.FOLDER / name for name in backup.names(folder)))
    sources = [_Source(file, key) for file in files]
    fresh = folder / FRESH
    for stale in (fresh, fresh.with_name(f"{FRESH}-wal")):
        stale.unlink(missing_ok=True)
    made = create_file(fresh, key)
    try:
        if not any(source.columns("ledger") for source in sources):
            raise SalvageFailed  # not even which tables there are can be read, in no copy
        with known_errors():
            migrate.migrate(made, fresh)
            result = _fill(
                made, sources, keycopy.read(folder, data_key), progress or (lambda _done, _all: None)
            )
            checkpoint(made)
    finally:
        made.close()
        for source in sources:
            source.close()
    return msgspec.structs.replace(result, aside=backup.put_in_place(folder, fresh))


def _fill(
    made: Connection,
    sources: list[_Source],
    copied: dict[str, bytes],
    progress: Callable[[int, int], None],
) -> Salvaged:
    made.execute("BEGIN IMMEDIATE")
    rows = {"meta": _copy(made, "meta", sources)}
    meta = Meta(made)
    for name, value in copied.items():
        if meta.raw(name) is None:
            meta.put_raw(name, value)
    seed, device = meta.raw("device-key"), meta.raw("device")
    if seed is None or device is None or meta.raw("age-identity") is None:
        raise SalvageFailed
    key = Ed25519PrivateKey.from_private_bytes(seed)
    entries, digests, most = _entries(sources, device, key)
    most = max(most, (meta.get("sync", SyncState) or SyncState()).witnessed.seq)
    chain = []
    for seq in range(1, most + 1):
        if seq not in entries:
            break
        chain.append(entries[seq])
    # A chain whose end no page tells may have gone on: then it is not gone on with.
    whole = sources[0].last() is not None and len(chain) == most and _holds(chain, device, key, digests)
    if whole:
        for entry in chain:
            _put_entry(made, entry, digests.get(entry.seq))
    else:
        kept = KeptRecords(made)
        for seq in sorted(entries):
            if entries[seq].payload:
                kept.put(entries[seq])
        _become_another(meta)
    for done, table in enumerate(_TABLES[1:], 1):
        progress(done, len(_TABLES))
        if whole or table not in _OF_CHAIN:
            rows[table] = _copy(made, table, sources, unbound=not whole)
        if whole and table == "outbox":
            _list_again(made, digests)
    if whole:
        _name_records(made, chain)
    made.execute("COMMIT")
    return Salvaged(whole=whole, entries=len(chain) if whole else len(entries), rows=rows, aside="")


def _become_another(meta: Meta) -> None:
    """Give the vault a new device and signing key: its old chain cannot be gone on with."""
    meta.put_raw("device", bytes.fromhex(ids.uuid7().replace("-", "")))
    meta.put_raw("device-key", Ed25519PrivateKey.generate().private_bytes_raw())
    for name in ("enrolment", "sync", "witness", "rolled-back", "backup-head"):
        meta.delete(name)


def _holds(chain: list[Entry], device: bytes, key: Ed25519PrivateKey, digests: dict[int, bytes]) -> bool:
    try:
        ledger.verify(chain, device, key.public_key(), purged=digests)
    except ledger.LedgerBroken:
        return False
    return True


def _entries(
    sources: list[_Source], device: bytes, key: Ed25519PrivateKey
) -> tuple[dict[int, Entry], dict[int, bytes], int]:
    """Return the entries this vault signed, digests of purged ones, and the last number there ever was."""
    digests = {
        int(seq): bytes(digest)
        for source in sources
        for seq, digest in source.rows("purged", ("seq", "digest"), ("seq",))
    }
    found: dict[int, Entry] = {}
    last = 0
    columns = ("kind", "seq", "prev", "payload", "signature")
    for source in sources:
        most = source.last() or 0
        last = max(last, most)  # an entry and its outbox row were written together
        both = (source.rows("ledger", columns, ("seq",)), source.numbered("ledger", columns, most))
        for kind, seq, prev, payload, signature in (row for rows in both for row in rows):
            if seq in found:
                continue
            entry = Entry(kind, device, int(seq), bytes(prev), bytes(payload), bytes(signature))
            with contextlib.suppress(ledger.LedgerBroken):
                digest = None if entry.payload else digests.get(entry.seq)
                ledger.check_signature(entry, key.public_key(), digest)
                found[entry.seq] = entry
    return found, digests, max(last, max(found, default=0))


def _torn(row: tuple[Any, ...]) -> bool:
    """Say whether part of a value came from a page that could not be read: SQLCipher gives noughts for it."""
    return any(isinstance(value, bytes) and _GAP in value for value in row)


def _put_entry(made: Connection, entry: Entry, digest: bytes | None) -> None:
    own = ledger.entry_id(entry, None if entry.payload else digest)
    made.execute(
        "INSERT INTO ledger (seq, kind, prev, payload, signature, id) VALUES (?, ?, ?, ?, ?, ?)",
        (entry.seq, entry.kind, entry.prev, entry.payload, entry.signature, own),
    )


def _name_records(made: Connection, chain: list[Entry]) -> None:
    """Name again the records whose rows were lost: their entries say which revision they are."""
    for entry in chain:
        if entry.kind == record.KIND and entry.payload:
            sealed = record.read(entry.payload).inspection
            made.execute(
                "INSERT INTO record (seq, id, inspection, revision) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (entry.seq, ledger.entry_id(entry).hex(), sealed.id, sealed.revision),
            )


def _list_again(made: Connection, digests: dict[int, bytes]) -> None:
    """Give each entry that lost its row in the outbox a new one: headquarters knows what it had before."""
    at = clock.now().isoformat()
    for seq in digests:  # only what headquarters had acknowledged was ever purged
        made.execute(
            "INSERT INTO outbox (seq, state, changed) VALUES (?, 'acknowledged', ?) ON CONFLICT DO NOTHING",
            (seq, at),
        )
    made.execute(
        "INSERT INTO outbox (seq, changed) SELECT seq, ? FROM ledger"
        " WHERE seq NOT IN (SELECT seq FROM outbox)",
        (at,),
    )


def _copy(made: Connection, table: str, sources: list[_Source], *, unbound: bool = False) -> int:
    """Copy what can be read of `table`; `unbound` rows name no entry of a chain that is no more."""
    info = made.execute(f"SELECT name, pk FROM pragma_table_info('{table}')").fetchall()  # noqa: S608
    columns = tuple(str(name) for name, _pk in info)
    keys = tuple(str(name) for name, pk in sorted(info, key=lambda row: row[1]) if pk)
    marks = ", ".join("?" * len(columns))
    put = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    done = 0
    for source in sources:
        if set(columns) <= set(source.columns(table)):
            for row in source.rows(table, columns, keys):
                if _torn(row):
                    continue
                if unbound:
                    row = tuple(
                        None if column == "record_seq" else value
                        for column, value in zip(columns, row, strict=True)
                    )
                done += made.execute(put, row).rowcount
    return done
