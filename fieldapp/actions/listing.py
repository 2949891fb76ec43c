"""Looking into the watchlist: entries as you type, and one entry with all that its publisher says.

Runs in the screening process and records nothing. A row is one entry, however many of its names come near;
it says which of them did. What is typed may be a number, a domain or an address as well as a name.
"""

from time import perf_counter
from typing import TYPE_CHECKING, Literal

import msgspec

from fieldapp.actions.rooms import Screener
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import VaultDamaged, known_errors
from fieldapp.watchlist.entry import Entry, EntryKind, Quality

if TYPE_CHECKING:  # loads numpy, which only the screening process needs
    from fieldapp.watchlist.index import Index

MOST = 20  # rows
LONGEST = 200  # characters of a query


class Suggest(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the entries nearest to what was typed so far."""

    text: str


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in a list of answers: its first name, and the name or number that came near.

    `quality` is of the name that came near, "" when a number did; `how` is "name" or the way a number agrees.
    """

    key: str
    kind: EntryKind
    name: str
    met: str
    quality: Quality | Literal[""] = ""
    how: str = "name"
    source: str = ""
    programme: str = ""
    countries: tuple[str, ...] = ()


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, nearest first, for `text`; the list they stand in and the milliseconds it took."""

    text: str
    rows: tuple[Listed, ...] = ()
    watchlist: ListState = ListState()
    ms: float = 0.0


class ShowEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for an entry by its key, `source:id`."""

    key: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The entry as it stands in the list in use; None when it stands there no more."""

    key: str
    entry: Entry | None
    watchlist: ListState


def suggest(screener: Screener, command: Suggest) -> Suggestions:
    """Return the entries nearest to the text: by a number or address first, then by name."""
    started = perf_counter()
    text = command.text.strip()[:LONGEST]
    try:
        with known_errors():
            index, used = screener.index(), screener.state()
            rows = _rows(index, text) if index is not None else ()
    except VaultDamaged:
        screener.discard()
        rows, used = (), ListState()
    return Suggestions(
        text=command.text, rows=rows, watchlist=used, ms=round((perf_counter() - started) * 1000, 1)
    )


def _rows(index: "Index", text: str) -> tuple[Listed, ...]:
    from fieldapp.watchlist.identifier_keys import domain_query_keys, query_keys

    wanted = {key: how for key, how in query_keys(text).items() if how != "near"}
    wanted.update(domain_query_keys(text))
    found: dict[str, Listed] = {}
    for number in index.identifiers(wanted)[:MOST]:
        found.setdefault(
            number.entry.key, _row(number.entry, number.entry.identifiers[number.at].value, how=number.how)
        )
    for near in index.suggest(text, MOST):
        met = near.entry.names[near.at]
        found.setdefault(near.entry.key, _row(near.entry, met.text, quality=met.quality))
    return tuple(found.values())[:MOST]


def _row(entry: Entry, met: str, *, quality: Quality | Literal[""] = "", how: str = "name") -> Listed:
    return Listed(
        key=entry.key,
        kind=entry.kind,
        name=entry.primary,
        met=met,
        quality=quality,
        how=how,
        source=entry.source,
        programme=entry.programme,
        countries=entry.countries,
    )


def show_entry(screener: Screener, command: ShowEntry) -> Shown:
    """Return the entry with everything the list says of it."""
    try:
        with known_errors():
            index, used = screener.index(), screener.state()
            found = index.entry(command.key) if index is not None else None
    except VaultDamaged:
        screener.discard()
        found, used = None, ListState()
    return Shown(key=command.key, entry=found, watchlist=used)
