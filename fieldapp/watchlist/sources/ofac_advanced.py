"""OFAC's advanced list (`sdn_advanced.xml`): those of the three CSV files, in every script, part by part.

The file names everything by number: reference values first (countries, kinds of alias, feature, document),
then locations and registration documents, then the parties, and last the sanctions entries that say under
which programme each is listed. So it is read twice, a record at a time: once for what is referred to, once
for the parties. An entry's id is the party's FixedRef, the number it has in the CSV files, and its source is
theirs too, so a name cleared against one form of the list stays cleared against the other.

Former names are F.K.A. aliases, weak ones those marked of low quality. A period becomes the part of a date
that all of it shares ("1954-10", "1954"), or its first and last year.
"""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import msgspec

from fieldapp.watchlist import countries
from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier, Quality
from fieldapp.watchlist.sources.markup import Node, records
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, distinct, silent, unique

NAME = "ofac-sdn"
ROOT = "Sanctions"
_SETS = frozenset(
    {
        "AliasType", "AreaCode", "Country", "DetailReference", "FeatureType", "IDRegDocType", "LocPartType",
        "NamePartType", "PartySubType", "PartyType", "SanctionsType",
    }
)  # fmt: skip
_REFERRED = _SETS | {"Location", "IDRegDocument", "SanctionsEntry"}
_FEATURES = {
    "website": "website",
    "email address": "email",
    "phone number": "phone",
    "swift/bic": "swift",
    "mmsi": "mmsi",
    "vessel call sign": "call-sign",
    "aircraft tail number": "aircraft",
    "aircraft manufacturer's serial number (msn)": "aircraft",
    "aircraft mode s transponder code": "aircraft",
}
_COUNTRIES = ("nationality country", "citizenship country", "nationality of registration", "vessel flag")
_DOCUMENTS = (
    ("passport", "passport"),
    ("vessel registration identification", "imo"),
    ("mmsi", "mmsi"),
    ("swift/bic", "swift"),
    ("tax", "tax"),
    ("r.f.c", "tax"),
    ("ruc", "tax"),
    ("v.a.t", "tax"),
    ("regist", "registration"),
    ("company number", "registration"),
    ("trade license", "registration"),
    ("folio mercantil", "registration"),
    ("matricula", "registration"),
    ("unified social credit code", "registration"),
    ("license", "registration"),
)
_STREET = ("address1", "address2", "address3")
_ORDER = (*_STREET, "city", "state/province", "postal code", "region")


class _Place(msgspec.Struct, frozen=True):
    country: str
    city: str
    whole: str


class _Listing(msgspec.Struct, frozen=True):
    programmes: tuple[str, ...]
    on: str


class _Referred(msgspec.Struct):
    """What parties refer to by number. Bounded by the list: a name of a value, a line of an address."""

    names: dict[tuple[str, str], str] = {}  # (set, number) -> name
    lands: dict[str, str] = {}  # country number -> ISO code, or name
    kinds: dict[str, str] = {}  # party sub-type -> party type
    places: dict[str, _Place] = {}
    documents: dict[str, tuple[ListedIdentifier, ...]] = {}  # by identity
    listings: dict[str, _Listing] = {}  # by profile

    def named(self, group: str, number: str) -> str:
        """Return the name of a reference value in lower case, empty where the file does not give it."""
        return self.names.get((group, number), "").lower()


