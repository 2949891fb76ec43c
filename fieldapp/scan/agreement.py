"""How many reads must agree before a code counts as read, and where more reads come from.

Promises: codes with error correction need one read; Code 128, EAN/UPC, DataBar and a 14-digit ITF with
a good check digit two, taken at different scale, angle or frame; Code 39, Code 93, Codabar and the short
EAN-8 and UPC-E three.
Refuses: any other ITF stays unconfirmed, since a part of an ITF code is an ITF code; so does an Aztec rune.
"""

import math
from typing import NamedTuple

import numpy as np

from fieldapp.scan import profile, region, zxing
from fieldapp.scan.picture import Grey
from fieldapp.scan.read import Read
from fieldapp.scan.symbol import Corner, Symbol

_SELF_CHECKING = frozenset(
    {"QRCode", "MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417", "MicroPDF417", "MaxiCode"}
)
# Modules from first to last bar, of the codes whose digits are told apart by the width of bars alone.
_BY_WIDTH = {"EAN13": 95, "EAN8": 67, "UPCA": 95, "UPCE": 51}
_FINE = 1.7  # pixels a module: where bars are finer than this, looks at the same pixels err alike
# No check digit, or so short that a part of another code can pass for them.
_THREE = frozenset({"Code39", "Code93", "Codabar", "EAN8", "UPCE"})


class Look(NamedTuple):
    """One way of looking at a region again. No two sample alike.

    `scale` is its size, `turn` its rotation in degrees, `histogram` takes one threshold for all, and `ink`
    thickens the bars by that many pixels of the picture; `sharp` steepens soft edges.
    """

    scale: float
    turn: float = 0.0
    histogram: bool = False
    ink: float = 0.0
    sharp: bool = False


# The second look is at another weight of ink: over-exposed or badly printed bars are all too thin (or too
# thick), which turns EAN digits into others, alike at every scale, often with a check digit that fits.
LOOKS = (
    Look(2.0),
    Look(3.0, ink=0.9),
    Look(2.5, sharp=True),
    Look(1.5, -2.0),
    Look(1.0, 2.0, histogram=True),
    Look(2.5, 1.0, ink=1.2),
    Look(3.0, 1.0, histogram=True),
    Look(1.3, -4.0),
    Look(3.0, 3.0, sharp=True),
)
_INKED_FIRST = (LOOKS[1], LOOKS[0], *LOOKS[2:])
_WIDEST, _LARGEST = (
    520,
    1600,
)  # pixels from first to last bar, when enlarged and at all: more tells nothing more
_BAND, _TALL = 16, 200  # lines of a cut


def needed(read: Read) -> int:
    """Return how many agreeing reads make this one a fact; 0 where no number of them does."""
    if read.symbology == "Aztec" and len(read.raw) == 3 and read.raw.isdigit():
        return 0  # a rune, for which the core of a small Aztec code passes when badly seen
    if read.symbology in _SELF_CHECKING:
        return 1
    if read.symbology == "ITF":
        return 2 if len(read.raw) == 14 and _mod10(read.raw) else 0
    return 3 if read.symbology in _THREE else 2


def _is_fine(read: Read) -> bool:
    """Say whether a read rests on bars about a pixel wide, of which two looks alike prove too little."""
    modules = _BY_WIDTH.get(read.symbology, 0)
    return 0 < math.dist(*read.corners[:2]) < _FINE * modules if read.corners else False


def vouches(symbol: Symbol) -> bool:
    """Say whether one read of the symbology is enough."""
    return symbol.symbology in _SELF_CHECKING


def stays_open(symbol: Symbol) -> bool:
    """Say whether the symbol was read twice alike, and no number of reads would confirm it."""
    return symbol.symbology == "ITF" and not symbol.confirmed and symbol.votes > 1


