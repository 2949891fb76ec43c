"""The ledger as a table: the one chain of this vault, audit trail and outgoing records at once.

Appending puts the outbox row in the same transaction, so nothing is ever recorded that would not travel.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, ledger
from fieldapp.ledger import Entry, Head
from fieldapp.vault.connection import Connection


class Journal:
    """The table `ledger`, for one device and its key."""

    def __init__(self, connection: Connection, device: bytes, key: Ed25519PrivateKey) -> None:
        self._connection = connection
        self._device = device
        self._key = key

    def head(self) -> Head:
        """Return where the chain stands."""
        row = self._connection.execute("SELECT seq, id FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        return Head() if row is None else Head(seq=int(row[0]), id=bytes(row[1]).hex())

    def append(self, kind: str, payload: bytes, at: str) -> Entry:
        """Sign `payload` as the next entry and queue it for headquarters."""
        entry = ledger.append(self.head(), kind, self._device, payload, self._key)
        self._connection.execute(
            "INSERT INTO ledger (seq, kind, prev, payload, signature, id) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.seq, entry.kind, entry.prev, entry.payload, entry.signature, ledger.entry_id(entry)),
        )
        self._connection.execute("INSERT INTO outbox (seq, changed) VALUES (?, ?)", (entry.seq, at))
        return entry

    def note(self, event: str, at: str, **facts: object) -> Entry:
        """Append a line of the audit trail: what was done, when, to what."""
        return self.append("audit", canonical.encode({"event": event, "at": at, **facts}), at)

    def entry(self, seq: int) -> Entry:
        """Return entry `seq`; it must exist."""
        return self.entries(seq, 1)[0]

    def entries(self, first: int, limit: int) -> tuple[Entry, ...]:
        """Return up to `limit` entries from `first` on."""
        rows = self._connection.execute(
            "SELECT kind, seq, prev, payload, signature FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?",
            (first, limit),
        ).fetchall()
        return tuple(
            Entry(kind, self._device, int(seq), bytes(prev), bytes(payload), bytes(signature))
            for kind, seq, prev, payload, signature in rows
        )

    def verify(self) -> Head:
        """Replay the whole chain; raises `ledger.LedgerBroken` at the first fault."""
        return ledger.verify(self.entries(1, -1), self._device, self._key.public_key())
