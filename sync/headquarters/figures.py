"""Figures over the reports of one realm: by verdict, site, firm, substance and week, and how often a hit was
judged false. Counted over the newest revisions; what a newer one replaced is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlencode

import msgspec

from fieldapp.screening.verdict import WORDS
from sync.headquarters.reports import ReportLine

BARS = 8
WEEKS = 12


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: whose, its parts by verdict word, and where each part begins and how long it is, 0 to 1000.

    `query` is what the list of reports is asked for, to show those that the bar counts.
    """

    name: str
    query: str
    total: int
    parts: tuple[tuple[str, int, int, int], ...]  # word, number, from, length

    def number(self, word: str) -> int:
        """Return how many of the bar have this verdict."""
        return next((number for named, number, _, _ in self.parts if named == word), 0)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many of somebody's hits were judged false."""

    name: str
    hits: int
    overrides: int

    @property
    def percent(self) -> int:
        """Return the share, 0 to 100."""
        return round(100 * self.overrides / self.hits) if self.hits else 0


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page of figures shows."""

    total: int
    verdicts: tuple[tuple[str, int], ...]
    sites: tuple[Bar, ...]
    firms: tuple[Bar, ...]
    substances: tuple[Bar, ...]
    weeks: tuple[Bar, ...]
    by_inspector: tuple[Share, ...]
    by_site: tuple[Share, ...]
    hits: int
    overrides: int


def count(lines: Iterable[ReportLine]) -> Figures:
    """Count the lines."""
    kept = [line for line in lines if line.standing != "superseded"]
    verdicts = Counter(line.verdict for line in kept)
    weeks = {_week(line): _days(line) for line in kept}
    return Figures(
        total=len(kept),
        verdicts=tuple((word, verdicts[word]) for word in WORDS),
        sites=_bars(kept, lambda line: [line.site], lambda name: {"site": name}),
        firms=_bars(kept, lambda line: [line.consignee], lambda name: {"q": name}),
        substances=_bars(kept, lambda line: line.substances.split("; "), lambda name: {"substance": name}),
        weeks=_bars(kept, lambda line: [_week(line)], weeks.__getitem__, most=WEEKS, by_name=True),
        by_inspector=_shares(kept, lambda line: line.officer),
        by_site=_shares(kept, lambda line: line.site),
        hits=sum(line.hits for line in kept),
        overrides=sum(line.overrides for line in kept),
    )


def _shares(lines: list[ReportLine], name: Callable[[ReportLine], str]) -> tuple[Share, ...]:
    hits: Counter[str] = Counter()
    overrides: Counter[str] = Counter()
    for line in lines:
        hits[name(line)] += line.hits
        overrides[name(line)] += line.overrides
    return tuple(
        Share(name=whose, hits=number, overrides=overrides[whose])
        for whose, number in hits.most_common(BARS)
        if number
    )


def _week(line: ReportLine) -> str:
    year, week, _day = line.sealed.astimezone().isocalendar()
    return f"{year}-W{week:02d}"


def _days(line: ReportLine) -> dict[str, str]:
    day = line.sealed.astimezone().date()
    monday = day - timedelta(days=day.weekday())
    return {"since": monday.isoformat(), "until": (monday + timedelta(days=6)).isoformat()}


def _bars(
    lines: list[ReportLine],
    names: Callable[[ReportLine], list[str]],
    asks: Callable[[str], dict[str, str]],
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
    return tuple(_bar(name, urlencode(asks(name)), held[name], longest) for name in order)


def _bar(name: str, query: str, counted: Counter[str], longest: int) -> Bar:
    parts, begin = [], 0
    for word in WORDS:
        if counted[word]:
            end = begin + counted[word]
            left, right = (round(1000 * at / longest) for at in (begin, end))
            parts.append((word, counted[word], left, right - left))
            begin = end
    return Bar(name=name, query=query, total=counted.total(), parts=tuple(parts))
