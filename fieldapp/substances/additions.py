"""Substances and classes that a watchlist release adds to the lists of this program.

An emergency scheduling reaches a laptop with the next release: by CAS number, by names, by InChIKey, or as a
class rule in the form of `class_rules.toml`. Nothing of the program changes, and nothing already listed is
taken away. An addition without a source is marked unchecked, like any other row.
"""

from collections.abc import Iterable

import msgspec

from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import lists, rules
from fieldapp.substances.keys import flattened
from fieldapp.substances.languages import sounds
from fieldapp.substances.lists import Listing, Lists, Name, Substance
from fieldapp.substances.names import keys, merged
from fieldapp.substances.reader import Prepared, Reader


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """One substance put on a list, or one class rule (TOML text), or both.

    `names` holds the official name first. `formula` (Hill order) goes with `inchikey`.
    """

    id: str
    listing: Listing
    names: tuple[str, ...] = ()
    cas: str = ""
    inchikey: str = ""
    formula: str = ""
    class_rules: str = ""


def extend(reader: Reader, additions: Iterable[Addition]) -> Reader:
    """Return a reader that knows `additions` too; `reader` is left as it was.

    Raises msgspec.ValidationError or tomllib.TOMLDecodeError where a class rule is not one.
    """
    known, names = reader.prepared.lists, []
    some = tuple(additions)
    for one in some:
        known, added = _extended(known, one)
        names += added
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
    return Reader(prepared, reader.dictionary.without(one.cas for one in some if is_valid(one.cas)))


def _extended(known: Lists, one: Addition) -> tuple[Lists, list[Name]]:
    held = dict(known.rules)
    if one.class_rules:
        held |= {rule.id: rule for rule in rules.read(one.class_rules)}
    if not one.names and not one.cas and not one.inchikey:
        return msgspec.structs.replace(known, rules=held), []
    same = known.by_cas.get(one.cas) if one.cas else None
    substance = known.substances[same] if same else _substance(one)
    listings = (*substance.listings, *([] if _has(substance, one.listing) else [one.listing]))
    substance = msgspec.structs.replace(substance, listings=listings)
    by_cas = known.by_cas | ({one.cas: substance.id} if one.cas else {})
    substances = known.substances | {substance.id: substance}
    names = [Name(substance.id, name, "official") for name in one.names]
    return msgspec.structs.replace(known, rules=held, substances=substances, by_cas=by_cas), names


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
