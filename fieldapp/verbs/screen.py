"""`screen --watchlist RELEASE --jsonl`: parties, identifiers, goods texts and domains against a release.

Without `--index` the release is built into an encrypted index under a key nobody keeps, gone at the end;
`--index PATH` names one to keep, with its key beside it in `PATH.key` for this user's eyes.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

from fieldapp import text
from fieldapp.screening.hit import BANDS, Hit
from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Kind, Subject, require_something
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import Connection, open_index
from fieldapp.verbs.lines import FieldMissing, answer_lines, text_of, texts_of
from fieldapp.watchlist import index, release
from fieldapp.watchlist.index import Index


def subject_of(row: dict[str, Any]) -> Subject:
    """Read one line as a subject; one text or a list is accepted for countries and identifiers."""
    kind = text_of(row, "kind", "party")
    entity = text_of(row, "entity", "")
    if kind in ("person", "company", "vessel"):  # as `compare` says it
        kind, entity = "party", entity or kind
    if kind not in get_args(Kind):
        raise FieldMissing(name="kind", allowed=", ".join(get_args(Kind)))
    return Subject(
        kind=kind,  # type: ignore[arg-type]  # just checked
        name=text_of(row, "name"),
        role=text_of(row, "role", ""),
        countries=tuple(item.lower() for item in (*texts_of(row, "countries"), *texts_of(row, "country"))),
        birth_date=text_of(row, "birth_date", ""),
        identifiers=texts_of(row, "identifiers"),
        entity=entity if entity in ("person", "company", "vessel") else "",  # type: ignore[arg-type]
    )  # fmt: skip


def shown(hit: Hit, language: str) -> dict[str, Any]:
    """Return a hit as the contract shows it."""
    return {
        "entry": hit.entry,
        "listed_name": hit.listed_name,
        "score": hit.score,
        "band": hit.band,
        "source": hit.source,
        "programme": hit.programme,
        "reasons": [
            {
                "code": reason.code,
                "facts": reason.facts,
                "text": text.explain(f"reason.{reason.code}", language, reason.facts),
            }
            for reason in hit.reasons
        ],
    }


def answerer(opened: Index, language: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what answers one line."""
    held = opened.state
    state = ListState(number=held.number, name=held.name, issued=held.issued, entries=held.entries)

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        subject = subject_of(row)
        require_something(subject)
        started = perf_counter()
        hits = screen(subject, opened, state)
        spent = (perf_counter() - started) * 1000
        band = min((hit.band for hit in hits), key=BANDS.index, default="none")
        return {"band": band, "matches": [shown(hit, language) for hit in hits], "ms": round(spent, 2)}

    return answer


def _kept_key(path: Path) -> bytes:
    place = path.with_name(path.name + ".key")
    if not place.exists():
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(32))
    return place.read_bytes()


def open_for(watchlist: Path, cached: Path | None, folder: Path) -> Connection:
    """Return an open index that holds `watchlist`, building it where it is not yet."""
    key = _kept_key(cached) if cached else os.urandom(32)
    connection = open_index(cached or folder / "index.db", key)
    if index.state_of(connection).state != release.read_header(watchlist).state:
        index.build(connection, watchlist)
    return connection


def main(arguments: list[str]) -> int:
    """Screen every line."""
    parser = argparse.ArgumentParser(
        prog="fieldapp screen", description="Compare names, numbers and goods with a watchlist."
    )
    parser.add_argument("--watchlist", required=True, type=Path, metavar="RELEASE")
    parser.add_argument("--jsonl", action="store_true", required=True)
    parser.add_argument("--index", type=Path, metavar="PATH", help="keep the index here")
    parser.add_argument("--language", choices=text.LANGUAGES, default="en")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fieldapp-") as folder:
        connection = open_for(given.watchlist, given.index, Path(folder))
        try:
            return answer_lines(answerer(Index(connection), given.language))
        finally:
            connection.close()
