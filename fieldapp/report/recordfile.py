r"""A sealed record as a file (`.fieldrecord`), and where it lies inside a report.

    b"FIELDRECORD1\n" | u32 length, big-endian | zlib(msgpack of SealedRecord)

The same bytes are attached to every report, neither compressed nor encoded again, so that a check finds
them without trusting a PDF library: exactly one must be there. Refuses: more than 64 MiB once unpacked, and
a record with a number over 64 bits or a time without a zone or outside 1970 to 9998, which no vault seals
and nothing could print.
"""

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from fieldapp import ledger
from fieldapp.enrolment import Statement
from fieldapp.errors import InspectorError
from fieldapp.inspection import record as records
from fieldapp.inspection.record import Record
from fieldapp.report.paper import ReportInput

MAGIC = b"FIELDRECORD1\n"
SUFFIX = ".fieldrecord"
_LIMIT = 64 * 1024 * 1024
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


class RecordFileUnreadable(InspectorError):
    """Not a sealed record file, or not a whole one; `why` is missing, several, cut-short or content."""

    code = "record-file-unreadable"


class SealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger entry with what shows whose it is: the vault's certificate and headquarters' keys.

    `history` (ids of earlier records) and `paper_code` are what a report needs besides, so that it can be
    made from this file alone, without photos.
    """

    entry: ledger.Entry
    certificate: Statement | None = None
    keys: Statement | None = None
    history: tuple[str, ...] = ()
    paper_code: str = ""


def of_input(given: ReportInput) -> SealedRecord:
    """Return the sealed record of what a report is made of."""
    return SealedRecord(
        entry=given.entry,
        certificate=given.certificate,
        keys=given.keys,
        history=given.history,
        paper_code=given.paper_code,
    )


def as_input(sealed: SealedRecord, photos: dict[str, bytes]) -> ReportInput:
    """Return what a report is made of, with the photos at hand by evidence id."""
    return ReportInput(
        record=sealed.entry.payload,
        entry=sealed.entry,
        certificate=sealed.certificate,
        keys=sealed.keys,
        photos=photos,
        paper_code=sealed.paper_code,
        history=sealed.history,
    )


def write(sealed: SealedRecord) -> bytes:
    """Return the bytes of the file: the same for the same record."""
    body = zlib.compress(msgspec.msgpack.encode(sealed), 9)
    return MAGIC + struct.pack(">I", len(body)) + body


def read(content: bytes) -> SealedRecord:
    """Read a file, or the one record inside a PDF; raises RecordFileUnreadable."""
    start = content.find(MAGIC)
    if start < 0:
        raise RecordFileUnreadable(why="missing")
    if content.find(MAGIC, start + 1) >= 0:
        raise RecordFileUnreadable(why="several")
    at = start + len(MAGIC)
    size = int.from_bytes(content[at : at + 4], "big")
    body = content[at + 4 : at + 4 + size]
    if len(body) < size or size == 0:
        raise RecordFileUnreadable(why="cut-short")
    try:
        engine = zlib.decompressobj()
        raw = engine.decompress(body, _LIMIT)
        if not engine.eof or engine.unused_data:
            raise RecordFileUnreadable(why="content")
        return msgspec.msgpack.decode(raw, type=SealedRecord)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RecordFileUnreadable(why="content") from None


def read_whole(content: bytes) -> SealedRecord:
    """Read a file that is a record and nothing else; raises RecordFileUnreadable."""
    sealed = read(content)
    size = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 4], "big")
    if not content.startswith(MAGIC) or len(content) != len(MAGIC) + 4 + size:
        raise RecordFileUnreadable(why="content")
    return sealed


def read_record(sealed: SealedRecord) -> Record:
    """Read what the entry carries; raises RecordFileUnreadable."""
    return read_payload(sealed.entry.payload)


def read_payload(payload: bytes) -> Record:
    """Read a record's payload that came from anywhere; raises RecordFileUnreadable."""
    try:
        record = records.read(payload)
    except msgspec.DecodeError:
        raise RecordFileUnreadable(why="content") from None
    for value in _scalars(msgspec.to_builtins(record, builtin_types=(datetime,))):
        if isinstance(value, datetime):
            possible = value.tzinfo is not None and _EARLIEST <= value <= _LATEST
        else:
            possible = not isinstance(value, int) or -(2**63) <= value < 2**63
        if not possible:
            raise RecordFileUnreadable(why="content")
    return record


def _scalars(tree: object) -> Iterator[object]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node
        else:
            yield node
