"""Codes that arrived together, with the picture they were read from; and how a camera's come together.

A camera tells the codes of one label one by one, as each becomes certain. `Gathering` waits a moment for the
others, so that they become one arrival with one picture: the one that shows most of them. A code that is not
in that picture goes with its own.
"""

import msgspec

from fieldapp.actions.filming import Sighting
from fieldapp.inspection.scan import Caught
from fieldapp.scan.symbol import Symbol

SETTLED_MS = 200  # without a new code, when all in sight are certain
PATIENCE_MS = 600  # the longest wait for one that is not yet certain

Key = tuple[str, str]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Codes, and what they were read from: `content`, or the file at `path`; `sha256` "" where nothing."""

    codes: tuple[Caught, ...]
    path: str = ""
    content: bytes = b""
    sha256: str = ""


def key(symbol: Symbol) -> Key:
    """Return what makes two reads the same code."""
    return symbol.symbology, symbol.hex


class Gathering:
    """Takes sightings and hands out arrivals. Times are milliseconds of any steady clock."""

    def __init__(self) -> None:
        self._taken: list[tuple[Key, Sighting]] = []
        self._first = self._last = 0.0

    def see(self, sighting: Sighting, at: float) -> tuple[Arrival, ...]:
        """Take what is fresh; return what is complete now."""
        if sighting.fresh:
            if not self._taken:
                self._first = at
            self._last = at
            self._taken += [(key(symbol), sighting) for symbol in sighting.fresh]
        if not self._taken:
            return ()
        certain = all(symbol.confirmed for symbol in sighting.symbols)
        if (certain and at - self._last >= SETTLED_MS) or at - self._first >= PATIENCE_MS:
            return self.end()
        return ()

    def end(self) -> tuple[Arrival, ...]:
        """Return all that was taken, the picture that shows most of it first."""
        wanted, self._taken = dict(reversed(self._taken)), []
        arrivals: list[Arrival] = []
        while wanted:
            best = max(wanted.values(), key=lambda each: len(_shown(each, wanted)))
            shown = _shown(best, wanted)
            codes = tuple(Caught(symbol=symbol, source="camera") for symbol in shown.values())
            arrivals.append(Arrival(codes=codes, content=best.frame, sha256=best.frame_sha256))
            for each in shown:
                del wanted[each]
        return tuple(arrivals)


def _shown(sighting: Sighting, wanted: dict[Key, Sighting]) -> dict[Key, Symbol]:
    """Return the wanted codes that are certain in this picture, where they are in it."""
    fresh = {key(symbol): symbol for symbol in sighting.fresh}
    certain = {key(symbol): symbol for symbol in sighting.symbols if symbol.confirmed}
    return {each: symbol for each, symbol in (certain | fresh).items() if each in wanted}
