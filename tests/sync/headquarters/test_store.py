"""The database: made by its steps, kept up to date, one writer at a time."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, select

from fieldapp import clock
from fieldapp.inspection import record
from fieldapp.inspection.record import Record
from sync.headquarters import migrations, office, store, tables
from sync.headquarters.office import Office
from tests.support import records


def test_the_steps_make_what_the_tables_say(at: Office) -> None:
    found = inspect(at.engine)
    assert {*found.get_table_names()} == {*tables.metadata.tables, "alembic_version"}
    for table in tables.metadata.tables.values():
        made = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(made) == {column.name for column in table.columns}
        for column in table.columns:
            assert made[column.name]["nullable"] == (column.nullable and not column.primary_key), column
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        assert indexes >= {index.name for index in table.indexes}


def test_a_database_of_the_first_step_learns_the_size_each_record_claims(tmp_path: Path) -> None:
    item = records.evidence(sealed_sha256="ab" * 32, sealed_size=1000)
    with_first_step(
        tmp_path / "headquarters.db", records.record(inspection=records.inspection(evidence=(item,)))
    )
    opened = store.open_engine(store.url_of(tmp_path))
    with store.reading(opened) as connection:
        claimed = connection.execute(select(tables.record_blob.c.record, tables.record_blob.c.size)).all()
        size = connection.execute(select(tables.blob.c.size)).scalar_one()
    assert sorted(map(tuple, claimed)) == [("damaged", 0), ("good", 1000)]
    assert size == 0, "the first claim is forgotten: nothing of it is here yet"
    opened.dispose()


def with_first_step(file: Path, made: Record) -> None:
    """A database as the first step left it, with a blob whose size a first record gave as 10."""
    engine = create_engine(f"sqlite:///{file.as_posix()}")
    config = Config()
    steps = Path(migrations.__file__).parent
    config.set_main_option("script_location", steps.as_posix())
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, (own, payload) in enumerate((("good", record.payload(made)), ("damaged", b"{"))):
            connection.exec_driver_sql(
                "INSERT INTO record VALUES (?, 'd', ?, 0, '', 'inspection', ?, x'', '', '')",
                (own, number, payload),
            )
            connection.exec_driver_sql("INSERT INTO record_blob VALUES (?, ?, 'd')", (own, "ab" * 32))
        connection.exec_driver_sql("INSERT INTO blob VALUES (?, 10, 'image/png', '')", ("ab" * 32,))
    engine.dispose()


def test_it_is_durable_and_knows_its_pragmas(at: Office) -> None:
    with store.reading(at.engine) as connection:
        if at.engine.dialect.name == "postgresql":
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
            return
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_an_office_opened_again_is_the_same(tmp_path: Path) -> None:
    first = office.open_office(tmp_path, name="One")
    second = office.open_office(tmp_path, name="Another")
    with store.reading(first.engine) as one, store.reading(second.engine) as two:
        assert store.generation(one) == store.generation(two)
    assert second.keyring.name == "One"
    office.close(first)
    office.close(second)


def test_a_block_that_fails_leaves_nothing(at: Office) -> None:
    with store.reading(at.engine) as connection:
        before = store.generation(connection)

    def fail() -> None:
        with store.writing(at.engine) as connection:
            store.begin_generation(connection, clock.now())
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    with store.reading(at.engine) as connection:
        assert store.generation(connection) == before


def test_times_sort_as_text() -> None:
    now = clock.now()
    assert store.moment(store.text(now)) == now
