"""A STIX 2.1 bundle: identities, threat actors, and the domains, URLs and e-mail addresses among its objects.

Indicators are read where their pattern is a plain comparison of a domain, URL or e-mail address. An
object without a name and without one of these values is passed over; a revoked one is not taken.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, silent, unique

NAME = "stix"
_LIMIT = 256 << 20
_KINDS: dict[str, EntryKind] = {"individual": "person", "organization": "company"}
_NAMED = ("identity", "threat-actor", "intrusion-set", "infrastructure", "campaign", "chemical-substance")
_VALUED = {"domain-name": "website", "url": "website", "email-addr": "email"}
_PATTERN = re.compile(r"(domain-name|url|email-addr):value\s*=\s*'((?:[^'\\]|\\.)*)'")


class _Object(msgspec.Struct, frozen=True):
    type: str
    id: str
    name: str = ""
    value: str = ""
    pattern: str = ""
    description: str = ""
    identity_class: str = ""
    aliases: list[str] = []
    created: str = ""
    revoked: bool = False
    country: str = ""
    cas: str = ""
    extensions: dict[str, Any] = {}


class _Bundle(msgspec.Struct, frozen=True):
    type: str
    id: str
    objects: list[_Object] = []


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every bundle of `paths`."""
    for path in paths:
        if path.stat().st_size > _LIMIT:
            raise SourceRefused(source=NAME, file=path.name, reason="long", line=0)
        try:
            raw = path.read_bytes()
            tell(len(raw))
            bundle = msgspec.json.decode(raw, type=_Bundle)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SourceRefused(source=NAME, file=path.name, reason="cut", line=0) from error
        if bundle.type != "bundle":
            raise SourceRefused(source=NAME, file=path.name, reason="root", line=0)
        for held in bundle.objects:
            entry = None if held.revoked else _entry(held)
            if entry is not None:
                yield entry


def _entry(held: _Object) -> Entry | None:
    identifiers = tuple(dict.fromkeys(_identifiers(held)))
    texts = [held.name] if held.type in _NAMED else []
    names = distinct(
        [(text, "primary") for text in texts if text] + [(text, "aka") for text in _aliases(held)]
    )
    if not names:
        names = distinct([(identifier.value, "primary") for identifier in identifiers[:1]])
    if not names:
        return None
    kind = _KINDS.get(held.identity_class, "company" if held.type == "identity" else "other")
    return Entry(
        id=held.id,
        source=NAME,
        kind="substance" if held.type == "chemical-substance" else kind,
        names=names,
        countries=countries.codes(unique([held.country])),
        identifiers=identifiers,
        listed_on=held.created[:10],
        remarks=held.description,
    )


def _aliases(held: _Object) -> Iterator[str]:
    yield from held.aliases
    for extension in held.extensions.values():
        if isinstance(extension, dict):
            listed = extension.get("aliases", [])
            yield from (text for text in listed if isinstance(text, str))


def _identifiers(held: _Object) -> Iterator[ListedIdentifier]:
    if held.type in _VALUED and held.value:
        yield ListedIdentifier(_VALUED[held.type], held.value)
    if held.type == "indicator":
        for kind, value in _PATTERN.findall(held.pattern):
            yield ListedIdentifier(_VALUED[kind], re.sub(r"\\(.)", r"\1", value))
    if held.cas:
        yield ListedIdentifier("cas", held.cas)
