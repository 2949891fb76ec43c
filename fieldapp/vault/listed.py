"""The list of inspections: one short row each, found by any of its words, however many there are.

Worked out from the table of inspections, so a lost row is filled again when a list is asked for. Words
match from their beginning, all of them; the latest opened comes first.
"""

from fieldapp import canonical
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.summary import Summary, folded, summarise, words
from fieldapp.vault.connection import Connection

FILLED_AT_ONCE = 500  # inspections worked out for one list, so that no list waits for all of them


class Listed:
    """The tables `listed` and `listed_words`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, inspection: Inspection) -> None:
        """Keep the row of the newest revision; the words only where they changed."""
        text = words(inspection)
        doc = canonical.encode(summarise(inspection))
        held = self._connection.execute(
            "SELECT n, words FROM listed WHERE inspection = ?", (inspection.id,)
        ).fetchone()
        if held is None:
            made = self._connection.execute(
                "INSERT INTO listed (inspection, opened, summary, words) VALUES (?, ?, ?, ?) RETURNING n",
                (inspection.id, inspection.opened.isoformat(), doc, text),
            ).fetchone()
            self._add_words(made[0], text)
            return
        number, before = held
        self._connection.execute("UPDATE listed SET summary = ?, words = ? WHERE n = ?", (doc, text, number))
        if text != before:
            self._drop_words(number, before)
            self._add_words(number, text)

    def forget(self, inspection: str) -> None:
        """Take an inspection off the list."""
        held = self._connection.execute(
            "SELECT n, words FROM listed WHERE inspection = ?", (inspection,)
        ).fetchone()
        if held is not None:
            self._drop_words(*held)
            self._connection.execute("DELETE FROM listed WHERE n = ?", (held[0],))

    def page(self, text: str, limit: int, offset: int = 0) -> tuple[Summary, ...]:
        """Return rows, latest opened first, that hold a word beginning with each word of `text`."""
        wanted = folded(text)
        if wanted:
            match = " ".join(f'"{word}"*' for word in wanted[:12])
            rows = self._connection.execute(
                "SELECT l.summary FROM listed_words AS w JOIN listed AS l ON l.n = w.rowid"
                " WHERE listed_words MATCH ? ORDER BY w.rowid DESC LIMIT ? OFFSET ?",
                (match, limit, offset),
            ).fetchall()
        elif text.strip():
            return ()
        else:
            rows = self._connection.execute(
                "SELECT summary FROM listed ORDER BY opened DESC, n DESC LIMIT ? OFFSET ?", (limit, offset)
            ).fetchall()
        return tuple(canonical.decode(doc, Summary) for (doc,) in rows)

    def missing(self) -> tuple[str, ...]:
        """Return inspections that have no row yet, as many as are worked out at once."""
        rows = self._connection.execute(
            "SELECT DISTINCT id FROM inspection WHERE id NOT IN (SELECT inspection FROM listed) LIMIT ?",
            (FILLED_AT_ONCE,),
        ).fetchall()
        return tuple(str(name) for (name,) in rows)

    def _add_words(self, number: int, text: str) -> None:
        self._connection.execute("INSERT INTO listed_words (rowid, words) VALUES (?, ?)", (number, text))

    def _drop_words(self, number: int, text: str) -> None:
        self._connection.execute(
            "INSERT INTO listed_words (listed_words, rowid, words) VALUES ('delete', ?, ?)", (number, text)
        )
