"""Substances and classes that a watchlist release adds to the lists of this program.

An emergency scheduling reaches a laptop with the next release: by CAS number, by names, by InChIKey, or as a
class rule in the form of `class_rules.toml`. Nothing of the program changes, and nothing already listed is
taken away. An addition without a source is marked unchecked, like any other row. One part that cannot be read
loses nothing beside it, and every answer says that it is missing.
"""

import tomllib
from collections.abc import Iterable

import msgspec

from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import ec, lists, rules, structure
from fieldapp.substances.answer import Reason
from fieldapp.substances.keys import flattened
from fieldapp.substances.languages import sounds
from fieldapp.substances.lists import EcNumber, Listing, Lists, Name, Substance
from fieldapp.substances.names import keys, merged
from fieldapp.substances.normal import squash
from fieldapp.substances.reader import Prepared, Reader


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """One substance put on a list, or one class rule (TOML text), or both.

    `names` holds the official name first. `formula` (Hill order) goes with `inchikey`.
    """

    id: str
    listing: Listing
    names: tuple[str, ...] = ()
    cas: str = ""
    ec: str = ""
    inchikey: str = ""
    formula: str = ""
    class_rules: str = ""


def extend(reader: Reader, additions: Iterable[Addition]) -> Reader:
    """Return a reader that knows `additions` too; `reader` is left as it was."""
    known, names = reader.prepared.lists, []
    some, refused = tuple(additions), []
    for one in some:
        one, unread = _readable(one)
        refused += unread
        known, added = _extended(known, one, reader)
        names += added
    if some:
        known = msgspec.structs.replace(known, edition=f"{known.edition}+{len(some)}")
    before = reader.prepared
    heard = sounds(names)
    prepared = Prepared(
        lists=known,
        keys=merged(before.keys, keys(names)),
        foreign=before.foreign,
        sounds={
            first: (*before.sounds.get(first, ()), *heard.get(first, ()))
            for first in before.sounds.keys() | heard.keys()
        },
    )
    without = reader.dictionary.without(one.cas for one in some if is_valid(one.cas))
    return Reader(prepared, without, (*reader.refused, *refused))


def _readable(one: Addition) -> tuple[Addition, list[Reason]]:
    """Return an addition without what cannot be read of it, and what that was."""
    parts: dict[str, str] = {}
    if one.cas and not is_valid(one.cas):
        parts["cas"] = one.cas
    if one.ec and not ec.is_valid(one.ec):
        parts["ec"] = one.ec
    if one.class_rules and not _are_rules(one.class_rules):
        parts["class_rules"] = one.class_rules[:60]
    reasons = [
        Reason("addition-unread", {"entry": one.id, "field": field, "text": text})
        for field, text in parts.items()
    ]
    return msgspec.structs.replace(one, **dict.fromkeys(parts, "")), reasons


def _are_rules(text: str) -> bool:
    try:
        read = rules.read(text)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, TypeError, RecursionError):
        return False
    if structure.available():
        from fieldapp.substances.structure.member import is_usable  # the engine is optional

        return all(is_usable(rule) for rule in read)
    return True


def _same(known: Lists, one: Addition, reader: Reader) -> str:
    """Return the substance that an addition means: by its number, or by a name that is nobody else's."""
    if one.cas:
        return known.by_cas.get(one.cas, "")
    for name in one.names[:1]:
        owners = {
            held.substance
            for held in reader.prepared.keys.exact.get(squash(name), ())
            if held.kind in ("official", "name")
        }
        if len(owners) == 1:
            return owners.pop()
    return ""


def _extended(known: Lists, one: Addition, reader: Reader) -> tuple[Lists, list[Name]]:
    held = dict(known.rules)
    if one.class_rules:
        held |= {rule.id: rule for rule in rules.read(one.class_rules)}
    if not one.cas and not one.inchikey and not one.ec and (one.class_rules or not one.names):
        return msgspec.structs.replace(known, rules=held), []
    same = _same(known, one, reader)
    substance = known.substances[same] if same else _substance(one)
    listings = (*substance.listings, *([] if _has(substance, one.listing) else [one.listing]))
    substance = msgspec.structs.replace(substance, listings=listings)
    by_cas = known.by_cas | ({one.cas: substance.id} if one.cas else {})
    verified = one.listing.verified
    numbers = known.ec_numbers | (
        {one.ec: EcNumber(substance=substance.id, verified=verified)} if one.ec else {}
    )
    substances = known.substances | {substance.id: substance}
    names = [Name(substance.id, name, "official") for name in one.names]
    extended = msgspec.structs.replace(
        known, rules=held, substances=substances, by_cas=by_cas, ec_numbers=numbers
    )
    return extended, names


def _substance(one: Addition) -> Substance:
    return Substance(
        id=f"added:{one.id}",
        name=one.names[0] if one.names else one.cas or one.inchikey,
        cas=one.cas,
        inchikey=one.inchikey,
        parent_key=one.inchikey,
        flat_key=flattened(one.inchikey) if one.inchikey else "",
        formula=one.formula,
    )


def _has(substance: Substance, listing: Listing) -> bool:
    return any(row.label == listing.label and lists.in_force(row) for row in substance.listings)
