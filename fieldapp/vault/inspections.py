"""Inspections and waiting consignments, as tables. Returns nouns, never rows."""

from fieldapp import canonical
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.vault.connection import Connection


class Inspections:
    """The tables `inspection`, `record` and `consignment`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, inspection: Inspection) -> None:
        """Keep this state of the revision, in place of the one before."""
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
                canonical.encode(inspection),
            ),
        )

    def get(self, inspection: str, revision: int = 0) -> Inspection:
        """Return one revision, the newest when `revision` is 0."""
        row = self._connection.execute(
            "SELECT doc FROM inspection WHERE id = ? AND (revision = ? OR ? = 0)"
            " ORDER BY revision DESC LIMIT 1",
            (inspection, revision, revision),
        ).fetchone()
        if row is None:
            raise NotFound(what="inspection", id=inspection)
        return canonical.decode(row[0], Inspection)

    def newest(self, text: str = "", limit: int = 500) -> tuple[Inspection, ...]:
        """Return newest revisions, latest opened first, whose number or reference holds `text`."""
        pattern = "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        rows = self._connection.execute(
            "SELECT doc FROM inspection AS i WHERE revision ="
            " (SELECT max(revision) FROM inspection WHERE id = i.id)"
            " AND (number LIKE ? ESCAPE '!' OR reference LIKE ? ESCAPE '!')"
            " ORDER BY opened DESC LIMIT ?",
            (pattern, pattern, limit),
        ).fetchall()
        return tuple(canonical.decode(doc, Inspection) for (doc,) in rows)

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
