"""The loop of every batch verb: one JSON object a line in, one out, in order, with the same `id`.

A line that cannot be answered gets an `error` with code and facts; nothing stops a batch. The exit code is
0 when every line was answered, 1 otherwise.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import msgspec

from fieldapp.errors import FieldappError, InspectorError

LONGEST = 64 * 1024  # bytes a line
LONGEST_FIELD = 20_000  # characters
_NESTING = 32


class LineUnreadable(InspectorError):
    """The line is not one JSON object, too long, or too deep."""

    code = "line-unreadable"


class FieldMissing(InspectorError):
    """The object lacks a field or has one of the wrong kind."""

    code = "field-missing"


def _lines(source: BinaryIO) -> Iterable[bytes]:
    while line := source.readline(LONGEST + 1):
        whole = line
        while not whole.endswith(b"\n") and len(whole) > LONGEST:
            rest = source.readline(LONGEST)
            if not rest:
                break
            if rest.endswith(b"\n"):
                whole = b"\n"  # too long: read to its end, keep nothing
        if line.strip():
            yield line


def _depth(raw: bytes) -> int:
    deepest = depth = 0
    for byte in raw:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def parse(raw: bytes) -> dict[str, Any]:
    """Return the object of one line, or refuse it."""
    if len(raw) > LONGEST:
        raise LineUnreadable(why="long")
    if _depth(raw) > _NESTING:
        raise LineUnreadable(why="deep")
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LineUnreadable(why="json") from None
    if not isinstance(found, dict):
        raise LineUnreadable(why="object")
    return found


def text_of(row: dict[str, Any], name: str, default: str | None = None) -> str:
    """Return a text field; refuses one that is missing without a default, or too long."""
    value = row.get(name, default)
    if not isinstance(value, str):
        raise FieldMissing(name=name)
    if len(value) > LONGEST_FIELD:
        raise LineUnreadable(why="long")  # never cut in silence: what was cut would not be compared
    return value


def texts_of(row: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return a field that holds one text or a list of them."""
    value = row.get(name) or ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)) or not all(isinstance(item, str) for item in values):
        raise FieldMissing(name=name)
    return tuple(text_of({name: item}, name) for item in values)


def answer_lines(answer: Callable[[dict[str, Any]], dict[str, Any]], source: BinaryIO | None = None) -> int:
    """Answer every line of standard input; return the exit code."""
    failed = 0
    for raw in _lines(source or sys.stdin.buffer):
        row: dict[str, Any] = {}
        try:
            row = parse(raw)
            reply = {"id": row.get("id"), **answer(row)}
        except FieldappError as error:
            failed += 1
            reply = {"id": row.get("id"), "error": {"code": error.code, "facts": dict(error.facts)}}
        except Exception as error:  # noqa: BLE001 - nothing stops a batch
            failed += 1
            reply = {"id": row.get("id"), "error": {"code": "bug", "facts": {"type": type(error).__name__}}}
        sys.stdout.buffer.write(msgspec.json.encode(reply) + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0
