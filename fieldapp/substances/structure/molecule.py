"""A structure as given, and its parts in comparable form.

SMILES, InChI and MOL files are read. The law covers salts and isomers, so a structure is split into its
fragments, charges are put back where a hydrogen does it, isotopes and stereochemistry are dropped.
"""

from typing import NamedTuple

from rdkit import Chem, rdBase

rdBase.DisableLog("rdApp.*")  # it writes to stderr whatever it is given

LONGEST = 4000  # characters of a SMILES, an InChI or a line of a MOL file
MOST_ATOMS = 300  # heavy atoms; no substance of a list comes near

ENGINE = rdBase.rdkitVersion

# What a comparable structure does not carry: a charge, an isotope, a hydrogen of its own.
_DRESSED = Chem.MolFromSmarts("[!+0,!0*,#1]")
_CARBON = Chem.MolFromSmarts("[#6]")


class Parent(NamedTuple):
    """One organic fragment in comparable form, and the same fragment with its stereochemistry."""

    flat: Chem.Mol
    stereo: Chem.Mol


def read(given: str) -> Chem.Mol | None:
    """Read a SMILES, an InChI or a MOL file; None if it is none of them or far too large."""
    given = given.strip("\ufeff \t")
    if "M  END" in given:
        if len(given) > 100 * LONGEST:
            return None
        mol = Chem.MolFromMolBlock(_mol_block(given))
    elif len(given) > LONGEST:
        return None
    elif given.startswith("InChI="):
        mol = Chem.MolFromInchi(given.strip())
    else:
        mol = Chem.MolFromSmiles(given.strip())
    if mol is None or not 0 < mol.GetNumHeavyAtoms() <= MOST_ATOMS:
        return None
    return mol


def _mol_block(given: str) -> str:
    """Return a MOL file with its three header lines, which a field that trims blank lines takes away."""
    lines = given.splitlines()
    counts = next((at for at, line in enumerate(lines) if line.rstrip().endswith(("V2000", "V3000"))), 0)
    return "\n" * 3 + "\n".join(lines[counts:])


def parents(mol: Chem.Mol) -> tuple[Parent, ...]:
    """Return the fragments that carry carbon, largest first; all of them if none does."""
    pieces = Chem.GetMolFrags(mol)
    if len(pieces) == 1:
        return (_parent(mol),)
    fragments = sorted(Chem.GetMolFrags(mol, asMols=True), key=lambda one: -one.GetNumHeavyAtoms())
    organic = [one for one in fragments if has_carbon(one)]
    return tuple(_parent(one) for one in organic or fragments)


def has_carbon(mol: Chem.Mol) -> bool:
    """Say whether there is carbon in a structure."""
    return bool(mol.HasSubstructMatch(_CARBON))


def keys(parent: Parent) -> tuple[str, str]:
    """Return the InChIKeys of a parent: with its stereochemistry, and without."""
    flat = str(Chem.MolToInchiKey(parent.flat))
    drawn = parent.stereo is not parent.flat
    return (str(Chem.MolToInchiKey(parent.stereo)) if drawn else flat), flat


def smiles(mol: Chem.Mol) -> str:
    """Return the canonical SMILES of a molecule."""
    return str(Chem.MolToSmiles(mol))


def _parent(fragment: Chem.Mol) -> Parent:
    stereo = fragment
    if fragment.HasSubstructMatch(_DRESSED):
        try:
            stereo = _neutral(fragment)
        except Chem.MolSanitizeException:  # a charge that holds a ring together stays where it is
            stereo = Chem.RemoveHs(fragment)
    if not Chem.FindPotentialStereo(stereo, cleanIt=False, flagPossible=False):
        return Parent(flat=stereo, stereo=stereo)
    flat = Chem.Mol(stereo)
    Chem.RemoveStereochemistry(flat)
    return Parent(flat=flat, stereo=stereo)


def _neutral(fragment: Chem.Mol) -> Chem.Mol:
    mol = Chem.RWMol(fragment)
    for atom in mol.GetAtoms():
        atom.SetIsotope(0)
        _discharge(atom)
    return Chem.RemoveHs(mol)


def _discharge(atom: Chem.Atom) -> None:
    """Take away a proton, or give one back, where that makes the atom neutral."""
    charge = atom.GetFormalCharge()
    if charge == 0:
        return
    around = sum(neighbour.GetFormalCharge() for neighbour in atom.GetNeighbors())
    if charge == 1 and atom.GetTotalNumHs() > 0 and around >= 0:
        atom.SetNumExplicitHs(max(0, atom.GetTotalNumHs() - 1))
    elif charge == -1 and around <= 0 and atom.GetAtomicNum() in (7, 8, 16):
        atom.SetNumExplicitHs(atom.GetTotalNumHs() + 1)
    else:
        return
    atom.SetNoImplicit(True)
    atom.SetFormalCharge(0)
