"""From one code to what it names: each grammar is asked in turn, the first that recognises it answers.

Promises: never raises on what was scanned or typed. To add a grammar, write a file with
`read(source, today) -> Identified | None` and put it in the list.
"""

import re
from collections.abc import Callable
from datetime import date

import msgspec

from fieldapp.identifiers import (
    carriers,
    cas,
    container,
    digital_link,
    gtin,
    hibc,
    india,
    iso15434,
    plain,
    separators,
)
from fieldapp.identifiers.identified import Identified, Issue
from fieldapp.identifiers.source import Source, source
from fieldapp.scan.symbol import Symbol

Grammar = Callable[[Source, date], Identified | None]

# Strictest first: what a marker or a check digit vouches for comes before what only looks like something.
GRAMMARS: tuple[Grammar, ...] = (
    gtin.read,
    iso15434.read,
    hibc.read,
    separators.read,
    digital_link.read,
    container.read,
    carriers.read,
    cas.read,
    india.read,
    plain.read,
)

# A field longer than this is nobody's label.
_LONGEST = 20_000
_ENGINES = ("zxing", "zbar")
# Symbology identifiers as Caps Lock leaves them, where the other case means no symbology.
_SWAPPED = re.compile(r"\](?:D[0-9A-Ca-c]|c[0-4]|q[0-6]|Z[0-9A-C])")


def identify(symbol: Symbol, today: date) -> Identified:
    """Return what a read symbol names; dates are placed in the century around `today`."""
    raw = bytes.fromhex(symbol.hex)
    trusted = symbol.reader.startswith(_ENGINES)
    return identify_text(symbol.text, symbol.aim, raw, today=today, trusted=trusted)


def identify_text(
    text: str, aim: str = "", raw: bytes = b"", *, today: date, trusted: bool = False
) -> Identified:
    """Return what a text names; `raw` bytes, where given, tell the separators the text may have lost.

    A code that is `trusted` was decoded here from a symbol; in others lost separators and swapped case are
    looked for.
    """
    if raw and (not text or b"\x1d" in raw):
        text = _decoded(raw)
    text = text[:_LONGEST]
    if not trusted and _SWAPPED.match(text):
        righted = identify_text(text.swapcase(), today=today, trusted=True)
        issues = (Issue(rule="case-swapped", position=0), *righted.issues)
        return msgspec.structs.replace(righted, text=text, issues=issues, confidence="inferred")
    given = source(text, aim, trusted=trusted)
    for grammar in GRAMMARS:
        found = grammar(given, today)
        if found is not None:
            return found
    return plain.read(given, today)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
