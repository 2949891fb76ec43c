"""Which listed substance a structure is: as such, as a salt of it, or as another isomer.

The formula is compared first, which costs little; only where it agrees are keys worked out.
"""

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from fieldapp.substances.keys import Same, StructureKeys, closest
from fieldapp.substances.structure.member import pattern
from fieldapp.substances.structure.molecule import Parent, keys

# What may stand beside a substance in its salt: no carbon, or the acid of a customary salt.
_SALT_FORMER = "[CX3](=[OX1])[OX2H1,OX1-]"
# Only a base or an acid makes salts; a solvent in a crystal is no salt of the solvent.
_MAKES_SALTS = "[$([NX3;!$(N-[C,S,P]=[O,S,N]);!$(N~[!#6;!#1])]),$([nX2]),$([CX3](=O)[OX2H1,OX1-])]"


def find(known: StructureKeys, whole: Chem.Mol, parents: tuple[Parent, ...]) -> tuple[Same, ...]:
    """Return the listed substances that a structure with these fragments is."""
    if not any(atom.GetAtomicNum() == 6 for atom in whole.GetAtoms()):
        return known.whole(Chem.MolToInchiKey(whole))
    fitting = [one for one in parents if _may_be_listed(known, one)]
    if not fitting:
        return ()
    exact = known.whole(Chem.MolToInchiKey(whole))
    if exact:
        return exact
    found: list[Same] = []
    mixed = len(Chem.GetMolFrags(whole)) > 1
    for parent in fitting:
        if mixed and not _is_salt(parent, parents):
            continue
        same = known.parts(*keys(parent))
        found += [Same(one.substance, "salt") if mixed and one.how != "isomer" else one for one in same]
    return closest(found)


def _may_be_listed(known: StructureKeys, parent: Parent) -> bool:
    """Say whether the skeleton is listed; the formula is asked first because it costs little."""
    if not known.has_formula(rdMolDescriptors.CalcMolFormula(parent.flat)):
        return False
    return known.has_skeleton(Chem.MolToInchiKey(parent.flat))


def _is_salt(parent: Parent, parents: tuple[Parent, ...]) -> bool:
    """Say whether the fragment is the one a salt is named after: it makes salts, the others form them."""
    if not parent.flat.HasSubstructMatch(pattern(_MAKES_SALTS)):
        return False
    others = [one for one in parents if one is not parent]
    return all(
        one.flat.HasSubstructMatch(pattern(_SALT_FORMER)) or keys(one) == keys(parent) for one in others
    )
