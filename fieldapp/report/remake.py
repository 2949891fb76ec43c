"""Is this file, to the last printed letter, what its own record makes? It is made again and compared.

A signature speaks for the facts in the square code and for the record inside the file, not for the sentences
printed around them. Rendering promises the same bytes for the same input, so the sentences can be checked
too: photos are taken from the file by the hashes in the record, the report is made once more, and every
object is compared with its streams unpacked (another build of zlib packs differently and means nothing by
it), as is every offset in the cross-reference table. One object more, or one byte between two, and it is not
the same file.

Refuses to judge what it cannot make again: a report that says another version of this software made it, and
what would take minutes, a record of more than 2 MiB or one with more than 64 pictures that are not JPEG. Such
a label can be forged, so what was not judged is never called good; the size is that of the signed bytes. Any
other label, and anything unsigned that would take long, is not what this software makes.
"""

import re
import zlib
from collections.abc import Mapping

import msgspec

from fieldapp import __version__, canonical
from fieldapp.errors import Fact, FieldappError
from fieldapp.inspection.record import Record
from fieldapp.report.paper import Copy, Language
from fieldapp.report.picture import is_kept
from fieldapp.report.recordfile import SealedRecord, as_input
from fieldapp.report.render import render

_KIND = re.compile(rb" /Keywords \(report (en|hi|both) (full|court)( signed)?\) ")
_SIGNED = re.compile(rb" /Keywords \(report [a-z]+ [a-z]+ signed\) ")
_MAKER = re.compile(rb" /Creator \(Fieldapp (\d{1,6}(?:\.\d{1,6}){1,3}(?:[a-z]+\d{1,6})?)\) ")
_OBJECT = re.compile(rb"(\d+) 0 obj\n")
_LENGTH = re.compile(rb"/Length (\d+)")
_ENTRY = re.compile(rb"\d{10} (?=\d{5} [nf] \n)")
_START = re.compile(rb"startxref\n\d+\n")
_UNPACKED_LIMIT = 256 * 1024 * 1024
_RECORD_LIMIT = 2 * 1024 * 1024  # bytes of payload: some ten thousand rows, some twenty seconds
_ATTACHED_LIMIT = 64  # pictures that are not JPEG: each may take seconds
_UNSIGNED_LIMIT = 64 * 1024  # certificate, keys, code, and the ids of some nine hundred earlier records


class NotOurs(ValueError):
    """The bytes are not laid out as this software lays out a report."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether making the report again gives the file; None where it was not made, and `code` says why."""

    same: bool | None
    code: str
    facts: Mapping[str, Fact] = {}


_SAME = Judgement(same=True, code="ok")
_ALTERED = Judgement(same=False, code="pages-altered")


class Part(msgspec.Struct, frozen=True):
    """One object: where it begins, its dictionary or text without the length, its stream unpacked."""

    at: int
    head: bytes
    stream: bytes


def says_signed(content: bytes) -> bool:
    """Say whether the report calls itself signed; one whose signature was taken away still does."""
    return _SIGNED.search(content) is not None


def judge(content: bytes, sealed: SealedRecord, record: Record, x509: tuple[bytes, ...] = ()) -> Judgement:
    """Make the report of `sealed`, whose signature holds and whose payload reads as `record`, and compare.

    `x509` are the certificates that signed the file, if it is signed; `content` is then what they signed.
    """
    makers = set(_MAKER.findall(content))
    others = makers - {__version__.encode("ascii")}
    if len(makers) == 1 and others:
        return Judgement(same=None, code="other-version", facts={"version": others.pop().decode("ascii")})
    unsigned = len(msgspec.msgpack.encode(sealed)) - len(sealed.entry.payload)
    kind = _KIND.search(content)
    if len(makers) != 1 or kind is None or unsigned > _UNSIGNED_LIMIT:
        return _ALTERED
    if len(sealed.entry.payload) > _RECORD_LIMIT:
        return Judgement(same=None, code="too-long", facts={"bytes": len(sealed.entry.payload)})
    language = msgspec.convert(kind.group(1).decode("ascii"), Language)
    copy = msgspec.convert(kind.group(2).decode("ascii"), Copy)
    try:
        parts, rest = read_parts(content)
        photos, attached = _photos(parts, record)
        if attached > _ATTACHED_LIMIT:
            return Judgement(same=None, code="too-long", facts={"bytes": len(content)})
        given = msgspec.structs.replace(as_input(sealed, photos), x509=x509)
        made = render(given, language, copy)
    except (FieldappError, ValueError, LookupError):  # what cannot be made, we did not make
        return _ALTERED
    return _SAME if _same(made, content, parts, rest) else _ALTERED


