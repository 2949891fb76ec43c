"""Words for what came with codes or from outside: roles, lists, and text that may hold control characters."""

from fieldapp import text
from fieldapp.screening.hit import Hit
from fieldapp.text import say


def printable(words: str) -> str:
    """Return `words` with control characters shown: a group separator as ␝, a line end as a space."""
    shown = words.replace("\x1d", "␝").replace("\r", " ").replace("\n", " ").replace("\t", " ")
    return "".join(mark if mark.isprintable() else f"⟨{ord(mark):04X}⟩" for mark in shown)


def role_words(role: str, language: str) -> str:
    """Return "Consignee", or "Goods line 2" for a role of that form."""
    if role.startswith("goods line "):
        return say("role.goods-line", language, seq=role.removeprefix("goods line "))
    return say(f"role.{role}", language) if text.has(f"role.{role}", language) else printable(role)


def source_words(hit: Hit, language: str) -> str:
    """Return which list the hit stands in."""
    return source_named(hit.source, language)


def source_named(source: str, language: str) -> str:
    """Return the name of a list; its short mark where we have no name for it."""
    key = f"source.{source}"
    return say(key, language) if text.has(key, language) else printable(source)


def in_both(key: str) -> str:
    """Return the words of `key` in every language, to be found by whichever a person types."""
    return " ".join(say(key, language) for language in text.LANGUAGES)
