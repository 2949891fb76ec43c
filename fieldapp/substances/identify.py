"""From any writing of a substance to an answer: text of goods, CAS number, structure.

Promises: whatever a field holds, there is an answer; what could not be read is `not_understood`, never a
silent `none`. Refuses to read a name into words that are another known chemical, drug or ordinary goods.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from fieldapp.substances import (
    formulas,
    isomers,
    languages,
    nomenclature,
    normal,
    notation,
    numbers,
    papers,
    structure,
    veto,
    words,
)
from fieldapp.substances.answer import Answer, Direction, Reason
from fieldapp.substances.evidence import Evidence, action, matches
from fieldapp.substances.names import Spot, longest, windows
from fieldapp.substances.reader import Reader, reader

_STRUCTURE = re.compile(r"(InChI=1S?/[^\s;]+)|\bSMILES\s?[:=]\s?(\S+)")


def identify(
    text: str,
    cas: str = "",
    smiles: str = "",
    *,
    hs: str = "",
    direction: Direction = "export",
    countries: Iterable[str] = (),
    using: Reader | None = None,
) -> Answer:
    """Say what `text`, a `cas` number and a structure mean, any of which may be empty.

    `smiles` takes a SMILES, an InChI, an InChIKey or a MOL file; without one, an InChI that stands in the
    text, or a SMILES behind that word, is read. `hs` is the declared HS code.
    `direction` and `countries` (ISO 3166-1 alpha-2 of the parties) decide which papers are asked for.
    `using` is a reader that knows more than the lists of this program (`additions.extend`).
    """
    ready = using or reader()
    plain = normal.normalise(text)
    atoms = normal.atoms(plain)
    context = words.is_chemical_context(plain, (atom.text for atom in atoms))
    read = numbers.read(ready, text[: normal.LIMIT], cas, hs, chemical=context)
    evidence, unread = read.evidence, read.unread
    evidence += formulas.find(ready.lists, text[: normal.LIMIT], chemical=context)
    if len(text) > normal.LIMIT:
        unread.append(Reason("text-too-long", {"limit": normal.LIMIT}))
    given = smiles.strip() or _written(text[: normal.LIMIT])
    _read_structure(ready, given, evidence, unread)
    for bare in () if given else notation.bare(text[: normal.LIMIT]):
        before = len(evidence)
        _read_structure(ready, bare, evidence, unread)
        given = given or (bare if len(evidence) > before else "")
    understood = _read_text(ready, plain, atoms, evidence, context=context)
    if not understood and not evidence:
        anything = text.strip() or cas.strip() or given
        if text.strip() or not anything:
            unread.append(Reason("text-unreadable" if anything else "text-empty"))
    evidence, notes = isomers.apart(ready.lists, evidence)
    evidence += numbers.against_hs(ready.lists, evidence, hs)
    found = tuple(
        match if match.structure else msgspec.structs.replace(match, structure=given)
        for match in matches(ready.lists, evidence)
    )
    word = action(ready.lists, evidence, understood=not unread)
    labels = [label for match in found for label in match.lists]
    return Answer(
        action=word,
        substances=found,
        documents_required=papers.required(labels, direction, tuple(countries))
        if word == "controlled"
        else (),
        reasons=(*unread, *notes, *ready.refused),
        edition=ready.lists.edition,
    )


def unexplained(text: str, found: Answer, using: Reader | None = None) -> tuple[str, ...]:
    """Return the systematic names in `text` that `found`, its answer, and the dictionary leave unexplained.

    A name that is written like a listed one was looked at already, and had a reason not to count.
    """
    if found.action == "controlled":
        return ()
    ready = using or reader()
    return tuple(
        name
        for name in nomenclature.systematic(text[: normal.LIMIT])
        if not ready.dictionary.has_name(normal.squash(name)) and not ready.index.has(normal.squash(name))
    )


def unread(wanted: Iterable[str], read: Mapping[str, str]) -> tuple[str, ...]:
    """Return those of the `wanted` names of a text that were to be read as structures and were not.

    `read` is what `nomenclature.structures` answered. A name without an answer counts if it is telling, and
    not where the shorter names that it is made of were read.
    """
    some = tuple(wanted)
    done = {name for name in some if read.get(name, nomenclature.UNREAD) != nomenclature.UNREAD}

    def is_made_of_read(name: str) -> bool:
        pieces = [other for other in done if other in name]
        return sum(map(len, pieces)) * 10 >= len(name) * 8

    return tuple(
        name
        for name in some
        if name not in done
        and (read.get(name) == nomenclature.UNREAD or nomenclature.is_telling(name))
        and not is_made_of_read(name)
    )


def _written(text: str) -> str:
    """Return a structure that stands in a text, in a notation nothing else is written in."""
    found = _STRUCTURE.search(text)
    return (found[1] or found[2]).rstrip(".,;") if found else ""


def _read_structure(ready: Reader, given: str, evidence: list[Evidence], unread: list[Reason]) -> None:
    given = given.strip()
    if not given:
        return
    if structure.available():
        from fieldapp.substances.structure import recognise  # the engine is optional

        found = recognise.read(ready.lists, ready.structures, given)
        evidence.extend(found.evidence)
        unread.extend(found.unread)
        return
    same = [
        one for one in ready.lists.substances.values() if given in (one.smiles, one.inchikey, one.parent_key)
    ]
    evidence.extend(Evidence(one.id, Reason("structure-exact", {"name": one.name})) for one in same)
    if not same:
        unread.append(Reason("structure-needs-engine"))


def _read_text(
    ready: Reader, plain: str, atoms: list[normal.Atom], evidence: list[Evidence], *, context: bool
) -> bool:
    """Add what the words name; say whether the text could be read at all."""
    told: set[tuple[tuple[str, ...], str, str]] = set()  # a long text repeats its words
    for spot in _spots(ready, plain, atoms):
        doubtful = spot.kind in ("short", "brand") or spot.brief
        alone = spot.start <= atoms[0].start and spot.end >= atoms[-1].end
        if doubtful and not (context or alone):
            continue
        code = _code(spot, plain)
        said = (spot.substances, code, plain[spot.start : spot.end])
        if code and said not in told and not veto.is_other(spot, plain, atoms, ready.dictionary):
            told.add(said)
            evidence.extend(_evidence(ready, spot, code, said[2]))
    for foreign in ready.tongues.find(plain):
        code = "substance-spelt" if foreign.spelt else "substance-language"
        facts: dict[str, str | int | float] = {
            "text": foreign.name,
            "name": ready.lists.substances[foreign.substance].name,
        }
        evidence.append(Evidence(foreign.substance, Reason(code, facts)))
    return words.is_readable(atoms) and not languages.has_other_script(plain)


def _spots(ready: Reader, plain: str, atoms: list[normal.Atom]) -> list[Spot]:
    found = list(ready.index.exact(atoms))
    for leet in {normal.unleet(plain), normal.unleet(plain, "i")} - {plain}:
        found += ready.index.exact(normal.atoms(leet))
    found += ready.index.turned(plain)
    found += ready.index.by_parts(plain)
    # A slip in a piece of a name means nothing, and must not stand in front of a shorter name that is whole.
    near = ready.index.near(windows(atoms, known=words.is_ordinary))
    found += (spot for spot in near if not veto.is_piece(spot, plain))
    return longest(found)


def _code(spot: Spot, plain: str) -> str:
    """Return the reason a spot stands for; empty where it is a piece of another systematic name."""
    if veto.is_piece(spot, plain):
        named = spot.how == "exact" and spot.kind in ("official", "name", "ambiguous")
        return "substance-inside" if named and not veto.is_systematic(spot, plain) else ""
    if spot.how != "exact":
        return "substance-parts" if spot.how == "parts" else "substance-near"
    if spot.kind == "ambiguous" and len(spot.substances) > 1:
        return "substance-shared"
    return {"short": "substance-acronym", "brand": "substance-brand"}.get(spot.kind, "substance-name")


def _evidence(ready: Reader, spot: Spot, code: str, written: str) -> Iterable[Evidence]:
    for one in spot.substances:
        form = ready.lists.forms.get(one)
        if form:
            yield numbers.of_form(ready.lists, form, written)
        else:
            yield Evidence(one, Reason(code, {"text": written, "name": spot.name}))
