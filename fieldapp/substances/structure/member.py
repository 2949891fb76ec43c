"""Whether a structure is a member of a class, and by which limb of the law.

A core is laid over the structure in every way it fits. What hangs on it must be explained by a region of the
rule, substituent by substituent; one that no region explains ends that attempt. A member says which regions
are changed against the substance the law is named after, with the atoms of each, for the picture.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from fieldapp.substances.rules import ClassRule, Region, Ring, Tier
from fieldapp.substances.structure.kinds import Substituent, allowed

_MOST_FITS = 64


Neighbours = tuple[tuple[int, ...], ...]


class Change(NamedTuple):
    """One region that differs from the named substance: its name, its limb, its atoms."""

    region: str
    limb: str
    atoms: tuple[int, ...]


class Member(NamedTuple):
    """A structure's place in a class. `low` means: reported, but everyday trade falls under it too."""

    rule: ClassRule
    core: tuple[int, ...]
    changes: tuple[Change, ...]
    low: bool

    @property
    def tier(self) -> Tier:
        """The tier of the rule."""
        return self.rule.tier


class _Fit(NamedTuple):
    """A core laid over a structure: number -> atom, all core atoms, and the rings grown from it."""

    numbered: dict[int, int]
    core: frozenset[int]
    rings: dict[str, frozenset[int]]


def members(mol: Chem.Mol, rules: Iterable[ClassRule]) -> tuple[Member, ...]:
    """Return every class of `rules` that the comparable structure `mol` belongs to.

    What lies inside a law is no longer asked whether it lies on the edge of one, or near it.
    """
    some, around = tuple(rules), neighbours(mol)
    found = [held for rule in some if rule.tier == "law" and (held := _member(mol, around, rule))]
    if found:
        return tuple(found)
    for rule in some:
        if rule.tier != "law" and not any(other.rule.id in rule.not_if for other in found):
            member = _member(mol, around, rule)
            if member:
                found.append(member)
    return tuple(found)


def is_usable(rule: ClassRule) -> bool:
    """Say whether the patterns of a rule can be read, and its regions and rings stand on numbered atoms."""
    try:
        cores = [_core(smarts) for smarts in rule.cores]
        if rule.require:
            pattern(rule.require)
        for region in rule.regions.values():
            if region.reference and Chem.MolFromSmiles(region.reference) is None:
                return False
    except ValueError:
        return False
    numbers = [{number for number, _ in core.numbers} for core in cores]
    return (
        bool(cores)
        and all(ring.atom in some for ring in rule.rings.values() for some in numbers)
        and all(region.ring in ("", *rule.rings) for region in rule.regions.values())
    )


@lru_cache(maxsize=256)
def pattern(smarts: str) -> Chem.Mol:
    """Return a compiled SMARTS pattern; raises ValueError."""
    compiled = Chem.MolFromSmarts(smarts)
    if compiled is None:
        raise ValueError(smarts)
    return compiled


class _Core(NamedTuple):
    """A compiled core, and its numbered atoms: (number, which atom of the pattern)."""

    pattern: Chem.Mol
    numbers: tuple[tuple[int, int], ...]


@lru_cache(maxsize=256)
def _core(smarts: str) -> _Core:
    core = pattern(smarts)
    numbered = ((atom.GetAtomMapNum(), atom.GetIdx()) for atom in core.GetAtoms())
    return _Core(core, tuple((number, index) for number, index in numbered if number))


def _member(mol: Chem.Mol, around: Neighbours, rule: ClassRule) -> Member | None:
    heavy = mol.GetNumHeavyAtoms()
    if rule.max_heavy is not None and heavy > rule.max_heavy:
        return None
    for smarts in rule.cores:
        core = _core(smarts)
        for atoms in mol.GetSubstructMatches(core.pattern, uniquify=True, maxMatches=_MOST_FITS):
            changes = _changes(mol, around, rule, core.numbers, atoms)
            if changes is None or not _holds(mol, rule, changes):
                continue
            low = rule.severity == "low" or (
                rule.low_priority_if_heavy_over is not None and heavy > rule.low_priority_if_heavy_over
            )
            return Member(rule=rule, core=tuple(atoms), changes=changes, low=low)
    return None


def _holds(mol: Chem.Mol, rule: ClassRule, changes: tuple[Change, ...]) -> bool:
    if rule.zero_modifications == "not_member" and not changes:
        return False
    if rule.require and not mol.HasSubstructMatch(pattern(rule.require)):
        return False
    return rule.max_mw is None or rdMolDescriptors.CalcExactMolWt(mol) <= rule.max_mw


