from pathlib import Path

import pytest

from fieldapp.vault import connection, migrate
from fieldapp.vault.header import VaultNewer

KEY = bytes(32)
SCHEMA = Path(migrate.__file__).parent / "schema.sql"


def test_the_checked_in_schema_is_what_migrations_make(tmp_path: Path):
    made = connection.create_file(tmp_path / "v.db", KEY)
    migrate.migrate(made, tmp_path / "v.db")
    assert migrate.dump(made) == SCHEMA.read_text("utf-8")
    made.close()


def test_a_second_run_does_nothing(tmp_path: Path):
    made = connection.create_file(tmp_path / "v.db", KEY)
    assert migrate.migrate(made, tmp_path / "v.db") == len(migrate.steps())
    assert migrate.migrate(made, tmp_path / "v.db") == 0
    made.close()


def test_a_newer_file_is_refused(tmp_path: Path):
    made = connection.create_file(tmp_path / "v.db", KEY)
    migrate.migrate(made, tmp_path / "v.db")
    made.execute("PRAGMA user_version=9999")
    with pytest.raises(VaultNewer):
        migrate.migrate(made, tmp_path / "v.db")
    made.close()


def test_a_trigger_is_one_statement():
    script = "-- x\nCREATE TABLE a (b);\nCREATE TRIGGER t BEFORE INSERT ON a\nBEGIN SELECT 1; END;\n"
    assert len(migrate.statements(script)) == 2
