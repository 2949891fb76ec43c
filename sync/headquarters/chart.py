"""A chart of the sites: dots on a net of degrees, drawn here, so that no other server is asked for a map.

Plate carrée, true to scale at the middle latitude. There is no coast on it: this machine has none to draw.
A site lies at the middle of the places that its own reports give; one without a place is only in the table.
"""

from collections import Counter
from collections.abc import Iterable
from math import ceil, cos, floor, radians, sqrt
from statistics import median

import msgspec

from fieldapp.screening.verdict import WORDS
from sync.headquarters.places import point
from sync.headquarters.reports import ReportLine

WIDTH = 1000
LOWEST, HIGHEST = 360, 720  # of the drawing
_LEAST_DEGREES = 2.0  # shown around a lone site
_STEPS = (0.25, 0.5, 1, 2, 5, 10, 15, 30)
_LABEL, _LETTER = 19, 8.2  # height of a line of text and width of a letter, in units of the drawing
_VERDICT = 14  # letters that the words of a verdict take behind a site's name


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A site: how many of its reports have which verdict. `x`, `y`, `r` are None off the drawing."""

    site: str
    reports: int
    counts: tuple[tuple[str, int], ...]  # by verdict word, the worst first
    latitude: float | None
    longitude: float | None
    x: float = 0.0
    y: float = 0.0
    r: float = 0.0
    label_x: float = 0.0
    label_y: float = 0.0
    label_before: bool = False  # the label ends at `label_x` instead of beginning there

    @property
    def worst(self) -> str:
        """Return the worst verdict among its reports."""
        return next((word for word, number in self.counts if number), "no_match")


class Degree(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the net, and where its words stand. Along a meridian `vertical` is true."""

    value: float
    vertical: bool
    at: float


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing; `placed` are on it, `unplaced` are not."""

    height: float
    net: tuple[Degree, ...]
    placed: tuple[Dot, ...]
    unplaced: tuple[Dot, ...]


def draw(lines: Iterable[ReportLine]) -> Chart:
    """Return the chart of the newest revisions, the busiest site first."""
    counts: dict[str, Counter[str]] = {}
    points: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        if line.standing == "superseded":
            continue
        counts.setdefault(line.site, Counter())[line.verdict] += 1
        at = point(line.place)
        if at is not None:
            points.setdefault(line.site, []).append(at)
    dots = [
        _dot(site, counted, points.get(site, []))
        for site, counted in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    ]
    placed = [dot for dot in dots if dot.latitude is not None]
    unplaced = tuple(dot for dot in dots if dot.latitude is None)
    if not placed:
        return Chart(height=0, net=(), placed=(), unplaced=unplaced)
    frame = _Frame.around([(dot.latitude or 0.0, dot.longitude or 0.0) for dot in placed])
    return Chart(height=frame.height, net=frame.net(), placed=_labelled(placed, frame), unplaced=unplaced)


def _dot(site: str, counted: Counter[str], points: list[tuple[float, float]]) -> Dot:
    return Dot(
        site=site,
        reports=counted.total(),
        counts=tuple((word, counted[word]) for word in WORDS),
        latitude=median(at[0] for at in points) if points else None,
        longitude=median(at[1] for at in points) if points else None,
    )


class _Frame(msgspec.Struct, frozen=True):
    """What part of the earth is drawn, and at how many units a degree of latitude."""

    south: float
    west: float
    height: float
    scale: float
    squeeze: float  # a degree of longitude by a degree of latitude

    @classmethod
    def around(cls, points: list[tuple[float, float]]) -> "_Frame":
        """Return the frame that shows all points with room around them."""
        south, north = _room([at[0] for at in points], 90)
        west, east = _room([at[1] for at in points], 180)
        squeeze = max(0.2, cos(radians((south + north) / 2)))
        scale = WIDTH / ((east - west) * squeeze)
        height = min(HIGHEST, max(LOWEST, (north - south) * scale))
        # A tall stretch of earth sets the scale, and more of the width is seen.
        if (north - south) * scale > height:
            scale = height / (north - south)
            west = (west + east) / 2 - WIDTH / scale / squeeze / 2
        south = (south + north) / 2 - height / scale / 2
        return cls(south, west, height, scale, squeeze)

    def x(self, longitude: float) -> float:
        """Return where a meridian lies."""
        return round((longitude - self.west) * self.squeeze * self.scale, 1)

    def y(self, latitude: float) -> float:
        """Return where a parallel lies."""
        return round(self.height - (latitude - self.south) * self.scale, 1)

    def net(self) -> tuple[Degree, ...]:
        """Return the meridians and parallels, at round degrees, about seven across."""
        across = WIDTH / self.scale / self.squeeze
        step = next((one for one in _STEPS if across / one <= 8), _STEPS[-1])
        upright = _round_degrees(self.west, self.west + across, step)
        level = _round_degrees(self.south, self.south + self.height / self.scale, step)
        return (
            *(Degree(value=at, vertical=True, at=self.x(at)) for at in upright if -180 <= at <= 180),
            *(Degree(value=at, vertical=False, at=self.y(at)) for at in level if -90 <= at <= 90),
        )


def _room(values: list[float], limit: float) -> tuple[float, float]:
    least, most = min(values), max(values)
    room = max(_LEAST_DEGREES, (most - least) * 0.15)
    return max(-limit, least - room), min(limit, most + room)


def _round_degrees(begin: float, end: float, step: float) -> list[float]:
    return [number * step for number in range(ceil(begin / step), floor(end / step) + 1)]


def _labelled(dots: list[Dot], frame: _Frame) -> tuple[Dot, ...]:
    """Place dots by their numbers, and each label where it covers no other one."""
    most = max(dot.reports for dot in dots)
    taken: list[tuple[float, float, float]] = []  # from, to, base line
    made = []
    for dot in dots:
        x, y = frame.x(dot.longitude or 0.0), frame.y(dot.latitude or 0.0)
        r = round(8 + 18 * sqrt(dot.reports / most), 1)
        wide = (min(40, len(dot.site)) + _VERDICT) * _LETTER
        before = x + r + 6 + wide > WIDTH
        begin = x - r - 6 - wide if before else x + r + 6
        level = y + 5
        while any(begin < to and at < begin + wide and abs(level - base) < _LABEL for at, to, base in taken):
            level += _LABEL
        taken.append((begin, begin + wide, level))
        label_x = round(x - r - 6 if before else x + r + 6, 1)
        made.append(
            msgspec.structs.replace(
                dot, x=x, y=y, r=r, label_x=label_x, label_y=round(level, 1), label_before=before
            )
        )
    return tuple(made)
