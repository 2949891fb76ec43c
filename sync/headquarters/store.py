"""Headquarters' database: opened, brought up to date, and its two kinds of transaction.

SQLite by default: WAL, synchronous=FULL, so what was answered is on disk. `writing` begins at once as the
one writer (BEGIN IMMEDIATE), `reading` sees one moment. Records are never changed or deleted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, RowMapping, create_engine, event, insert, select

from fieldapp import ids
from fieldapp.errors import SituationError
from sync.headquarters import tables


class DatabaseNewer(SituationError):
    """The database was written by a newer headquarters."""

    code = "headquarters-database-newer"


def url_of(home: Path) -> str:
    """Return the address of the default database in `home`."""
    return f"sqlite:///{(home / 'headquarters.db').as_posix()}"


def open_engine(url: str) -> Engine:
    """Open the database at `url` and run the steps it lacks."""
    engine = create_engine(url)
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
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside the one writing transaction; committed, and on disk, when the block ends."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is at one moment."""
    with engine.connect() as connection, connection.begin():
        yield connection


def text(moment: datetime) -> str:
    """Return `moment` as the text that tables keep."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(kept: str) -> datetime:
    """Read a text that `text` made."""
    return datetime.fromisoformat(kept)


def newest_generation(connection: Connection) -> str | None:
    """Return the id of this database's life, None in one just made."""
    kept = tables.generation
    found: str | None = connection.execute(select(kept.c.id).order_by(kept.c.number.desc()).limit(1)).scalar()
    return found


def generation(connection: Connection) -> str:
    """Return the id of this database's life: a restored one begins a new life."""
    found = newest_generation(connection)
    if found is None:
        raise RuntimeError("a database without a generation")
    return found


def begin_generation(connection: Connection, at: datetime) -> str:
    """Begin a new life: after making the database, and after restoring it from a backup."""
    new = ids.uuid7(at)
    connection.execute(insert(tables.generation).values(id=new, created=text(at)))
    return new


def one(connection: Connection, question: Any) -> RowMapping | None:  # noqa: ANN401 - any Select
    """Return the one row that answers, or None."""
    return connection.execute(question).mappings().first()
