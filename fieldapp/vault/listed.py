"""The list of inspections: one short row each, found by any of its words, however many there are.

Worked out from the table of inspections, so a lost row is filled again when a list is asked for. Words match
from their beginning, all of them; the latest opened comes first unless another order is asked for. What a
list is narrowed by lies apart in small numbers: all of it is a few megabytes at a hundred thousand rows.
"""

from datetime import UTC, date, datetime, time

import msgspec

from fieldapp import canonical
from fieldapp.consignment.assignment import LANES
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.summary import Summary, folded, summarise, words
from fieldapp.inspection.wanted import DAY, Order, Wanted, clock_limit, due_limit
from fieldapp.screening.verdict import WORDS
from fieldapp.vault.connection import Connection

FILLED_AT_ONCE = 500  # inspections worked out for one list, so that no list waits for all of them
COUNTED = 1000  # a count goes no further: nobody reads on, and the machine would
_TIES = 1024  # inspections opened in one second before the next second's numbers are used
_MARK = "§"  # no word of a person holds it
_STATES = ("draft", "sealed", "returned", "approved")
_ORDERS: dict[Order, str] = {
    "latest": "f.n DESC",
    "oldest": "f.n",
    "due": "f.due IS NULL, f.due, f.n DESC",
    "clock": "f.clock IS NULL, f.clock, f.n DESC",
    "gravest": "f.verdict, f.n DESC",
}


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many inspections stand how: what a person should see without looking for it."""

    drafts: int = 0
    returned: int = 0
    second: int = 0
    held: int = 0
    clocks_soon: int = 0
    clocks_overdue: int = 0
    due_today: int = 0
    overdue: int = 0


class Listed:
    """The tables `listed`, `listed_facet`, `listed_site` and `listed_words`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, inspection: Inspection, *, earlier: bool = False) -> None:
        """Keep the row of the newest revision; the words only where they changed.

        Of one of an `earlier` laptop nothing is left to be done here, so it counts nowhere.
        """
        row = summarise(inspection)
        if earlier:
            row = msgspec.structs.replace(row, earlier=True, clock=None, holds=0, second=False)
        text = " ".join((words(inspection), *_marks(row)))
        digest = bytes.fromhex(canonical.sha256(text.encode()))
        held = self._connection.execute(
            "SELECT n, words FROM listed WHERE inspection = ?", (inspection.id,)
        ).fetchone()
        number = self._free(row.opened) if held is None else int(held[0])
        self._connection.execute(
            "INSERT INTO listed (n, inspection, summary, words) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (n) DO UPDATE SET summary = excluded.summary, words = excluded.words",
            (number, inspection.id, canonical.encode(row), digest),
        )
        self._put_facets(number, row)
        if held is None or bytes(held[1]) != digest:
            self._connection.execute(
                "INSERT OR REPLACE INTO listed_words (rowid, words) VALUES (?, ?)", (number, text)
            )

    def _put_facets(self, number: int, row: Summary) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO listed_facet"
            " (n, state, verdict, lane, site, due, clock, holds, samples, second)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                _STATES.index(row.state),
                WORDS.index(row.verdict),
                LANES.index(row.lane) + 1 if row.lane else 0,
                self._site(row.site),
                _seconds(row.due),
                _seconds(row.clock),
                row.holds,
                row.samples,
                row.second,
            ),
        )

    def _free(self, opened: datetime) -> int:
        """Return a number no row has, in the order of opening."""
        first = _number(opened)
        row = self._connection.execute(
            "SELECT max(n) FROM listed WHERE n >= ? AND n < ?", (first, first + _TIES)
        ).fetchone()
        number = first if row[0] is None else int(row[0]) + 1
        while self._connection.execute("SELECT 1 FROM listed WHERE n = ?", (number,)).fetchone():
            number += 1
        return number

    def _site(self, site: str) -> int:
        row = self._connection.execute("SELECT n FROM listed_site WHERE site = ?", (site,)).fetchone()
        if row is None:
            row = self._connection.execute(
                "INSERT INTO listed_site (site) VALUES (?) RETURNING n", (site,)
            ).fetchone()
        return int(row[0])

    def forget(self, inspection: str) -> None:
        """Take an inspection off the list."""
        held = self._connection.execute("SELECT n FROM listed WHERE inspection = ?", (inspection,)).fetchone()
        if held is not None:
            self._connection.execute("DELETE FROM listed_words WHERE rowid = ?", held)
            self._connection.execute("DELETE FROM listed_facet WHERE n = ?", held)
            self._connection.execute("DELETE FROM listed WHERE n = ?", held)

    def page(
        self, text: str, wanted: Wanted, now: datetime, limit: int, offset: int = 0
    ) -> tuple[Summary, ...]:
        """Return rows that are wanted at `now` and hold a word beginning with each word of `text`."""
        sql, values = self._query(text, wanted, now)
        if not sql:
            return ()
        order = _ORDERS[wanted.order]
        if folded(text):  # the index of words yields its rows in this order by itself, and stops when told
            order = order.replace("f.n", "w.rowid")
        found = self._connection.execute(
            f"SELECT f.n FROM {sql} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608 - made of pieces of ours
            (*values, limit, offset),
        ).fetchall()
        one = "SELECT summary FROM listed WHERE n = ?"
        return tuple(
            canonical.decode(self._connection.execute(one, number).fetchone()[0], Summary) for number in found
        )

    def count(self, text: str, wanted: Wanted, now: datetime) -> int:
        """Return how many rows such a list has, and no more than `COUNTED`."""
        sql, values = self._query(text, wanted, now)
        if not sql:
            return 0
        row = self._connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {sql} LIMIT ?)",  # noqa: S608 - as above
            (*values, COUNTED),
        ).fetchone()
        return int(row[0])

    def _query(self, text: str, wanted: Wanted, now: datetime) -> tuple[str, tuple[object, ...]]:
        """Return what stands behind FROM, and its values; "" for words of nothing that can be looked for."""
        looked = folded(text)
        if text.strip() and not looked:
            return "", ()
        conditions, values = _timed(wanted, now)
        tables = "listed_facet AS f"
        if looked:
            tables = "listed_words AS w CROSS JOIN listed_facet AS f ON f.n = w.rowid"
            conditions.insert(0, "listed_words MATCH ?")
            asked = [f'"{word}"*' for word in looked[:12]]
            values.insert(0, " ".join(asked + [f'"{mark}"' for mark in _wanted_marks(wanted)]))
        else:
            more = _plain(wanted)
            conditions += [condition for condition, _value in more]
            values += [value for _condition, value in more]
        if wanted.site:
            conditions.append("f.site = (SELECT n FROM listed_site WHERE site = ?)")
            values.append(wanted.site)
        return tables + (f" WHERE {' AND '.join(conditions)}" if conditions else ""), tuple(values)

    def tally(self, now: datetime) -> Tally:
        """Return how many stand how at `now`."""
        soon, today, late = clock_limit("soon", now), due_limit("today", now), _seconds(now)
        row = self._connection.execute(
            "SELECT total(state = 0), total(state = 2), total(second), total(holds > 0),"
            " total(clock < ?), total(clock < ?), total(due < ?), total(due < ?) FROM listed_facet",
            (_seconds(soon), late, _seconds(today), late),
        ).fetchone()
        return Tally(**dict(zip(Tally.__struct_fields__, (int(value) for value in row), strict=True)))

    def sites(self) -> tuple[str, ...]:
        """Return the sites there are inspections of."""
        rows = self._connection.execute("SELECT site FROM listed_site ORDER BY site LIMIT 200").fetchall()
        return tuple(str(site) for (site,) in rows)

    def missing(self) -> tuple[str, ...]:
        """Return inspections that have no row yet, as many as are worked out at once."""
        rows = self._connection.execute(
            "SELECT DISTINCT id FROM inspection INDEXED BY inspection_opened"  # not the documents
            " WHERE id NOT IN (SELECT inspection FROM listed) LIMIT ?",
            (FILLED_AT_ONCE,),
        ).fetchall()
        return tuple(str(name) for (name,) in rows)


