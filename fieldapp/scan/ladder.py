"""The stills ladder: one picture, several ways of looking, until the codes in it are read and agreed on.

Promises: a region already read is not read again; every code of the picture is returned, with corners
and the number of reads that agree. The ways of looking are the list `STAGES`; each says what it costs and
when it applies. Refuses: what only a treated picture shows has to be confirmed, or it is not returned.
"""

import functools
import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import cv2
import msgspec
import numpy as np

from fieldapp.scan import agreement, locate, region, zxing
from fieldapp.scan.picture import Grey
from fieldapp.scan.symbol import Corner, Symbol

_LARGEST = 1280  # pixels of the longer edge when the entire picture is treated
_LABEL = 500  # pixels of the longer edge of a picture of one label
_COVERED = 0.6  # of the picture: what is left over is quiet zone and margin
_STACK = 250  # pixels of half the edge of what is turned in search of stacked codes
_SMALL = 420  # pixels of the longer edge of what is enlarged


# The reader process shares two cores with the window; threads of its own would only make both wait.
cv2.setNumThreads(1)


class Scene:
    """One picture on its way up the ladder: what was found, and the texture, computed once if at all.

    `until` is the moment of `time.perf_counter` at which no new place is begun.
    """

    def __init__(self, grey: Grey, page: int, until: float = math.inf) -> None:
        self.grey = grey
        self.page = page
        self.until = until
        self.found: tuple[Symbol, ...] = ()

    @functools.cached_property
    def texture(self) -> locate.Texture:
        """The texture of the picture."""
        return locate.texture(self.grey)

    @functools.cached_property
    def lines(self) -> list[tuple[Corner, ...]]:
        """Where linear codes may lie, the likeliest place first."""
        return locate.lines(self.texture, 4)

    @property
    def over(self) -> bool:
        """Whether the time for this picture is up."""
        return time.perf_counter() >= self.until

    @property
    def settled(self) -> bool:
        """Whether anything was read for sure."""
        return any(symbol.confirmed for symbol in self.found)

    @property
    def answered(self) -> bool:
        """Whether a small picture, of one label, shows plainly what no further look could confirm."""
        return max(self.grey.shape) <= _LABEL and any(agreement.stays_open(symbol) for symbol in self.found)

    @property
    def covered(self) -> bool:
        """Whether the codes read for sure leave no room for another."""
        shares = (_area(symbol.corners) / self.grey.size for symbol in self.found if symbol.confirmed)
        return sum(shares) > _COVERED

    @property
    def tilted(self) -> bool:
        """Whether a code that was read lies more than 7 degrees off the rows and columns."""
        return any(_tilt(symbol.corners) > 7 for symbol in self.found)

    def is_read(self, quad: tuple[Corner, ...]) -> bool:
        """Say whether a code was already read for sure where `quad` is."""
        return any(same_place(symbol.corners, quad) for symbol in self.found if symbol.confirmed)


class Stage(NamedTuple):
    """One way of looking.

    `cost` is milliseconds on a 1280 x 720 picture, for those with a budget; `only_if_none` stages are
    climbed while nothing is confirmed; `look` returns the symbols it saw.
    """

    name: str
    cost: float
    only_if_none: bool
    look: Callable[[Scene], Iterable[Symbol]]


def climb(grey: Grey, page: int = 1) -> tuple[Symbol, ...]:
    """Return the codes of one grey picture (rows by columns, 8 bit)."""
    if grey.size == 0:
        return ()
    scene = Scene(grey, page)
    for stage in STAGES:
        if scene.answered or (stage.only_if_none and scene.settled):
            break
        scene.found = merged(scene.found, stage.look(scene))
    return scene.found


def glance(grey: Grey, page: int = 1) -> tuple[Symbol, ...]:
    """Return what a quick look sees: printed dark on light, at the size it has."""
    reads = zxing.read(grey, "glance", downscale=False, invert=False)
    return merged((), (agreement.confirm(grey, read, page) for read in reads))


def resized(symbol: Symbol, factor: float) -> Symbol:
    """Return the symbol with its corners in pixels of a picture `factor` times as large."""
    corners = tuple((round(x * factor, 1), round(y * factor, 1)) for x, y in symbol.corners)
    return msgspec.structs.replace(symbol, corners=corners)


