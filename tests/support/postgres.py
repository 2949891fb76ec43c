"""PostgreSQL to test with: a server of our own on a socket in a temporary folder, where this machine has one.

`FIELDAPP_POSTGRES` names a server to use instead. The server refuses to run as root, so as root it is started
as the user `postgres`.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

from fieldapp import ids

_INSTALLED = Path("/usr/lib/postgresql")


def _run(folder: Path, *command: str | Path) -> None:
    as_user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(command, cwd=folder, check=True, capture_output=True, user=as_user, timeout=120)


@lru_cache(maxsize=1)
def _server() -> str:
    """Start a server; return the address of its maintenance database."""
    named = os.environ.get("FIELDAPP_POSTGRES", "")
    if named:
        return named
    found = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    if not found:
        pytest.skip("no PostgreSQL server is installed here, and FIELDAPP_POSTGRES names none")
    binaries = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-postgres-"))
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL refuses to run as root and there is no user postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    _run(folder, binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", "fieldapp", "-E", "UTF8")
    settings = f"-c listen_addresses='' -k {folder}"
    _run(
        folder,
        binaries / "pg_ctl",
        "-D",
        folder / "data",
        "-w",
        "-l",
        folder / "log",
        "-o",
        settings,
        "start",
    )

    def stop() -> None:
        _run(folder, binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://fieldapp@/postgres?host={folder}"


def fresh_database() -> str:
    """Make an empty database; return its address. Skips where there is no server."""
    psycopg = pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed here")
    server = _server()
    name = "t" + ids.uuid7().replace("-", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")
