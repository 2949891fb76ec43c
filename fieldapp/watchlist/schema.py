"""The tables of the index, and the connection they are reached through.

Everything is packed in blobs, so that a million names take about a hundred megabytes: entries in pages
of compressed rows, postings and pieces as sorted 32-bit ids, names as the ids of their words. Names are
numbered from 1 in the order in which they came, and an entry bears the number of its first name. A name
that was taken off the list weighs nothing in `size`; what else is kept of it stays until the next fresh
build and leads nowhere. What deltas brought lies in `later`. A build fills tables called `next_...` and
changes their names in one transaction.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

LAYOUT = "4"  # of the tables; an index of another layout counts as none
SIZE_CHUNK = 65536

Row = tuple[Any, ...]


class Connection(Protocol):
    """What is used of a DB-API connection: sqlite3 and sqlcipher3 both fit."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...  # noqa: ANN401, D102

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any: ...  # noqa: ANN401, D102


TABLES: dict[str, str] = {
    "entity": "(id INTEGER PRIMARY KEY, page BLOB NOT NULL)",
    "name": "(page INTEGER PRIMARY KEY, words BLOB NOT NULL)",
    "vocab": "(chunk INTEGER PRIMARY KEY, words BLOB NOT NULL, counts BLOB NOT NULL, hashes BLOB NOT NULL)",
    "tk": "(b INTEGER PRIMARY KEY, pairs BLOB NOT NULL)",
    "ek": "(b INTEGER PRIMARY KEY, pairs BLOB NOT NULL)",
    "post": "(owner INTEGER NOT NULL, chunk INTEGER NOT NULL, ids BLOB NOT NULL,"
    " PRIMARY KEY (owner, chunk)) WITHOUT ROWID",
    "gram": "(owner INTEGER NOT NULL, chunk INTEGER NOT NULL, ids BLOB NOT NULL,"
    " PRIMARY KEY (owner, chunk)) WITHOUT ROWID",
    "ident": "(h INTEGER NOT NULL, ent INTEGER NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (h, ent, at)) WITHOUT ROWID",
    "size": "(chunk INTEGER PRIMARY KEY, weights BLOB NOT NULL)",
    "later": "(kind TEXT NOT NULL, part INTEGER NOT NULL, pairs BLOB NOT NULL,"
    " PRIMARY KEY (kind, part)) WITHOUT ROWID",
    "meta": "(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID",
}


def rows(connection: Connection, sql: str, values: Iterable[str | int]) -> list[Row]:
    """Return the rows of `sql`, whose one place takes `values` as a JSON array, in order of the index."""
    wanted = sorted(values)
    if not wanted:
        return []
    found: list[Row] = connection.execute(sql, (msgspec.json.encode(wanted).decode(),)).fetchall()
    return found


def told(connection: Connection) -> dict[str, str]:
    """Return what the index says of itself."""
    return dict(connection.execute("SELECT k, v FROM meta").fetchall())


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Do everything inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def exists(connection: Connection) -> bool:
    """Say whether the database holds a finished index."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
    ).fetchone()
    return found is not None


def make_next(connection: Connection) -> None:
    """Drop what an interrupted build left behind and make empty tables beside the live ones."""
    with transaction(connection):
        for table, columns in TABLES.items():
            connection.execute(f"DROP TABLE IF EXISTS next_{table}")
            connection.execute(f"CREATE TABLE next_{table} {columns}")


def swap(connection: Connection) -> None:
    """Put the new tables in the place of the old ones, in one transaction."""
    with transaction(connection):
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
            connection.execute(f"ALTER TABLE next_{table} RENAME TO {table}")
