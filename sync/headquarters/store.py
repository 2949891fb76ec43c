"""Headquarters' database: opened, brought up to date, and its two kinds of transaction.

SQLite by default: WAL, synchronous=FULL, so what was answered is on disk. `writing` begins at once as the
one writer (BEGIN IMMEDIATE), `reading` sees one moment. PostgreSQL where `database.url` in headquarters'
folder says so: several workers may write, each alone with what it changes. Records are never changed or
deleted.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Engine,
    LargeBinary,
    RowMapping,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy import text as text_clause
from sqlalchemy.dialects.sqlite import insert as or_skip
from sqlalchemy.exc import OperationalError

from fieldapp import ids
from fieldapp.errors import SituationError
from sync.headquarters import tables
from sync.wire import STORAGE_SECONDS, HeadquartersBusy

_NEWEST_GENERATION = select(tables.generation.c.id).order_by(tables.generation.c.number.desc()).limit(1)


# What PostgreSQL calls the kinds of column in `tables`.
_KINDS = {String: "text", LargeBinary: "bytea", BigInteger: "int8", Boolean: "bool"}
Row = dict[str, object]
_ALONE = text_clause("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


class DatabaseNewer(SituationError):
    """The database was written by a newer headquarters."""

    code = "headquarters-database-newer"


def url_of(home: Path) -> str:
    """Return the address of the database: what `home/database.url` says, or a file in `home`."""
    named = home / "database.url"
    if named.exists():
        return named.read_text("utf-8").strip()
    return f"sqlite:///{(home / 'headquarters.db').as_posix()}"


def open_engine(url: str) -> Engine:
    """Open the database at `url` and run the steps it lacks."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    _bring_up_to_date(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
    # The driver must not open transactions by itself: _begin_sqlite says which kind.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _bring_up_to_date(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", (Path(__file__).parent / "migrations").as_posix())
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        alone(connection, "steps")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alone(connection: Connection, what: str) -> None:
    """Wait until no other transaction holds `what`, and hold it until this one ends.

    SQLite has one writer as it is. On PostgreSQL several workers write at once, and a number given out before
    another one's commit could be missed for ever by who reads on from the highest.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE, {"what": what})


@contextmanager
def writing(engine: Engine, what: str = "office") -> Iterator[Connection]:
    """Give a connection inside a writing transaction, alone with `what`; on disk when the block ends.

    On SQLite it is the one writer. On PostgreSQL vaults write beside each other, each alone with itself: who
    learns only inside the block whose transaction it is, passes "" and calls `alone` then.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if what:
                alone(connection, what)
            yield connection
    except OperationalError as trouble:
        # Nothing of the block is kept. Who asked comes again; the words of the driver stay here.
        raise HeadquartersBusy(why="storage", retry_after=STORAGE_SECONDS) from trouble


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is at one moment."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def add(connection: Connection, table: Table, rows: Iterable[Row], *, skip: bool = False) -> None:
    """Add `rows`, which name the same columns, in one go; with `skip`, those whose key is there stay out.

    PostgreSQL spends more on a row's statement than on the row: there a table's rows go in one stream, or
    in one statement. It works on the first rows of a stream while the later ones are made, so making them
    must not ask this connection. `skip` takes them in the order of their keys, so that two writers do not
    lock each other out.
    """
    if connection.dialect.name == "sqlite":
        if kept := list(rows):
            connection.execute(or_skip(table).on_conflict_do_nothing() if skip else insert(table), kept)
        return
    making = iter(rows)
    first = next(making, None)
    if first is None:
        return
    names = list(first)
    kinds = [_KINDS[type(table.c[name].type)] for name in names]
    listed = (
        f"{table.name} ({', '.join(table.c[name].name for name in names)})"  # our own names, from `tables`
    )
    driver: Any = connection.connection  # speaks more than the standard of drivers
    with driver.cursor() as cursor:
        if skip:
            key = [column.name for column in table.primary_key]
            ordered = sorted(chain((first,), making), key=lambda row: [str(row[name]) for name in key])
            columns = ", ".join(f"%s::{kind}[]" for kind in kinds)
            cursor.execute(
                f"INSERT INTO {listed} SELECT * FROM unnest({columns}) ON CONFLICT DO NOTHING",  # noqa: S608
                [[row[name] for row in ordered] for name in names],
            )
            return
        with cursor.copy(f"COPY {listed} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(kinds)
            for row in chain((first,), making):
                copy.write_row([row[name] for name in names])


def text(moment: datetime) -> str:
    """Return `moment` as the text that tables keep."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(kept: str) -> datetime:
    """Read a text that `text` made."""
    return datetime.fromisoformat(kept)


def newest_generation(connection: Connection) -> str | None:
    """Return the id of this database's life, None in one just made."""
    found: str | None = connection.execute(_NEWEST_GENERATION).scalar()
    return found


def generation(connection: Connection) -> str:
    """Return the id of this database's life: a restored one begins a new life."""
    found = newest_generation(connection)
    if found is None:
        raise RuntimeError("a database without a generation")
    return found


def founded(connection: Connection) -> datetime:
    """Return when this headquarters began its first life."""
    first = select(tables.generation.c.created).order_by(tables.generation.c.number).limit(1)
    return moment(connection.execute(first).scalar_one())


def begin_generation(connection: Connection, at: datetime) -> str:
    """Begin a new life: after making the database, and after restoring it from a backup."""
    new = ids.uuid7(at)
    connection.execute(insert(tables.generation).values(id=new, created=text(at)))
    return new


def one(connection: Connection, question: Any) -> RowMapping | None:  # noqa: ANN401 - any Select
    """Return the one row that answers, or None."""
    return connection.execute(question).mappings().first()
