"""What the grammars are handed: one code, its symbology identifier apart from its data."""

import re
from typing import NamedTuple

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")


class Source(NamedTuple):
    """A code to identify.

    `text` is the code as given, `aim` its symbology identifier or "", `body` the data without it, `offset`
    where the body starts in the text. `trusted` codes were decoded here and carry the bytes of the symbol;
    others were typed or sent, and may have lost control characters on the way.
    """

    text: str
    aim: str
    body: str
    offset: int
    trusted: bool = False


def source(text: str, aim: str = "", *, trusted: bool = False) -> Source:
    """Return the code with its symbology identifier taken off, given apart or typed in front."""
    found = _AIM.match(text)
    if found and (not aim or aim == found[0]):
        return Source(text, found[0], text[3:], 3, trusted)
    return Source(text, aim, text, 0, trusted)
