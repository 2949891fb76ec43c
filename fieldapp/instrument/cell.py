"""What every form of result file comes down to: labelled texts with the line they stand on."""

import msgspec

from fieldapp.errors import InspectorError

FILE_BYTES = 8 * 1024 * 1024
LINE = 64 * 1024  # characters
LINES = 200_000
TEXT = 20_000  # characters of one value
CELLS = 50_000
DEEPEST = 32


class ResultUnreadable(InspectorError):
    """The file is not in the form it seems to be in, or past the limits; `line` is where, 0 if unknown."""

    code = "result-unreadable"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A text under its label. `line` counts from 1, 0 where there are none; `row` is the hit, from 1."""

    label: str
    text: str
    line: int = 0
    row: int = 0


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 by its mark, else Windows' Western signs.

    Raises ResultUnreadable for a file over the limit and for one that is no text.
    """
    if len(content) > FILE_BYTES:
        raise ResultUnreadable(why="too-large", line=0)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise ResultUnreadable(why="not-text", line=text.count("\n", 0, text.index("\0")) + 1)
    return text


def lines(text: str) -> list[str]:
    """Return the lines of a text; raises ResultUnreadable for one that is too long, or too many."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(found) > LINES:
        raise ResultUnreadable(why="too-large", line=LINES)
    long = next((number for number, line in enumerate(found, 1) if len(line) > LINE), 0)
    if long:
        raise ResultUnreadable(why="line-too-long", line=long)
    return found
