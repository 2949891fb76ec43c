"""Marks of inspections, and what they used of sanctioned quantities, as tables.

Both are worked out from inspections and hold nothing that those do not: a lost row costs a warning.
"""

from collections.abc import Iterable

from fieldapp.inspection.mark import Mark, SeenBefore
from fieldapp.vault.connection import Connection


class Marks:
    """The table `mark`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, inspection: str, held: Iterable[Mark]) -> None:
        """Keep the marks of an inspection in place of its earlier ones."""
        self._connection.execute("DELETE FROM mark WHERE inspection = ?", (inspection,))
        self._connection.executemany(
            "INSERT INTO mark (kind, value, inspection) VALUES (?, ?, ?)",
            [(mark.kind, mark.value, inspection) for mark in sorted(held)],
        )

    def elsewhere(self, inspection: str, held: Iterable[Mark]) -> tuple[SeenBefore, ...]:
        """Return which of the marks other inspections bear."""
        found = []
        for mark in sorted(held):
            rows = self._connection.execute(
                "SELECT DISTINCT i.number FROM mark AS m JOIN inspection AS i ON i.id = m.inspection"
                " WHERE m.kind = ? AND m.value = ? AND m.inspection <> ? ORDER BY i.number LIMIT 20",
                (mark.kind, mark.value, inspection),
            ).fetchall()
            if rows:
                found.append(SeenBefore(mark=mark, inspections=tuple(number for (number,) in rows)))
        return tuple(found)


class Sanctions:
    """The table `sanction_use`: kilograms that released consignments took of a paper."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, kind: str, number: str, consignment: str, kilograms: float) -> None:
        """Keep what one consignment took; told again, it counts once."""
        self._connection.execute(
            "INSERT INTO sanction_use (kind, number, consignment, kg) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, number, consignment) DO UPDATE SET kg = excluded.kg",
            (kind, number.strip().casefold(), consignment, kilograms),
        )

    def used(self, kind: str, number: str, consignment: str) -> float:
        """Return what consignments other than this one took of the paper, kilograms."""
        row = self._connection.execute(
            "SELECT coalesce(sum(kg), 0) FROM sanction_use"
            " WHERE kind = ? AND number = ? AND consignment <> ?",
            (kind, number.strip().casefold(), consignment),
        ).fetchone()
        return float(row[0])
