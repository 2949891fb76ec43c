"""Envelopes of ISO/IEC 15434: several fields in one square code, "[)>" RS format GS ... RS EOT.

Promises: formats 05 (GS1 application identifiers), 06 and 12 (data identifiers of ANSI MH10.8.2, and text
identifiers), among them the Pharmacy Product Number; a lost trailer is an issue, not the end. Refuses:
other formats are named and left as they are.
"""

import re
from datetime import date

from fieldapp.identifiers import dates, gs1
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

_HEAD = "[)>\x1e"
_IDENTIFIER = re.compile(r"([0-9]{0,3}[A-Z])(.*)", re.DOTALL)
_TEXT_IDENTIFIER = re.compile(r"([A-Z0-9]{3})\s?(.*)", re.DOTALL)

_TITLES = {
    "9N": "PPN", "8P": "GTIN", "P": "ITEM", "1P": "SUPPLIER ITEM", "S": "SERIAL", "1T": "LOT", "T": "LOT",
    "30T": "LOT", "D": "EXPIRY", "14D": "EXPIRY", "16D": "PRODUCTION", "Q": "QUANTITY", "4L": "ORIGIN",
    "K": "ORDER", "1J": "LICENCE PLATE", "2J": "LICENCE PLATE", "3J": "LICENCE PLATE", "4J": "LICENCE PLATE",
    "5J": "LICENCE PLATE", "6J": "LICENCE PLATE", "J": "LICENCE PLATE", "25S": "UNIQUE ITEM", "V": "SUPPLIER",
    "2L": "SHIP TO POST", "33L": "URL", "27Q": "PRICE",
}  # fmt: skip
_NAMES = {
    "9N": "ppn", "8P": "gtin", "P": "item", "1P": "item", "S": "serial", "1T": "batch", "T": "batch",
    "30T": "batch", "Q": "count", "4L": "origin", "K": "order", "J": "licence_plate", "1J": "licence_plate",
    "2J": "licence_plate", "3J": "licence_plate", "4J": "licence_plate", "5J": "licence_plate",
    "6J": "licence_plate", "25S": "unique_item", "33L": "url",
}  # fmt: skip


def read(source: Source, today: date) -> Identified | None:
    """Return the fields of an envelope, or None where the text is none."""
    if not source.body.startswith(_HEAD):
        return None
    issues: list[Issue] = []
    elements: list[Element] = []
    found: dict[str, str] = {}
    if not source.body.rstrip("\r\n").endswith("\x04"):
        issues.append(Issue(rule="iso15434-trailer", position=len(source.text)))
    place = source.offset + len(_HEAD)
    for envelope in source.body[len(_HEAD) :].rstrip("\r\n\x04").split("\x1e"):
        form, _, data = envelope.partition("\x1d")
        if form == "05":
            inner = gs1.parse(data, today, source.text, offset=min(place + 3, len(source.text)))
            elements += inner.elements
            issues += inner.issues
            found = {**inner.identifiers, **found}
        elif form in ("06", "12"):
            for piece in data.split("\x1d"):
                _field(piece, form, place + source.text[place:].find(piece), elements, issues, found, today)
        elif form:
            issues.append(Issue(rule="iso15434-format", position=place, facts={"found": form[:2]}))
        place += len(envelope) + 1
    return Identified(
        kind="iso15434",
        text=source.text,
        elements=tuple(elements),
        identifiers=found,
        issues=tuple(issues),
    )


def _field(
    piece: str,
    form: str,
    place: int,
    elements: list[Element],
    issues: list[Issue],
    found: dict[str, str],
    today: date,
) -> None:
    shape = (_IDENTIFIER if form == "06" else _TEXT_IDENTIFIER).fullmatch(piece)
    if not shape:
        if piece:
            issues.append(Issue(rule="iso15434-identifier", position=place, facts={"found": piece[:4]}))
        return
    name, value = shape[1], shape[2]
    elements.append(Element(ai=name, title=_TITLES.get(name, ""), value=value))
    if name == "9N" and not is_ppn(value):
        issues.append(Issue(rule="ppn-check-digits", position=place + len(piece) - 2, facts={"ai": name}))
    if name in ("D", "14D", "16D"):
        day = dates.day(value[-6:] if len(value) == 8 else value, today)
        if day is None:
            issues.append(Issue(rule="iso15434-day", position=place + len(name), facts={"ai": name}))
        else:
            if len(value) == 8:
                day = day.replace(year=int(value[:4]) or 1)
            found.setdefault("production" if name == "16D" else "expiry", day.isoformat())
    elif name in _NAMES:
        found.setdefault(_NAMES[name], value)


def is_ppn(value: str) -> bool:
    """Say whether the last two digits of a Pharmacy Product Number are its check digits (modulo 97)."""
    body, check = value[:-2], value[-2:]
    if len(value) < 5 or not only_digits(check):
        return False
    return sum(ord(character) * weight for weight, character in enumerate(body, start=2)) % 97 == int(check)
