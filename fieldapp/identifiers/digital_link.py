"""GS1 Digital Link: the same fields as a web address, read and written.

Promises: any domain and any stem; keys and qualifiers in the path, attributes in the query; unknown query
keys are passed over, as the standard asks. `canonical` writes the form under id.gs1.org. Refuses: to open
the address. Follows GS1 Digital Link URI Syntax 1.2 to 1.5; the short names of 1.1 (/gtin/.../ser/...) are
still read.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import quote

from fieldapp.identifiers import associations, gs1, table
from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.identified import Element, Identified, Issue
from fieldapp.identifiers.source import Source

DOMAIN = "https://id.gs1.org"

_URL = re.compile(
    r"(?:https?|HTTPS?)://(?P<domain>[A-Za-z0-9.\-]+(?::[0-9]{1,5})?)(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_SHORT = {
    "gtin": "01", "itip": "8006", "gmn": "8013", "cpid": "8010", "shipto": "410", "gln": "414",
    "payto": "415", "partygln": "417", "sscc": "00", "grai": "8003", "giai": "8004", "gsrn": "8018",
    "gsrnp": "8017", "gdti": "253", "gcn": "255", "ginc": "401", "gsin": "402", "cpv": "22", "lot": "10",
    "ser": "21", "glnx": "254", "refno": "8020", "srin": "8019", "cpsn": "8011", "exp": "17",
}  # fmt: skip
_QUERY_KEY = re.compile(r"[0-9]{2,4}")


def read(source: Source, today: date) -> Identified | None:
    """Return the fields of a digital link, or None where the text is none."""
    body = source.body.strip()
    found = _URL.fullmatch(body)
    if not found or not _ALLOWED.fullmatch(body):
        return None
    led = _key_in(found["path"].split("/")[1:])
    if led is None:
        return None
    at = source.text.find(body)
    fields: list[associations.Field] = []
    issues: list[Issue] = []
    place = at + found.start("path") + 1 + sum(len(piece) + 1 for piece in led.stem)
    for name, value in led.pairs:
        _take(name, value, place, fields, issues, plus=False)
        place += len(name) + len(value) + 2
    issues += _order(led.pairs, at + found.start("path"))
    issues += _query(found["query"] or "", at + found.start("query"), fields)
    if at < 0:
        return None
    return Identified(
        kind="digital_link",
        text=source.text,
        elements=tuple(Element(ai=entry.ai, title=entry.title, value=value) for entry, value, _ in fields),
        identifiers={**gs1.identifiers(fields, today), **_canonical_of(fields)},
        issues=(*issues, *associations.check(fields)),
    )


class _Led:
    """A path split at its leading key: the stem before it, and the name-value pairs from it on."""

    def __init__(self, stem: Sequence[str], pairs: list[tuple[str, str]]) -> None:
        self.stem = stem
        self.pairs = pairs


def _key_in(pieces: list[str]) -> _Led | None:
    # The last pair whose name leads a digital link begins the path of fields; what is before is stem.
    for start in range(len(pieces) - 2, -1, -2):
        if (len(pieces) - start) % 2:
            return None
        entry = table.table().get(_ai(pieces[start]))
        if entry is not None and entry.leads:
            pairs = list(zip(pieces[start::2], pieces[start + 1 :: 2], strict=True))
            return _Led(pieces[:start], pairs)
        if entry is None:
            return None
    return None


def _ai(name: str) -> str:
    return _SHORT.get(name, name)


def _take(
    name: str,
    escaped: str,
    place: int,
    fields: list[associations.Field],
    issues: list[Issue],
    *,
    plus: bool,
) -> None:
    entry = table.table().get(_ai(name))
    if entry is None:
        issues.append(Issue(rule="gs1-unknown", position=place, facts={"found": name[:20]}))
        return
    if name in _SHORT:
        issues.append(Issue(rule="dl-short-name", position=place, facts={"found": name}))
    value = unescape(escaped, plus=plus)
    if value is None:
        issues.append(Issue(rule="dl-escape", position=place, facts={"ai": entry.ai}))
        return
    if entry.ai in ("01", "02") and len(value) in (8, 12, 13) and only_digits(value):
        issues.append(Issue(rule="dl-short-gtin", position=place, facts={"ai": entry.ai}))
        value = value.zfill(14)
    added = len(value) - len(unescape(escaped, plus=plus) or value)  # zeros that are not in the text
    if any(entry.ai == known.ai for known, _, _ in fields):
        issues.append(Issue(rule="gs1-repeated", position=place, facts={"ai": entry.ai}))
    fault = gs1.fault_of(entry, value)
    if fault:
        start = place + len(name) + 1 + max(0, fault.start - added)
        issues.append(Issue(rule="gs1-" + fault.code, position=start, facts={"ai": entry.ai}))
    fields.append((entry, value, place))


def _order(pairs: list[tuple[str, str]], place: int) -> Iterable[Issue]:
    """Yield an issue where the qualifiers do not follow the key in one of its orders."""
    names = [_ai(name) for name, _ in pairs]
    orders = table.table()[names[0]].qualifiers
    qualifiers = names[1:]
    if qualifiers and not any(_in_order(qualifiers, order) for order in orders):
        yield Issue(rule="dl-qualifiers", position=place, facts={"ai": names[0]})


def _in_order(names: Sequence[str], order: Sequence[str]) -> bool:
    left = iter(order)
    return all(name in left for name in names)


def _query(query: str, place: int, fields: list[associations.Field]) -> list[Issue]:
    issues: list[Issue] = []
    for pair in re.split("[&;]", query):
        name, equals, value = pair.partition("=")
        if equals and (_QUERY_KEY.fullmatch(name) or name == "exp"):
            entry = table.table().get(_ai(name))
            if entry is not None and not entry.query and not entry.leads:
                issues.append(Issue(rule="dl-not-attribute", position=place, facts={"ai": entry.ai}))
            _take(name, value, place, fields, issues, plus=True)
        elif equals and only_digits(name):
            issues.append(Issue(rule="gs1-unknown", position=place, facts={"found": name[:20]}))
        place += len(pair) + 1
    return issues


def unescape(text: str, *, plus: bool = False) -> str | None:
    """Return `text` with %hh resolved, each to one character; None where that cannot be or gives NUL."""
    out: list[str] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character == "%":
            digits = text[place + 1 : place + 3]
            if (
                len(digits) != 2
                or not all(digit in "0123456789abcdefABCDEF" for digit in digits)
                or digits == "00"
            ):
                return None
            character = chr(int(digits, 16))
            place += 2
        elif character == "+" and plus:
            character = " "
        out.append(character)
        place += 1
    return "".join(out)


def canonical(fields: list[associations.Field], domain: str = DOMAIN) -> str | None:
    """Return the digital link of these fields, or None where no key can lead it or a field has no place."""
    values: dict[str, str] = {}
    for entry, value, _ in fields:
        values.setdefault(entry.ai, value)
    key = next((entry for entry, _, _ in fields if entry.leads), None)
    if key is None:
        return None
    orders = key.qualifiers or ((),)
    best = max(orders, key=lambda order: sum(name in values for name in order))
    path = [key.ai, *(name for name in best if name in values)]
    rest = [table.table()[ai] for ai in values if ai not in path]
    if any(not entry.query for entry in rest):
        return None
    rest.sort(key=lambda entry: not entry.fixed)
    link = domain.rstrip("/") + "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in path)
    query = "&".join(f"{entry.ai}={quote(values[entry.ai], safe='')}" for entry in rest)
    return f"{link}?{query}" if query else link


def _canonical_of(fields: list[associations.Field]) -> dict[str, str]:
    link = canonical(fields)
    return {"digital_link": link} if link else {}
