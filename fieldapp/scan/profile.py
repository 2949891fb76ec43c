"""The profile of a linear code: its lines averaged into one, and the softness of lens or hand taken back.

Every line of a linear code says the same, so their mean holds far less noise than any one of them, and what
a soft focus or a moving hand smeared can be divided out again (Wiener's filter, in one dimension). Promises:
profiles of the same code over different lines, so that two reads never rest on the same pixels. Refuses:
patches with too few stripes for a code, and those that are sharp as they are.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fieldapp.scan import region
from fieldapp.scan.picture import Grey
from fieldapp.scan.symbol import Corner

Line = NDArray[np.float64]


class Softness(NamedTuple):
    """One guess at what smeared the code: `reach` in pixels of the picture, `noise` what is left of it.

    `moved` is a hand that moved over `reach` pixels, otherwise a lens out of focus by that deviation.
    """

    reach: float
    noise: float
    moved: bool = False


class Profiles(NamedTuple):
    """The profile over all lines of a region, and those over each of several sets of its lines.

    `turn` is by how many degrees more than the region they lie, `shape` the rows and columns of their cut.
    """

    whole: Line
    parts: tuple[Line, ...]
    turn: float
    shape: tuple[int, ...]


GUESSES = (
    *(Softness(reach, 1e-3) for reach in (1.0, 1.4, 1.8, 2.2, 2.6)),
    *(Softness(reach, 1e-3, moved=True) for reach in (3, 4, 5, 6, 7, 8)),
    *(Softness(reach, 1e-4) for reach in (2.0, 2.2, 2.5)),
    Softness(1.2, 1e-2),
    Softness(6, 1e-2, moved=True),
)
SCALE = 3  # samples of what is restored for each pixel of the picture
_MARGIN = 0.2  # of the width, on either side: the quiet zones
_NARROW = 60  # pixels from first to last bar
_FAINT = 8  # levels of grey from darkest to lightest: less is noise
_STRIPES = 16  # turns from darker to lighter and back: fewer are print
_SHARP = 0.5  # of all the greys there are, within one pixel: what steeper edges hide is not softness


def profiles(grey: Grey, quad: tuple[Corner, ...], parts: int = 3) -> Profiles | None:
    """Return the profiles of a region; None where it cannot be a soft linear code."""
    if not _is_soft(_middle(region.cut(grey, quad, margin=0.0)).mean(axis=0)):
        return None
    turn = _straight(grey, quad)
    cutting = region.cut(grey, quad, margin=_MARGIN, turn=turn)
    lines = _middle(cutting)
    if lines.shape[0] < 2 * parts:
        return None
    each = tuple(lines[part::parts].mean(axis=0) for part in range(parts))
    return Profiles(whole=lines.mean(axis=0), parts=each, turn=turn, shape=cutting.shape)


def restored(line: Line) -> Grey:
    """Return the profile with the softness of each of `GUESSES` taken back: one row a guess."""
    # Mirrored, so that no edge stands where the ends meet.
    spectrum = np.fft.rfft(np.concatenate((line, line[::-1])))
    spectrum = spectrum * _filters(spectrum.size)
    sharp = np.fft.irfft(spectrum, 2 * SCALE * line.size, axis=1)[:, : SCALE * line.size]
    low, high = sharp.min(axis=1, keepdims=True), sharp.max(axis=1, keepdims=True)
    return np.asarray((sharp - low) * (255 / np.maximum(high - low, 1e-9)), np.uint8)


@functools.lru_cache(maxsize=64)
def _filters(count: int) -> Line:
    """Return what each of `GUESSES` does to `count` waves, from none to one in two pixels."""
    waves = np.linspace(0, 0.5, count)
    passed = np.array(
        [
            np.sinc(waves * guess.reach) if guess.moved else np.exp(-2 * (math.pi * waves * guess.reach) ** 2)
            for guess in GUESSES
        ]
    )
    noise = np.array([[guess.noise] for guess in GUESSES])
    return np.asarray(passed / (passed * passed + noise), np.float64)


def _straight(grey: Grey, quad: tuple[Corner, ...]) -> float:
    """Return by how many degrees more the region is to be turned for its bars to stand upright."""

    def stripes(turn: float) -> float:
        line = _middle(region.cut(grey, quad, margin=0.0, turn=turn)).mean(axis=0)
        return float(np.square(np.diff(line)).sum())

    return max((-1.5, -0.75, 0.0, 0.75, 1.5), key=stripes)


def _middle(cutting: Grey) -> Grey:
    return cutting[cutting.shape[0] // 4 : cutting.shape[0] * 3 // 4 + 1]


def _is_soft(line: Line) -> bool:
    """Say whether the profile has the stripes of a code and no edge as steep as a sharp picture has."""
    if line.size < _NARROW:
        return False
    slopes = np.diff(line)
    spread = float(line.max() - line.min())
    if spread < _FAINT:
        return False
    turns = int(np.count_nonzero(np.diff(np.sign(slopes[np.abs(slopes) > spread / 100]))))
    return turns >= _STRIPES and float(np.abs(slopes).max()) < _SHARP * spread
