"""The company prefix at the start of a GS1 key.

Without the GEPIR registry only its shape can be judged: a prefix is four digits at least, and some
ranges were never given out. That is what is judged here, offline.
"""

from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.rules.fault import Fault, whole

_LEAST = 4


def from_first(value: str) -> Fault | None:
    """The prefix starts at the first character."""
    return _prefix(value, 0)


def from_second(value: str) -> Fault | None:
    """The prefix starts at the second character, after an indicator or extension digit."""
    return _prefix(value, 1)


def _prefix(value: str, start: int) -> Fault | None:
    head = value[start : start + _LEAST]
    if len(head) < _LEAST:
        return whole("too-short-for-gcp", value)
    if not only_digits(head):
        return Fault("invalid-gcp-prefix", start, start + _LEAST)
    return None