def _mod10(digits: bytes) -> bool:
    if not digits.isdigit():
        return False
    return (
        sum((digit - 48) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0
    )


def look(
    grey: Grey,
    corners: tuple[Corner, ...],
    how: Look,
    stage: str,
    *,
    margin: float = 0.15,
    lines: int = _BAND,
    formats: zxing.Formats = zxing.LINES,
) -> list[Read]:
    """Return what one more look at the region reads, its corners in the picture's own pixels.

    Only a band of `lines` of the cut is looked at, 0 for all: every line of a linear code says the same.
    """
    width = math.dist(corners[0], corners[1])
    scale = min(how.scale, max(_WIDEST / max(width, 1.0), min(1.0, _LARGEST / max(width, 1.0))))
    cutting = region.cut(grey, corners, scale=scale, turn=how.turn, margin=margin, highest=lines / scale)
    if how.sharp:
        cutting = region.sharpened(cutting, 1.6 * scale)
    reads = zxing.read(
        region.inked(cutting, how.ink * scale),
        stage,
        formats=formats,
        rotate=False,
        downscale=False,
        invert=False,
        histogram=how.histogram,
    )
    return [_placed(read, corners, cutting.shape, scale, how.turn) for read in reads]


def _placed(
    read: Read, corners: tuple[Corner, ...], shape: tuple[int, ...], scale: float, turn: float
) -> Read:
    place = region.to_picture(read.corners, corners, shape, scale, turn)
    return Read(
        symbology=read.symbology, aim=read.aim, raw=read.raw, text=read.text, corners=place, stage=read.stage
    )


class Tally:
    """Reads of one place, counted.

    A reading settles it with enough votes and more than twice those of any rival; an EAN only after a look
    at another weight of ink.
    """

    def __init__(self) -> None:
        self._votes: dict[tuple[str, bytes], list[Read]] = {}
        self._inked = False
        self._sharp: set[tuple[str, bytes]] = set()

    def count(self, reads: list[Read], *, inked: bool = False, sharp: bool = False) -> None:
        """Take the reads of one look; the same code seen twice in it is one vote.

        All looks at steepened edges have one vote together on an EAN: they err alike on a soft one.
        """
        self._inked = self._inked or inked
        for read in {read.key: read for read in reads}.values():
            if not (sharp and read.symbology in _BY_WIDTH and read.key in self._sharp):
                self._votes.setdefault(read.key, []).append(read)
            if sharp:
                self._sharp.add(read.key)

    def __bool__(self) -> bool:
        return bool(self._votes)

    def leader(self) -> tuple[Read, int, bool]:
        """Return the reading ahead, its votes, and whether that settles it."""
        first, *others = sorted(self._votes.values(), key=lambda same: -len(same))
        rivals = len(others[0]) if others else 0
        read, votes = first[0], len(first)
        enough = needed(read) + _is_fine(read) if needed(read) else 0
        settled = 0 < enough <= votes and votes >= 2 * rivals + (rivals > 0)
        return read, votes, settled and (self._inked or read.symbology not in _BY_WIDTH)


def confirm(grey: Grey, read: Read, page: int) -> Symbol:
    """Return the read as a symbol, its region looked at again until enough reads agree or ways run out."""
    if needed(read) == 1:
        return as_symbol(read, page, 1, confirmed=True)
    tally = Tally()
    tally.count([read])
    ways: tuple[Look, ...] = _INKED_FIRST if read.symbology in _BY_WIDTH else LOOKS
    if read.symbology in _THREE:
        # A line that runs aslant out of a longer code can show a short one, the same at every look along it.
        # Looked at square to its bars, a code is still there, and a part of another is not.
        lean = region.lean(grey, read.corners)
        ways = tuple(how._replace(turn=how.turn + lean) for how in ways)
    for how in ways if needed(read) else ways[:1]:
        tally.count(_again(grey, read, how), inked=how.ink > 0, sharp=how.sharp)
        if tally.leader()[2]:
            break
    leader, votes, settled = tally.leader()
    return as_symbol(leader, page, votes, confirmed=settled)


def _again(grey: Grey, read: Read, how: Look) -> list[Read]:
    formats = zxing.formats_of(read.symbology)
    if not read.symbology.startswith("DataBar"):
        return look(grey, read.corners, how, "again", formats=formats)
    # The corners of a stacked code do not hold all of it: take its neighbourhood, as it lies.
    view = region.around(grey, read.corners)
    fitting = _WIDEST / max(view.shape)
    # Small first, which is fast; fine bars are lost in it, and the next look is at more than was there.
    factor = min(how.scale, fitting) if how is LOOKS[0] else min(max(how.scale / 2, 1.25), 4 * fitting)
    upright = abs(read.corners[1][0] - read.corners[0][0]) < abs(read.corners[1][1] - read.corners[0][1])
    return zxing.read(
        region.scaled(view, factor),
        "again",
        formats=formats,
        rotate=upright,
        downscale=False,
        invert=False,
        histogram=how.histogram,
    )


def vote(grey: Grey, quad: tuple[Corner, ...], page: int, patience: int) -> Symbol | None:
    """Return the reading of one region on which enough looks agree, or None.

    A region that shows nothing in its first `patience` looks is given up.
    """
    tally = Tally()
    for number, how in enumerate(LOOKS):
        lines = _TALL if number > 1 else _BAND
        reads = look(grey, quad, how, "region", margin=0.25, lines=lines)
        tally.count(reads, inked=how.ink > 0, sharp=how.sharp)
        if tally:
            leader, votes, settled = tally.leader()
            if settled:
                return as_symbol(leader, page, votes, confirmed=True)
        elif number + 1 >= patience:
            return None
    return None


def vote_softened(grey: Grey, quad: tuple[Corner, ...], page: int) -> Symbol | None:
    """Return what the restored profiles of a soft linear code agree on, or None.

    Each vote is of other lines of the code, so that none rests on the noise of another.
    """
    seen = profile.profiles(grey, quad)
    if seen is None:
        return None
    tally, voted = Tally(), set[tuple[int, tuple[str, bytes]]]()
    parts: list[Grey] = []
    for number, whole in enumerate(profile.restored(seen.whole)):
        found = _along(whole)
        if not found:
            continue
        parts = parts or [profile.restored(part) for part in seen.parts]
        for place, part in enumerate(parts):
            reads = [read for read in _along(part[number]) if (place, read.key) not in voted]
            voted.update((place, read.key) for read in reads)
            tally.count(reads)
        tally.count([], inked=found[0].key in {read.key for read in _along(whole, ink=0.9)})
        if tally and tally.leader()[2]:
            leader, votes, _ = tally.leader()
            placed = _placed(leader, quad, (seen.shape[0], whole.size), profile.SCALE, seen.turn)
            return as_symbol(placed, page, votes, confirmed=True)
    return None


def _along(line: Grey, ink: float = 0.0) -> list[Read]:
    # The engine wants to see a code in two lines.
    picture = region.inked(np.repeat(line[None], 2, axis=0), ink * profile.SCALE)
    return zxing.read(picture, "restored", formats=zxing.LINES, rotate=False, downscale=False, invert=False)


def as_symbol(read: Read, page: int, votes: int, *, confirmed: bool) -> Symbol:
    """Return the read as a symbol of page `page`."""
    return Symbol(
        symbology=read.symbology,
        aim=read.aim,
        text=read.text,
        hex=read.raw.hex(),
        page=page,
        corners=read.corners,
        votes=votes,
        confirmed=confirmed,
        reader=f"zxing:{read.stage}",
    )
