"""Publishers' files, one source a file: each turns its publisher's format into entries.

Promises: a source reads a file once, in order, with bounded memory; a file that is cut, damaged or
hostile raises `SourceRefused`, and whoever collects the entries then keeps none of them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.sources import csv_mapping, eu, ftm, ofac_sdn, released, stix, un
from fieldapp.watchlist.sources.refusal import Tell


class Reads(Protocol):
    """Reads files of one format."""

    def __call__(self, paths: Sequence[Path], tell: Tell = ...) -> Iterator[Entry]:
        """Yield the entries of `paths`, in order."""


class ListSource(msgspec.Struct, frozen=True):
    """One publisher's format: the name used on the command line and the function that reads it.

    The function is told which files, and tells how many bytes of them it has read.
    """

    name: str
    read: Reads


SOURCES: tuple[ListSource, ...] = (
    ListSource("ofac-sdn", ofac_sdn.read),
    ListSource("un", un.read),
    ListSource("eu", eu.read),
    ListSource("ftm", ftm.read),
    ListSource("stix", stix.read),
    ListSource("csv", csv_mapping.read),
    ListSource("release", released.read),
)


def source(name: str) -> ListSource:
    """Return the source called `name`; raises KeyError when there is none."""
    for candidate in SOURCES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
