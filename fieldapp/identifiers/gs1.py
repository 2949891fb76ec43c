"""GS1 element strings: application identifiers and their values, with or without brackets.

Promises: every field that can be told apart is an element, good or bad; what is wrong with it is an
issue with a rule and a place in the data as given. The separator is GS (1D); a field of predefined length
needs none. Refuses: to drop a field because of its neighbour. Follows the GS1 General Specifications,
sections 3, 4.13, 4.14 and 7.8.
"""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from fieldapp.identifiers import associations, dates, table
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.rules.fault import Fault
from fieldapp.identifiers.source import Source

GS = "\x1d"

# Symbology identifiers that say "what follows are element strings": FNC1 in first position.
AIMS = frozenset(
    "]C1 ]e0 ]e1 ]e2 ]d2 ]d5 ]d8 ]dB ]Q3 ]Q4 ]J1 ]J4 ]z1 ]z4 ]z7 ]zA".split()  # noqa: SIM905 - a list to read
)

# Names under which values are looked up and screened.
NAMES: Mapping[str, str] = {
    "00": "sscc",
    "01": "gtin",
    "02": "content_gtin",
    "03": "made_to_order_gtin",
    "10": "batch",
    "21": "serial",
    "235": "third_party_serial",
    "240": "additional_id",
    "241": "customer_part",
    "250": "secondary_serial",
    "253": "gdti",
    "30": "count",
    "37": "count",
    "400": "order",
    "401": "ginc",
    "402": "gsin",
    "410": "ship_to",
    "412": "purchased_from",
    "414": "location",
    "416": "production_location",
    "417": "party",
    "420": "postcode",
    "422": "origin",
    "710": "nhrn",
    "711": "nhrn",
    "712": "nhrn",
    "713": "nhrn",
    "714": "nhrn",
    "715": "nhrn",
    "716": "nhrn",
    "717": "nhrn",
    "7004": "potency",
    "8003": "grai",
    "8004": "giai",
    "8006": "itip",
    "8010": "cpid",
    "8013": "gmn",
    "8017": "gsrn",
    "8018": "gsrn",
    "8200": "url",
}
DATES: Mapping[str, str] = {
    "11": "production",
    "12": "due",
    "13": "packed",
    "15": "best_before",
    "16": "sell_by",
    "17": "expiry",
    "7003": "expiry",
    "7006": "first_frozen",
    "8008": "production",
}
_BRACKETS = re.compile(r"\s*\([0-9]{2,4}\)")
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")


def read(source: Source, today: date) -> Identified | None:
    """Return the element strings of a code, or None where it does not hold any."""
    text = source.body
    if source.aim in AIMS:
        return parse(text, today, source.text, offset=source.offset)
    if source.aim and source.aim[:2] not in ("]C", "]d", "]Q", "]e", "]J", "]z"):
        return None
    if _BRACKETS.match(text):
        return parse_bracketed(text, today, source.text, offset=source.offset)
    if not text or not (text[0] == GS or only_digits(text[0])):
        return None
    found = parse(text, today, source.text, offset=source.offset)
    return found if _convincing(text, found) else None


def _convincing(text: str, found: Identified) -> bool:
    """Say whether data that nothing marks as GS1 can be taken for it."""
    broken = {issue.rule for issue in found.issues} - {"gs1-required"}
    if GS in text:
        return bool(found.elements) and "gs1-unknown" not in broken
    keyed = any("check" in key for element in found.elements for key in _rule_names(element.ai))
    return not broken and bool(found.elements) and (keyed or len(found.elements) > 2)


def _rule_names(ai: str) -> list[str]:
    return [rule.__name__ for part in table.table()[ai].parts for rule in part.rules]


def parse(data: str, today: date, text: str = "", *, offset: int = 0) -> Identified:
    """Return the fields of an element string whose separators are GS.

    `text` is the code as scanned and `offset` the place of `data` in it, so that positions fit.
    """
    place = 1 if data[:1] == GS else 0
    fields: list[associations.Field] = []
    issues: list[Issue] = []
    if place == len(data):
        issues.append(Issue(rule="gs1-empty", position=offset))
    while place < len(data):
        entry = table.find(data, place)
        if entry is None:
            end = _until_separator(data, place)
            issues.append(
                Issue(rule="gs1-unknown", position=offset + place, facts={"found": data[place : place + 4]})
            )
            place = end + 1
            continue
        start = place + len(entry.ai)
        end = _until_separator(data, start)
        if entry.fixed:
            end = min(end, start + entry.most)
        value = data[start:end]
        fields.append((entry, value, offset + place))
        issues += _issues(entry, value, offset + start)
        place = end + 1 if data[end : end + 1] == GS else end
    return _answer(text or data, fields, issues, today)


