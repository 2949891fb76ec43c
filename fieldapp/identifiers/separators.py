"""Element strings whose separators were lost on the way, cut up again by likelihood.

Many scanners that type drop the group separator. What is left can often be cut up in one sensible way
only: check digits must fit, days must exist and be near, batches have the length batches have. Every
possible cut is weighed by how probable such a label is; the best are returned, the likeliest first.

Promises: the odds of the first against the second come with it. Refuses: to call any of it read.
"""

import functools
import math
from datetime import date

import msgspec

from fieldapp.identifiers import associations, dates, gs1, table
from fieldapp.identifiers.associations import Field
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.rules import characters, numbers
from fieldapp.identifiers.source import Source
from fieldapp.identifiers.table import ApplicationIdentifier

Cut = tuple[float, tuple[Field, ...]]
"""The logarithm of a cut's likelihood, and its fields."""

SURE = 4.0
"""From this difference of logarithms on (50 to 1) the first reading may be called sure."""

_KEPT = 8  # likeliest cuts remembered for each rest of the data
_LONGEST = 160

# How often a field is met on labels of goods like these; everything else is rare.
_OFTEN = {
    "01": 0.22, "17": 0.2, "10": 0.2, "21": 0.17, "11": 0.05, "00": 0.02, "37": 0.015, "02": 0.015,
    "30": 0.01, "15": 0.01, "13": 0.008, "240": 0.006, "241": 0.004, "400": 0.006, "410": 0.003,
    "310": 0.002, "330": 0.002, "710": 0.003, "711": 0.003, "712": 0.003, "713": 0.003, "714": 0.003,
    "715": 0.003, "716": 0.003, "20": 0.003, "250": 0.002, "420": 0.002, "421": 0.002, "422": 0.002,
    "90": 0.002, "91": 0.003, "92": 0.003, "414": 0.002, "402": 0.001, "401": 0.001, "8003": 0.001,
    "8200": 0.001, "7003": 0.001,
}  # fmt: skip
_RARE = 0.000004
# Usual lengths of fields that may have any: most likely, spread, and the part that keeps to no usual length.
_LENGTHS = {
    "10": (7.0, 2.5, 0.25),
    "21": (12.0, 4.0, 0.5),
    "37": (2.5, 1.5, 0.1),
    "30": (2.5, 1.5, 0.1),
}
_ANY_LENGTH = (8.0, 5.0, 0.3)
_DIGIT, _LETTER, _OTHER = math.log(0.062), math.log(0.0135), math.log(0.0025)
_FIRST = {"01": math.log(0.8), "00": math.log(0.08), "02": math.log(0.04)}
_NOT_FIRST = math.log(0.02)
# Years a day may lie from today, before and after.
_NEAR = {"17": (4.0, 8.0), "15": (4.0, 8.0), "11": (10.0, 0.2), "13": (10.0, 0.2), "7003": (4.0, 8.0)}


def read(source: Source, today: date) -> Identified | None:
    """Return element strings as `gs1.read` does; where separators seem lost, the likeliest cut instead.

    What an engine read from a symbol has its separators; only typed and sent codes are doubted.
    """
    plain = gs1.read(source, today)
    data = source.body.removeprefix(gs1.GS)
    if source.trusted or gs1.GS in data.rstrip(gs1.GS) or data.startswith("("):
        return plain
    if plain is None and (source.aim or len(data) < 20 or not only_digits(data[:2])):
        return None
    return _substituted(source, data, today) or _cut_up(source, data, plain, today)


def _substituted(source: Source, data: str, today: date) -> Identified | None:
    """Return the reading in which a character that element strings cannot hold stands for the separator."""
    strangers = {character for character in data if characters.set_82(character)}
    if len(strangers) != 1:
        return None
    (stranger,) = strangers
    parts = source.body.replace(stranger, gs1.GS)
    found = gs1.parse(parts, today, source.text, offset=source.offset)
    if {issue.rule for issue in found.issues} - {"gs1-required"}:
        return None
    issue = Issue(
        rule="gs1-separator-substituted",
        position=source.offset + source.body.index(stranger),
        facts={"found": stranger},
    )
    return msgspec.structs.replace(found, issues=(issue, *found.issues), confidence="inferred")


def _cut_up(source: Source, data: str, plain: Identified | None, today: date) -> Identified | None:
    at = source.offset + len(source.body) - len(data)
    ranked = cuts(data, today)
    as_read = tuple((element.ai, element.value) for element in plain.elements) if plain else ()
    if not ranked or (plain and as_read == _pairs(ranked[0]) and not _broken(plain)):
        return plain
    (best, fields), others = ranked[0], ranked[1:]
    margin = best - others[0][0] if others else 99.0
    if plain is None and not _convincing(fields, margin):
        return None
    issue = Issue(
        rule="gs1-separators-lost",
        position=source.offset,
        facts={"sure": int(margin >= SURE), "margin": round(margin, 2)},
    )
    placed = [(entry, value, place + at) for entry, value, place in fields]
    return Identified(
        kind="gs1",
        text=source.text,
        elements=tuple(Element(ai=entry.ai, title=entry.title, value=value) for entry, value, _ in fields),
        identifiers=gs1.identifiers(placed, today),
        issues=(issue, *associations.check(placed)),
        confidence="inferred",
        sure=margin >= SURE,
        alternatives=tuple(gs1.identifiers(list(other), today) for _, other in others[:3]),
    )


