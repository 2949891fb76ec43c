"""A fault: which rule a value broke, and which of its characters broke it."""

from typing import NamedTuple


class Fault(NamedTuple):
    """`code` is kebab-case; `start` and `end` bound the offending characters, end exclusive."""

    code: str
    start: int = 0
    end: int = 0


def whole(code: str, value: str) -> Fault:
    """Return a fault of the entire value."""
    return Fault(code, 0, len(value))
