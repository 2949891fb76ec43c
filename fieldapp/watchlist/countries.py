"""Countries by the names that lists use for them. An unknown name stays as it was published."""

from collections.abc import Iterable
from functools import lru_cache

from fieldapp.watchlist import tables


@lru_cache(maxsize=4096)
def code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of `text` in lower case, or `text` itself in lower case."""
    plain = " ".join(text.casefold().strip(" .").split())
    return tables.by_value("countries.tsv").get(plain, plain)


def codes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of `texts` in order, without repeats."""
    return tuple(dict.fromkeys(code(text) for text in texts if text.strip()))
