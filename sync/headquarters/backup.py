"""Backup and restore: the database as it is at one moment, then every blob it can name, and the keys.

A backup is a folder. It is taken beside the running server; blobs are copied after the database, and they
only grow, so whatever the copied database calls whole is there. A restored headquarters begins a new life
(generation): laptops notice and offer again what it no longer has. The roots are not in a backup.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.errors import InspectorError
from sync.headquarters import audit, keys, office, store
from sync.headquarters.office import Office

DATABASE = "headquarters.db"


class BackupRefused(InspectorError):
    """The backup cannot be written or read there; `why` is taken, incomplete or postgresql."""

    code = "backup-refused"


def backup(home: Path, to: Path) -> int:
    """Write a backup of the headquarters in `home` to the new folder `to`; return how many blobs it holds."""
    if to.exists():
        raise BackupRefused(why="taken")
    if not keys.made(home):
        raise BackupRefused(why="incomplete")
    if (home / "database.url").exists():
        raise BackupRefused(why="postgresql")  # its own tools copy it; see docs/deploy.md
    part = to.with_name(to.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(home / DATABASE)) as source:
        source.execute("VACUUM INTO ?", (str(part / DATABASE),))
    shutil.copytree(home / "keys", part / "keys")
    (part / "keys").chmod(0o700)
    shutil.copytree(home / "blobs", part / "blobs")
    part.rename(to)  # a folder with its final name is whole
    return sum(1 for file in (to / "blobs").rglob("*") if file.is_file())


def restore(of: Path, home: Path, clock: Clock) -> Office:
    """Make the headquarters in the new folder `home` from a backup, beginning a new life; return it open."""
    if home.exists() and any(home.iterdir()):
        raise BackupRefused(why="taken")
    if not keys.made(of) or not (of / DATABASE).exists():
        raise BackupRefused(why="incomplete")
    shutil.copytree(of, home, dirs_exist_ok=True)
    home.chmod(0o700)
    opened = office.open_office(home, clock=clock)
    begin_life(opened)
    return opened


def begin_life(office: Office) -> None:
    """Say that this database is not the one laptops last spoke to: restored, or promoted from a replica."""
    with store.writing(office.engine) as connection:
        store.begin_generation(connection, office.clock())
        audit.note(connection, office.clock(), "command", "restored")
