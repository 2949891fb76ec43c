"""Numbers and addresses on the net in the one form under which they are found again.

Written forms differ in spaces, dots, dashes and case; those are not compared. A phone is also found by
its last nine digits, a web address by its host, its registrable domain and the label in it, an e-mail
by itself and by its domain. A GTIN is compared as 14 digits. What a
number is called on paper and what stands beside it in a list of numbers is taken off.
"""

import re
from urllib.parse import urlsplit

from fieldapp.watchlist import keys
from fieldapp.watchlist.entry import ListedIdentifier
from fieldapp.watchlist.names import fold
from fieldapp.watchlist.script import drawn_like
from fieldapp.watchlist.slips import meant

_NET = ("website", "url", "domain")
_SECOND = frozenset(
    {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "nic", "in", "biz", "info"}
)
_SHORTEST = 4
_LISTED_SHORTEST = 6  # letters and digits of a part behind a stroke: shorter ones are pages and years
# What stands in front of a number on paper. Whole words only; those of the second kind also written
# together with digits. A country's or a series' own letters (N1234567, IN 12) are part of the number.
_LABELS = (
    "passport|pass|ppt|iec|iecode|gstin|gst|pan|cin|din|tan|vat|tin|ein|duns|lei|imo|mmsi|crn|nif|cif|rfc|rut"
    "|registration|registered|reg|regn|licence|license|lic|permit|certificate|cert|identity|identification"
    "|identifier|ident|id|card|national|tax|taxpayer|company|trade|commercial|code|number|nummer|numero|num|nr"
    "|no|nos|ref|reference|tel|telephone|phone|mobile|mob|fax|swift|bic|cnic|nic|nid|eori|bin|inn|ogrn|kpp|uscc"
)
_GLUED = "passport|iec|gstin|pan|cin|duns|imo|mmsi|vat|tin|ein|crn|reg"
_CALLED = ("tel", "telephone", "phone", "mobile", "mob", "fax")
_LABEL = re.compile(
    rf"(?<![0-9a-z])(?:(?:{_LABELS})(?![0-9a-z])|№)[\s.:#\-=]*|(?<![0-9a-z])(?:{_GLUED})(?=[0-9]{{5}})"
)
_NEXT = re.compile(r"[,;|\n]|\s(?:and|&)\s")
SUBSTANCE = keys.hashed("kind:substance")  # the key under which every listed substance is kept
_BRAND = 6  # letters a label must have to be looked for inside another


def plain(value: str) -> str:
    """Return the letters and digits of `value` in capitals."""
    return re.sub(r"[^0-9A-Z]", "", fold(value).upper())


def numbers_in(value: str) -> dict[str, bool]:
    """Return the numbers that `value` may mean, as letters and digits, each with whether it is a phone's.

    First `value` as it stands; then its parts, where it lists several, names what the number is ("IEC
    0388123456") or goes on behind a stroke ("N1234567/A"). A part has a digit in it.
    """
    text = fold(value)
    found = {plain(value): False} if plain(value) else {}
    for piece in _NEXT.split(text):
        last, called = 0, False
        for label_ in (*_LABEL.finditer(piece), None):
            part = piece[last : label_.start() if label_ else len(piece)]
            _take(found, part, called=called)
            if label_ is not None:
                called = label_.group().rstrip(" .:#-=") in _CALLED
                last = label_.end()
    return found


def _take(found: dict[str, bool], part: str, *, called: bool) -> None:
    for at, written in enumerate((part, *part.split("/"))):
        text = plain(written)
        least = _LISTED_SHORTEST if at and "/" in part else _SHORTEST
        if len(text) >= least and any(character.isdigit() for character in text):
            found.setdefault(text, called)


