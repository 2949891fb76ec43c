"""Numbered SQL migrations: forward only, one transaction each, a backup first, a newer file refused.

`schema.sql` beside this file is the dump of a fresh vault; a test compares it, so the state of the tables
can be read in one place. The backup is a byte copy of the checkpointed, encrypted file.
"""

import re
import shutil
from pathlib import Path

from fieldapp.vault.connection import Connection, checkpoint, sync_folder
from fieldapp.vault.header import VaultNewer

_FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_\w+\.sql")


def steps() -> tuple[tuple[int, Path], ...]:
    """Return the migrations in order; their numbers run from 1 without a gap."""
    found = sorted(
        (int(match[1]), file) for file in _FOLDER.iterdir() if (match := _NAME.fullmatch(file.name))
    )
    if [number for number, _file in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("migration numbers must run from 1 without a gap")
    return tuple(found)


def statements(sql: str) -> tuple[str, ...]:
    """Split a script into statements; a trigger's body ends with END."""
    parts: list[str] = []
    current = ""
    for line in sql.splitlines():
        if line.startswith("--") or not line.strip():
            continue
        current += line + "\n"
        whole = current.rstrip()
        in_trigger = current.lstrip().upper().startswith("CREATE TRIGGER")
        if whole.endswith(";") and (not in_trigger or whole.upper().endswith("END;")):
            parts.append(whole)
            current = ""
    if current.strip():
        raise RuntimeError("a migration ends in the middle of a statement")
    return tuple(parts)


def migrate(connection: Connection, file: Path) -> int:
    """Bring the database of `file` to the newest version; return how many steps were taken."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    todo = [step for step in steps() if step[0] > version]
    if version > len(steps()):
        raise VaultNewer(found=version, known=len(steps()))
    if todo and version > 0:
        checkpoint(connection)
        shutil.copyfile(file, file.with_name(f"{file.name}.before-{todo[-1][0]:04d}"))
        sync_folder(file.parent)
    for number, script in todo:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements(script.read_text("utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    if todo:
        checkpoint(connection)
    return len(todo)


def dump(connection: Connection) -> str:
    """Return the schema as SQL text, sorted by kind and name."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'index', type = 'trigger', name"
    ).fetchall()
    return "".join(f"{sql.strip()};\n\n" for (sql,) in rows)
