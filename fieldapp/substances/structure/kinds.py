"""What kind of substituent hangs on a core: alkyl, halo, ester, and the other words of the law.

A substituent is the set of atoms reached from the core without crossing it. One substituent can be of several
kinds (an alkoxy group is also an ether). Kinds with a limit on carbons are written "alkyl<=3".
"""

from collections.abc import Collection, Set
from typing import NamedTuple

from rdkit import Chem

HALOGENS = frozenset({9, 17, 35, 53})
_SINGLE, _DOUBLE, _TRIPLE = Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE


class Substituent(NamedTuple):
    """Atoms outside the core, with the bonds that hold them: (core atom, first atom of the substituent)."""

    atoms: frozenset[int]
    bonds: tuple[tuple[int, int], ...]


def allowed(mol: Chem.Mol, substituent: Substituent, allow: Collection[str]) -> bool:
    """Say whether a substituent is of one of the kinds that a region allows."""
    if len(substituent.bonds) > 1:
        return any(_joined(mol, substituent, kind) for kind in allow)
    if "any" in allow:
        return True
    kinds = of(mol, substituent)
    carbons = sum(mol.GetAtomWithIdx(index).GetAtomicNum() == 6 for index in substituent.atoms)
    for kind in allow:
        name, _, limit = kind.partition("<=")
        if name in kinds and (not limit or carbons <= int(limit)):
            return True
    return False


def of(mol: Chem.Mol, substituent: Substituent) -> frozenset[str]:
    """Return the kinds a substituent with one bond to the core is of."""
    first = mol.GetAtomWithIdx(substituent.bonds[0][1])
    seen = _Seen(mol, substituent.atoms)
    if first.GetIsAromatic() or seen.aromatic:
        return frozenset()
    number = first.GetAtomicNum()
    found: set[str] = set()
    if len(substituent.atoms) == 1:
        found |= _single(number)
    if number == 6:
        found |= _from_carbon(seen, first)
    elif number == 8:
        found |= _from_oxygen(seen, first)
    elif number == 7:
        found |= _from_nitrogen(seen, first)
    elif number == 16:
        found |= _from_sulphur(seen, first)
    return frozenset(found)


class _Seen:
    """What a set of atoms is made of, and the bonds within it."""

    def __init__(self, mol: Chem.Mol, atoms: Set[int]) -> None:
        self.atoms = atoms
        members = [mol.GetAtomWithIdx(index) for index in atoms]
        self.numbers = {atom.GetAtomicNum() for atom in members}
        self.aromatic = any(atom.GetIsAromatic() for atom in members)
        self.charged = any(atom.GetFormalCharge() for atom in members)
        bonds = [
            bond
            for atom in members
            for bond in atom.GetBonds()
            if bond.GetBeginAtomIdx() in atoms and bond.GetEndAtomIdx() in atoms
        ]
        self.orders = {bond.GetBondType() for bond in bonds}
        self.saturated = self.orders <= {_SINGLE}

    def rest(self, first: Chem.Atom) -> set[int]:
        """The atomic numbers of the neighbours of `first` inside the substituent."""
        return {other.GetAtomicNum() for other in self.inside(first)}

    def inside(self, atom: Chem.Atom) -> list[Chem.Atom]:
        """The neighbours of an atom inside the substituent."""
        return [other for other in atom.GetNeighbors() if other.GetIdx() in self.atoms]

    def carbonyl(self, atom: Chem.Atom) -> bool:
        """Say whether an atom is a carbon with a doubly bound oxygen."""
        return atom.GetAtomicNum() == 6 and any(
            bond.GetBondType() == _DOUBLE and bond.GetOtherAtom(atom).GetAtomicNum() == 8
            for bond in atom.GetBonds()
        )


def _single(number: int) -> set[str]:
    if number in HALOGENS:
        return {"halo"}
    return {"hydroxy"} if number == 8 else {"amino"} if number == 7 else set()


