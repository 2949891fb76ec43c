"""Words, in English and Hindi, without Qt: window, report, web page and command line share them.

Catalogues are gettext files in `resources/text/<language>/<domain>.po`, one per package, keyed by
identifiers such as `verdict.hold`. `say` fills `{named}` places. A key without words is a bug and says
so; a test walks the code and demands every key in every language. What came from outside is a fact put
into a place, never a template.
"""

import gettext
import io
from functools import lru_cache

import polib

import resources

LANGUAGES = ("en", "hi")
DOMAINS = ("core", "report", "headquarters", "ui")


class MissingWords(KeyError):
    """A key that no catalogue of the language has."""


@lru_cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    merged = polib.POFile(encoding="utf-8")
    for domain in DOMAINS:
        file = resources.path("text", language, f"{domain}.po")
        if file.exists():
            read = polib.pofile(str(file), encoding="utf-8")
            merged.metadata = read.metadata
            merged.extend(read)
    return gettext.GNUTranslations(io.BytesIO(merged.to_binary()))


def say(key: str, language: str, **facts: object) -> str:
    """Return the words of `key` with `facts` in their places."""
    words = _catalogue(language).gettext(key)
    if words == key:
        raise MissingWords(f"{language}: {key}")
    return words.format(**facts) if facts else words


def say_n(key: str, language: str, count: int, **facts: object) -> str:
    """Return the words of `key` in the form that `count` asks for; `{count}` is a place too."""
    words = _catalogue(language).ngettext(key, key, count)
    if words == key:
        raise MissingWords(f"{language}: {key}")
    return words.format(count=count, **facts)


def has(key: str, language: str) -> bool:
    """Say whether `key` has words."""
    return _catalogue(language).gettext(key) != key
