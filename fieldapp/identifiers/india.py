"""The QR codes Indian rules ask for on drug labels, whose writing no rule prescribes.

Promises: labels and values in any of the usual ways (lines, bars, semicolons, commas, JSON, an address
with a query) become particulars under our names; which of the mandated particulars are missing is an
issue each. Refuses: lists without labels, which would have to be guessed. The rules: G.S.R. 20(E) of 18
January 2022 for active ingredients (eleven particulars), G.S.R. 823(E) of 17 November 2022 for the brands
of Schedule H2 (eight). The labels in use are data: `resources/gs1/india_labels.txt`.
"""

import functools
import json
import re
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import resources
from fieldapp.identifiers.dates import full_year
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

# "brand if any", "special storage if any": their absence breaks no rule.
API = ("upic", "name", "manufacturer", "batch", "batch_size", "production", "expiry", "sscc", "licence")
H2 = ("upic", "name", "brand", "manufacturer", "batch", "production", "expiry", "licence")

_ONLY_API = frozenset({"batch_size", "retest", "sscc", "storage"})
_ANCHORS = frozenset({"batch", "production", "expiry", "retest", "upic", "licence"})
_DATES = frozenset({"production", "expiry", "retest"})
_SPLITS = (
    re.compile(r"[\r\n]+"),
    re.compile(r"\|+"),
    re.compile(r";+"),
    re.compile(r"[\x1d\x1e]+"),
    re.compile(r",(?=\s*[A-Za-z])"),
)
_PAIRS = (
    re.compile(r"\s*([A-Za-z][A-Za-z .&/()-]{0,60}?)\s*[:=]\s*(.+?)\s*", re.DOTALL),
    re.compile(r"\s*([A-Za-z][A-Za-z .&/()-]{0,60}?)(?:\s-|(?<=\.))\s+(.+?)\s*", re.DOTALL),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@functools.cache
def labels() -> dict[str, str]:
    """Return our name of a particular by each of its labels, squeezed to lower-case letters."""
    names: dict[str, str] = {}
    for line in resources.path("gs1", "india_labels.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, known = line.partition(":")
            names.update((label, name) for label in known.strip().split(","))
    return names


def read(source: Source, today: date) -> Identified | None:
    """Return the particulars of a label, or None where the text does not look like one."""
    pairs = _pairs(source.body)
    named = [(labels()[key], label, value) for label, value in pairs if (key := _squeezed(label)) in labels()]
    names = {name for name, _, _ in named}
    if len(names) < 3 or not names & _ANCHORS:
        return None
    found: dict[str, str] = {}
    issues: list[Issue] = []
    for name, _, value in named:
        kept = value
        if name in _DATES:
            day = day_of(value, today, last=name != "production")
            if day is None:
                issues.append(
                    Issue(rule="india-date", position=source.text.find(value), facts={"particular": name})
                )
                continue
            kept = day.isoformat()
        found.setdefault(name, kept)
    issues += _missing(names)
    return Identified(
        kind="india_label",
        text=source.text,
        elements=tuple(Element(ai=name, title=label, value=value) for name, label, value in named),
        identifiers=found,
        issues=tuple(issues),
    )


def _missing(names: set[str]) -> list[Issue]:
    rules, wanted = ("gsr-20-e", API) if names & _ONLY_API or "brand" not in names else ("gsr-823-e", H2)
    present = names | ({"expiry"} if "retest" in names else set())
    return [
        Issue(rule="india-missing", facts={"particular": name, "rules": rules})
        for name in wanted
        if name not in present
    ]


def _squeezed(label: str) -> str:
    return re.sub(r"[^a-z]", "", label.lower())


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return labels and values, by whichever way of writing gives the most known labels."""
    ways = [_from_json(text), _from_address(text)]
    for split in _SPLITS:
        found = (_pair(piece) for piece in split.split(text))
        ways.append([pair for pair in found if pair])
    return max(ways, key=lambda pairs: sum(_squeezed(label) in labels() for label, _ in pairs))


def _pair(piece: str) -> tuple[str, str] | None:
    for form in _PAIRS:
        shape = form.fullmatch(piece)
        if shape:
            return shape[1], shape[2]
    return None


def _from_json(text: str) -> list[tuple[str, str]]:
    if not text.lstrip().startswith("{"):
        return []
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return []
    plain = (str, int, float)
    return (
        [(key, str(value)) for key, value in held.items() if isinstance(value, plain)]
        if isinstance(held, dict)
        else []
    )


def _from_address(text: str) -> list[tuple[str, str]]:
    if not re.match(r"https?://", text, re.IGNORECASE):
        return []
    try:
        return parse_qsl(urlsplit(text.strip()).query, max_num_fields=60)
    except ValueError:
        return []


def day_of(text: str, today: date, *, last: bool) -> date | None:
    """Return the day a label means; of a bare month its last day, or its first unless `last`."""
    parts = re.findall(r"[0-9]+|[A-Za-z]{3,}", text)
    numbers = [_month(part) if part[0].isalpha() else int(part) for part in parts if len(part) < 10]
    if len(numbers) not in (2, 3) or 0 in numbers[-2:]:
        return None
    if len(parts[0]) == 4 and only_digits(parts[0]):
        numbers.reverse()
        parts.reverse()
    year = numbers[-1] if len(parts[-1]) == 4 else full_year(numbers[-1] % 100, today)
    try:
        if len(numbers) == 3:
            # Day before month, as India writes it; a month in letters may come first.
            month_first = parts[0][0].isalpha()
            return date(year, numbers[0 if month_first else 1], numbers[1 if month_first else 0])
        first = date(year, numbers[0], 1)
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1) if last else first
    except ValueError:
        return None


def _month(word: str) -> int:
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
