"""Sizes as people read them: kilobytes and megabytes of a thousand, as data plans count."""

from fieldapp.text import say


def size(count: int, language: str) -> str:
    """Return a number of bytes in words."""
    if count < 1_000_000:
        return say("size.kb", language, count=f"{count / 1000:.0f}")
    return say("size.mb", language, count=f"{count / 1_000_000:.1f}")
