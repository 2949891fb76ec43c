"""The same headquarters on PostgreSQL: what it promises on SQLite, and what only many writers can break."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fieldapp import clock, enrolment
from sync.headquarters import audit, feed, intake, office, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import ROOT, Chain
from tests.support.postgres import fresh_database


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    """A headquarters of its own, on PostgreSQL."""
    home = tmp_path / "headquarters"
    home.mkdir()
    (home / "database.url").write_text(fresh_database(), "utf-8")
    made = office.open_office(home, name="Test headquarters")
    assert made.engine.dialect.name == "postgresql"
    yield made
    office.close(made)


def test_entries_are_taken_once_and_the_chain_is_there(at: Office) -> None:
    chain = Chain(at)
    chain.seal()
    chain.append()
    assert [ack.state for ack in chain.push().acks] == ["new", "new"]
    assert [ack.state for ack in chain.push().acks] == ["dup", "dup"]
    with store.reading(at.engine) as connection:
        assert intake.chain(connection, chain.device.hex()) == tuple(chain.entries)
        assert len(connection.execute(select(tables.report)).all()) == 1


def test_an_altered_entry_is_set_aside_once(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    forged = msgspec.structs.replace(chain.entries[0], signature=bytes(64))
    for _ in range(2):
        assert [ack.state for ack in chain.push(forged).acks] == ["quarantined"]
    with store.reading(at.engine) as connection:
        assert len(connection.execute(select(tables.quarantine)).all()) == 1


@pytest.mark.parametrize("what", ["UPDATE record SET kind = 'x'", "DELETE FROM record"])
def test_records_are_never_changed(at: Office, what: str) -> None:
    chain = Chain(at)
    chain.append()
    chain.push()
    with pytest.raises(DBAPIError, match="never changed"), store.writing(at.engine) as connection:
        connection.execute(text(what))


def test_payloads_are_kept_with_lz4_where_the_server_has_it(at: Office) -> None:
    with store.reading(at.engine) as connection:
        offered = connection.execute(
            text("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'")
        ).scalar_one()
        kept = connection.execute(
            text(
                "SELECT attcompression FROM pg_attribute"
                " WHERE attrelid = 'record'::regclass AND attname = 'payload'"
            )
        ).scalar_one()
    assert kept == ("l" if "lz4" in offered else "")


def test_a_reader_of_the_feed_misses_nothing_while_many_write(at: Office) -> None:
    """Positions are given out one transaction at a time: no lower one appears after a higher was read."""
    writers, each = 6, 40
    statement = enrolment.sign("note", {"note": 1}, at.keyring.real.signing)

    def write(number: int) -> None:
        for count in range(each):
            with store.writing(at.engine, f"writer {number}") as connection:
                feed.append(connection, "real", statement, clock.now)
                if count % 3 == 0:
                    connection.execute(text("SELECT pg_sleep(0.002)"))
                if count % 10 == 9:
                    connection.get_transaction().rollback()  # type: ignore[union-attr]
                    break

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    cursor = 0
    while any(thread.is_alive() for thread in threads) or len(seen) < _written(at):
        with store.reading(at.engine) as connection:
            items, cursor, _more = feed.after(connection, "a", False, cursor)
        seen += [item.pos for item in items]
    for thread in threads:
        thread.join()
    with store.reading(at.engine) as connection:
        there = list(connection.execute(select(tables.feed.c.pos).order_by(tables.feed.c.pos)).scalars())
    assert seen == there


def _written(at: Office) -> int:
    with store.reading(at.engine) as connection:
        return len(connection.execute(select(tables.feed.c.pos)).all())


def test_one_vault_pushing_twice_at_once_is_taken_once(at: Office) -> None:
    chain = Chain(at)
    for _ in range(30):
        chain.append()
    chain.session()
    states: list[str] = []

    def push() -> None:
        copy = Chain(at, enrol=False)
        copy.key, copy.device, copy.head, copy.entries = chain.key, chain.device, chain.head, chain.entries
        states.extend(ack.state for ack in copy.push().acks)

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (states.count("new"), states.count("dup")) == (30, 90)


def test_the_audit_trail_holds_when_many_write(at: Office) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with store.writing(at.engine, f"writer {number}") as connection:
                audit.note(connection, clock.now(), "test", "wrote", str(os.getpid()))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading(at.engine) as connection:
        assert audit.verify(connection) >= 80


def test_a_server_ends_with_the_tests_that_were_killed() -> None:
    program = (
        "from tests.support.postgres import fresh_database; print(fresh_database(), flush=True); input()"
    )
    own = {name: value for name, value in os.environ.items() if name != "FIELDAPP_POSTGRES"}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as tests:
        assert tests.stdout is not None
        address = tests.stdout.readline().decode().strip()
        psycopg.connect(address).close()
        tests.kill()
    for _ in range(600):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            return
        time.sleep(0.1)
    pytest.fail("the server runs on")
