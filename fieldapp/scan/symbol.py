"""A symbol: one code as it was read, before anyone knows what it means."""

import msgspec

Corner = tuple[float, float]


class Symbol(msgspec.Struct, frozen=True, kw_only=True):
    """One read code.

    `hex` are the raw bytes (group separator 1D kept), `text` the same decoded for people, `aim` the
    symbology identifier ("]d2"), `corners` four points in pixels of the page, clockwise from top left,
    empty for typed codes. `confirmed` is False while too few reads agree; such a code is shown, never
    screened silently.
    """

    symbology: str
    aim: str
    text: str
    hex: str
    page: int = 1
    corners: tuple[Corner, ...] = ()
    votes: int = 1
    confirmed: bool = True
    reader: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture or document gave: its symbols, and the code and facts of what could not be read."""

    path: str
    symbols: tuple[Symbol, ...] = ()
    ms: float = 0.0
    error: str = ""
    error_facts: dict[str, str | int | float] = {}
