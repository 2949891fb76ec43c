"""A structure drawn for an officer: the legal core in one colour, each change to it in its own.

SVG made here from numbers alone; no text from outside reaches it. Colours are fixed and told apart by their
order in `COLOURS`, so that window and PDF can print the same key beside the picture.
"""

import msgspec
from rdkit.Chem.Draw import rdMolDraw2D

from fieldapp.substances import rules
from fieldapp.substances.structure import member, molecule

CORE = (0.75, 0.83, 0.93)
COLOURS = ((0.98, 0.75, 0.45), (0.68, 0.85, 0.55), (0.95, 0.65, 0.70), (0.80, 0.70, 0.92), (0.95, 0.88, 0.45))


class Coloured(msgspec.Struct, frozen=True):
    """One colour of the picture (red, green, blue from 0 to 1) and the limb of the law it stands for."""

    limb: str
    colour: tuple[float, float, float]


class Picture(msgspec.Struct, frozen=True):
    """An SVG document and its key; no key where the structure belongs to no class."""

    svg: str
    rule: str = ""
    key: tuple[Coloured, ...] = ()


def draw(given: str, *, width: int = 480, height: int = 320) -> Picture | None:
    """Draw a structure in `width` by `height` pixels; None if it cannot be read."""
    mol = molecule.read(given)
    if mol is None:
        return None
    flat = molecule.parents(mol)[0].flat
    held = next(iter(member.members(flat, rules.load())), None)
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    colours: dict[int, tuple[float, float, float]] = {}
    key: list[Coloured] = []
    if held is not None:
        colours = dict.fromkeys(held.core, CORE)
        for change, colour in zip(held.changes, COLOURS, strict=False):
            key.append(Coloured(change.limb or change.region, colour))
            colours.update(dict.fromkeys(change.atoms, colour))
    rdMolDraw2D.PrepareAndDrawMolecule(
        drawer, flat, highlightAtoms=list(colours), highlightAtomColors=colours, highlightBonds=[]
    )
    drawer.FinishDrawing()
    return Picture(svg=drawer.GetDrawingText(), rule=held.rule.id if held else "", key=tuple(key))
