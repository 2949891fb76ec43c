"""Cutting a part of a picture out, upright: what the second look at a code looks at."""

import math

import cv2
import numpy as np

from fieldapp.scan.picture import Grey
from fieldapp.scan.symbol import Corner


def cut(
    grey: Grey,
    corners: tuple[Corner, ...],
    *,
    scale: float = 1.0,
    margin: float = 0.2,
    turn: float = 0.0,
    highest: float = 0.0,
) -> Grey:
    """Return the quadrilateral `corners` (the first edge across the bars) as an upright picture.

    A linear code is often seen as one thin line, so the cut is at least a fifth as high as it is wide.
    `margin` is the part of the width added left and right as quiet zone, `turn` extra degrees, `scale`
    pixels of the cut for each pixel of the picture, `highest` the most picture pixels of height.
    What lies outside the picture is paper.
    """
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    along_x, along_y = (bx - ax + cx - dx) / 2, (by - ay + cy - dy) / 2
    width = max(math.hypot(along_x, along_y), 1.0)
    angle = math.atan2(along_y, along_x) + math.radians(turn)
    height = max(math.hypot((dx - ax + cx - bx) / 2, (dy - ay + cy - by) / 2), width * 0.2, 16.0)
    if highest:
        height = min(height, highest)
    size = (
        max(round((width * (1 + 2 * margin) + 20) * scale), 1),
        max(round((height + 4) * scale), 1),
    )
    across, down = math.cos(angle) / scale, math.sin(angle) / scale
    left = (ax + bx + cx + dx) / 4 - across * (size[0] - 1) / 2 + down * (size[1] - 1) / 2
    top = (ay + by + cy + dy) / 4 - down * (size[0] - 1) / 2 - across * (size[1] - 1) / 2
    matrix = np.array(((across, -down, left), (down, across, top)))
    paper = float(grey[::16, ::16].max())
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    cutting = cv2.warpAffine(
        grey, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
    )
    return np.asarray(cutting, dtype=np.uint8)


def lean(grey: Grey, corners: tuple[Corner, ...]) -> float:
    """Return by how many degrees the bars around `corners` are off the upright of their cut, at most 90."""
    cutting = cut(grey, corners, margin=0.0)
    across = cv2.Sobel(cutting, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(cutting, cv2.CV_32F, 0, 1, ksize=3)
    skew, stretch = float((across * down).sum()), float((across**2 - down**2).sum())
    return math.degrees(0.5 * math.atan2(2 * skew, stretch))


def around(grey: Grey, corners: tuple[Corner, ...]) -> Grey:
    """Return the upright box around `corners`, grown by its longer side all around."""
    points = np.array(corners)
    least, most = points.min(axis=0), points.max(axis=0)
    reach = float((most - least).max()) + 16
    left, top = (max(0, int(edge - reach)) for edge in least)
    right, bottom = (int(edge + reach) + 1 for edge in most)
    return grey[top:bottom, left:right]


def to_picture(
    found: tuple[Corner, ...],
    corners: tuple[Corner, ...],
    shape: tuple[int, ...],
    scale: float,
    turn: float = 0.0,
) -> tuple[Corner, ...]:
    """Return corners found in a cut of `shape` as corners in the picture it was cut from."""
    points = np.array(corners, np.float64)
    along = (points[1] - points[0] + points[2] - points[3]) / 2
    angle = math.atan2(along[1], along[0]) + math.radians(turn)
    step = np.array((math.cos(angle), math.sin(angle))) / scale
    side = np.array((-step[1], step[0]))
    corner = points.mean(axis=0) - step * (shape[1] - 1) / 2 - side * (shape[0] - 1) / 2
    placed = [corner + step * x + side * y for x, y in found]
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in placed)


def scaled(grey: Grey, factor: float) -> Grey:
    """Return the picture `factor` times as large."""
    if factor == 1.0 or grey.size == 0:
        return grey
    kind = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=kind), dtype=np.uint8)


def shrinking(grey: Grey, longest: int) -> float:
    """Return the factor that makes the longer edge at most `longest` pixels.

    A picture like a thread keeps a width of one pixel, and stays longer.
    """
    narrow, wide = sorted(grey.shape)
    factor = max(longest / wide, 1 / narrow)
    return factor if factor < 1 else 1.0


def inked(grey: Grey, pixels: float) -> Grey:
    """Return the picture with vertical dark bars made `pixels` wider; under three quarters nothing."""
    width = round(pixels) + 1
    if pixels < 0.75:
        return grey
    return np.asarray(cv2.erode(grey, np.ones((1, width), np.uint8)), dtype=np.uint8)


def sharpened(grey: Grey, reach: float) -> Grey:
    """Return the picture with edges softened over `reach` pixels steepened again."""
    return np.asarray(cv2.addWeighted(grey, 4, cv2.GaussianBlur(grey, (0, 0), reach), -3, 0), dtype=np.uint8)


def grain(grey: Grey) -> float:
    """Return the deviation of the sensor's noise in levels of grey, from every eighth line."""
    lines = grey[::8].astype(np.int16)
    bends = np.abs(2 * lines[:, 1:-1] - lines[:, :-2] - lines[:, 2:])
    # The median, since most of a picture is neither edge nor print; the factor is that of normal noise.
    return float(np.median(bends)) / 1.65 if bends.size else 0.0


def softened(grey: Grey) -> Grey:
    """Return the picture with noise of single pixels smoothed away."""
    return np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), dtype=np.uint8)