def host(value: str) -> str:
    """Return the host of a web address, in Unicode, lower case, without `www.`; nothing if there is none."""
    text = fold(value).strip(" .,;\"'<>()")
    if "//" not in text:
        text = "//" + text
    try:
        name = (urlsplit(text).hostname or "").strip(".")
    except ValueError:
        return ""
    labels = []
    for label in name.split("."):
        try:
            labels.append(label.encode().decode("idna") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    if labels and labels[0] == "www" and len(labels) > 2:
        labels = labels[1:]
    return ".".join(labels) if len(labels) > 1 and all(labels) else ""


def registrable(name: str) -> str:
    """Return the part of a host that somebody registered: one label and its public ending."""
    labels = name.split(".")
    if len(labels) >= 3 and labels[-2] in _SECOND and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def label(name: str) -> str:
    """Return the registered label of a host: `example` in `shop.example.co.in`."""
    return registrable(name).split(".")[0]


def lookalike(text: str) -> str:
    """Return `text` with letters, digits and pairs drawn like others made equal; hyphens go."""
    folded = drawn_like(text.replace("-", ""))
    return folded.replace("rn", "m").replace("vv", "w").replace("cl", "d").replace("l", "i")


def keys_of_identifier(identifier: ListedIdentifier) -> set[int]:
    """Return the keys under which a listed identifier is kept."""
    if identifier.type in _NET:
        return domain_keys(identifier.value)
    if identifier.type == "email":
        text = fold(identifier.value)
        return {keys.hashed("id:" + text)}
    text = plain(identifier.value)
    if len(text) < _SHORTEST:
        return set()
    found = {keys.hashed("id:" + text)}
    if identifier.type in ("phone", "fax") and len(text) > 9:
        found.add(keys.hashed("tel:" + text[-9:]))
    if identifier.type == "gtin" and text.isdigit():
        found.add(keys.hashed("id:" + text.zfill(14)))
    return found


def domain_keys(value: str) -> set[int]:
    """Return the keys under which a listed domain is kept."""
    name = host(value)
    if not name:
        return set()
    brand = label(name)
    found = {keys.hashed("host:" + name), keys.hashed("reg:" + registrable(name))}
    drawn = lookalike(brand)
    if len(drawn) >= _SHORTEST:
        found.add(keys.hashed("label:" + drawn))
    if len(drawn) >= _BRAND:
        found.update(keys.hashed("label-1:" + drawn[:at] + drawn[at + 1 :]) for at in range(len(drawn)))
    return found


def query_keys(value: str) -> dict[int, str]:
    """Return the keys to look up for a scanned or typed number, each with the way it would agree."""
    text = plain(value)
    wanted: dict[int, str] = {}
    if len(text) >= _SHORTEST:
        wanted[keys.hashed("id:" + text)] = "exact"
        if text.isdigit() and len(text) in (8, 12, 13, 14):
            wanted.setdefault(keys.hashed("id:" + text.zfill(14)), "exact")
            wanted.setdefault(keys.hashed("id:" + text.lstrip("0")), "exact")
        if text.startswith("IMO") and text[3:].isdigit():
            wanted[keys.hashed("id:" + text[3:])] = "exact"
        if text.isdigit() and len(text) >= 10:
            wanted[keys.hashed("tel:" + text[-9:])] = "phone"
    for near in meant(text.removeprefix("IMO")):
        wanted.setdefault(keys.hashed("id:" + near), "near")
        if near.isdigit() and len(near) != 7:
            wanted.setdefault(keys.hashed("id:" + near.zfill(14)), "near")
    for number, called in numbers_in(value).items():
        if len(number) >= _SHORTEST and number != text:
            wanted.setdefault(keys.hashed("id:" + number), "exact")
            if called and number.isdigit() and len(number) >= 10:
                wanted.setdefault(keys.hashed("tel:" + number[-9:]), "phone")
    if "@" in value:
        wanted[keys.hashed("id:" + fold(value))] = "exact"
    return wanted


def domain_query_keys(value: str) -> dict[int, str]:
    """Return the keys to look up for a domain, web or e-mail address, best way of agreeing first."""
    name = host(value.rpartition("@")[2])
    if not name:
        return {}
    wanted = {keys.hashed("host:" + name): "domain-exact"}
    labels = name.split(".")
    for at in range(1, len(labels) - 1):
        wanted.setdefault(keys.hashed("host:" + ".".join(labels[at:])), "domain-sub")
    wanted.setdefault(keys.hashed("reg:" + registrable(name)), "domain-same-owner")
    drawn = lookalike(label(name))
    wanted.setdefault(keys.hashed("label:" + drawn), "domain-lookalike")
    if len(drawn) >= _BRAND:
        wanted.setdefault(keys.hashed("label-1:" + drawn), "domain-lookalike")
        for at in range(len(drawn)):
            short = drawn[:at] + drawn[at + 1 :]
            wanted.setdefault(keys.hashed("label-1:" + short), "domain-lookalike")
            wanted.setdefault(keys.hashed("label:" + short), "domain-lookalike")
    for start in range(len(drawn) - _BRAND + 1):
        for end in range(start + _BRAND, len(drawn) + 1):
            wanted.setdefault(keys.hashed("label:" + drawn[start:end]), "domain-brand")
    return wanted