def _photos(parts: list[Part], record: Record) -> tuple[dict[str, bytes], int]:
    """Return the photos of the record that the file holds, by evidence id, and how many are attachments."""
    drawn, attached = {}, {}
    for part in parts:
        if b"/DCTDecode" in part.head:
            drawn[canonical.sha256(part.stream)] = part.stream
        elif b"/EmbeddedFile" in part.head and not is_kept(part.stream):
            attached[canonical.sha256(part.stream)] = part.stream
    held = drawn | attached
    wanted = [item for item in record.inspection.evidence if item.plain_sha256 in held]
    return (
        {item.id: held[item.plain_sha256] for item in wanted},
        sum(item.plain_sha256 in attached for item in wanted),
    )


def read_parts(content: bytes) -> tuple[list[Part], bytes]:
    """Return the objects of a report one after another, and the bytes after the last; raises NotOurs."""
    first = _OBJECT.search(content)
    if first is None:
        raise NotOurs
    parts = [Part(0, content[: first.start()], b"")]
    at = first.start()
    unpacked = 0
    while match := _OBJECT.match(content, at):
        end = content.find(b"endobj\n", match.end())
        if end < 0:
            raise NotOurs
        begin = content.find(b"\nstream\n", match.end(), end)  # no further: there may be a million parts
        if begin < 0:
            parts.append(Part(at, content[at:end], b""))
        else:
            head = content[at:begin]
            length = _LENGTH.search(head)
            if length is None:
                raise NotOurs
            start = begin + len(b"\nstream\n")
            end = start + int(length.group(1))
            stream = _unpack(content[start:end], head, _UNPACKED_LIMIT - unpacked)
            unpacked += len(stream)
            if not content.startswith(b"endstream\nendobj\n", end):
                raise NotOurs
            parts.append(Part(at, _LENGTH.sub(b"", head, count=1), stream))
            end += len(b"endstream\n")
        at = end + len(b"endobj\n")
    return parts, content[at:]


def _unpack(stream: bytes, head: bytes, limit: int) -> bytes:
    if b"/FlateDecode" not in head:
        return stream
    try:
        engine = zlib.decompressobj()
        raw = engine.decompress(stream, max(limit, 1))
    except zlib.error:
        raise NotOurs from None
    if not engine.eof or engine.unused_data:
        raise NotOurs
    return raw


def _same(made: bytes, content: bytes, parts: list[Part], rest: bytes) -> bool:
    if made == content:
        return True
    ours, our_rest = read_parts(made)
    return (
        [(part.head, part.stream) for part in ours] == [(part.head, part.stream) for part in parts]
        and _START.sub(b"", _ENTRY.sub(b"", our_rest)) == _START.sub(b"", _ENTRY.sub(b"", rest))
        and _offsets_hold(content, parts, rest)
    )


def _offsets_hold(content: bytes, parts: list[Part], rest: bytes) -> bool:
    places = [int(entry) for entry in _ENTRY.findall(rest)][1:]  # the first is the free list's
    start = re.search(rb"startxref\n(\d+)\n", rest)
    table = len(content) - len(rest)
    return places == [part.at for part in parts[1:]] and start is not None and int(start.group(1)) == table
