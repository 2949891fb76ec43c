"""Records of this inspector's earlier vaults: read-only, each still signed by the vault it was made in.

A file that such a record names lay sealed to that vault. Headquarters seals it anew; the record still knows
it by the hash of the old sealed bytes, and its plain bytes by a hash that is the same for ever.
"""

from collections.abc import Iterator

import msgspec

from fieldapp import canonical, ledger
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection
from fieldapp.ledger import Entry
from fieldapp.vault.connection import Connection

_ENTRY = "SELECT k.kind, k.device, k.seq, k.prev, k.payload, k.signature FROM kept_record AS k"


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that kept records name: its plain hash, and its bytes here; `h` is empty until it has come."""

    sealed: str
    plain: str
    h: str = ""


class KeptRecords:
    """The tables `kept_record`, `kept_inspection`, `kept_file`; the caller checked whose entries they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: Entry) -> bool:
        """Keep an entry; False when it was kept before."""
        done = self._connection.execute(
            "INSERT INTO kept_record (device, seq, kind, prev, payload, signature, id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, seq) DO NOTHING",
            (
                entry.device,
                entry.seq,
                entry.kind,
                entry.prev,
                entry.payload,
                entry.signature,
                ledger.entry_id(entry).hex(),
            ),
        )
        if done.rowcount == 1 and entry.kind == record.KIND:
            self._name(entry)
        return done.rowcount == 1

    def _name(self, entry: Entry) -> None:
        made = _inspection(entry)
        self._connection.execute(
            "INSERT INTO kept_inspection (inspection, revision, device, seq) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (inspection, revision) DO NOTHING",
            (made.id, made.revision, entry.device, entry.seq),
        )
        for item in made.evidence:
            self._connection.execute(
                "INSERT INTO kept_file (sealed, plain) VALUES (?, ?) ON CONFLICT (sealed) DO NOTHING",
                (item.sealed_sha256, item.plain_sha256),
            )

    def entries(self) -> tuple[Entry, ...]:
        """Return all of them, by vault and place in its chain."""
        return tuple(self._entries(f"{_ENTRY} ORDER BY k.device, k.seq"))

    def revisions(self, inspection: str) -> tuple[Entry, ...]:
        """Return the records of one inspection, the oldest revision first; none for one that is not kept."""
        return tuple(
            self._entries(
                f"{_ENTRY} JOIN kept_inspection AS n ON n.device = k.device AND n.seq = k.seq"
                " WHERE n.inspection = ? ORDER BY n.revision",
                inspection,
            )
        )

    def _entries(self, sql: str, *values: object) -> Iterator[Entry]:
        for kind, device, seq, prev, payload, signature in self._connection.execute(sql, values).fetchall():
            yield Entry(kind, bytes(device), int(seq), bytes(prev), bytes(payload), bytes(signature))

    def inspection(self, inspection: str, revision: int = 0) -> Inspection | None:
        """Return one sealed revision, the newest when `revision` is 0; None for one that is not kept."""
        found = [_inspection(entry) for entry in self.revisions(inspection)]
        wanted = [made for made in found if revision in (0, made.revision)]
        return wanted[-1] if wanted else None

    def unlisted(self) -> tuple[str, ...]:
        """Return the inspections that stand in no list yet."""
        rows = self._connection.execute(
            "SELECT DISTINCT inspection FROM kept_inspection"
            " WHERE inspection NOT IN (SELECT inspection FROM listed)"
        ).fetchall()
        return tuple(str(name) for (name,) in rows)

    def inspections(self) -> tuple[Inspection, ...]:
        """Return the sealed inspections among them, as they were signed."""
        return tuple(_inspection(entry) for entry in self.entries() if entry.kind == record.KIND)

    def missing_files(self, most: int) -> tuple[str, ...]:
        """Return files that have not come yet, by their hash in the record."""
        rows = self._connection.execute(
            "SELECT sealed FROM kept_file WHERE h = '' ORDER BY sealed LIMIT ?", (most,)
        ).fetchall()
        return tuple(str(name) for (name,) in rows)

    def file(self, sealed: str) -> KeptFile | None:
        """Return a file by its hash in the record; None for one that no kept record names."""
        row = self._connection.execute(
            "SELECT plain, h FROM kept_file WHERE sealed = ?", (sealed,)
        ).fetchone()
        return None if row is None else KeptFile(sealed=sealed, plain=str(row[0]), h=str(row[1]))

    def note_file(self, sealed: str, h: str, size: int) -> None:
        """Remember where the bytes of a file lie, now that they have come."""
        self._connection.execute("UPDATE kept_file SET h = ?, n = ? WHERE sealed = ?", (h, size, sealed))


def _inspection(entry: Entry) -> Inspection:
    return canonical.decode(entry.payload, record.Record).inspection
