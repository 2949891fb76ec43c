"""A structure drawn for an officer: the legal core on one ground, each change to it on its own.

Gives the plain values of `fieldapp.substances.drawing`; no text from outside reaches them but the name. Rings
and bonds are laid out by RDKit in two dimensions, double bonds drawn out (Kekulé), hydrogens on carbon left
out, as on the papers an officer knows.
"""

from math import hypot

from rdkit import Chem
from rdkit.Chem import rdDepictor

from fieldapp.substances.drawing import BOND, MARGIN, Anchor, Disc, Drawing, Group, Letters, Line
from fieldapp.substances.rules import ClassRule
from fieldapp.substances.structure import member, molecule
from fieldapp.substances.structure.member import Member

MOST = 70  # heavy atoms that are still worth a picture
_GAP = 13  # units between the strokes of a double bond
_ROOM = 30  # units that a letter keeps free around it
_SIDE = 0.25  # how far to one side an atom's neighbours must lie for its hydrogens to go to the other

Point = tuple[float, float]


def draw(given: str, name: str, rules: tuple[ClassRule, ...] = ()) -> Drawing | None:
    """Draw a structure, the first of the class `rules` it falls under laid over it; None if unreadable."""
    mol = molecule.read(given)
    if mol is None or mol.GetNumHeavyAtoms() > MOST:
        return None
    flat = molecule.parents(mol)[0].flat
    held = next(iter(member.members(flat, rules)), None)
    drawn = Chem.Mol(flat)
    try:
        Chem.Kekulize(drawn, clearAromaticFlags=True)
    except Chem.KekulizeException:
        return None
    rdDepictor.Compute2DCoords(drawn, canonOrient=True)
    places, width, height = _places(drawn)
    groups = _groups(held)
    letters = {atom.GetIdx(): _letters(atom, places) for atom in drawn.GetAtoms() if _is_lettered(atom)}
    return Drawing(
        name=name,
        rule=held.rule.id if held else "",
        width=width,
        height=height,
        lines=tuple(line for bond in drawn.GetBonds() for line in _strokes(bond, places, set(letters))),
        joined=tuple(_joined(drawn, places, groups)),
        discs=tuple(Disc(*_whole(places[index]), group) for index, group in sorted(groups.items())),
        letters=tuple(letters.values()),
        key=_key(held),
    )


def _places(mol: Chem.Mol) -> tuple[list[Point], int, int]:
    conformer = mol.GetConformer()
    raw = [conformer.GetAtomPosition(index) for index in range(mol.GetNumAtoms())]
    unit = BOND / 1.5  # RDKit's bonds are 1.5 long
    left, top = min(at.x for at in raw), max(at.y for at in raw)
    places = [((at.x - left) * unit + MARGIN, (top - at.y) * unit + MARGIN) for at in raw]
    return (
        places,
        round(max(x for x, _ in places)) + MARGIN,
        round(max(y for _, y in places)) + MARGIN,
    )


def _groups(held: Member | None) -> dict[int, int]:
    """Return the group of each coloured atom; a change lies over the core."""
    if held is None:
        return {}
    groups = dict.fromkeys(held.core, 0)
    for number, change in enumerate(held.changes, 1):
        groups.update(dict.fromkeys(change.atoms, number))
    return groups


def _key(held: Member | None) -> tuple[Group, ...]:
    if held is None:
        return ()
    changes = (Group(number, change.region, change.limb) for number, change in enumerate(held.changes, 1))
    return (Group(0, "core"), *changes)


def _is_lettered(atom: Chem.Atom) -> bool:
    return bool(atom.GetAtomicNum() != 6 or atom.GetFormalCharge() or atom.GetDegree() == 0)


def _letters(atom: Chem.Atom, places: list[Point]) -> Letters:
    x, y = places[atom.GetIdx()]
    hydrogens = atom.GetTotalNumHs()
    tail = ("H" if hydrogens else "") + (str(hydrogens) if hydrogens > 1 else "")
    charge = atom.GetFormalCharge()
    sign = ("+" if charge > 0 else "−") * min(abs(charge), 3)
    around = [places[other.GetIdx()][0] - x for other in atom.GetNeighbors()]
    to_left = bool(around) and sum(around) / len(around) > _SIDE * BOND
    anchor: Anchor = "middle"
    text = atom.GetSymbol() + tail + sign
    if len(text) > 1:
        anchor = "end" if to_left else "start"
        text = tail + atom.GetSymbol() + sign if to_left and not sign else text
    if anchor == "end" and sign:
        anchor = "start"
    return Letters(*_whole((x, y)), text, anchor)


def _strokes(bond: Chem.Bond, places: list[Point], lettered: set[int]) -> list[Line]:
    ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
    (x, y), (x2, y2) = places[ends[0]], places[ends[1]]
    length = hypot(x2 - x, y2 - y) or 1.0
    along = (x2 - x) / length, (y2 - y) / length
    if ends[0] in lettered:
        x, y = x + along[0] * _ROOM, y + along[1] * _ROOM
    if ends[1] in lettered:
        x2, y2 = x2 - along[0] * _ROOM, y2 - along[1] * _ROOM
    order = round(bond.GetBondTypeAsDouble())
    aside = {2: (_side(bond, places) * _GAP,), 3: (-_GAP, _GAP)}.get(order, ())
    strokes = [Line(*_whole((x, y)), *_whole((x2, y2)))]
    for shift in aside:
        over = -along[1] * shift, along[0] * shift
        cut = 0.12 * length if order == 2 and bond.IsInRing() else 0.0
        strokes.append(
            Line(
                *_whole((x + over[0] + along[0] * cut, y + over[1] + along[1] * cut)),
                *_whole((x2 + over[0] - along[0] * cut, y2 + over[1] - along[1] * cut)),
            )
        )
    return strokes


def _side(bond: Chem.Bond, places: list[Point]) -> int:
    """Return the side of a double bond for its second stroke: inside its ring, else towards the others."""
    first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
    mol = bond.GetOwningMol()
    ring = next((ring for ring in mol.GetRingInfo().AtomRings() if {first, second} <= set(ring)), ())
    beside = ring or [
        other.GetIdx() for end in (first, second) for other in mol.GetAtomWithIdx(end).GetNeighbors()
    ]
    (x, y), (x2, y2) = places[first], places[second]
    turn = sum((x2 - x) * (places[at][1] - y) - (y2 - y) * (places[at][0] - x) for at in beside)
    return 1 if turn >= 0 else -1


def _joined(mol: Chem.Mol, places: list[Point], groups: dict[int, int]) -> list[tuple[Line, int]]:
    found = []
    for bond in mol.GetBonds():
        first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if first in groups and groups[first] == groups.get(second):
            found.append((Line(*_whole(places[first]), *_whole(places[second])), groups[first]))
    return found


def _whole(at: Point) -> tuple[int, int]:
    return round(at[0]), round(at[1])