def _changes(
    mol: Chem.Mol,
    around: Neighbours,
    rule: ClassRule,
    numbers: tuple[tuple[int, int], ...],
    atoms: tuple[int, ...],
) -> tuple[Change, ...] | None:
    if rule.loose:
        return ()
    numbered = {number: atoms[index] for number, index in numbers}
    rings = _rings(mol, rule.rings, numbered)
    if rings is None:
        return None
    fit = _Fit(numbered=numbered, core=frozenset(atoms), rings=rings)
    held: dict[str, list[Substituent]] = {name: [] for name in rule.regions}
    for substituent in substituents(around, fit.core.union(*rings.values())):
        region = _region(rule, fit, substituent)
        if region is None or not allowed(mol, substituent, rule.regions[region].allow):
            return None
        held[region].append(substituent)
    changes = []
    for name, place in rule.regions.items():
        if _is_changed(mol, place, fit, held[name]):
            spots = {index for one in held[name] for index in one.atoms} | rings.get(place.ring, frozenset())
            changes.append(Change(region=name, limb=place.limb, atoms=tuple(sorted(spots))))
    return tuple(changes)


def _rings(
    mol: Chem.Mol, wanted: dict[str, Ring], numbered: dict[int, int]
) -> dict[str, frozenset[int]] | None:
    found = {}
    rings = mol.GetRingInfo().AtomRings() if wanted else ()
    for name, ring in wanted.items():
        start = numbered[ring.atom]
        around = [frozenset(one) for one in rings if start in one]
        fitting = next((one for one in around if _is_kind(mol, one, ring)), None)
        if fitting is None:
            return None
        found[name] = fitting
    return found


def _is_kind(mol: Chem.Mol, ring: frozenset[int], wanted: Ring) -> bool:
    info = mol.GetRingInfo()
    members = [mol.GetAtomWithIdx(index) for index in ring]
    alone = all(info.NumAtomRings(index) == 1 for index in ring)
    aromatic = all(atom.GetIsAromatic() for atom in members)
    benzene = aromatic and len(ring) == 6 and all(atom.GetAtomicNum() == 6 for atom in members)
    return {
        "monocycle": alone,
        "aromatic_monocycle": alone and aromatic,
        "phenyl": alone and benzene,
        "phenyl_or_fused": benzene,
    }[wanted.kind]


def neighbours(mol: Chem.Mol) -> Neighbours:
    """Return for each atom the atoms it is bound to, ascending."""
    found: list[list[int]] = [[] for _ in range(mol.GetNumAtoms())]
    for bond in mol.GetBonds():
        first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        found[first].append(second)
        found[second].append(first)
    return tuple(tuple(sorted(some)) for some in found)


def substituents(around: Neighbours, inside: frozenset[int]) -> list[Substituent]:
    """Return what hangs on the atoms `inside`, each piece with its bonds to them."""
    found = []
    seen: set[int] = set()
    for start in sorted(inside):
        for index in around[start]:
            if index not in inside and index not in seen:
                piece = _reach(around, index, inside)
                seen |= piece
                bonds = ((core, one) for one in sorted(piece) for core in around[one] if core in inside)
                found.append(Substituent(atoms=frozenset(piece), bonds=tuple(bonds)))
    return found


def _reach(around: Neighbours, start: int, inside: frozenset[int]) -> set[int]:
    piece, front = {start}, [start]
    while front:
        for index in around[front.pop()]:
            if index not in piece and index not in inside:
                piece.add(index)
                front.append(index)
    return piece


def _region(rule: ClassRule, fit: _Fit, substituent: Substituent) -> str | None:
    """Return the one region that all bonds of a substituent lie in; None if there is no such region."""
    hosts = {core for core, _ in substituent.bonds}
    for name, region in rule.regions.items():
        atoms = {fit.numbered[number] for number in region.atoms if number in fit.numbered}
        if region.ring:
            atoms |= fit.rings[region.ring]
        if hosts <= atoms:
            return name
    return None


def _is_changed(mol: Chem.Mol, region: Region, fit: _Fit, held: list[Substituent]) -> bool:
    if not region.reference:
        return bool(held)
    atoms = fit.rings[region.ring] if region.ring else frozenset[int]().union(*(one.atoms for one in held))
    if len(held) != (0 if region.ring else 1) or _size(region.reference) != len(atoms):
        return True
    return bool(Chem.MolFragmentToSmiles(mol, sorted(atoms)) != region.reference.replace("*", ""))


@lru_cache(maxsize=64)
def _size(reference: str) -> int:
    return sum(atom.GetAtomicNum() > 0 for atom in Chem.MolFromSmiles(reference).GetAtoms())
