"""The ledger as a table: the one chain of this vault, audit trail and outgoing records at once.

Appending puts the outbox row in the same transaction, so nothing is ever recorded that would not travel. An
audit line also binds the rows that were changed since the line before: their identity, revision and digest.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, ledger
from fieldapp.clock import Doubt
from fieldapp.ledger import Entry, Head
from fieldapp.vault.connection import Connection

Binding = tuple[str, int, str]  # inspection id, revision, SHA-256 of the row's document
AUDIT = "audit"


class Journal:
    """The table `ledger`, for one device and its key."""

    def __init__(self, connection: Connection, device: bytes, key: Ed25519PrivateKey) -> None:
        self._connection = connection
        self._device = device
        self._key = key
        self.bound: list[Binding] = []  # rows changed in this transaction and not yet bound
        self.doubt: Doubt = ""

    def head(self) -> Head:
        """Return where the chain stands."""
        return self.head_of(self._connection)

    @staticmethod
    def head_of(connection: Connection) -> Head:
        """Return where the chain in an open database stands."""
        row = connection.execute("SELECT seq, id FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
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
        """Append a line of the audit trail: what was done, when, to what; and if the clock is in doubt."""
        said: dict[str, object] = {"event": event, "at": at, **facts}
        if self.doubt:
            said["clock_suspect"] = self.doubt
        if self.bound:
            said["rows"] = list(self.bound)
            self.bound.clear()
        return self.append(AUDIT, canonical.encode(said), at)

    def bind_rest(self, at: str) -> None:
        """Bind what was changed without a line of its own."""
        if self.bound:
            self.note("rows-changed", at)

    def last_time(self, after: int) -> datetime | None:
        """Return the latest moment at which an entry after entry `after` was written, if one was."""
        row = self._connection.execute("SELECT max(changed) FROM outbox WHERE seq > ?", (after,)).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

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
        return ledger.verify(self.entries(1, -1), self._device, self._key.public_key(), purged=self.purged())

    def check_place(self, head: Head) -> bool:
        """Say whether this chain passes through `head`, whose entry this vault's key must have signed."""
        if head.seq == 0:
            return True
        found = self.entries(head.seq, 1)
        if not found or found[0].seq != head.seq:
            return False
        digest = None if found[0].payload else self.purged().get(head.seq)
        try:
            ledger.check_signature(found[0], self._key.public_key(), digest)
        except ledger.LedgerBroken:
            return False
        return ledger.entry_id(found[0], digest).hex() == head.id

    def purged(self) -> dict[int, bytes]:
        """Return the digests of the payloads that were purged, by seq."""
        rows = self._connection.execute("SELECT seq, digest FROM purged").fetchall()
        return {int(seq): bytes(digest) for seq, digest in rows}

    def purge(self, seq: int, at: str) -> None:
        """Empty the payload of entry `seq`, which headquarters has; its digest stays in its place."""
        digest = bytes.fromhex(canonical.sha256(self.entry(seq).payload))
        self._connection.execute("INSERT INTO purged (seq, digest, at) VALUES (?, ?, ?)", (seq, digest, at))
        self._connection.execute("UPDATE ledger SET payload = x'' WHERE seq = ?", (seq,))
