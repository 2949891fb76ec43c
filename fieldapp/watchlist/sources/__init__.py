"""Publishers' files, one source a file: each turns its publisher's format into entries.

Promises: a source reads a file once, in order, with bounded memory; a file that is cut, damaged or
hostile raises `SourceRefused`, and whoever collects the entries then keeps none of them.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.sources import csv_mapping, eu, ftm, ofac_sdn, stix, un


class ListSource(msgspec.Struct, frozen=True):
    """One publisher's format: the name used on the command line and the function that reads it."""

    name: str
    read: Callable[[Sequence[Path]], Iterator[Entry]]


SOURCES: tuple[ListSource, ...] = (
    ListSource("ofac-sdn", ofac_sdn.read),
    ListSource("un", un.read),
    ListSource("eu", eu.read),
    ListSource("ftm", ftm.read),
    ListSource("stix", stix.read),
    ListSource("csv", csv_mapping.read),
)


def source(name: str) -> ListSource:
    """Return the source called `name`; raises KeyError when there is none."""
    for candidate in SOURCES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