def _convincing(fields: tuple[Field, ...], margin: float) -> bool:
    # Any long number can be cut up somehow: without a marker, check digits and company have to vouch.
    keyed = any(_is_checked(entry) for entry, _, _ in fields)
    led = fields[0][0].ai in _FIRST
    return keyed and (len(fields) > 1 if led else len(fields) > 2 and margin >= SURE)


def _pairs(cut: Cut) -> tuple[tuple[str, str], ...]:
    return tuple((entry.ai, value) for entry, value, _ in cut[1])


def _broken(found: Identified) -> bool:
    return any(issue.rule != "gs1-required" for issue in found.issues)


def _is_checked(entry: ApplicationIdentifier) -> bool:
    return any(rule is numbers.check_digit for part in entry.parts for rule in part.rules)


def cuts(data: str, today: date) -> list[Cut]:
    """Return the likeliest cuts of `data`, best first; none where it cannot be cut without a fault."""
    if not 4 <= len(data) <= _LONGEST or not data.isascii():
        return []

    @functools.cache
    def rest(place: int) -> tuple[Cut, ...]:
        if place == len(data):
            return ((0.0, ()),)
        entry = table.find(data, place)
        if entry is None:
            return ()
        start = place + len(entry.ai)
        found: list[Cut] = []
        for end in _ends(entry, start, len(data)):
            after = rest(end)
            if not after:
                continue
            value = data[start:end]
            weight = _weight(entry, value, today)
            if weight == -math.inf:
                continue
            for total, fields in after:
                if all(entry.ai != other.ai for other, _, _ in fields):
                    found.append((weight + total, ((entry, value, place), *fields)))
        found.sort(key=lambda cut: -cut[0])
        return tuple(found[:_KEPT])

    ranked = [(total + _as_a_whole(fields), fields) for total, fields in rest(0) if fields]
    return sorted(ranked, key=lambda cut: -cut[0])


def _as_a_whole(fields: tuple[Field, ...]) -> float:
    """Return what the company of the fields adds: which comes first, and which associations are broken."""
    weight = _FIRST.get(fields[0][0].ai, _NOT_FIRST)
    for issue in associations.check(list(fields)):
        weight -= 2.0 if issue.rule == "gs1-required" else 6.0
    return weight


def _ends(entry: ApplicationIdentifier, start: int, length: int) -> range:
    if entry.fixed:
        return range(start + entry.most, min(start + entry.most, length) + 1)
    return range(start + entry.least, min(start + entry.most, length) + 1)


def _weight(entry: ApplicationIdentifier, value: str, today: date) -> float:
    """Return the logarithm of the likelihood that a label has this field with this value."""
    if gs1.fault_of(entry, value) is not None:
        return -math.inf
    often = _OFTEN.get(entry.ai) or _OFTEN.get(entry.ai[:3], _RARE) / (6 if len(entry.ai) == 4 else 1)
    weight = math.log(often)
    if entry.ai in gs1.DATES:
        return weight + _day(entry.ai, value, today)
    checked = _is_checked(entry)
    if entry.least == entry.most:
        return weight + (len(value) - checked) * math.log(0.1)
    middle, spread, loose = _LENGTHS.get(entry.ai, _ANY_LENGTH)
    usual = math.exp(-0.5 * ((len(value) - middle) / spread) ** 2) / (spread * 2.5)
    return weight + math.log((1 - loose) * usual + loose / entry.most) + _characters(value)


def _characters(value: str) -> float:
    total = 0.0
    changes = 0
    for number, character in enumerate(value):
        total += _DIGIT if character.isdigit() else _LETTER if character.isalpha() else _OTHER
        changes += number > 0 and character.isdigit() != value[number - 1].isdigit()
    return total - 0.35 * max(changes - 2, 0)


def _day(ai: str, value: str, today: date) -> float:
    day = dates.day(value[:6], today)
    if day is None:
        return -math.inf
    years = (day - today).days / 365.25
    before, after = _NEAR.get(ai, (10.0, 10.0))
    far = max(-years - before, years - after, 0.0)
    weight = -math.log(365 * (before + after)) - min(far * 1.5, 8.0) + (len(value) - 6) * math.log(0.1)
    # Half of all expiries are the last day of a month, written as such or as 00.
    return weight + (1.2 if ai in ("17", "15") and (value[4:6] == "00" or (day.day >= 28)) else 0.0)