def _marks(row: Summary) -> tuple[str, ...]:
    """Return what lists are narrowed by as words nobody can type, so that one index finds both together."""
    flags = (("hold", row.holds), ("sample", row.samples), ("second", row.second))
    return (
        *(_mark(word) for word in (row.state, row.verdict, row.lane) if word),
        *(_mark(f"with{name}") for name, count in flags if count),
    )


def _wanted_marks(wanted: Wanted) -> tuple[str, ...]:
    flags = (("hold", wanted.hold), ("sample", wanted.sample), ("second", wanted.second))
    return (
        *(_mark(word) for word in (wanted.state, wanted.verdict, wanted.lane) if word),
        *(_mark(f"with{name}") for name, wished in flags if wished),
    )


def _mark(word: str) -> str:
    return _MARK + word.replace("_", "")  # one word to the index


def _plain(wanted: Wanted) -> list[tuple[str, object]]:
    """Return the conditions that marks stand for, where no words are looked for."""
    asked: tuple[tuple[bool, str, object], ...] = (
        (bool(wanted.state), "f.state = ?", _STATES.index(wanted.state) if wanted.state else 0),
        (bool(wanted.verdict), "f.verdict = ?", WORDS.index(wanted.verdict) if wanted.verdict else 0),
        (bool(wanted.lane), "f.lane = ?", LANES.index(wanted.lane) + 1 if wanted.lane else 0),
        (wanted.hold, "f.holds > ?", 0),
        (wanted.sample, "f.samples > ?", 0),
        (wanted.second, "f.second > ?", 0),
    )
    return [(condition, value) for wished, condition, value in asked if wished]


def _timed(wanted: Wanted, now: datetime) -> tuple[list[str], list[object]]:
    """Return the conditions that depend on a day or on the moment of asking, and their values."""
    first, last = wanted.opened_from, wanted.opened_to
    given: list[tuple[str, object]] = []
    if first is not None:
        given.append(("f.n >= ?", _number(_midnight(first))))
    if last is not None:
        given.append(("f.n < ?", _number(_midnight(last) + DAY)))
    for column, limit in (
        ("due", due_limit(wanted.due, now)),
        ("clock", clock_limit(wanted.clock, now)),
    ):
        if limit is not None:
            given.append((f"f.{column} < ?", _seconds(limit)))
    return [condition for condition, _value in given], [value for _condition, value in given]


def _seconds(moment: datetime | None) -> int | None:
    """Return a moment as whole seconds since 1970, rounded up: nothing is late before its time."""
    return None if moment is None else -int(-moment.timestamp() // 1)


def _number(opened: datetime) -> int:
    return int(opened.timestamp()) * _TIES


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