def merged(found: tuple[Symbol, ...], more: Iterable[Symbol]) -> tuple[Symbol, ...]:
    """Return the symbols together: one a place, confirmed before unconfirmed, wider before narrower."""
    kept = list(found)
    for symbol in more:
        for number, other in enumerate(kept):
            if _twins(symbol, other) or (
                same_place(symbol.corners, other.corners) and not _nested(symbol, other)
            ):
                if _better(symbol, other):
                    kept[number] = symbol
                break
        else:
            kept.append(symbol)
    return tuple(kept)


def _area(corners: tuple[Corner, ...]) -> float:
    return abs(cv2.contourArea(np.array(corners, np.float32)))


def _tilt(corners: tuple[Corner, ...]) -> float:
    (left, top), (right, low), *_ = corners
    turn = math.degrees(math.atan2(low - top, right - left)) % 90
    return min(turn, 90 - turn)


def same_place(first: tuple[Corner, ...], second: tuple[Corner, ...]) -> bool:
    """Say whether two codes were seen in the same place."""
    first, second = _tall(first), _tall(second)
    middles = locate.centre(first), locate.centre(second)
    return locate.contains(first, middles[1], 6) or locate.contains(second, middles[0], 6)


def _tall(quad: tuple[Corner, ...]) -> tuple[Corner, ...]:
    # A linear code is often seen along one line; it is as high as two fifths of its width at least.
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    width = math.dist((ax, ay), (bx, by))
    if width < 1 or math.dist((ax, ay), (dx, dy)) >= 0.4 * width:
        return quad
    up, across = (by - ay) * 0.2, (bx - ax) * 0.2
    mid = ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)
    (lx, ly), (rx, ry) = mid
    return (lx + up, ly - across), (rx + up, ry - across), (rx - up, ry + across), (lx - up, ly + across)


def _better(first: Symbol, second: Symbol) -> bool:
    """Say whether the first is to stand for the place both were seen in."""
    if first.confirmed != second.confirmed:
        return first.confirmed
    wide, wide_other = (math.dist(symbol.corners[0], symbol.corners[1]) for symbol in (first, second))
    # A part of a code can be a code of a shorter kind; it is never the wider of the two.
    if first.hex != second.hex and not 0.8 < wide / max(wide_other, 1.0) < 1.25:
        return wide > wide_other
    return first.votes > second.votes


def _twins(first: Symbol, second: Symbol) -> bool:
    # The same code seen along different lines: corners of a slanted code lie askew. What stands closer than
    # its own width and says the same may count as one.
    if first.hex != second.hex or first.symbology != second.symbology:
        return False
    width = max(
        math.dist(first.corners[0], first.corners[1]), math.dist(second.corners[0], second.corners[1])
    )
    return math.dist(locate.centre(first.corners), locate.centre(second.corners)) < 0.6 * width


def _nested(first: Symbol, second: Symbol) -> bool:
    # A small square code may sit inside a large one; both vouch for themselves.
    return first.hex != second.hex and agreement.vouches(first) and agreement.vouches(second)


def full(scene: Scene) -> Iterator[Symbol]:
    """The engine's own look at the entire picture."""
    for read in zxing.read(scene.grey, "full"):
        yield agreement.confirm(scene.grey, read, scene.page)


def regions(scene: Scene) -> Iterator[Symbol]:
    """Linear codes at any angle: located, turned upright, read until reads agree.

    A small picture holds one label: where a code of it was read and lies straight, so do its others, and
    the full look has seen them.
    """
    if scene.covered or (scene.settled and max(scene.grey.shape) <= _LABEL and not scene.tilted):
        return
    read = [symbol.corners for symbol in scene.found if symbol.confirmed]
    yield from _vote_on(scene, locate.lines(scene.texture, 2, read) if read else scene.lines)


def bars(scene: Scene) -> Iterator[Symbol]:
    """The same, where the other locator points; in a picture of one label there is no other place."""
    if max(scene.grey.shape) > _LABEL:
        yield from _vote_on(scene, locate.bars(scene.grey))


def _vote_on(scene: Scene, quads: list[tuple[Corner, ...]]) -> Iterator[Symbol]:
    for rank, quad in enumerate(quads):
        if scene.over:
            return
        if not scene.is_read(quad):
            # The likeliest places deserve more looks; beside a code already read, one has to do.
            patience = 1 if scene.settled else max(1, 4 - 2 * rank)
            symbol = agreement.vote(scene.grey, quad, scene.page, patience)
            if symbol is not None:
                yield symbol


def restored(scene: Scene) -> Iterator[Symbol]:
    """Linear codes out of focus or smeared by the hand, from the mean of all their lines."""
    for quad in scene.lines[:1]:
        symbol = agreement.vote_softened(scene.grey, quad, scene.page)
        if symbol is not None:
            yield symbol


