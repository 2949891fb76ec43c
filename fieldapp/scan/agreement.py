"""How many reads must agree before a code counts as read, and where more reads come from.

Promises: codes with error correction need one read; Code 128, EAN/UPC, DataBar and a 14-digit ITF with
a good check digit two, taken at different scale, angle or frame; Code 39, Code 93, Codabar and the short
EAN-8 and UPC-E three.
Refuses: any other ITF stays unconfirmed, since a part of an ITF code is an ITF code.
"""

import math
from typing import NamedTuple

from fieldapp.scan import region, zxing
from fieldapp.scan.picture import Grey
from fieldapp.scan.read import Read
from fieldapp.scan.symbol import Corner, Symbol

_SELF_CHECKING = frozenset(
    {"QRCode", "MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417", "MicroPDF417", "MaxiCode"}
)
_BY_WIDTH = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
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
_BAND, _TALL = 24, 200  # lines of a cut


def needed(read: Read) -> int:
    """Return how many agreeing reads make this one a fact; 0 where no number of them does."""
    if read.symbology in _SELF_CHECKING:
        return 1
    if read.symbology == "ITF":
        return 2 if len(read.raw) == 14 and _mod10(read.raw) else 0
    return 3 if read.symbology in _THREE else 2


def vouches(symbol: Symbol) -> bool:
    """Say whether one read of the symbology is enough."""
    return symbol.symbology in _SELF_CHECKING


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
    return [_placed(read, corners, cutting, scale, how.turn) for read in reads]


def _placed(read: Read, corners: tuple[Corner, ...], cutting: Grey, scale: float, turn: float) -> Read:
    place = region.to_picture(read.corners, corners, cutting.shape, scale, turn)
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

    def count(self, reads: list[Read], *, inked: bool = False) -> None:
        """Take the reads of one look; the same code seen twice in it is one vote."""
        self._inked = self._inked or inked
        for read in {read.key: read for read in reads}.values():
            self._votes.setdefault(read.key, []).append(read)

    def __bool__(self) -> bool:
        return bool(self._votes)

    def leader(self) -> tuple[Read, int, bool]:
        """Return the reading ahead, its votes, and whether that settles it."""
        first, *others = sorted(self._votes.values(), key=lambda same: -len(same))
        rivals = len(others[0]) if others else 0
        read, votes = first[0], len(first)
        settled = 0 < needed(read) <= votes and votes >= 2 * rivals + (rivals > 0)
        return read, votes, settled and (self._inked or read.symbology not in _BY_WIDTH)


def confirm(grey: Grey, read: Read, page: int) -> Symbol:
    """Return the read as a symbol, its region looked at again until enough reads agree or ways run out."""
    if needed(read) == 1:
        return as_symbol(read, page, 1, confirmed=True)
    tally = Tally()
    tally.count([read])
    ways = _INKED_FIRST if read.symbology in _BY_WIDTH else LOOKS
    for how in ways if needed(read) else ways[:1]:
        tally.count(_again(grey, read, how), inked=how.ink > 0)
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
    view = region.scaled(view, min(how.scale if how.scale != 1 else 0.8, _WIDEST / max(view.shape)))
    upright = abs(read.corners[1][0] - read.corners[0][0]) < abs(read.corners[1][1] - read.corners[0][1])
    return zxing.read(
        view, "again", formats=formats, rotate=upright, downscale=False, invert=False, histogram=how.histogram
    )


def vote(grey: Grey, quad: tuple[Corner, ...], page: int, patience: int) -> Symbol | None:
    """Return the reading of one region on which enough looks agree, or None.

    A region that shows nothing in its first `patience` looks is given up.
    """
    tally = Tally()
    for number, how in enumerate(LOOKS):
        lines = _TALL if number > 1 else _BAND
        tally.count(look(grey, quad, how, "region", margin=0.25, lines=lines), inked=how.ink > 0)
        if tally:
            leader, votes, settled = tally.leader()
            if settled:
                return as_symbol(leader, page, votes, confirmed=True)
        elif number + 1 >= patience:
            return None
    return None


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
