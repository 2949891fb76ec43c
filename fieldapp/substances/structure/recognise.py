"""A structure as given, answered: the listed substance it is, the classes it belongs to.

Where it belongs to a class without being listed, the nearest listed substance is named, by the share of
circular fingerprint bits (ECFP4, Tanimoto): a help for the reader, never a reason.
"""

from functools import lru_cache

from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from fieldapp.substances import rules
from fieldapp.substances.answer import Reason
from fieldapp.substances.evidence import Evidence
from fieldapp.substances.keys import How, Same, StructureKeys
from fieldapp.substances.lists import Form, FormKind, Lists
from fieldapp.substances.structure import identity, member, molecule

_KINDS: dict[How, FormKind] = {"exact": "same", "flat": "same", "salt": "salt", "isomer": "isomer"}
_KEY = 27  # characters of an InChIKey
_fingerprints = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)


class Recognised:
    """What a structure is evidence of, and what could not be read."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.unread: list[Reason] = []


def read(known: Lists, listed: StructureKeys, given: str) -> Recognised:
    """Recognise a SMILES, an InChI, an InChIKey or a MOL file."""
    found = Recognised()
    if len(given) == _KEY and given.count("-") == 2:
        _same(known, listed.by_key(given), found)
        if not found.evidence:
            found.unread.append(Reason("structure-key-unknown", {"key": given}))
        return found
    mol = molecule.read(given)
    if mol is None:
        found.unread.append(Reason("structure-unreadable"))
        return found
    parents = molecule.parents(mol)
    same = identity.find(listed, mol, parents)
    _same(known, same, found)
    for parent in parents:
        _classes(known, parent.flat, same, found)
    return found


def _same(known: Lists, same: tuple[Same, ...], found: Recognised) -> None:
    for one in same:
        name = known.substances[one.substance].name
        found.evidence.append(Evidence(one.substance, Reason(f"structure-{one.how}", {"name": name})))


def _classes(known: Lists, mol: Chem.Mol, same: tuple[Same, ...], found: Recognised) -> None:
    held = member.members(mol, known.rules.values())
    if not held:
        return
    listed = [one.substance for one in same if one.how != "isomer"]
    if listed:
        held = tuple(one for one in held if one.tier == "law")
    closest = "" if listed or not held else nearest(known, mol)
    for one in held:
        facts: dict[str, str | int | float] = {"name": one.rule.name, "effect": one.rule.effect}
        limbs = ", ".join(change.limb for change in one.changes if change.limb)
        reasons = [Reason(f"class-{rules.standing(one.rule, low=one.low)}", facts)]
        if limbs:
            reasons.append(Reason("class-limbs", {"limbs": limbs}))
        if closest:
            reasons.append(Reason("class-nearest", {"name": closest}))
        for about in listed or [one.rule.name]:
            found.evidence.extend(Evidence(about, reason, one.rule.id) for reason in reasons)


def nearest(known: Lists, mol: Chem.Mol) -> str:
    """Return the name of the listed substance whose structure is most like `mol`."""
    bits = _fingerprints.GetFingerprint(mol)
    names, some = [], []
    for one in known.substances.values():
        listed = _bits(one.smiles)
        if listed is not None:
            names.append(one.name)
            some.append(listed)
    shares = DataStructs.BulkTanimotoSimilarity(bits, some)
    return max(zip(shares, names, strict=True))[1]


@lru_cache(maxsize=4096)
def _bits(smiles: str) -> DataStructs.ExplicitBitVect | None:
    mol = molecule.read(smiles) if smiles else None
    return None if mol is None else _fingerprints.GetFingerprint(mol)


def forms(known: Lists, cas: str, name: str, smiles: str) -> list[Form]:
    """Return what a chemical of the dictionary is a form of: a listed substance, or a member of a class."""
    mol = molecule.read(smiles)
    if mol is None:
        return []
    parents = molecule.parents(mol)
    same = identity.find(StructureKeys(known.substances.values()), mol, parents)
    found = [Form(cas=cas, name=name, kind=_KINDS[one.how], substance=one.substance) for one in same]
    if found:
        return found[:1]
    for parent in parents:
        held = [
            one
            for one in member.members(parent.flat, known.rules.values())
            if one.tier in ("law", "borderline")
        ]
        if held:
            return [Form(cas=cas, name=name, kind="member", rule=held[0].rule.id)]
    return []