def stacked(scene: Scene) -> Iterator[Symbol]:
    """PDF417 at any angle: busy parts, turned until their rows and columns lie straight."""
    for box in locate.spots(scene.texture, 1 if max(scene.grey.shape) <= 3 * _STACK else 2, _STACK):
        if scene.over:
            return
        quad = _turned(box, locate.slant(scene.texture, box))
        view = region.cut(scene.grey, quad, margin=0)
        for read in zxing.read(view, "stacked", formats=zxing.STACKS, downscale=False, invert=False):
            corners = region.to_picture(read.corners, quad, view.shape, 1)
            yield agreement.as_symbol(
                msgspec.structs.replace(read, corners=corners), scene.page, 1, confirmed=True
            )


def _turned(box: tuple[int, int, int, int], angle: float) -> tuple[Corner, ...]:
    left, top, right, bottom = box
    across, down = math.cos(angle), math.sin(angle)
    middle = ((left + right) / 2, (top + bottom) / 2)
    return tuple(
        (middle[0] + x * across - y * down, middle[1] + x * down + y * across)
        for x, y in (
            (left - middle[0], top - middle[1]),
            (right - middle[0], top - middle[1]),
            (right - middle[0], bottom - middle[1]),
            (left - middle[0], bottom - middle[1]),
        )
    )


def equalised(scene: Scene) -> Iterator[Symbol]:
    """Contrast evened out tile by tile: glare, shade, low light."""
    factor = region.shrinking(scene.grey, _LARGEST)
    treated = cv2.createCLAHE(3.0, (8, 8)).apply(region.scaled(scene.grey, factor))
    yield from _treated(scene, treated, "equalised", (0, 0), factor)


def enlarged(scene: Scene) -> Iterator[Symbol]:
    """Twice the size, one threshold for all: small and faint codes in small pictures."""
    for view, corner in _views(scene) if max(scene.grey.shape) <= _SMALL else ():
        yield from _treated(scene, region.scaled(view, 2), "enlarged", corner, 2, histogram=True)


def sharpened(scene: Scene) -> Iterator[Symbol]:
    """Larger, with edges steepened: out of focus."""
    for view, corner in _views(scene):
        factor = 3 if max(view.shape) <= _SMALL * 2 // 3 else 2
        large = region.sharpened(region.scaled(view, factor), 1.3 * factor)
        # Of a part of a picture only squares are wanted: `regions` has seen to the lines.
        formats = zxing.EVERYTHING if view is scene.grey else zxing.MODULES
        yield from _treated(scene, large, "sharpened", corner, factor, formats=formats)


def _views(scene: Scene) -> Iterator[tuple[Grey, tuple[int, int]]]:
    """Yield small pictures whole, of large ones only the busy parts, each with its top left corner."""
    if max(scene.grey.shape) <= _SMALL:
        yield scene.grey, (0, 0)
        return
    for left, top, right, bottom in locate.spots(scene.texture, 1 if max(scene.grey.shape) <= 700 else 2):
        if not scene.over:
            yield scene.grey[top:bottom, left:right], (left, top)


def _treated(
    scene: Scene,
    treated: cv2.typing.MatLike,
    stage: str,
    corner: tuple[int, int],
    factor: float,
    *,
    histogram: bool = False,
    formats: zxing.Formats = zxing.EVERYTHING,
) -> Iterator[Symbol]:
    """Yield what a treated picture shows and further looks confirm, in pixels of the scene."""
    picture = np.asarray(treated, dtype=np.uint8)
    left, top = corner
    for read in zxing.read(
        picture, stage, formats=formats, histogram=histogram, downscale=False, invert=False
    ):
        symbol = agreement.confirm(picture, read, scene.page)
        if symbol.confirmed:
            corners = tuple(
                (round(x / factor + left, 1), round(y / factor + top, 1)) for x, y in symbol.corners
            )
            yield msgspec.structs.replace(symbol, corners=corners)


STAGES: tuple[Stage, ...] = (
    Stage("full", 26, only_if_none=False, look=full),
    Stage("regions", 10, only_if_none=False, look=regions),
    Stage("bars", 6, only_if_none=True, look=bars),
    Stage("restored", 12, only_if_none=True, look=restored),
    Stage("stacked", 8, only_if_none=True, look=stacked),
    Stage("equalised", 29, only_if_none=True, look=equalised),
    Stage("sharpened", 30, only_if_none=True, look=sharpened),
    Stage("enlarged", 25, only_if_none=True, look=enlarged),
)