def parse_bracketed(data: str, today: date, text: str = "", *, offset: int = 0) -> Identified:
    r"""Return the fields of the human-readable form, "(01)...(10)...".

    A bracket that belongs to a value is written `\(`.
    """
    fields: list[associations.Field] = []
    strangers: list[Element] = []
    issues: list[Issue] = []
    starts = [found for found in _BRACKETED.finditer(data) if data[found.start() - 1 : found.start()] != "\\"]
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        end = following.start() if following else len(data)
        value = data[found.end() : end].strip(" \t\r\n" + GS).replace("\\(", "(")
        entry = table.table().get(found[1])
        if entry is None:
            at = offset + found.start() + 1
            issues.append(Issue(rule="gs1-unknown", position=at, facts={"found": found[1]}))
            strangers.append(Element(ai=found[1], title="", value=value))
            continue
        fields.append((entry, value, offset + found.start()))
        issues += _issues(entry, value, offset + found.end())
    answer = _answer(text or data, fields, issues, today)
    return msgspec.structs.replace(answer, elements=(*answer.elements, *strangers)) if strangers else answer


def _until_separator(data: str, start: int) -> int:
    end = data.find(GS, start)
    return len(data) if end < 0 else end


def _issues(entry: table.ApplicationIdentifier, value: str, start: int) -> list[Issue]:
    fault = fault_of(entry, value)
    if fault is None:
        return []
    return [Issue(rule="gs1-" + fault.code, position=start + fault.start, facts={"ai": entry.ai})]


def fault_of(entry: table.ApplicationIdentifier, value: str) -> Fault | None:
    """Return the first fault of a value, or None; places count from the start of the value."""
    if not value:
        return Fault("no-value")
    place = 0
    for part in entry.parts:
        piece = value[place : place + part.most]
        if not piece and part.optional:
            break
        if len(piece) < part.least:
            return Fault("too-short", place, len(value))
        for rule in part.rules:
            fault = rule(piece)
            if fault is not None:
                return Fault(fault.code, place + fault.start, place + fault.end)
        place += len(piece)
    return Fault("too-long", place, len(value)) if place < len(value) else None


def _answer(text: str, fields: list[associations.Field], issues: list[Issue], today: date) -> Identified:
    return Identified(
        kind="gs1",
        text=text,
        elements=tuple(Element(ai=entry.ai, title=entry.title, value=value) for entry, value, _ in fields),
        identifiers=identifiers(fields, today),
        issues=(*issues, *associations.check(fields)),
    )


def identifiers(fields: list[associations.Field], today: date) -> dict[str, str]:
    """Return the values under their names; the first of several wins, dates are ISO 8601 days."""
    named: dict[str, str] = {}
    for entry, value, _ in fields:
        name = NAMES.get(entry.ai)
        if name:
            if value:
                named.setdefault(name, value)
        elif entry.ai in DATES:
            day = dates.day(value[:6], today)
            if day is not None:
                named.setdefault(DATES[entry.ai], day.isoformat())
        elif len(entry.ai) == 4 and entry.ai[:3] in _MEASURES and len(value) == 6 and only_digits(value):
            named.setdefault(_MEASURES[entry.ai[:3]], decimal(value, int(entry.ai[3])))
    return named


_MEASURES = {
    "310": "net_weight_kg",
    "330": "gross_weight_kg",
    "315": "net_volume_l",
    "320": "net_weight_lb",
    "340": "gross_weight_lb",
}


def decimal(digits: str, places: int) -> str:
    """Return digits with the decimal point the last digit of the identifier asks for."""
    whole, part = digits[: len(digits) - places].lstrip("0") or "0", digits[len(digits) - places :]
    return f"{whole}.{part}" if places else whole
