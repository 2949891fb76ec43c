"""From bytes of a picture or document to symbols: the front of this package.

Promises: never raises on what it is given; what could not be opened is an error code with facts inside
the `Reading`, and symbols found on good pages are kept beside it. Refuses: material over the limits of
`fieldapp.scan.picture`, before decoding it. Pages left for want of time are an error of their own.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from fieldapp.errors import InspectorError
from fieldapp.scan import document, ladder, picture
from fieldapp.scan.picture import Grey
from fieldapp.scan.symbol import Reading, Symbol

_DENSITY, _DENSE = 300.0, 400.0
# Under the half minute after which the window ends a reader and loses all it had found.
SECONDS = 20.0


def decode_frame(grey: Grey, page: int = 1) -> tuple[Symbol, ...]:
    """Return every code in one grey frame (rows by columns, 8 bit), the whole ladder climbed."""
    return ladder.climb(grey, page=page)


def decode_picture(content: bytes, name: str = "", seconds: float = SECONDS) -> Reading:
    """Return the codes on every page of a picture or PDF; `name` only labels the answer.

    After `seconds` no further page is begun; the first one always is.
    """
    begun = time.perf_counter()
    symbols: list[Symbol] = []
    error: InspectorError | None = None
    try:
        for found in _pages(content, begun + seconds):
            symbols.extend(found)
    except InspectorError as problem:
        error = problem
    return Reading(
        path=name,
        symbols=tuple(symbols),
        ms=round((time.perf_counter() - begun) * 1000, 1),
        error=error.code if error else "",
        error_facts=dict(error.facts) if error else {},
    )


def decode_file(path: str | Path) -> Reading:
    """Return the codes in a file; a missing or unreadable file is an error inside the reading."""
    try:
        content = picture.load(Path(path))
    except InspectorError as problem:
        return Reading(path=str(path), error=problem.code, error_facts=dict(problem.facts))
    return decode_picture(content, str(path))


def _pages(content: bytes, until: float) -> Iterator[tuple[Symbol, ...]]:
    if document.is_pdf(content):
        yield from document.read(content, _printed_page, until)
        return
    for number, grey in enumerate(picture.pages(content, until), start=1):
        yield decode_frame(grey, number)


def _printed_page(sheet: document.Sheet) -> tuple[Symbol, ...]:
    """Return the codes of a PDF page, corners in pixels at 300 dots an inch.

    Small codes need 400, large ones read better at 300: a page that is more than a scan is looked at twice.
    """
    grey = sheet.draw(_DENSITY)
    if int(grey.max()) - int(grey.min()) < 16:
        return ()
    found = ladder.climb(grey, sheet.number)
    if not sheet.is_finer(_DENSITY):
        return found
    dense = sheet.draw(_DENSE)
    factor = grey.shape[1] / dense.shape[1]
    again = ladder.glance(dense, sheet.number)
    return ladder.merged(found, (ladder.resized(symbol, factor) for symbol in again))
