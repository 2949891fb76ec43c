"""A DELTA: what changed from one release to the next, and its application to an index in one transaction.

A line is `{"op", "key", "entry"}`: ADD and MOD carry the entry as it is now, DEL only the key. Promises:
either every change is in force or none is; a delta on another base is refused before anything is written;
afterwards the state of the index is the one headquarters signed, or everything is taken back. Ids are
given out once and never again, so postings are only ever appended to.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from fieldapp import canonical
from fieldapp.errors import SituationError
from fieldapp.watchlist import buckets, keys, schema, vocabulary
from fieldapp.watchlist.build import meta_rows, names_of, size_of, word_keys, words_of
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.frames import (
    Packed,
    ReleaseDamaged,
    ReleaseForeign,
    name_of,
    read_lines,
    write_lines,
)
from fieldapp.watchlist.identifier_keys import keys_of_identifier
from fieldapp.watchlist.release import Header, ReleaseEmpty, add_to_state, line, open_release, take_from_state
from fieldapp.watchlist.rows import key_of, pack, unpack
from fieldapp.watchlist.schema import CHUNK, SIZE_CHUNK, Connection, Row, transaction
from fieldapp.watchlist.vocabulary import Vocabulary

FORMAT = "fieldapp-delta-1"
_BATCH = 20_000


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
    told = {}
    if schema.exists(connection):
        told = dict(connection.execute("SELECT k, v FROM meta").fetchall())
    if told.get("number") != str(header.base) or told.get("state") != header.base_state:
        raise WrongBase(file=name_of(packed), base=header.base, have=int(told.get("number", 0)))
    taken = list(changes)  # the whole file is read and proved before anything is written
    with transaction(connection):
        applied = _Application(connection, told)
        for start in range(0, len(taken), _BATCH):
            applied.take(packed, taken[start : start + _BATCH])
        if f"{applied.state:064x}" != header.state:
            raise ReleaseDamaged(file=name_of(packed), reason="state", line=0)
        applied.finish(header)


class _Application:
    """The changes so far, and what they add to words, postings and sizes."""

    def __init__(self, connection: Connection, told: dict[str, str]) -> None:
        self.connection = connection
        self.state = int(told["state"], 16)
        self.names = int(told["names"])
        self.dead = int(told["dead"])
        self.first_name = self.names + 1
        self.sizes = bytearray()
        self.gained: dict[str, array[int]] = {}
        self.lost: dict[str, int] = {}
        row = connection.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()
        self.entities = int(row[0])

    def take(self, packed: Packed, changes: list[Change]) -> None:
        """Take changes in: first what goes, then what comes."""
        held = {
            number: (entity, first, unpack(body))
            for number, entity, first, body in schema.rows(
                self.connection,
                "SELECT key, id, first, body FROM entity WHERE key IN (SELECT value FROM json_each(?))",
                {key_of(change.key) for change in changes},
            )
        }
        gone: list[tuple[int, int, Entry]] = []
        for change in changes:
            old = held.pop(key_of(change.key), None)
            if (old is None) != (change.op == "ADD") or (change.entry and change.entry.key != change.key):
                raise ReleaseDamaged(file=name_of(packed), reason="base", line=0)
            if old is not None:
                gone.append(old)
        self._remove(gone)
        self._add([change.entry for change in changes if change.entry is not None])

    def _remove(self, gone: list[tuple[int, int, Entry]]) -> None:
        names = [first + at for _, first, entry in gone for at in range(len(entry.names))]
        for (norm,) in schema.rows(
            self.connection, "SELECT norm FROM name WHERE id IN (SELECT value FROM json_each(?))", names
        ):
            for word in norm.split():
                self.lost[word] = self.lost.get(word, 0) + 1
        for _, _, entry in gone:
            self.state = take_from_state(self.state, line(entry))
        self.dead += len(names)
        self.connection.executemany("DELETE FROM name WHERE id = ?", [(name,) for name in names])
        self.connection.executemany(
            "DELETE FROM ident WHERE h = ? AND ent = ?",
            [
                (key, entity)
                for entity, _, entry in gone
                for identifier in entry.identifiers
                for key in keys_of_identifier(identifier)
            ],
        )
        self.connection.executemany("DELETE FROM entity WHERE id = ?", [(entity,) for entity, _, _ in gone])

    def _add(self, entries: list[Entry]) -> None:
        entity_rows: list[Row] = []
        name_rows: list[Row] = []
        ident_rows: list[Row] = []
        for entry in entries:
            self.state = add_to_state(self.state, line(entry))
            self.entities += 1
            entity_rows.append((self.entities, key_of(entry.key), self.names + 1, pack(entry)))
            for name in names_of(entry):
                self.names += 1
                words = words_of(name)
                name_rows.append((self.names, self.entities, " ".join(words)))
                self.sizes.append(size_of(name))
                for word in words:
                    self.gained.setdefault(word, array("I")).append(self.names)
            ident_rows += (
                (key, self.entities, at)
                for at, identifier in enumerate(entry.identifiers)
                for key in keys_of_identifier(identifier)
            )
        self.connection.executemany("INSERT INTO entity VALUES (?, ?, ?, ?)", entity_rows)
        self.connection.executemany("INSERT INTO name VALUES (?, ?, ?)", name_rows)
        self.connection.executemany("INSERT OR IGNORE INTO ident VALUES (?, ?, ?)", ident_rows)

    def finish(self, header: DeltaHeader) -> None:
        """Write words, postings, pieces, sizes and the new header."""
        touched = set(self.gained) | set(self.lost)
        held = Vocabulary(self.connection)
        known = held.ids(touched)
        words = sorted(touched - known.keys())
        fresh = {word: len(held) + at for at, word in enumerate(words, start=1)}
        known |= fresh
        changed = {
            token: len(self.gained.get(word, ())) - self.lost.get(word, 0) for word, token in known.items()
        }
        vocabulary.grow(self.connection, held, changed, words)
        pairs = [(key, token) for word, token in fresh.items() for key in word_keys(word)]
        buckets.add(self.connection, (key for key, _ in pairs), (token for _, token in pairs))
        _append(self.connection, "post", {known[word]: ids for word, ids in self.gained.items()})
        pieces: dict[int, array[int]] = {}
        for word, token in fresh.items():
            for piece in keys.grams(word):
                pieces.setdefault(piece, array("I")).append(token)
        _append(self.connection, "gram", pieces)
        self._append_sizes()
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

    def _append_sizes(self) -> None:
        at = self.first_name
        rest = bytes(self.sizes)
        while rest:
            chunk, within = divmod(at, SIZE_CHUNK)
            row = self.connection.execute("SELECT weights FROM size WHERE chunk = ?", (chunk,)).fetchone()
            part = rest[: SIZE_CHUNK - within]
            self.connection.execute(
                "INSERT OR REPLACE INTO size VALUES (?, ?)", (chunk, (row[0] if row else b"") + part)
            )
            at, rest = at + len(part), rest[len(part) :]


_TAIL = {
    "post": "SELECT tok, max(chunk), ids FROM post WHERE tok IN (SELECT value FROM json_each(?))"
    " GROUP BY tok",
    "gram": "SELECT g, max(chunk), ids FROM gram WHERE g IN (SELECT value FROM json_each(?)) GROUP BY g",
}
_PUT = {
    "post": "INSERT OR REPLACE INTO post VALUES (?, ?, ?)",
    "gram": "INSERT OR REPLACE INTO gram VALUES (?, ?, ?)",
}


def _append(connection: Connection, table: Literal["post", "gram"], added: dict[int, "array[int]"]) -> None:
    """Append ids behind the last ones of each owner, filling the last blob before a new one begins."""
    tails = {owner: (chunk, ids) for owner, chunk, ids in schema.rows(connection, _TAIL[table], added)}
    rows: list[Row] = []
    for owner, ids in added.items():
        chunk, held = tails.get(owner, (0, b""))
        joined = array("I")
        joined.frombytes(held)
        joined.extend(ids)
        rows += (
            (owner, chunk + start // CHUNK, joined[start : start + CHUNK].tobytes())
            for start in range(0, len(joined), CHUNK)
        )
    connection.executemany(_PUT[table], rows)


def changed_keys(packed: Packed) -> Iterable[str]:
    """Return the keys of the entries a delta adds or changes: what past consignments are compared with."""
    return tuple(change.key for change in open_delta(packed)[1] if change.op != "DEL")
