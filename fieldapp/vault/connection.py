"""The SQLCipher door: opens a keyed file with every pragma asserted, and gives SQLite's errors a family.

Promises: raw 32-byte key without salt in it, page HMACs, WAL with full sync, one opener (EXCLUSIVE),
temporary material in memory, deleted material overwritten. Each setting is read back after it is set, so
a build that ignores one is refused. Refuses: an existing file that is empty or plain SQLite, an SQLite
older than 3.51.3 (its write-ahead log could be reset under a reader), ATTACH, and any PRAGMA after
opening but the checkpoint and integrity ones. `settle`, called once the tables stand, refuses every change of
the schema and every statement that deletes from the ledger and what hangs on it, beside their own triggers.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from sqlcipher3 import dbapi2 as sqlcipher

from fieldapp.errors import SituationError, TrustError

OLDEST_SQLITE = (3, 51, 3)
_PLAIN = b"SQLite format 3\x00"
# name, value to set, value to read back
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("cipher_memory_security", "ON", "1"),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("mmap_size", "0", 0),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
)
# The watchlist's file can be rebuilt at any time and is read by the page: more cache, no overwriting.
_INDEX_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    *(row for row in _PRAGMAS if row[0] != "secure_delete"),
    ("secure_delete", "OFF", 0),
    ("cache_size", "-65536", -65536),  # KiB
)
_ALLOWED_LATER = {
    "data_version",  # the search over inspections asks for it
    "wal_checkpoint",
    "integrity_check",
    "cipher_integrity_check",
    "user_version",
    "table_info",
}


class VaultDamaged(TrustError):
    """The file is not what it was: wrong key for it, torn, emptied, or not ours."""

    code = "vault-damaged"


class VaultEmpty(VaultDamaged):
    """The file is empty, or cut off before its first page."""

    code = "vault-empty"


class VaultPlain(VaultDamaged):
    """The file is a database that nobody encrypted: not one of ours, whatever its name."""

    code = "vault-plain"


class VaultForeign(VaultDamaged):
    """The database belongs to another vault than the header beside it."""

    code = "vault-foreign"


class HeaderAltered(VaultDamaged):
    """The header was changed by somebody without the key, or an older one was put back."""

    code = "vault-header-altered"


class VaultBusy(SituationError):
    """Another Fieldapp has this file open."""

    code = "vault-busy"


class DiskFull(SituationError):
    """Nothing was recorded because the disk is full."""

    code = "disk-full"


class DiskFullKept(SituationError):
    """The entry is kept, but could not be moved to its final place because the disk is full."""

    code = "disk-full-kept"


class DiskFaulty(SituationError):
    """The disk refused to read or write."""

    code = "disk-faulty"


def disk_error(error: OSError) -> SituationError:
    """Return what to tell of a file the disk refused: that it is full (ENOSPC, EDQUOT), or that it failed."""
    return DiskFull() if error.errno in (28, 122) else DiskFaulty()


class LibraryTooOld(SituationError):
    """The SQLite inside is older than the first one without the log-reset fault."""

    code = "library-too-old"


class Cursor(Protocol):
    """What an execute returns: the part of DB-API 2.0 we use."""

    rowcount: int
    lastrowid: int | None

    def fetchone(self) -> Any: ...  # noqa: ANN401, D102 - rows are what SQL makes them
    def fetchall(self) -> list[Any]: ...  # noqa: D102
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """An open keyed database, without transactions of its own: BEGIN and COMMIT are in sight."""

    in_transaction: bool

    def execute(self, sql: str, parameters: Any = ...) -> Cursor: ...  # noqa: ANN401, D102
    def executemany(self, sql: str, parameters: Any) -> Cursor: ...  # noqa: ANN401, D102
    def set_authorizer(self, authorizer: Callable[..., int]) -> None: ...  # noqa: D102
    def commit(self) -> None: ...  # noqa: D102
    def rollback(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


@contextlib.contextmanager
def known_errors() -> Iterator[None]:
    """Turn SQLite's complaints into one of the families; a wrong statement of ours stays a bug."""
    try:
        yield
    except sqlcipher.DatabaseError as error:
        text = str(error)
        if "disk is full" in text:
            raise DiskFull from error
        if "disk I/O error" in text or "unable to open" in text:
            raise DiskFaulty from error
        if "locked" in text or "busy" in text:
            raise VaultBusy from error
        if "not a database" in text or "malformed" in text or "vtable constructor failed" in text:
            raise VaultDamaged(why="unreadable") from error
        raise