def _from_carbon(seen: _Seen, first: Chem.Atom) -> set[str]:
    found: set[str] = set()
    if seen.numbers == {6}:
        if seen.saturated:
            found.add("alkyl")
        elif _TRIPLE in seen.orders:
            found.add("alkynyl")
        else:
            found.add("alkenyl")
    if seen.saturated and seen.numbers - {6} and seen.numbers - {6} <= HALOGENS:
        found.add("haloalkyl")
    if seen.saturated and seen.numbers == {6, 8}:
        found.add("ether")
    if seen.orders == {_TRIPLE} and seen.numbers == {6, 7} and len(seen.atoms) == 2:
        found.add("cyano")
    if seen.carbonyl(first):
        found |= _from_carbonyl(seen, first)
    return found


def _from_carbonyl(seen: _Seen, first: Chem.Atom) -> set[str]:
    single = [
        other
        for other in seen.inside(first)
        if first.GetOwningMol().GetBondBetweenAtoms(first.GetIdx(), other.GetIdx()).GetBondType() == _SINGLE
    ]
    oxygens = [other for other in single if other.GetAtomicNum() == 8]
    if oxygens:
        ester = len(seen.inside(oxygens[0])) > 1
        return {"ester", "carbamate"} if ester else {"carboxy"}
    if any(other.GetAtomicNum() != 6 for other in single):
        return set()
    acetyl = len(seen.atoms) == 3 and len(single) == 1
    return {"acyl", "amide"} | ({"acetyl"} if acetyl else set())


def _from_oxygen(seen: _Seen, first: Chem.Atom) -> set[str]:
    others = seen.inside(first)
    if len(others) != 1 or others[0].GetAtomicNum() != 6:
        return set()
    if seen.carbonyl(others[0]):
        return {"acyloxy", "ester"}
    rest = seen.numbers - {6, 8}
    oxygens = sum(first.GetOwningMol().GetAtomWithIdx(index).GetAtomicNum() == 8 for index in seen.atoms)
    if seen.saturated and not rest:
        return {"alkoxy", "ether"} if oxygens == 1 else {"ether"}
    if seen.saturated and rest <= HALOGENS and oxygens == 1:
        return {"haloalkoxy"}
    return set()


def _from_nitrogen(seen: _Seen, first: Chem.Atom) -> set[str]:
    others = seen.inside(first)
    if first.GetFormalCharge() == 1 and len(seen.atoms) == 3 and seen.rest(first) == {8}:
        return {"nitro"}
    if (
        seen.saturated
        and seen.numbers <= {6, 7}
        and not seen.charged
        and all(other.GetAtomicNum() == 6 for other in others)
    ):
        return {"amino"}
    return set()


def _from_sulphur(seen: _Seen, first: Chem.Atom) -> set[str]:
    oxygens = sum(other.GetAtomicNum() == 8 for other in seen.inside(first))
    if not seen.numbers <= {6, 8, 16} or 6 not in seen.numbers:
        return set()
    if seen.saturated and seen.numbers == {6, 16}:
        return {"alkylthio"}
    return {"alkylsulfonyl"} if oxygens == 2 else set()


def _joined(mol: Chem.Mol, substituent: Substituent, kind: str) -> bool:
    """A substituent with two bonds: a ring on one core atom, a bridge, a ring fused with oxygen."""
    cores = {core for core, _ in substituent.bonds}
    seen = _Seen(mol, substituent.atoms)
    if kind.startswith("aminering:"):
        if len(cores) != 1 or seen.aromatic:
            return False
        names = kind.removeprefix("aminering:").split(",")
        return "any" in names or _ring_name(mol, substituent, seen) in names
    if kind == "bridge":
        return len(cores) == 2
    if kind == "fused_o":
        return len(cores) == 2 and 8 in seen.numbers and seen.numbers <= {6, 8}
    return False


def _ring_name(mol: Chem.Mol, substituent: Substituent, seen: _Seen) -> str:
    (core,) = {one for one, _ in substituent.bonds}
    ring = next(
        (ring for ring in mol.GetRingInfo().AtomRings() if core in ring and set(ring) - {core} <= seen.atoms),
        (),
    )
    others = sorted(mol.GetAtomWithIdx(index).GetAtomicNum() for index in ring if index != core)
    if len(ring) - 1 != len(substituent.atoms):
        return ""
    names = {(6, 6, 6, 6): "pyrrolidine", (6, 6, 6, 6, 6): "piperidine", (6, 6, 6, 6, 8): "morpholine"}
    return names.get(tuple(others), "") if seen.saturated else ""
