"""Figures over the reports of one realm: by verdict, site, firm, substance and week, and how often a hit was
judged false. Counted over the newest revisions; what a newer one replaced is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from fieldapp.screening.verdict import WORDS
from sync.headquarters import places
from sync.headquarters.places import Spot
from sync.headquarters.reports import ReportLine

BARS = 8
WEEKS = 12


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: whose, its parts by verdict word, and where each part begins and how long it is, 0 to 1000."""

    name: str
    total: int
    parts: tuple[tuple[str, int, int, int], ...]  # word, number, from, length


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page of figures shows."""

    total: int
    verdicts: tuple[tuple[str, int], ...]
    sites: tuple[Bar, ...]
    firms: tuple[Bar, ...]
    substances: tuple[Bar, ...]
    weeks: tuple[Bar, ...]
    inspectors: tuple[tuple[str, int, int], ...]  # name, hits, of these judged false
    hits: int
    overrides: int
    places: tuple[Spot, ...]


def count(lines: Iterable[ReportLine]) -> Figures:
    """Count the lines."""
    kept = [line for line in lines if line.standing != "superseded"]
    verdicts = Counter(line.verdict for line in kept)
    hits: Counter[str] = Counter()
    overrides: Counter[str] = Counter()
    for line in kept:
        hits[line.officer] += line.hits
        overrides[line.officer] += line.overrides
    busiest = [(name, number, overrides[name]) for name, number in hits.most_common(BARS) if number]
    weeks = _bars(kept, lambda line: [_week(line)], most=WEEKS, by_name=True)
    return Figures(
        total=len(kept),
        verdicts=tuple((word, verdicts[word]) for word in WORDS),
        sites=_bars(kept, lambda line: [line.site]),
        firms=_bars(kept, lambda line: [line.consignee]),
        substances=_bars(kept, lambda line: line.substances.split("; ")),
        weeks=weeks,
        inspectors=tuple(busiest),
        hits=hits.total(),
        overrides=overrides.total(),
        places=places.spots(kept),
    )


def _week(line: ReportLine) -> str:
    year, week, _day = line.sealed.isocalendar()
    return f"{year}-W{week:02d}"


def _bars(
    lines: list[ReportLine],
    names: Callable[[ReportLine], list[str]],
    *,
    most: int = BARS,
    by_name: bool = False,
) -> tuple[Bar, ...]:
    held: dict[str, Counter[str]] = {}
    for line in lines:
        for name in names(line):
            if name.strip():
                held.setdefault(name, Counter())[line.verdict] += 1
    order = (
        sorted(held)[-most:] if by_name else sorted(held, key=lambda name: (-held[name].total(), name))[:most]
    )
    longest = max((held[name].total() for name in order), default=1)
    return tuple(_bar(name, held[name], longest) for name in order)


def _bar(name: str, counted: Counter[str], longest: int) -> Bar:
    parts, begin = [], 0
    for word in WORDS:
        if counted[word]:
            end = begin + counted[word]
            left, right = (round(1000 * at / longest) for at in (begin, end))
            parts.append((word, counted[word], left, right - left))
            begin = end
    return Bar(name=name, total=counted.total(), parts=tuple(parts))
