"""Result files with a structure: XML and JSON, as cells under paths.

Refused: document types and entities of any kind, more than 32 levels, more than 50,000 values. Long lists of
bare numbers are spectra and are left out.
"""

import json
from collections.abc import Iterator
from typing import NoReturn
from xml.sax import SAXException  # the parser is defusedxml's; these are the classes it speaks with
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

import defusedxml.common
import defusedxml.sax

from fieldapp.instrument.cell import CELLS, DEEPEST, TEXT, Cell, ResultUnreadable
from fieldapp.instrument.profile import Profile, plain

Found = tuple[tuple[str, ...], str, int, int]  # path, text, line, row


def xml(content: bytes, profile: Profile) -> tuple[Cell, ...]:
    """Return the texts and attributes of an XML file; an attribute's path ends in "@name"."""
    reading = _Reading(profile.rows)
    try:
        defusedxml.sax.parseString(content, reading, forbid_dtd=True)
    except defusedxml.common.DefusedXmlException:
        raise ResultUnreadable(why="entities", line=reading.line()) from None
    except (SAXException, ValueError, LookupError):
        raise ResultUnreadable(why="not-xml", line=reading.line()) from None
    return _cells(reading.found, profile)


def json_(text: str, profile: Profile) -> tuple[Cell, ...]:
    """Return the values of a JSON file."""
    try:
        tree = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ResultUnreadable(why="not-json", line=error.lineno) from None
    except (RecursionError, ValueError):
        raise ResultUnreadable(why="not-json", line=0) from None
    return _cells(list(_walk(tree, (), 0, plain(profile.rows))), profile)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


class _Reading(ContentHandler):
    """Gathers texts by path while the file is read from its beginning to its end."""

    def __init__(self, rows: str) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._rows, self._row, self._open_row = plain(rows), 0, 0
        self._path: list[str] = []
        self._texts: list[list[str]] = []
        self._long: list[int] = []  # characters of each open text so far
        self._locator: Locator | None = None

    def line(self) -> int:
        """Return the line being read."""
        return (self._locator.getLineNumber() or 0) if self._locator is not None else 0

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX's own name
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's own name
        if len(self._path) >= DEEPEST:
            raise ResultUnreadable(why="too-deep", line=self.line())
        self._path.append(name.rpartition(":")[2])
        self._texts.append([])
        self._long.append(0)
        if self._rows and plain(self._path[-1]) == self._rows and not self._open_row:
            self._row += 1
            self._open_row = len(self._path)
        for key, value in attrs.items():
            self._keep((*self._path, f"@{key.rpartition(':')[2]}"), value)

    def characters(self, content: str) -> None:
        if self._texts and self._long[-1] <= TEXT:
            self._texts[-1].append(content)
            self._long[-1] += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's own name
        del name
        self._long.pop()
        text = "".join(self._texts.pop()).strip()
        if text:
            self._keep(tuple(self._path), text)
        if self._open_row == len(self._path):
            self._open_row = 0
        self._path.pop()

    def _keep(self, path: tuple[str, ...], text: str) -> None:
        if len(self.found) >= CELLS:
            raise ResultUnreadable(why="too-large", line=self.line())
        self.found.append((path, text[:TEXT], self.line(), self._row if self._open_row else 0))


def _walk(value: object, path: tuple[str, ...], row: int, rows: str) -> Iterator[Found]:
    if len(path) > DEEPEST:
        raise ResultUnreadable(why="too-deep", line=0)
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _walk(each, (*path, str(key)), row, rows)
    elif isinstance(value, list):
        if len(value) > 16 and all(isinstance(each, int | float) for each in value):
            return
        mine = bool(rows and path) and plain(path[-1]) == rows and not row
        for number, each in enumerate(value, 1):
            yield from _walk(each, path, number if mine else row, rows)
    elif value is not None:
        text = (
            {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        )
        yield path, text[:TEXT], 0, row


def _cells(found: list[Found], profile: Profile) -> tuple[Cell, ...]:
    """Name each text by the longest end of its path that the profile knows, else by its whole path."""
    if len(found) > CELLS:
        raise ResultUnreadable(why="too-large", line=0)
    known = profile.labels()
    cells = []
    for path, text, line, row in found:
        ends = (plain("/".join(path[at:])) for at in range(len(path)))
        label = next((end for end in ends if end in known), plain("/".join(path)))
        cells.append(Cell(label=_whole(label), text=_whole(text), line=line, row=row))
    return tuple(cells)


def _whole(text: str) -> str:
    """Return a text that can be written: JSON may hold halves of signs."""
    return text.encode("utf-8", "replace").decode("utf-8")
