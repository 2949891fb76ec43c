"""Where codes may lie: engines look for linear codes along rows and columns only, and at one size.

Promises: `lines` are rotated rectangles around patches whose edges all run the same way, likely linear
codes at any angle; `spots` are upright boxes where edges run all ways, likely squares of modules. Both come
from one structure tensor taken on a small copy of the picture. OpenCV's bar detector is a locator only.
Refuses: to read anything.
"""

import functools
import math
from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fieldapp.scan import region
from fieldapp.scan.picture import Grey
from fieldapp.scan.symbol import Corner

Quad = tuple[Corner, ...]
Floats = NDArray[np.float32]

_EDGE = 640  # the longer edge the picture is shrunk to: bars narrower than a pixel still leave a texture
_CELL = 4  # pixels of the small copy a cell of the texture sums up
_WINDOW = 5  # cells that vote on a direction together
_BINS = 9  # directions told apart over half a turn, each overlapping its neighbours
_COHERENT = 0.5
_LEAST_CELLS = 14


class Texture(NamedTuple):
    """The structure tensor in cells: energy, direction across the edges (0 to pi), coherence 0 to 1.

    `size` is picture pixels a cell, `rise` the same downwards, which differs in a very narrow picture.
    """

    energy: Floats
    direction: Floats
    coherence: Floats
    size: float
    rise: float


