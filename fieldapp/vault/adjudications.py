"""Judgements that outlive their inspection, and what later lists would have hit, as tables."""

from collections.abc import Iterable

import msgspec

from fieldapp import canonical
from fieldapp.screening.hit import Adjudication, Hit
from fieldapp.screening.memory import Recall, Remembered, pair_of, recall
from fieldapp.vault.connection import Connection


class Adjudications:
    """The table `adjudication`: the last judgement of each pair of subject and listed entry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, hit: Hit, judgement: Adjudication, inspection: str) -> None:
        """Remember `judgement` of `hit`, given in the inspection of that number; an older one goes."""
        doc = Remembered(hit=hit, judgement=judgement, inspection=inspection)
        self._connection.execute(
            "INSERT INTO adjudication (hit, entry, doc, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (hit) DO UPDATE SET doc = excluded.doc, at = excluded.at",
            (hit.id, pair_of(hit), canonical.encode(doc), judgement.at),
        )

    def recalled(self, hits: Iterable[Hit]) -> dict[str, Recall]:
        """Return what earlier judgements mean for `hits`, by the hit's id; hits never judged are absent."""
        asked = {hit.id: hit for hit in hits}
        wanted = canonical.encode(sorted({pair_of(hit) for hit in asked.values()})).decode()
        rows = self._connection.execute(
            "SELECT entry, doc FROM adjudication WHERE entry IN (SELECT value FROM json_each(?))"
            " ORDER BY at DESC, hit",
            (wanted,),
        ).fetchall()
        of_entry: dict[str, list[Remembered]] = {}
        for entry, doc in rows:
            of_entry.setdefault(entry, []).append(canonical.decode(doc, Remembered))
        found = {key: recall(hit, of_entry.get(pair_of(hit), ())) for key, hit in asked.items()}
        return {key: recalled for key, recalled in found.items() if recalled is not None}


class LaterHit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit that the list number `release` makes on what an inspection had screened before it."""

    inspection: str
    hit: Hit
    release: int
    at: str


class LaterHits:
    """The table `later_hit`. A row stays; whether it still waits for a person is worked out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, later: LaterHit) -> bool:
        """Keep a hit; False when it was known."""
        done = self._connection.execute(
            "INSERT INTO later_hit (inspection, hit, doc) VALUES (?, ?, ?)"
            " ON CONFLICT (inspection, hit) DO NOTHING",
            (later.inspection, later.hit.id, canonical.encode(later)),
        )
        return done.rowcount == 1

    def of(self, inspection: str = "") -> tuple[LaterHit, ...]:
        """Return the hits of one inspection, of all when "" is asked for, latest inspection first."""
        rows = self._connection.execute(
            "SELECT doc FROM later_hit WHERE inspection = ? OR ? = '' ORDER BY inspection DESC, hit",
            (inspection, inspection),
        ).fetchall()
        return tuple(canonical.decode(doc, LaterHit) for (doc,) in rows)
