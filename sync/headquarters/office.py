"""The office: what every room of headquarters needs, put together in one place.

One folder, one database, one set of keys, one blob store, one clock. `open_office` makes what is missing
the first time; afterwards it only opens.
"""

from pathlib import Path

import msgspec
from sqlalchemy import Engine

from fieldapp import clock
from fieldapp.clock import Clock
from sync.headquarters import authority, keys, officers, reports, store
from sync.headquarters.blobs import Blobs
from sync.headquarters.keys import Keyring

NAME = "Headquarters"


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is opened once and shared."""

    home: Path
    engine: Engine
    keyring: Keyring
    blobs: Blobs
    clock: Clock


def open_office(home: Path, *, name: str = NAME, clock: Clock = clock.now, database: str = "") -> Office:
    """Open the headquarters in `home`, making keys and database where there are none."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not keys.made(home):
        keys.make(home, name, clock)
    authority.make_missing(home, name, clock)
    officers.make_missing(home, clock)
    engine = store.open_engine(database or store.url_of(home))
    with store.writing(engine) as connection:
        if store.newest_generation(connection) is None:
            store.begin_generation(connection, clock())
        reports.refresh(connection)
    return Office(
        home=home,
        engine=engine,
        keyring=keys.load(home),
        blobs=Blobs(home),
        clock=clock,
    )


def close(office: Office) -> None:
    """Let go of the database's connections."""
    office.engine.dispose()
