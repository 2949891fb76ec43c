"""Which listed substance a structure is: as such, as a salt of it, or as another isomer.

The formula is compared first, which costs little; only where it agrees are keys worked out.
"""

from functools import lru_cache

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors, rdMolHash

from fieldapp.substances.keys import Same, StructureKeys, closest
from fieldapp.substances.structure.member import pattern
from fieldapp.substances.structure.molecule import Parent, has_carbon, keys, parents, read

# What may stand beside a substance in its salt: no carbon, or the acid of a customary salt.
_SALT_FORMER = "[CX3](=[OX1])[OX2H1,OX1-]"
# Only a base or an acid makes salts; a solvent in a crystal is no salt of the solvent.
_MAKES_SALTS = "[$([NX3;!$(N-[C,S,P]=[O,S,N]);!$(N~[!#6;!#1])]),$([nX2]),$([CX3](=O)[OX2H1,OX1-])]"


def find(known: StructureKeys, whole: Chem.Mol, pieces: tuple[Parent, ...]) -> tuple[Same, ...]:
    """Return the listed substances that a structure with these fragments is."""
    if not has_carbon(whole):
        return known.whole(Chem.MolToInchiKey(whole))
    fitting = [(one, both) for one in pieces if (both := _listed_keys(known, one))]
    if not fitting:
        return ()
    mixed = len(Chem.GetMolFrags(whole)) > 1
    undressed = not mixed and pieces[0].stereo is whole
    exact = known.whole(fitting[0][1][0] if undressed else Chem.MolToInchiKey(whole))
    if exact:
        return exact
    found: list[Same] = []
    for parent, both in fitting:
        if mixed and not _is_salt(parent, pieces):
            continue
        same = known.parts(*both)
        found += [Same(one.substance, "salt") if mixed and one.how != "isomer" else one for one in same]
    return closest(found)


def _listed_keys(known: StructureKeys, parent: Parent) -> tuple[str, str] | None:
    """Return the keys of a listed skeleton.

    Formula and graph are asked first because they cost little: atoms and bonds without hydrogens and
    without orders, which tautomers share.
    """
    listed = known.with_formula(rdMolDescriptors.CalcMolFormula(parent.flat))
    if not listed:
        return None
    graphs = {_listed_graph(one.smiles) for one in listed}
    if "" not in graphs and _graph(parent.flat) not in graphs:
        return None
    both = keys(parent)
    return both if known.has_skeleton(both[1]) else None


def _graph(mol: Chem.Mol) -> str:
    return str(rdMolHash.MolHash(mol, rdMolHash.HashFunction.ElementGraph))


@lru_cache(maxsize=4096)
def _listed_graph(smiles: str) -> str:
    """Return the graph of a listed structure; empty where the list gives none."""
    mol = read(smiles) if smiles else None
    return "" if mol is None else _graph(parents(mol)[0].flat)


def _is_salt(parent: Parent, pieces: tuple[Parent, ...]) -> bool:
    """Say whether the fragment is the one a salt is named after: it makes salts, the others form them."""
    if not parent.flat.HasSubstructMatch(pattern(_MAKES_SALTS)):
        return False
    others = [one for one in pieces if one is not parent]
    return all(
        one.flat.HasSubstructMatch(pattern(_SALT_FORMER)) or keys(one) == keys(parent) for one in others
    )
