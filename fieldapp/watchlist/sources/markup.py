"""XML from a stranger, one record at a time.

Promises: no entity, no document type and no outside reference is ever followed (defusedxml refuses
them), memory holds one record, and a file that ends early is refused. A record is handed out as plain
frozen nodes, with the namespace taken off every name.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from fieldapp.watchlist.entry import FIELD_LIMIT
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, silent, told

_DEPTH = 32


class Node(msgspec.Struct, frozen=True):
    """One element: name, attributes, own text and children."""

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Node", ...]

    def all(self, name: str) -> Iterator["Node"]:
        """Yield the children called `name`."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> str:
        """Return the text of the first child called `name`, or nothing."""
        return next((child.text for child in self.all(name)), "")

    def deep(self, name: str) -> Iterator["Node"]:
        """Yield every element called `name` below this one."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.deep(name)


def records(source: str, path: Path, root: str, names: frozenset[str], tell: Tell = silent) -> Iterator[Node]:
    """Yield each element of `path` whose name is in `names`, in order; the outermost must be `root`."""
    with path.open("rb") as raw:
        yield from _records(source, path, told(raw, tell), root, names)


def _records(source: str, path: Path, raw: BinaryIO, root: str, names: frozenset[str]) -> Iterator[Node]:
    depth, inside = 0, 0
    parents: list[Any] = []
    try:
        for event, element in iterparse(
            raw, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
        ):
            name = _bare(element.tag)
            if event == "start":
                depth += 1
                if depth == 1 and name != root:
                    raise SourceRefused(source=source, file=path.name, reason="root", line=0)
                if depth > _DEPTH:
                    raise SourceRefused(source=source, file=path.name, reason="deep", line=0)
                inside += name in names
                parents.append(element)
                continue
            depth -= 1
            parents.pop()
            if name in names:
                inside -= 1
                if inside == 0:
                    yield _node(element)
            if inside == 0:
                element.clear()
                if parents:
                    parents[-1].remove(element)
    except DefusedXmlException as error:
        raise SourceRefused(source=source, file=path.name, reason="entity", line=0) from error
    except (ParseError, UnicodeDecodeError, ValueError) as error:
        raise SourceRefused(source=source, file=path.name, reason="cut", line=0) from error


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _node(element: Any) -> Node:  # noqa: ANN401 - the parser's own element
    return Node(
        _bare(element.tag),
        {_bare(key): value for key, value in element.attrib.items()},
        (element.text or "").strip()[:FIELD_LIMIT],
        tuple(_node(child) for child in element),
    )