# Tables from which nothing may be deleted; of these only `ledger` may be updated, and there only the payload.
_LASTING = {"ledger", "record", "kept_record", "purged"}
_SCHEMA_CHANGES = frozenset(
    getattr(sqlcipher, f"SQLITE_{name}")
    for name in (
        "ALTER_TABLE", "CREATE_INDEX", "CREATE_TABLE", "CREATE_TRIGGER", "CREATE_VIEW", "CREATE_VTABLE",
        "DROP_INDEX", "DROP_TABLE", "DROP_TRIGGER", "DROP_VIEW", "DROP_VTABLE",
    )
)  # fmt: skip


def _authorize(action: int, first: str | None, *_where: str | None) -> int:
    if action in (sqlcipher.SQLITE_ATTACH, sqlcipher.SQLITE_DETACH):
        return int(sqlcipher.SQLITE_DENY)
    if action == sqlcipher.SQLITE_PRAGMA and (first or "").lower() not in _ALLOWED_LATER:
        return int(sqlcipher.SQLITE_DENY)
    return int(sqlcipher.SQLITE_OK)


def _authorize_settled(action: int, first: str | None, second: str | None, *where: str | None) -> int:
    table = (first or "").lower()
    lasting = table in _LASTING and not (table == "ledger" and second == "payload")
    if action in _SCHEMA_CHANGES or (action == sqlcipher.SQLITE_DELETE and table in _LASTING):
        return int(sqlcipher.SQLITE_DENY)
    if action == sqlcipher.SQLITE_UPDATE and lasting:
        return int(sqlcipher.SQLITE_DENY)
    if action == sqlcipher.SQLITE_PRAGMA and table == "user_version" and second is not None:
        return int(sqlcipher.SQLITE_DENY)
    return _authorize(action, first, second, *where)


def settle(connection: Connection) -> None:
    """Refuse from now on what no action ever does: changes of the schema, and of what must last."""
    connection.set_authorizer(_authorize_settled)


def _refuse_foreign(path: Path) -> None:
    size = path.stat().st_size
    if size < 4096:
        raise VaultEmpty(why="empty")
    with path.open("rb") as file:
        if file.read(16) == _PLAIN:
            raise VaultPlain(why="plain")


def _open(
    path: Path, key: bytes, mode: str, pragmas: tuple[tuple[str, str, object], ...] = _PRAGMAS
) -> Connection:
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise LibraryTooOld(found=sqlcipher.sqlite_version)
    connection = sqlcipher.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        cached_statements=0,
        timeout=0.3,
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        raw = bytearray(b"x'" + key.hex().encode("ascii") + b"'")
        connection.set_key(raw)
        raw[:] = bytes(len(raw))
        for name, value, _expected in pragmas:
            connection.execute(f"PRAGMA {name}={value}")
            if name == "locking_mode":
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # proves the key
        for name, _value, expected in pragmas:
            found = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if found != expected:
                raise VaultDamaged(why="setting", name=name, found=str(found))
        connection.set_authorizer(_authorize)
    except BaseException:
        connection.close()
        raise
    return connection  # type: ignore[no-any-return]  # sqlcipher3 has no stubs


def create_file(path: Path, key: bytes) -> Connection:
    """Make a new keyed file; refuses to touch one that exists. The caller syncs the folder."""
    if path.exists():
        raise VaultDamaged(why="exists")
    with known_errors():
        return _open(path, key, "rwc")


def open_file(path: Path, key: bytes) -> Connection:
    """Open an existing keyed file; a wrong key, a torn or a foreign file is `VaultDamaged`."""
    if not path.exists():
        raise VaultDamaged(why="missing")
    _refuse_foreign(path)
    with known_errors():
        return _open(path, key, "rw")  # never makes a vault by accident


def open_index(path: Path, key: bytes) -> Connection:
    """Open the watchlist's own keyed file, making it when it is not there: it can always be rebuilt."""
    if path.exists():
        _refuse_foreign(path)
    with known_errors():
        return _open(path, key, "rwc", _INDEX_PRAGMAS)


def checkpoint(connection: Connection) -> None:
    """Move the log into the file, so that a damaged log can lose nothing acknowledged."""
    try:
        with known_errors():
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except DiskFull:
        raise DiskFullKept from None
    if busy:
        raise VaultBusy


def sync_file(file: Path) -> None:
    """Make the content of `file` durable."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make renames and new files in `folder` durable. Windows does so with the file; it has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
