"""A RELEASE: every entry of the watchlist in one zstd JSON-lines file with a header.

The first zstd frame holds the header line, the second one entry a line. The header carries the number
of entries and the SHA-256 of the entries' bytes, so a file that is cut, damaged or changed is refused
whole. Decompression is bounded: 64 KiB a line, 128 MiB of window, and never more lines than the header
announces. `state` is the sum of the SHA-256 of every line modulo 2^256: it does not depend on order, so
a laptop that applied deltas can compare what it holds with what headquarters signed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.watchlist.entry import LINE_LIMIT, Entry
from fieldapp.watchlist.frames import (
    Packed,
    ReleaseDamaged,
    ReleaseForeign,
    name_of,
    read_lines,
    write_lines,
)

FORMAT = "fieldapp-release-1"
_MODULUS = 2**256

Progress = Callable[[int, int], None]  # entries done, entries in all (0 while unknown)


class ReleaseEmpty(InspectorError):
    """A list without an entry: whoever screens against it is told "no match" about everybody."""

    code = "release-empty"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One publisher's part in a release: its name, how many entries, when published if it says so."""

    source: str
    entries: int
    published: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a release says about itself. `number` grows with every release; `issued` is UTC."""

    number: int
    name: str
    issued: datetime
    format: str = FORMAT
    sources: tuple[Source, ...] = ()
    entries: int = 0
    sha256: str = ""
    state: str = ""


_line_of = msgspec.json.Encoder(order="deterministic").encode
_header_of = msgspec.json.Decoder(Header)
_entry_of = msgspec.json.Decoder(Entry)


def line(entry: Entry) -> bytes:
    """Return the canonical line of `entry`, without its newline."""
    return _line_of(entry)


def add_to_state(state: int, raw: bytes) -> int:
    """Return `state` with the line `raw` in it; `take_from_state` undoes it."""
    return (state + int.from_bytes(hashlib.sha256(raw).digest(), "big")) % _MODULUS


def take_from_state(state: int, raw: bytes) -> int:
    """Return `state` without the line `raw`."""
    return (state - int.from_bytes(hashlib.sha256(raw).digest(), "big")) % _MODULUS


def write_release(
    path: Path, header: Header, entries: Iterable[Entry], progress: Progress | None = None
) -> Header:
    """Write `entries` to `path` and return the header with counts and hashes filled in.

    Entries are read once and never held together. If reading them fails, nothing is left at `path`.
    An entry too long for a line loses remarks first, then addresses; names are never cut. Raises
    ReleaseEmpty when there is no entry at all; then too nothing is left.
    """
    counts: dict[str, int] = {}
    digest, state, done = hashlib.sha256(), 0, 0

    def body() -> Iterator[bytes]:
        nonlocal state, done
        for entry in entries:
            raw = fitting_line(entry)
            digest.update(raw + b"\n")
            state = add_to_state(state, raw)
            counts[entry.source] = counts.get(entry.source, 0) + 1
            done += 1
            if progress is not None and done % 2000 == 0:
                progress(done, 0)
            yield raw
        if not done:
            raise ReleaseEmpty(file=path.name)

    def full() -> Header:
        published = {source.source: source.published for source in header.sources}
        return msgspec.structs.replace(
            header,
            format=FORMAT,
            entries=done,
            sha256=digest.hexdigest(),
            state=f"{state:064x}",
            sources=tuple(
                Source(source=name, entries=count, published=published.get(name, ""))
                for name, count in sorted(counts.items())
            ),
        )

    write_lines(path, body(), lambda: canonical.encode(full()))
    if progress is not None:
        progress(done, done)
    return full()


def open_release(packed: Packed) -> tuple[Header, Iterator[Entry]]:
    """Return the header of the release at `packed` and an iterator over its entries.

    The iterator raises `ReleaseDamaged` at the first thing wrong and at the latest at the end, when count
    and hash are compared: whoever reads keeps nothing until it is exhausted. Raises ReleaseForeign, and
    ReleaseEmpty for a list that says it has no entries.
    """
    lines = read_lines(packed)
    try:
        first = next(lines)
        header = _header_of.decode(first)
    except (StopIteration, msgspec.DecodeError, ReleaseDamaged) as error:
        lines.close()
        raise ReleaseForeign(file=name_of(packed)) from error
    if header.format != FORMAT:
        lines.close()
        raise ReleaseForeign(file=name_of(packed))
    if header.entries < 1:
        lines.close()
        raise ReleaseEmpty(file=name_of(packed))
    return header, _entries(packed, header, lines)


def read_header(packed: Packed) -> Header:
    """Return the header alone, without proof that the rest of the file is whole."""
    header, entries = open_release(packed)
    del entries
    return header


def _entries(packed: Packed, header: Header, lines: Iterator[bytes]) -> Iterator[Entry]:
    digest, state, done = hashlib.sha256(), 0, 0
    for raw in lines:
        done += 1
        if done > header.entries:
            raise ReleaseDamaged(file=name_of(packed), reason="count", line=done + 1)
        digest.update(raw + b"\n")
        state = add_to_state(state, raw)
        try:
            entry = _entry_of.decode(raw)
        except msgspec.DecodeError as error:
            raise ReleaseDamaged(file=name_of(packed), reason="entry", line=done + 1) from error
        if not entry.names:
            raise ReleaseDamaged(file=name_of(packed), reason="entry", line=done + 1)
        yield entry
    if done != header.entries or digest.hexdigest() != header.sha256 or f"{state:064x}" != header.state:
        raise ReleaseDamaged(file=name_of(packed), reason="hash", line=done + 1)


def fitting_line(entry: Entry) -> bytes:
    """Return the line of `entry`, shortened where it would be too long; names are never cut."""
    raw = line(entry)
    if len(raw) > LINE_LIMIT:
        raw = line(msgspec.structs.replace(entry, remarks=""))
    if len(raw) > LINE_LIMIT:
        raw = line(msgspec.structs.replace(entry, remarks="", addresses=()))
    if len(raw) > LINE_LIMIT:
        raise ReleaseDamaged(file="", reason="line", line=0)
    return raw


__all__ = [
    "FORMAT",
    "Header",
    "Packed",
    "Progress",
    "ReleaseDamaged",
    "ReleaseEmpty",
    "ReleaseForeign",
    "Source",
    "add_to_state",
    "fitting_line",
    "line",
    "open_release",
    "read_header",
    "take_from_state",
    "write_release",
]
