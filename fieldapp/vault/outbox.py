"""What has not reached headquarters yet: ledger entries and sealed files, and the feed that came back.

"Unsent" is what headquarters has not finally answered for, never a flag somebody forgot to set.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from fieldapp.enrolment import Statement
from fieldapp.ledger import Head
from fieldapp.vault.connection import Connection


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One sealed record and how far it has come. `standing` is what headquarters said: sealed where nothing.

    Of a returned one `remarks` counts what a supervisor pinned to it. Bytes are those of its sealed files.
    """

    seq: int
    record: str
    inspection: str
    revision: int
    number: str
    state: str
    why: str
    blobs_total: int
    blobs_done: int
    bytes_total: int = 0
    bytes_done: int = 0
    standing: str = "sealed"
    remarks: int = 0


class BlobRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed file: hash and size of its bytes, mime, class, and how much headquarters has."""

    h: str
    n: int
    t: str
    c: str
    offset: int = 0


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """Where sync stands: headquarters' generation, how far its feed was read, when it was last heard."""

    generation: str = ""
    cursor: int = 0
    last: datetime | None = None
    witnessed: Head = Head()


class Outbox:
    """The tables `outbox`, `blob` and `feed`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_open(self, after: int = 0) -> int | None:
        """Return the lowest seq above `after` without a final answer of headquarters, None without one."""
        row = self._connection.execute(
            "SELECT min(seq) FROM outbox WHERE state = 'queued' AND seq > ?", (after,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def note(self, seq: int, state: str, why: str, at: str) -> None:
        """Note headquarters' answer for entry `seq`."""
        self._connection.execute(
            "UPDATE outbox SET state = ?, why = ?, changed = ? WHERE seq = ?", (state, why, at, seq)
        )

    def queue_again(self, above: int, at: str) -> None:
        """Offer every entry above `above` again: headquarters was restored to an earlier state."""
        self._connection.execute(
            "UPDATE outbox SET state = 'queued', why = '', changed = ? WHERE seq > ?", (at, above)
        )

    def rows(self) -> tuple[Waiting, ...]:
        """Return the sealed records, newest first."""
        rows = self._connection.execute(
            "SELECT r.seq, r.id, r.inspection, r.revision, i.number, o.state, o.why,"
            " (SELECT count(*) FROM blob WHERE record_seq = r.seq),"
            " (SELECT count(*) FROM blob WHERE record_seq = r.seq AND done = 1),"
            " (SELECT coalesce(sum(n), 0) FROM blob WHERE record_seq = r.seq),"
            " (SELECT coalesce(sum(CASE done WHEN 1 THEN n ELSE sent END), 0) FROM blob"
            " WHERE record_seq = r.seq), i.state"
            " FROM record r JOIN outbox o ON o.seq = r.seq"
            " JOIN inspection i ON i.id = r.inspection AND i.revision = r.revision"
            " ORDER BY r.seq DESC"
        ).fetchall()
        return tuple(Waiting(**dict(zip(Waiting.__struct_fields__, row, strict=False))) for row in rows)

    def states(self, revisions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Return the transport state of each of the sealed revisions among these."""
        found = {}
        for inspection, revision in revisions:
            row = self._connection.execute(
                "SELECT o.state FROM record r JOIN outbox o ON o.seq = r.seq"
                " WHERE r.inspection = ? AND r.revision = ?",
                (inspection, revision),
            ).fetchone()
            if row is not None:
                found[inspection, revision] = str(row[0])
        return found

    def waiting(self) -> int:
        """Return how many sealed records are not wholly at headquarters."""
        row = self._connection.execute(
            "SELECT count(*) FROM record r JOIN outbox o ON o.seq = r.seq WHERE o.state = 'queued'"
            " OR EXISTS (SELECT 1 FROM blob WHERE record_seq = r.seq AND done = 0)"
        ).fetchone()
        return int(row[0])

    def unlisted(self) -> tuple[int, ...]:
        """Return the entries of the ledger that no row here would send."""
        rows = self._connection.execute(
            "SELECT seq FROM ledger WHERE seq NOT IN (SELECT seq FROM outbox) ORDER BY seq"
        )
        return tuple(int(seq) for (seq,) in rows)

    def settled(self, seq: int, before: str) -> bool:
        """Say whether headquarters acknowledged entry `seq` before that moment and has all its files."""
        row = self._connection.execute(
            "SELECT 1 FROM outbox WHERE seq = ? AND state = 'acknowledged' AND changed < ?"
            " AND NOT EXISTS (SELECT 1 FROM blob WHERE record_seq = outbox.seq AND done = 0)",
            (seq, before),
        ).fetchone()
        return row is not None

    def sealed_files(self, inspection: str = "") -> tuple[tuple[str, int], ...]:
        """Return (hash, size) of the sealed files of one inspection; of all when "" is asked for."""
        rows = self._connection.execute(
            "SELECT h, n FROM blob WHERE inspection = ? OR ? = ''"
            " UNION SELECT h, n FROM kept_file WHERE h <> '' AND ? = '' ORDER BY h",
            (inspection, inspection, inspection),
        )
        return tuple((str(h), int(size)) for h, size in rows)

    def forget_files(self, inspection: str) -> None:
        """Delete the rows of an inspection's sealed files, after it was purged."""
        self._connection.execute("DELETE FROM blob WHERE inspection = ?", (inspection,))

    def put_blob(self, blob: BlobRow, inspection: str, evidence: str) -> None:
        """Remember a sealed file of an inspection."""
        self._connection.execute(
            "INSERT INTO blob (h, n, mime, class, inspection, evidence) VALUES (?, ?, ?, ?, ?, ?)",
            (blob.h, blob.n, blob.t, blob.c, inspection, evidence),
        )

    def attach_blobs(self, inspection: str, seq: int) -> None:
        """Bind the inspection's files that travel with no record yet to record `seq`."""
        self._connection.execute(
            "UPDATE blob SET record_seq = ? WHERE inspection = ? AND record_seq IS NULL", (seq, inspection)
        )

    def blobs(self) -> tuple[BlobRow, ...]:
        """Return the sealed files headquarters still needs, of acknowledged records first."""
        rows = self._connection.execute(
            "SELECT h, n, mime, class, sent FROM blob WHERE done = 0 AND record_seq IS NOT NULL"
            " ORDER BY record_seq, h"
        ).fetchall()
        return tuple(BlobRow(h=h, n=n, t=mime, c=kind, offset=sent) for h, n, mime, kind, sent in rows)

    def blob_size(self, h: str) -> int:
        """Return the size of a sealed file as it was sealed; 0 for one nobody sealed here."""
        row = self._connection.execute("SELECT n FROM blob WHERE h = ?", (h,)).fetchone()
        return int(row[0]) if row else 0

    def note_blob(self, h: str, offset: int, *, done: bool) -> None:
        """Note how much of a file headquarters has."""
        self._connection.execute("UPDATE blob SET sent = ?, done = ? WHERE h = ?", (offset, int(done), h))

    def need_blobs_again(self) -> None:
        """Ask headquarters about every file again, after it was restored."""
        self._connection.execute("UPDATE blob SET done = 0, sent = 0")

    def put_feed(self, digest: str, generation: str, pos: int, statement: Statement) -> bool:
        """Keep a statement of the feed; False when this very one was already kept."""
        done = self._connection.execute(
            "INSERT INTO feed (hash, generation, pos, kind, payload) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (hash) DO NOTHING",
            (digest, generation, pos, statement.kind, msgspec.msgpack.encode(statement)),
        )
        return done.rowcount == 1

    def kept_feed(self, kind: str, after: str = "", most: int = -1) -> tuple[tuple[str, Statement], ...]:
        """Return (hash, statement) of what was kept of `kind`, by hash above `after`, as it was signed.

        A program before this one kept payloads alone: nothing of theirs can be shown to anybody.
        """
        rows = self._connection.execute(
            "SELECT hash, payload FROM feed WHERE kind = ? AND hash > ? AND substr(payload, 1, 1) <> ?"
            " ORDER BY hash LIMIT ?",
            (kind, after, b"{", most),
        ).fetchall()
        return tuple((h, msgspec.msgpack.decode(raw, type=Statement)) for h, raw in rows)
