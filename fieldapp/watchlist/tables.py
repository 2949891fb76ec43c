"""The tables of `resources/names`, read once: words of the trade that a lawyer or translator can check.

A line is `key<TAB>value|value`, or one value alone; `#` opens a comment.
"""

from collections.abc import Iterator
from functools import lru_cache

import resources


def rows(file: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield `(key, values)` for each line of the table `file`."""
    for text in resources.path("names", file).read_text(encoding="utf-8").splitlines():
        if text.strip() and not text.startswith("#"):
            key, _, values = text.partition("\t")
            yield key.strip(), tuple(value.strip() for value in values.split("|") if value.strip())


@lru_cache
def words(file: str) -> frozenset[str]:
    """Return the keys of `file`."""
    return frozenset(key for key, _ in rows(file))


@lru_cache
def by_value(file: str) -> dict[str, str]:
    """Return `file` the other way round: every value, and every key, with its key."""
    turned: dict[str, str] = {}
    for key, values in rows(file):
        turned.setdefault(key, key)
        for value in values:
            turned.setdefault(value, key)
    return turned
