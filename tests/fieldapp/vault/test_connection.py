import os
import sqlite3
from pathlib import Path

import pytest

from fieldapp.vault import connection, migrate
from fieldapp.vault.connection import VaultBusy, VaultDamaged

KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def written(file: Path) -> None:
    made = connection.create_file(file, KEY)
    made.execute("CREATE TABLE t (a)")
    made.execute("INSERT INTO t VALUES ('canary-in-clear')")
    connection.checkpoint(made)
    made.close()


def test_nothing_lies_in_clear(file: Path):
    written(file)
    found = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"canary-in-clear" not in found
    assert b"SQLite format 3" not in found


def test_reads_back_with_the_key(file: Path):
    written(file)
    again = connection.open_file(file, KEY)
    assert again.execute("SELECT a FROM t").fetchall() == [("canary-in-clear",)]
    again.close()


def test_another_key_is_refused(file: Path):
    written(file)
    with pytest.raises(VaultDamaged):
        connection.open_file(file, os.urandom(32))


def test_a_second_opener_is_refused(file: Path):
    first = connection.create_file(file, KEY)
    first.execute("CREATE TABLE t (a)")
    with pytest.raises(VaultBusy):
        connection.open_file(file, KEY)
    first.close()


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"SQLite format 3\x00" + bytes(8192), bytes(8192)])
def test_a_foreign_file_is_refused_and_left_as_it_was(file: Path, content: bytes):
    file.write_bytes(content)
    with pytest.raises(VaultDamaged):
        connection.open_file(file, KEY)
    assert file.read_bytes() == content


def test_a_plain_database_is_refused(file: Path):
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE t (a)")
    plain.commit()
    plain.close()
    with pytest.raises(VaultDamaged) as refused:
        connection.open_file(file, KEY)
    assert refused.value.facts["why"] == "plain"


def test_a_missing_vault_is_never_made_by_opening(file: Path):
    with pytest.raises(VaultDamaged):
        connection.open_file(file, KEY)
    assert not file.exists()


@pytest.mark.parametrize(
    "statement", ["ATTACH 'other.db' AS other", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=DELETE"]
)
def test_settings_cannot_be_changed_after_opening(file: Path, statement: str):
    made = connection.create_file(file, KEY)
    with pytest.raises(Exception, match="not authorized"):
        made.execute(statement)
    made.close()


def test_every_damaged_page_is_noticed(file: Path):
    made = connection.create_file(file, KEY)
    made.execute("CREATE TABLE t (a)")
    made.executemany("INSERT INTO t VALUES (?)", [(os.urandom(900),) for _ in range(40)])
    connection.checkpoint(made)
    made.close()
    whole = file.read_bytes()
    for page in range(len(whole) // 4096):
        damaged = bytearray(whole)
        damaged[page * 4096 + 100] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(VaultDamaged):  # noqa: PT012 - opening or reading, whichever meets the page
            opened = connection.open_file(file, KEY)
            try:
                with connection.known_errors():
                    opened.execute("SELECT sum(length(a)) FROM t").fetchall()
            finally:
                opened.close()


def test_every_setting_is_asserted_when_a_file_is_opened(file: Path):
    """Each setting is read back and compared: expecting any other value refuses the file."""
    written(file)
    for number, (name, value, expected) in enumerate(connection._PRAGMAS):
        other = [list(row) for row in connection._PRAGMAS]
        other[number] = [name, value, ("wrong", expected)]
        with pytest.raises(VaultDamaged) as refused:
            connection._open(file, KEY, "rw", tuple(tuple(row) for row in other))
        assert refused.value.facts["name"] == name


def test_the_settings_are_those_the_design_asks_for(file: Path):
    asked = {
        "cipher_memory_security": "1", "locking_mode": "exclusive", "journal_mode": "wal", "synchronous": 2,
        "secure_delete": 1, "temp_store": 2, "mmap_size": 0, "trusted_schema": 0, "cell_size_check": 1,
        "foreign_keys": 1, "recursive_triggers": 1,
    }  # fmt: skip
    assert {name: expected for name, _value, expected in connection._PRAGMAS} == asked
    made = connection.create_file(file, KEY)
    made.set_authorizer(lambda *_asked: 0)
    for name, expected in asked.items():
        assert made.execute(f"PRAGMA {name}").fetchone()[0] == expected, name
    assert made.execute("PRAGMA cipher_page_size").fetchone()[0] == "4096"
    assert "HMAC_SHA512" in made.execute("PRAGMA cipher_hmac_algorithm").fetchone()[0]
    made.close()


def test_extensions_cannot_be_loaded(file: Path):
    made = connection.create_file(file, KEY)
    with pytest.raises(Exception, match="not authorized"):
        made.execute("SELECT load_extension('/tmp/x')")
    made.close()


@pytest.mark.parametrize(
    "attack",
    [
        "DROP TRIGGER ledger_no_delete",
        "DROP TABLE ledger",
        "CREATE TRIGGER x AFTER INSERT ON ledger BEGIN SELECT 1; END",
        "ALTER TABLE ledger RENAME TO other",
        "DELETE FROM ledger",
        "DELETE FROM record",
        "UPDATE ledger SET seq = 9",
        "UPDATE record SET revision = 9",
        "DELETE FROM purged",
        "UPDATE kept_record SET payload = x''",
        "PRAGMA user_version = 1",
        "PRAGMA writable_schema = ON",
    ],
)
def test_a_settled_file_refuses_what_no_action_does(file: Path, attack: str):
    made = connection.create_file(file, KEY)
    migrate.migrate(made, file)
    connection.settle(made)
    with pytest.raises(Exception, match="not authorized"):
        made.execute(attack)
    assert int(made.execute("PRAGMA user_version").fetchone()[0]) == len(migrate.steps())
    made.close()


def test_the_triggers_hold_without_the_authorizer(file: Path):
    made = connection.create_file(file, KEY)
    migrate.migrate(made, file)
    made.execute("INSERT INTO ledger VALUES (1, 'a', zeroblob(32), x'01', zeroblob(64), zeroblob(32))")
    for attack in (
        "DELETE FROM ledger",
        "UPDATE ledger SET payload = x''",
        "INSERT INTO purged VALUES (1, zeroblob(32), 'now')",
    ):
        with pytest.raises(Exception, match=r"append-only|headquarters has not"):
            made.execute(attack)
    made.close()
