"""Records of this inspector's earlier vaults: read-only, each still signed by the vault it was made in."""

from fieldapp import canonical, ledger
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection
from fieldapp.ledger import Entry
from fieldapp.vault.connection import Connection


class KeptRecords:
    """The table `kept_record`. The caller has checked whose the entries are."""

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
        return done.rowcount == 1

    def entries(self) -> tuple[Entry, ...]:
        """Return all of them, by vault and place in its chain."""
        rows = self._connection.execute(
            "SELECT kind, device, seq, prev, payload, signature FROM kept_record ORDER BY device, seq"
        ).fetchall()
        return tuple(
            Entry(kind, bytes(device), int(seq), bytes(prev), bytes(payload), bytes(signature))
            for kind, device, seq, prev, payload, signature in rows
        )

    def inspections(self) -> tuple[Inspection, ...]:
        """Return the sealed inspections among them, as they were signed."""
        return tuple(
            canonical.decode(entry.payload, record.Record).inspection
            for entry in self.entries()
            if entry.kind == record.KIND
        )