def texture(grey: Grey) -> Texture:
    """Return the texture of a picture."""
    # A short blur stands for the print: without it, sensor noise is texture too.
    small = cv2.GaussianBlur(region.scaled(grey, region.shrinking(grey, _EDGE)), (3, 3), 0)
    across = cv2.Sobel(small, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(small, cv2.CV_32F, 0, 1, ksize=3)
    cells = (max(small.shape[1] // _CELL, 1), max(small.shape[0] // _CELL, 1))
    xx, yy, xy = (
        cv2.boxFilter(cv2.resize(product, cells, interpolation=cv2.INTER_AREA), -1, (_WINDOW, _WINDOW))
        for product in (across * across, down * down, across * down)
    )
    energy = xx + yy
    spread = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    return Texture(
        energy=energy,
        direction=((0.5 * np.arctan2(2 * xy, xx - yy)) % math.pi).astype(np.float32),
        coherence=(spread / (energy + 50.0)).astype(np.float32),
        size=grey.shape[1] / cells[0],
        rise=grey.shape[0] / cells[1],
    )


def lines(seen: Texture, most: int = 6, read: Iterable[Quad] = ()) -> list[Quad]:
    """Return at most `most` rectangles in picture pixels, the likeliest first, first edge across the bars.

    Where a code was already `read` nothing is looked for.
    """
    floor = max(float(seen.energy.mean()) * 0.6, 600.0)
    ready = (seen.coherence > _COHERENT) & (seen.energy > floor)
    for quad in read:
        outline = np.array(quad, np.float32) / seen.size
        grown = (outline - outline.mean(axis=0)) * 1.15 + outline.mean(axis=0)
        ready[cv2.fillConvexPoly(np.zeros(ready.shape, np.uint8), grown.round().astype(np.int32), 1) > 0] = (
            False
        )
    bins = np.where(ready, (seen.direction * (_BINS / math.pi)).astype(np.uint8) % _BINS, 255)
    patches: list[tuple[int, NDArray[np.int32], int, NDArray[np.int32]]] = []
    for step in range(_BINS):
        mask = ((bins == step) | (bins == (step + 1) % _BINS)).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        for label in range(1, count):
            area = int(stats[label, cv2.CC_STAT_AREA])
            if area >= _LEAST_CELLS:
                patches.append((area, np.asarray(labels), label, stats[label]))
    patches.sort(key=lambda patch: -patch[0])
    outlines = [_outline(labels, label, stats, seen) for _, labels, label, stats in patches[: 2 * most]]
    outlines.sort(key=lambda outline: -outline[0])
    return _distinct([quad for _, quad in outlines], most)


def spots(seen: Texture, most: int = 2, reach: int = 170) -> list[tuple[int, int, int, int]]:
    """Return at most `most` boxes as left, top, right, bottom in picture pixels, the likeliest first.

    They lie where edges run in all directions at once, as modules do; `reach` is half their edge. What counts
    is a part a third as wide: no code is smaller, and over more a page of print outweighs a small code.
    """
    window = max(3, round(0.35 * reach / seen.size)) | 1
    mixed = cv2.boxFilter(seen.energy * (1 - np.minimum(seen.coherence, 1)), -1, (window, window))
    boxes: list[tuple[int, int, int, int]] = []
    gap = max(1, round(reach / seen.size))
    floor = float(mixed.mean())
    for _ in range(most):
        _, peak, _, (column, row) = cv2.minMaxLoc(mixed)
        if peak <= floor:
            break
        across, down = round((column + 0.5) * seen.size), round((row + 0.5) * seen.rise)
        boxes.append((max(0, across - reach), max(0, down - reach), across + reach, down + reach))
        mixed[max(0, row - gap) : row + gap + 1, max(0, column - gap) : column + gap + 1] = 0
    return boxes


def slant(seen: Texture, box: tuple[int, int, int, int]) -> float:
    """Return the angle in radians, at most an eighth of a turn, by which rows and columns in the box lean."""
    left, top, right, bottom = box
    rows = slice(max(0, int(top / seen.rise)), int(bottom / seen.rise) + 1)
    columns = slice(max(0, int(left / seen.size)), int(right / seen.size) + 1)
    weight, turns = (
        (seen.energy * seen.coherence)[rows, columns],
        4 * seen.direction[rows, columns],
    )
    return math.atan2(float((weight * np.sin(turns)).sum()), float((weight * np.cos(turns)).sum())) / 4


def bars(grey: Grey) -> list[Quad]:
    """Return what OpenCV's detector takes for linear codes."""
    shrink = region.shrinking(grey, _EDGE)
    small = region.scaled(grey, shrink)
    if min(small.shape) < 40:
        return []
    done, corners = _detector().detect(small)
    if not done or corners is None:
        return []
    # Its corners begin at the bottom left of the upright code and go round by the top left.
    return [
        tuple((float(x / shrink), float(y / shrink)) for x, y in (points[1], points[2], points[3], points[0]))
        for points in np.asarray(corners, np.float32).reshape(-1, 4, 2)
    ]


def centre(quad: Quad) -> Corner:
    """Return the middle of a quadrilateral."""
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def contains(quad: Quad, point: Corner, reach: float = 0.0) -> bool:
    """Say whether the point lies in the quadrilateral, or at most `reach` pixels outside it."""
    shape = np.array(quad, np.float32).reshape(-1, 1, 2)
    return cv2.pointPolygonTest(shape, point, measureDist=True) >= -reach


@functools.cache
def _detector() -> cv2.barcode.BarcodeDetector:
    return cv2.barcode.BarcodeDetector()


def _distinct(quads: list[Quad], most: int) -> list[Quad]:
    # Neighbouring bins see the same code: the larger patch stands for both.
    kept: list[Quad] = []
    for quad in quads:
        if not any(contains(other, centre(quad)) for other in kept):
            kept.append(quad)
            if len(kept) == most:
                break
    return kept


def _outline(
    labels: NDArray[np.int32], label: int, stats: NDArray[np.int32], seen: Texture
) -> tuple[float, Quad]:
    left, top, width, height, _ = (int(value) for value in stats)
    here = labels[top : top + height, left : left + width] == label
    doubled = 2 * seen.direction[top : top + height, left : left + width][here]
    turn = 0.5 * math.atan2(float(np.sin(doubled).sum()), float(np.cos(doubled).sum()))
    rows, columns = np.nonzero(here)
    step = np.array((math.cos(turn), math.sin(turn)))
    side = np.array((-step[1], step[0]))
    points = np.stack((columns + left + 0.5, rows + top + 0.5), axis=1)
    along, over = points @ step, points @ side
    first, last = along.min() - 0.5, along.max() + 0.5
    high, low = over.mean() - 1.6 * over.std(), over.mean() + 1.6 * over.std()
    weight = float(seen.energy[top : top + height, left : left + width][here].sum())
    quad = (
        first * step + high * side,
        last * step + high * side,
        last * step + low * side,
        first * step + low * side,
    )
    return weight, tuple((float(x * seen.size), float(y * seen.size)) for x, y in quad)
