"""A drawn structure as plain values: lines, discs and letters, for whoever has a surface to draw on.

Window and PDF draw the same values, and a sealed record carries them, so that a report can be made again
where no structure engine is installed. Lengths are hundredths of a bond, y runs downward. A disc belongs to
group 0, the legal core, or to the change with that number; `key` says what each group is.
"""

from typing import Literal
from xml.sax.saxutils import escape

import msgspec

BOND = 100  # units
DISC = 34  # units: radius of a disc
LETTER = 46  # units: height of a letter
MARGIN = 70  # units around the outermost atoms
# Of the core, then of the changes in their order: pale grounds, each another lightness for who sees no hue.
COLOURS = ("#BFD4ED", "#FAC073", "#ADD98C", "#F2A6B3", "#CCB3EB", "#F2E073")
INK = "#1A1A1A"

Anchor = Literal["start", "middle", "end"]


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A stroke from (x, y) to (x2, y2)."""

    x: int
    y: int
    x2: int
    y2: int


class Disc(msgspec.Struct, frozen=True, array_like=True):
    """An atom's ground, in the colour of its group."""

    x: int
    y: int
    group: int


class Letters(msgspec.Struct, frozen=True, array_like=True):
    """An atom's symbol. The letter over (x, y) is the first, the last, or the only one, by `anchor`."""

    x: int
    y: int
    text: str
    anchor: Anchor = "middle"


class Group(msgspec.Struct, frozen=True, array_like=True):
    """What a group is: the limb of the law a change falls under, and the region; "core" has no limb."""

    group: int
    region: str
    limb: str = ""


class Drawing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One structure: whose it is, the class rule laid over it, its size and its strokes."""

    name: str
    rule: str = ""
    width: int
    height: int
    lines: tuple[Line, ...] = ()
    joined: tuple[tuple[Line, int], ...] = ()  # grounds between two discs of one group
    discs: tuple[Disc, ...] = ()
    letters: tuple[Letters, ...] = ()
    key: tuple[Group, ...] = ()


def colour(group: int) -> str:
    """Return the colour of a group as #RRGGBB; beyond the sixth they come again."""
    return COLOURS[group] if group == 0 else COLOURS[1 + (group - 1) % (len(COLOURS) - 1)]


def svg(drawing: Drawing) -> str:
    """Return the drawing as an SVG document."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}">',
        f"<title>{escape(drawing.name)}</title>",
    ]
    parts += [_stroke(line, colour(group), 2 * DISC) for line, group in drawing.joined]
    parts += [
        f'<circle cx="{disc.x}" cy="{disc.y}" r="{DISC}" fill="{colour(disc.group)}"/>'
        for disc in drawing.discs
    ]
    parts += [_stroke(line, INK, 5) for line in drawing.lines]
    for one in drawing.letters:
        shift = {"start": -LETTER // 3, "middle": 0, "end": LETTER // 3}[one.anchor]
        parts.append(
            f'<text x="{one.x + shift}" y="{one.y + LETTER // 3}" font-size="{LETTER}" fill="{INK}"'
            f' font-family="sans-serif" text-anchor="{one.anchor}">{escape(one.text)}</text>'
        )
    return "".join([*parts, "</svg>"])


def _stroke(line: Line, ink: str, width: int) -> str:
    return (
        f'<line x1="{line.x}" y1="{line.y}" x2="{line.x2}" y2="{line.y2}" stroke="{ink}"'
        f' stroke-width="{width}" stroke-linecap="round"/>'
    )
