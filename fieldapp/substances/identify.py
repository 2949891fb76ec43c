"""From any writing of a substance to an answer: text of goods, CAS number, structure.

Promises: whatever a field holds, there is an answer; what could not be read is `not_understood`, never a
silent `none`. Refuses to read a name into words that are another known chemical, drug or ordinary goods.
"""

from collections.abc import Iterable

from fieldapp.substances import languages, normal, numbers, papers, structure, veto, words
from fieldapp.substances.answer import Answer, Direction, Reason
from fieldapp.substances.evidence import Evidence, action, matches
from fieldapp.substances.names import Spot, longest, windows
from fieldapp.substances.reader import Reader, reader


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

    `smiles` takes a SMILES, an InChI, an InChIKey or a MOL file; `hs` is the declared HS code.
    `direction` and `countries` (ISO 3166-1 alpha-2 of the parties) decide which papers are asked for.
    `using` is a reader that knows more than the lists of this program (`additions.extend`).
    """
    ready = using or reader()
    read = numbers.read(ready, text[: normal.LIMIT], cas, hs)
    evidence, unread = read.evidence, read.unread
    if len(text) > normal.LIMIT:
        unread.append(Reason("text-too-long", {"limit": normal.LIMIT}))
    _read_structure(ready, smiles, evidence, unread)
    plain = normal.normalise(text)
    understood = _read_text(ready, plain, evidence)
    if not understood and not evidence:
        given = text.strip() or cas.strip() or smiles.strip()
        if text.strip() or not given:
            unread.append(Reason("text-unreadable" if given else "text-empty"))
    found = matches(ready.lists, evidence)
    word = action(ready.lists, evidence, understood=not unread)
    labels = [label for match in found for label in match.lists]
    return Answer(
        action=word,
        substances=found,
        documents_required=papers.required(labels, direction, tuple(countries))
        if word == "controlled"
        else (),
        reasons=tuple(unread),
    )


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


def _read_text(ready: Reader, plain: str, evidence: list[Evidence]) -> bool:
    """Add what the words name; say whether the text could be read at all."""
    atoms = normal.atoms(plain)
    context = words.is_chemical_context(plain, (atom.text for atom in atoms))
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
    leet = normal.unleet(plain)
    if leet != plain:
        found += ready.index.exact(normal.atoms(leet))
    found += ready.index.by_parts(plain)
    found += ready.index.near(windows(atoms, known=words.is_ordinary))
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
