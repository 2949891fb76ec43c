"""What one worker of headquarters takes in, against the same rows written with nothing checked.

Rounds alternate between the two, so that what else runs on the machine falls on both. Raw: `executemany` of
exactly the rows that an exchange leaves (records, lines, files they name), into tables with the same indexes,
a hundred records and one durable commit at a time. `bare` is the same for the records' table alone.
"""

import statistics
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy import text as clause

from fieldapp import ledger
from sync import wire
from sync.headquarters import desk, office, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import Chain
from tests.support.postgres import fresh_database
from tests.sync import dictionary

BATCH, ROUNDS = 100, 5
FILLED = (tables.record, tables.report, tables.blob, tables.record_blob)
Rows = dict[str, list[dict[str, Any]]]


def rates(folder: Path, on: str, count: int = 1000) -> tuple[float, float, float, float]:
    """Return records a second through the desk, raw, and bare, and the share of it that checks signatures."""
    home = folder / on
    home.mkdir()
    if on == "postgresql":
        (home / "database.url").write_text(fresh_database(durable=True), "utf-8")
    at = office.open_office(home)
    _push(at, _chain(at, BATCH))  # statements are put together once
    chains = [_chain(at, count) for _ in range(ROUNDS)]
    ours, raw, bare = [], [], []
    for chain in chains:
        ours.append(_push(at, chain))
        rows = _rows(at, chain.device.hex())
        raw.append(_write(at, rows, FILLED))
        bare.append(_write(at, rows, (tables.record,)))
    office.close(at)
    fast = statistics.median(ours)
    return (
        count / fast,
        count / statistics.median(raw),
        count / statistics.median(bare),
        _checking(chains[0]) / fast,
    )


def _chain(at: Office, count: int) -> Chain:
    chain = Chain(at)
    for number in range(count):
        chain.seal(dictionary.made(number % 50))
    return chain


def _push(at: Office, chain: Chain) -> float:
    """Seconds that the desk needs for a chain, by hundreds."""
    token = chain.session()
    frames = [
        wire.pack(
            wire.SyncRequest(head=chain.head, entries=tuple(chain.entries[start : start + BATCH])),
            dictionary=True,
        )
        for start in range(0, len(chain.entries), BATCH)
    ]
    began = time.perf_counter()
    for frame in frames:
        desk.sync(at, frame, token)
    return time.perf_counter() - began


def _rows(at: Office, device: str) -> Rows:
    """What that left in the database."""
    kept = tables.record_blob.c
    asked = {
        "record": select(tables.record).where(tables.record.c.device == device).order_by(tables.record.c.seq),
        "report": select(tables.report).where(tables.report.c.device == device),
        "record_blob": select(tables.record_blob).where(kept.device == device),
        "blob": select(tables.blob).where(tables.blob.c.h.in_(select(kept.h).where(kept.device == device))),
    }
    with store.reading(at.engine) as connection:
        return {
            name: [dict(row) for row in connection.execute(question).mappings()]
            for name, question in asked.items()
        }


def _write(at: Office, rows: Rows, which: tuple[Table, ...]) -> float:
    """Seconds that the same rows need by `executemany`, in as many transactions."""
    batches = -(-len(rows["record"]) // BATCH)
    copies = []
    with store.writing(at.engine) as connection:
        copies = [(_like(connection, one), rows[one.name]) for one in which]
    began = time.perf_counter()
    for number in range(batches):
        with store.writing(at.engine, "") as connection:
            for copy, some in copies:
                each = -(-len(some) // batches)
                if part := some[number * each : (number + 1) * each]:
                    connection.execute(insert(copy), part)
    return time.perf_counter() - began


def _like(connection: Connection, of: Table) -> Table:
    """An empty table like `of`, with its indexes."""
    from sqlalchemy import MetaData

    name = f"raw_{of.name}"
    connection.execute(clause(f"DROP TABLE IF EXISTS {name}"))
    if connection.dialect.name == "postgresql":
        connection.execute(clause(f"CREATE TABLE {name} (LIKE {of.name} INCLUDING ALL)"))
        return of.to_metadata(MetaData(), name=name)
    copy = of.to_metadata(MetaData(), name=name)
    for index in copy.indexes:
        index.name = f"raw_{index.name}"
    copy.create(connection)
    return copy


def _checking(chain: Chain) -> float:
    """Seconds that the signatures of a chain need by themselves."""
    public = chain.key.public_key()
    began = time.perf_counter()
    for entry in chain.entries:
        ledger.check_signature(entry, public)
    return time.perf_counter() - began
