"""Inspections and waiting consignments, as tables. Returns nouns, never rows."""

from collections.abc import Iterable, Iterator

import msgspec

from fieldapp import canonical
from fieldapp.consignment.consignment import Consignment
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.vault.connection import Connection, VaultDamaged
from fieldapp.vault.journal import Binding
from fieldapp.vault.listed import Listed


class OfEarlierLaptop(InspectorError):
    """The inspection was made on an earlier laptop of this officer: it is kept to read."""

    code = "of-earlier-laptop"


class Inspections:
    """The tables `inspection`, `record` and `consignment`."""

    def __init__(self, connection: Connection, bound: list[Binding] | None = None) -> None:
        self._connection = connection
        self._bound = bound if bound is not None else []
        self.listed = Listed(connection)

    def put(self, inspection: Inspection) -> None:
        """Keep this state of the revision, in place of the one before, and have the ledger bind it.

        A sealed one is bound by its own record.
        """
        doc = canonical.encode(inspection)
        if inspection.state != "sealed":
            self._bound.append((inspection.id, inspection.revision, canonical.sha256(doc)))
        self._connection.execute(
            "INSERT INTO inspection (id, revision, number, state, opened, reference, doc)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id, revision) DO UPDATE SET state = excluded.state, doc = excluded.doc",
            (
                inspection.id,
                inspection.revision,
                inspection.number,
                inspection.state,
                inspection.opened.isoformat(),
                inspection.consignment.reference,
                doc,
            ),
        )
        self.listed.put(inspection)

    def get(self, inspection: str, revision: int = 0) -> Inspection:
        """Return one revision, the newest when `revision` is 0; one of an earlier laptop is refused."""
        row = self._connection.execute(
            "SELECT doc FROM inspection WHERE id = ? AND (revision = ? OR ? = 0)"
            " ORDER BY revision DESC LIMIT 1",
            (inspection, revision, revision),
        ).fetchone()
        if row is None:
            kept = "SELECT 1 FROM kept_inspection WHERE inspection = ?"
            if self._connection.execute(kept, (inspection,)).fetchone():
                raise OfEarlierLaptop
            raise NotFound(what="inspection", id=inspection)
        return _read(row[0])

    def holds(self, inspection: str) -> bool:
        """Say whether an inspection is of this vault."""
        row = self._connection.execute("SELECT 1 FROM inspection WHERE id = ?", (inspection,)).fetchone()
        return row is not None

    def each_newest(self) -> Iterator[Inspection]:
        """Yield the newest revision of every inspection, latest opened first, one at a time."""
        keys = self._connection.execute(
            "SELECT id, max(revision) FROM inspection GROUP BY id ORDER BY max(opened) DESC, id"
        ).fetchall()
        for key, revision in keys:
            yield self.get(key, revision)

    def digests(self) -> dict[tuple[str, int], str]:
        """Return the SHA-256 of each revision's document as it lies in the table."""
        rows = self._connection.execute("SELECT id, revision, doc FROM inspection")
        return {(str(name), int(revision)): canonical.sha256(bytes(doc)) for name, revision, doc in rows}

    def purged(self, seqs: Iterable[int]) -> tuple[tuple[str, int], ...]:
        """Return (inspection id, revision) of the records whose entries are among `seqs`."""
        known = set(seqs)
        rows = self._connection.execute("SELECT seq, inspection, revision FROM record")
        return tuple((str(name), int(revision)) for seq, name, revision in rows if seq in known)

    def forget(self, inspection: str) -> None:
        """Delete an inspection that was purged, in all its revisions, with its consignment."""
        self.listed.forget(inspection)
        self._connection.execute("DELETE FROM inspection WHERE id = ?", (inspection,))
        self._connection.execute("DELETE FROM consignment WHERE inspection = ?", (inspection,))

    def page(self, after: str, limit: int) -> tuple[Inspection, ...]:
        """Return the newest revisions of up to `limit` inspections, by id, from the first behind `after`."""
        keys = self._connection.execute(
            "SELECT id, max(revision) FROM inspection WHERE id > ? GROUP BY id ORDER BY id LIMIT ?",
            (after, limit),
        ).fetchall()
        return tuple(self.get(key, revision) for key, revision in keys)

    def count(self) -> int:
        """Return how many inspections there are, revisions not counted."""
        return int(self._connection.execute("SELECT count(DISTINCT id) FROM inspection").fetchone()[0])

    def note_record(self, seq: int, record: str, inspection: Inspection) -> None:
        """Remember that ledger entry `seq` with id `record` is this revision."""
        self._connection.execute(
            "INSERT INTO record (seq, id, inspection, revision) VALUES (?, ?, ?, ?)",
            (seq, record, inspection.id, inspection.revision),
        )

    def record_of(self, inspection: str, revision: int) -> tuple[int, str] | None:
        """Return (ledger seq, record id) of a sealed revision."""
        row = self._connection.execute(
            "SELECT seq, id FROM record WHERE inspection = ? AND revision = ?", (inspection, revision)
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def by_record(self, record: str) -> tuple[str, int] | None:
        """Return (inspection id, revision) of a record id."""
        row = self._connection.execute(
            "SELECT inspection, revision FROM record WHERE id = ?", (record,)
        ).fetchone()
        return None if row is None else (str(row[0]), int(row[1]))

    def put_consignment(self, consignment: Consignment, at: str) -> None:
        """Keep a consignment that waits; one already known by its id is left as it is."""
        self._connection.execute(
            "INSERT INTO consignment (id, reference, doc, taken_in) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO NOTHING",
            (consignment.id, consignment.reference, canonical.encode(consignment), at),
        )

    def knows_consignment(self, consignment: str) -> bool:
        """Say whether a consignment with this id was ever taken in."""
        row = self._connection.execute("SELECT 1 FROM consignment WHERE id = ?", (consignment,)).fetchone()
        return row is not None

    def begin(self, consignment: Consignment, inspection: str) -> None:
        """Note that `inspection` has taken up the consignment."""
        self._connection.execute(
            "UPDATE consignment SET inspection = ? WHERE id = ?", (inspection, consignment.id)
        )

    def waiting(self) -> tuple[Consignment, ...]:
        """Return the consignments no inspection has taken up, oldest first."""
        rows = self._connection.execute(
            "SELECT doc FROM consignment WHERE inspection IS NULL ORDER BY taken_in, id"
        ).fetchall()
        return tuple(canonical.decode(doc, Consignment) for (doc,) in rows)


def _read(doc: bytes) -> Inspection:
    """Read a row's document; a bad page in the middle of one comes as noughts and not as an error."""
    try:
        return canonical.decode(doc, Inspection)
    except msgspec.DecodeError:
        raise VaultDamaged(why="row") from None
