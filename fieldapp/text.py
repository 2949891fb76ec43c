"""Words, in English and Hindi, without Qt: window, report, web page and command line share them.

Catalogues are gettext files in `resources/text/<language>/<domain>.po`, one per package, keyed by
identifiers such as `verdict.hold`. `say` fills `{named}` places. A key without words is a bug and says
so; a test walks the code and demands every key in every language. What came from outside is a fact put
into a place, never a template.
"""

import contextlib
import gettext
import io
from collections.abc import Mapping
from functools import lru_cache

import polib

import resources

LANGUAGES = ("en", "hi")
DOMAINS = ("core", "scan", "screening", "substances", "inspection", "report", "headquarters", "ui")
# Facts whose value is itself a code with words of its own.
_CODED = {"kind": "document", "reason": "refused", "role": "role", "why": "why", "rule": "rule"}


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


def explain(key: str, language: str, facts: Mapping[str, object]) -> str:
    """Return the words of `key`, with facts that are codes themselves put into words too.

    A key of a newer program that this one has no words for is shown as it is, so that nothing is hidden.
    """
    if not has(key, language):
        return f"{key} {dict(facts)}" if facts else key
    spoken = {name: _spoken(name, value, language, facts) for name, value in facts.items()}
    return say(key, language, **spoken)


def _spoken(name: str, value: object, language: str, facts: Mapping[str, object]) -> object:
    group = _CODED.get(name)
    if group is None:
        return value
    if has(f"{group}.{value}", language):
        words = say(f"{group}.{value}", language)
        with contextlib.suppress(
            KeyError, IndexError
        ):  # a record may hold fewer facts than the words ask for
            words = words.format(**facts)
        return words
    return say(f"{group}.other", language) if has(f"{group}.other", language) else value