def read(path: Path, tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of `path`."""

    def half(read: float) -> None:
        tell(read / 2)

    referred = _Referred()
    for node in records(NAME, path, ROOT, _REFERRED, half):
        _take(referred, node)
    if not any(group == "AliasType" for group, _ in referred.names):
        raise SourceRefused(source=NAME, file=path.name, reason="columns", line=0)
    for party in records(NAME, path, ROOT, frozenset({"DistinctParty"}), half):
        yield _entry(path, party, referred)


def _take(referred: _Referred, node: Node) -> None:
    number = node.attributes.get("ID", "")
    if node.name in _SETS:
        referred.names[node.name, number] = node.text
        if node.name == "Country":
            referred.lands[number] = node.attributes.get("ISO2") or node.text
        if node.name == "AreaCode":
            referred.lands.setdefault(
                node.attributes.get("CountryID", ""), node.attributes.get("Description", "")
            )
        if node.name == "PartySubType":
            referred.kinds[number] = node.attributes.get("PartyTypeID", "")
    elif node.name == "Location":
        referred.places[number] = _place(node, referred)
    elif node.name == "IDRegDocument":
        identity, value = node.attributes.get("IdentityID", ""), node.first("IDRegistrationNo")
        if value:
            kind = _document(referred.named("IDRegDocType", node.attributes.get("IDRegDocTypeID", "")))
            held = referred.documents.get(identity, ())
            referred.documents[identity] = (*held, ListedIdentifier(kind, _number(kind, value)))
    elif node.name == "SanctionsEntry":
        referred.listings[node.attributes.get("ProfileID", "")] = _listing(node, referred)


def _place(node: Node, referred: _Referred) -> _Place:
    parts: dict[str, str] = {}
    for part in node.all("LocationPart"):
        kind = referred.named("LocPartType", part.attributes.get("LocPartTypeID", ""))
        values = [value.first("Value") for value in part.all("LocationPartValue")]
        parts[kind] = next((text for text in values if text), "")
    country = next(
        (
            referred.lands.get(held.attributes.get("CountryID", ""), "")
            for held in node.all("LocationCountry")
        ),
        "",
    )
    line = [text for kind in _ORDER if (text := parts.get(kind, ""))]
    return _Place(country, parts.get("city", ""), ", ".join(line))


def _document(name: str) -> str:
    return next((kind for words, kind in _DOCUMENTS if words in name), "national-id")


def _number(kind: str, value: str) -> str:
    return value.removeprefix("IMO").strip() if kind == "imo" else value


def _listing(node: Node, referred: _Referred) -> _Listing:
    programmes = [
        measure.first("Comment")
        for measure in node.all("SanctionsMeasure")
        if referred.named("SanctionsType", measure.attributes.get("SanctionsTypeID", "")) == "program"
    ]
    dates = [_date(date) for event in node.all("EntryEvent") for date in event.all("Date")]
    return _Listing(unique(programmes), min((date for date in dates if date), default=""))


def _entry(path: Path, party: Node, referred: _Referred) -> Entry:
    number = party.attributes.get("FixedRef", "")
    profiles = list(party.all("Profile"))
    identities = [identity for profile in profiles for identity in profile.all("Identity")]
    names = distinct(sorted(_names(identities, referred), key=lambda name: name[1] != "primary"))
    if not number or not names:
        raise SourceRefused(source=NAME, file=path.name, reason="empty", line=0)
    features = list(_features(profiles, referred))
    places = [
        referred.places[value] for kind, _, value in features if kind == "place" and value in referred.places
    ]
    said = [(kind, value) for kind, _, value in features]
    listed = [referred.listings[one] for one in _profiles(profiles) if one in referred.listings]
    lands = [value for kind, value in said if kind == "country"]
    return Entry(
        id=number,
        source=NAME,
        kind=_kind(profiles, referred),
        names=names,
        countries=countries.codes(unique([*lands, *(place.country for place in places)])),
        birth_dates=unique(value for kind, value in said if kind == "birth"),
        identifiers=tuple(dict.fromkeys(_identifiers(identities, features, referred))),
        addresses=unique(place.whole for place in places),
        cities=unique(place.city for place in places),
        gender=next((value for kind, value in said if kind == "gender"), ""),
        programme=", ".join(unique(text for listing in listed for text in listing.programmes)),
        listed_on=min((listing.on for listing in listed if listing.on), default=""),
        remarks="; ".join(
            unique([party.first("Comment"), *(value for kind, value in said if kind == "title")])
        ),
    )


def _profiles(profiles: list[Node]) -> Iterator[str]:
    return (profile.attributes.get("ID", "") for profile in profiles)


def _kind(profiles: list[Node], referred: _Referred) -> EntryKind:
    for profile in profiles:
        below = profile.attributes.get("PartySubTypeID", "")
        sub, kind = (
            referred.named("PartySubType", below),
            referred.named("PartyType", referred.kinds.get(below, "")),
        )
        if sub in ("vessel", "aircraft"):
            return "vessel" if sub == "vessel" else "aircraft"
        if kind in ("individual", "entity"):
            return "person" if kind == "individual" else "company"
    return "other"


def _names(identities: list[Node], referred: _Referred) -> Iterator[tuple[str, Quality]]:
    """Yield every documented name; the primary alias of the primary identity comes as such."""
    for identity in identities:
        part_of = {
            group.attributes.get("ID", ""): referred.named(
                "NamePartType", group.attributes.get("NamePartTypeID", "")
            )
            for group in identity.deep("NamePartGroup")
        }
        first = identity.attributes.get("Primary", "true") == "true"
        for alias in identity.all("Alias"):
            kind = referred.named("AliasType", alias.attributes.get("AliasTypeID", ""))
            quality: Quality = "aka"
            if alias.attributes.get("LowQuality") == "true":
                quality = "weak"
            elif kind.startswith("f.k.a"):
                quality = "former"
            elif first and alias.attributes.get("Primary") == "true":
                quality = "primary"
            for at, name in enumerate(alias.all("DocumentedName")):
                # The first writing is the publisher's own; others are the same name in another script.
                yield _joined(name, part_of), "aka" if at and quality == "primary" else quality


def _joined(name: Node, part_of: dict[str, str]) -> str:
    """Join the parts as the CSV files do: the family name first and a comma, where there is one."""
    parts = [
        (part_of.get(value.attributes.get("NamePartGroupID", ""), ""), value.text)
        for value in name.deep("NamePartValue")
    ]
    family = [text for kind, text in parts if kind == "last name" and text]
    rest = [text for kind, text in parts if kind != "last name" and text]
    return ", ".join(" ".join(group) for group in (family, rest) if group)


def _features(profiles: list[Node], referred: _Referred) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of a party: what it is, the feature's own name, the value."""
    for feature in (held for profile in profiles for held in profile.all("Feature")):
        name = referred.named("FeatureType", feature.attributes.get("FeatureTypeID", ""))
        for version in feature.all("FeatureVersion"):
            if name == "birthdate":
                yield from (("birth", name, date) for date in _period(version))
                continue
            if name in ("location", *_COUNTRIES):
                yield from (
                    ("place" if name == "location" else "country", name, value)
                    for value in _placed(version, name, referred)
                )
            for detail in version.all("VersionDetail"):
                value = detail.text or referred.named(
                    "DetailReference", detail.attributes.get("DetailReferenceID", "")
                )
                if value and name == "gender":
                    yield "gender", name, value.lower()
                elif value and name == "title":
                    yield "title", name, value
                elif value:
                    yield "text", name, value


def _placed(version: Node, name: str, referred: _Referred) -> Iterator[str]:
    for place in version.all("VersionLocation"):
        number = place.attributes.get("LocationID", "")
        if name == "location":
            yield number
        elif number in referred.places:
            yield referred.places[number].country


def _identifiers(
    identities: list[Node], features: list[tuple[str, str, str]], referred: _Referred
) -> Iterator[ListedIdentifier]:
    for identity in identities:
        yield from referred.documents.get(identity.attributes.get("ID", ""), ())
    for kind, name, value in features:
        if kind != "text":
            continue
        if name.startswith("digital currency address"):
            yield ListedIdentifier("wallet", value)
        elif name in _FEATURES:
            yield ListedIdentifier(_FEATURES[name], value)


def _period(version: Node) -> Iterator[str]:
    """Yield the date of a feature: as far as its beginning and end agree, else both years."""
    for period in version.all("DatePeriod"):
        ends = [
            _date(date)
            for bound, edge in (("Start", "From"), ("End", "To"))
            for limit in period.all(bound)
            for date in limit.all(edge)
        ]
        first, last = (ends[0], ends[-1]) if ends else ("", "")
        shared = _shared(first, last)
        yield from (shared,) if shared else (date[:4] for date in (first, last) if date)


def _shared(first: str, last: str) -> str:
    agreed = takewhile(lambda pair: pair[0] == pair[1], zip(first.split("-"), last.split("-"), strict=False))
    return "-".join(one for one, _ in agreed)


def _date(node: Node) -> str:
    """Return a date as far as it is given: the publisher leaves out, or sets to 0, what nobody knows."""
    given = [node.first(part) for part in ("Year", "Month", "Day")]
    known: list[str] = []
    for text, width in zip(given, (4, 2, 2), strict=True):
        if not text.isdigit() or int(text) == 0:
            break
        known.append(text.zfill(width))
    return "-".join(known)
