"""Backup and restore: the database as it is at one moment, then every blob it can name, and the keys.

A backup is a folder, and the same for every headquarters: the database as one SQLite file whether it lives in
SQLite or in PostgreSQL, the evidence as files whether it lies in a folder or in S3. It is taken beside the
running server; blobs are copied after the database, and they only grow, so whatever the copied database calls
whole is there. A restored headquarters may live elsewhere than the old one did. It begins a new life
(generation): laptops notice and offer again what it no longer has. Evidence that is missing from the backup,
or was damaged in it, is asked of the laptops again. The roots are not in a backup.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, func, select, text, update

from fieldapp.clock import Clock
from fieldapp.errors import InspectorError
from sync.headquarters import audit, keys, office, store, tables
from sync.headquarters.blobs import Blobs, well_named
from sync.headquarters.office import Office
from sync.wire import BlobDamaged

DATABASE = "headquarters.db"
_ROWS = 500  # that are held at once


class BackupRefused(InspectorError):
    """The backup cannot be written or read there; `why` is taken or incomplete."""

    code = "backup-refused"


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: records, lines of the audit trail (each checked), blobs, and blobs to be sent again."""

    records: int
    audit: int
    blobs: int
    missing: int


def backup(home: Path, to: Path) -> int:
    """Write a backup of the headquarters in `home` to the new folder `to`; return how many blobs it holds."""
    if to.exists():
        raise BackupRefused(why="taken")
    if not keys.made(home):
        raise BackupRefused(why="incomplete")
    part = to.with_name(to.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    with _opened(store.url_of(home)) as here, _opened(_file(part)) as there:
        _copy(here, there)
    shutil.copytree(home / "keys", part / "keys")
    (part / "keys").chmod(0o700)
    kept, count = Blobs(home), 0
    (part / "blobs").mkdir()
    for h in kept.names():
        folder = part / "blobs" / h[:2]
        folder.mkdir(exist_ok=True)
        with (folder / h).open("wb") as out:
            out.writelines(kept.chunks(h))
        count += 1
    part.rename(to)  # a folder with its final name is whole
    return count


def restore(
    of: Path, home: Path, clock: Clock, *, database: str = "", blobs: str = ""
) -> tuple[Office, Restored]:
    """Make the headquarters in the new folder `home` from a backup, beginning a new life; return it open.

    `database` and `blobs` are the addresses of an empty PostgreSQL database and of a place in S3; without
    them both lie in `home`.
    """
    if home.exists() and any(home.iterdir()):
        raise BackupRefused(why="taken")
    if not keys.made(of) or not (of / DATABASE).exists():
        raise BackupRefused(why="incomplete")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, address in (("database.url", database), ("blobs.url", blobs)):
        if address:
            keys.keep(home / name, address.encode("utf-8"))
    with _opened(store.url_of(home)) as there, _opened(_file(of)) as here:
        with store.reading(there) as connection:
            if store.newest_generation(connection) is not None:
                raise BackupRefused(why="taken")
        _copy(here, there)
    count = _take_over(of / "blobs", Blobs(home))
    shutil.copytree(of / "keys", home / "keys")
    opened = office.open_office(home, clock=clock)
    begin_life(opened)
    return opened, _check(opened, count)


def begin_life(office: Office) -> None:
    """Say that this database is not the one laptops last spoke to: restored, or promoted from a replica."""
    with store.writing(office.engine) as connection:
        store.begin_generation(connection, office.clock())
        audit.note(connection, office.clock(), "command", "restored")


def _file(folder: Path) -> str:
    return f"sqlite:///{(folder / DATABASE).as_posix()}"


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = store.open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _copy(here: Engine, there: Engine) -> None:
    """Copy every row as it is at one moment; all of them, or none."""
    with store.reading(here) as source, store.writing(there) as target:
        for table in tables.metadata.sorted_tables:
            question = select(table).order_by(*table.primary_key).execution_options(yield_per=_ROWS)
            for some in source.execute(question).mappings().partitions():
                store.add(target, table, [dict(row) for row in some])
            if target.dialect.name == "postgresql" and table.autoincrement_column is not None:
                _count_on(target, table.name, table.autoincrement_column.name)


def _count_on(connection: Connection, table: str, column: str) -> None:
    """Have PostgreSQL give out the numbers after those that were copied: it did not give those out itself."""
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column}))"  # noqa: S608 - our names
            f" FROM {table} HAVING max({column}) IS NOT NULL"
        )
    )


def _take_over(folder: Path, into: Blobs) -> int:
    """Put the blobs of a backup into the store; one that is not what its name says stays out."""
    count = 0
    for file in sorted(folder.rglob("*")):
        if not (file.is_file() and well_named(file.name)):
            continue
        try:
            into.take_over(file.name, file)
        except BlobDamaged:
            continue
        count += 1
    return count


def _check(opened: Office, count: int) -> Restored:
    """Ask again for what the store does not hold, and check the trail."""
    kept, held = tables.blob, set(opened.blobs.names())
    with store.writing(opened.engine) as connection:
        gone = set(connection.execute(select(kept.c.h).where(kept.c.done != "")).scalars()) - held
        for h in gone:
            connection.execute(update(kept).where(kept.c.h == h).values(done="", size=0))
        return Restored(
            records=connection.execute(select(func.count()).select_from(tables.record)).scalar_one(),
            audit=audit.verify(connection),
            blobs=count,
            missing=len(gone),
        )
