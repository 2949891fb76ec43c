"""A DELTA: what changed from one release to the next, and its application to an index in one transaction.

A line is `{"op", "key", "entry"}`: ADD and MOD carry the entry as it is now, DEL only the key. Promises:
either every change is in force or none is; a delta on another base is refused before anything is written;
afterwards the state of the index is the one headquarters signed, or everything is taken back. Ids are
given out once and never again, so what a delta brings is only ever written behind what is there.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from fieldapp import canonical
from fieldapp.errors import SituationError
from fieldapp.watchlist import buckets, keys, later, pages, schema, vocabulary
from fieldapp.watchlist.build import (
    meta_rows,
    names_of,
    read_sizes,
    rebuild_if_grown,
    size_of,
    word_keys,
    words_of,
)
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.frames import (
    Packed,
    ReleaseDamaged,
    ReleaseForeign,
    name_of,
    read_lines,
    write_lines,
)
from fieldapp.watchlist.identifier_keys import SUBSTANCE, keys_of_identifier
from fieldapp.watchlist.release import Header, ReleaseEmpty, add_to_state, line, open_release, take_from_state
from fieldapp.watchlist.rows import key_of, pack
from fieldapp.watchlist.schema import SIZE_CHUNK, Connection, Row, transaction
from fieldapp.watchlist.vocabulary import Vocabulary

FORMAT = "fieldapp-delta-1"


class WrongBase(SituationError):
    """The delta builds on another list than the one in force."""

    code = "release-wrong-base"


class DeltaHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a delta says about itself; `base_state` and `state` are those of the two releases."""

    base: int
    number: int
    name: str
    issued: datetime
    base_state: str
    state: str
    entries: int
    sha256_of_release: str
    format: str = FORMAT
    changes: int = 0
    sha256: str = ""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change; `entry` is what stands now, nothing when it was taken off."""

    op: Literal["ADD", "MOD", "DEL"]
    key: str
    entry: Entry | None = None


_header_of = msgspec.json.Decoder(DeltaHeader)
_change_of = msgspec.json.Decoder(Change)


def changes_between(old: Packed, new: Packed) -> Iterator[Change]:
    """Yield what leads from release `old` to release `new`; holds one hash an entry."""
    before = {entry.key: hashlib.sha256(line(entry)).digest() for entry in open_release(old)[1]}
    for entry in open_release(new)[1]:
        held = before.pop(entry.key, None)
        if held is None:
            yield Change("ADD", entry.key, entry)
        elif held != hashlib.sha256(line(entry)).digest():
            yield Change("MOD", entry.key, entry)
    for key in before:
        yield Change("DEL", key)


def write_delta(path: Path, old: Path, new: Path) -> DeltaHeader:
    """Write what leads from release `old` to release `new`."""
    was, now = open_release(old)[0], open_release(new)[0]
    digest, done = hashlib.sha256(), 0

    def body() -> Iterator[bytes]:
        nonlocal done
        for change in changes_between(old, new):
            raw = canonical.encode(change)
            digest.update(raw + b"\n")
            done += 1
            yield raw

    def header() -> DeltaHeader:
        return DeltaHeader(
            base=was.number,
            number=now.number,
            name=now.name,
            issued=now.issued,
            base_state=was.state,
            state=now.state,
            entries=now.entries,
            sha256_of_release=now.sha256,
            changes=done,
            sha256=digest.hexdigest(),
        )

    write_lines(path, body(), lambda: canonical.encode(header()), level=19)
    return header()


def open_delta(packed: Packed) -> tuple[DeltaHeader, Iterator[Change]]:
    """Return the header of a delta and an iterator that raises when anything about the file is wrong."""
    lines = read_lines(packed)
    try:
        header = _header_of.decode(next(lines))
    except (StopIteration, msgspec.DecodeError, ReleaseDamaged) as error:
        lines.close()
        raise ReleaseForeign(file=name_of(packed)) from error
    if header.format != FORMAT:
        lines.close()
        raise ReleaseForeign(file=name_of(packed))
    if header.entries < 1:
        lines.close()
        raise ReleaseEmpty(file=name_of(packed))
    return header, _changes(packed, header, lines)


def _changes(packed: Packed, header: DeltaHeader, lines: Iterator[bytes]) -> Iterator[Change]:
    digest, done = hashlib.sha256(), 0
    for raw in lines:
        done += 1
        digest.update(raw + b"\n")
        if done > header.changes:
            raise ReleaseDamaged(file=name_of(packed), reason="count", line=done + 1)
        try:
            change = _change_of.decode(raw)
        except msgspec.DecodeError as error:
            raise ReleaseDamaged(file=name_of(packed), reason="entry", line=done + 1) from error
        if (change.entry is None) != (change.op == "DEL"):
            raise ReleaseDamaged(file=name_of(packed), reason="entry", line=done + 1)
        yield change
    if done != header.changes or digest.hexdigest() != header.sha256:
        raise ReleaseDamaged(file=name_of(packed), reason="hash", line=done + 1)


def apply_delta(connection: Connection, packed: Packed) -> None:
    """Put a delta in force in one transaction. Open the `Index` anew afterwards.

    Raises WrongBase, ReleaseForeign, ReleaseEmpty or ReleaseDamaged; then the list in force is the old one.
    """
    header, changes = open_delta(packed)
    told = schema.told(connection) if schema.exists(connection) else {}
    if told.get("number") != str(header.base) or told.get("state") != header.base_state:
        raise WrongBase(file=name_of(packed), base=header.base, have=int(told.get("number", 0)))
    taken = list(changes)  # the whole file is read and proved before anything is written
    with transaction(connection):
        applied = _Application(connection, told)
        applied.take(packed, taken)
        if f"{applied.state:064x}" != header.state:
            raise ReleaseDamaged(file=name_of(packed), reason="state", line=0)
        applied.finish(header)
    rebuild_if_grown(connection)


class _Application:
    """The changes so far, and what they add to words, postings and sizes."""

    def __init__(self, connection: Connection, told: dict[str, str]) -> None:
        self.connection = connection
        self.state = int(told["state"], 16)
        self.names = int(told["names"])
        self.dead = int(told["dead"])
        self.first_name = self.names + 1
        self.was = read_sizes(connection)
        self.sizes = bytearray()
        self.vocabulary = Vocabulary(connection)
        self.gone: list[int] = []  # numbers of names
        self.gained: list[tuple[int, ...]] = []  # of each name that came, the ids of its words
        self.fresh: dict[str, int] = {}
        self.entities: list[tuple[int, int]] = []  # keys and numbers of entries that came

    def take(self, packed: Packed, changes: list[Change]) -> None:
        """Take changes in: first what goes, then what comes."""
        held = self._held({change.key for change in changes})
        gone: list[tuple[int, Entry]] = []
        for change in changes:
            old = held.pop(change.key, None)
            if (old is None) != (change.op == "ADD") or (change.entry and change.entry.key != change.key):
                raise ReleaseDamaged(file=name_of(packed), reason="base", line=0)
            if old is not None:
                gone.append(old)
        self._remove(gone)
        self._add([change.entry for change in changes if change.entry is not None])

    def _held(self, wanted: set[str]) -> dict[str, tuple[int, Entry]]:
        """Return the number and the entry of those of the keys `wanted` that are in force."""
        found = buckets.lookup(
            self.connection, "ek", {key_of(key) for key in wanted}, later.Later(self.connection, "ek")
        )
        alive = {number for _, number in found if self.was[number]}
        held = pages.entries_of(self.connection, alive)
        return {entry.key: (number, entry) for number, entry in held.values() if entry.key in wanted}

    def _remove(self, gone: list[tuple[int, Entry]]) -> None:
        self.gone = [number + at for number, entry in gone for at in range(len(entry.names))]
        for _, entry in gone:
            self.state = take_from_state(self.state, line(entry))
        self.dead += len(self.gone)
        self.connection.executemany(
            "DELETE FROM ident WHERE h = ? AND ent = ?",
            [
                (key, number)
                for number, entry in gone
                for identifier in entry.identifiers
                for key in keys_of_identifier(identifier)
            ],
        )

    def _add(self, entries: list[Entry]) -> None:
        entity_rows: list[tuple[int, bytes]] = []
        ident_rows: list[Row] = []
        told: list[tuple[str, ...]] = []
        for entry in entries:
            self.state = add_to_state(self.state, line(entry))
            number = self.names + 1
            self.entities.append((key_of(entry.key), number))
            entity_rows.append((number, pack(entry)))
            for name in names_of(entry):
                self.names += 1
                self.sizes.append(size_of(name))
                told.append(words_of(name))
            ident_rows += (
                (key, number, at)
                for at, identifier in enumerate(entry.identifiers)
                for key in keys_of_identifier(identifier)
            )
            if entry.kind == "substance":
                ident_rows.append((SUBSTANCE, number, 0))
        known = self.vocabulary.ids({word for words in told for word in words})
        for words in told:
            for word in words:
                if word not in known:
                    known[word] = self.fresh[word] = len(self.vocabulary) + len(self.fresh) + 1
            self.gained.append(tuple(known[word] for word in words))
        self.connection.executemany("INSERT INTO entity VALUES (?, ?)", pages.entry_pages(entity_rows))
        self.connection.executemany("INSERT OR IGNORE INTO ident VALUES (?, ?, ?)", ident_rows)

    def finish(self, header: DeltaHeader) -> None:
        """Write words, names, postings, pieces, sizes and the new header."""
        self._write_words()
        first, held = pages.tail_of(self.connection, self.first_name - 1)
        held += [array("I", words) for words in self.gained]
        self.connection.executemany(
            "INSERT OR REPLACE INTO name VALUES (?, ?)", pages.name_pages(first, held)
        )
        self._write_sizes()
        release = Header(
            number=header.number,
            name=header.name,
            issued=header.issued,
            entries=header.entries,
            state=header.state,
            sha256=header.sha256_of_release,
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", meta_rows(release, self.names, self.dead)
        )

    def _write_words(self) -> None:
        changed: Counter[int] = Counter()
        for words in pages.words_of_names(self.connection, self.gone).values():
            changed.subtract(words)
        for tokens in self.gained:
            changed.update(tokens)
        vocabulary.grow(self.connection, self.vocabulary, changed, list(self.fresh))
        later.append(
            self.connection,
            "post",
            (
                (token, number)
                for number, tokens in enumerate(self.gained, start=self.first_name)
                for token in tokens
            ),
        )
        fresh = self.fresh.items()
        later.append(
            self.connection, "tk", ((key, token) for word, token in fresh for key in word_keys(word))
        )
        later.append(
            self.connection, "gram", ((piece, token) for word, token in fresh for piece in keys.grams(word))
        )
        later.append(self.connection, "ek", self.entities)

    def _write_sizes(self) -> None:
        """Write what the new names weigh, and that those that went weigh nothing."""
        sizes = bytearray(self.was.tobytes()) + self.sizes
        for name in self.gone:
            sizes[name] = 0
        touched = {name // SIZE_CHUNK for name in (*self.gone, *range(len(self.was), len(sizes)))}
        self.connection.executemany(
            "INSERT OR REPLACE INTO size VALUES (?, ?)",
            [
                (chunk, bytes(sizes[chunk * SIZE_CHUNK : (chunk + 1) * SIZE_CHUNK]))
                for chunk in sorted(touched)
            ],
        )


def changed_keys(packed: Packed) -> Iterable[str]:
    """Return the keys of the entries a delta adds or changes: what past consignments are compared with."""
    return tuple(change.key for change in open_delta(packed)[1] if change.op != "DEL")
