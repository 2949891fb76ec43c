"""A pre-advice becomes a consignment: EPCIS 2.0 JSON from a partner's system, or a plain CSV file.

Promises: a file is taken whole or refused with the place of its first fault; identifiers with a wrong
check digit are kept as written and named in `doubts`; nothing is invented for what is not there. EPCIS:
GS1 EPCIS 2.0 (JSON/JSON-LD) with identifiers as Digital Link or pure identity URNs; of all events the
object lists, quantities, business transactions, sources and destinations are read. CSV: one goods line a
row, columns by the names below, in any order, unknown and repeated ones refused; every party and paper that
any row names belongs to the consignment, and nothing beyond a limit is cut off.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from fieldapp import canonical
from fieldapp.consignment.bounds import LINES
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.document import Document
from fieldapp.consignment.epcis import Named
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.party import Party, Role
from fieldapp.errors import InspectorError
from fieldapp.identifiers.rules.numbers import check_digit

LARGEST = 20 * 1024 * 1024  # bytes
COLUMNS = (
    "reference", "direction", "exporter", "exporter_country", "consignee", "consignee_country", "container",
    "invoice", "description", "gtin", "cas", "hs", "batch", "expires", "packages", "net_kg", "sscc",
)  # fmt: skip


class AdviceUnreadable(InspectorError):
    """The file is no pre-advice; `line` and `why` say where it goes wrong."""

    code = "advice-unreadable"


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The consignment, and the identifiers in it whose check digit is wrong, as written."""

    consignment: Consignment
    doubts: tuple[str, ...] = ()


def read(content: bytes, fresh_id: str) -> Advice:
    """Read a file's bytes; the consignment gets `fresh_id`. Raises AdviceUnreadable."""
    if len(content) > LARGEST:
        raise AdviceUnreadable(line=1, why="too-large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AdviceUnreadable(line=1, why="not-utf8") from None
    return _from_epcis(text, fresh_id) if text.lstrip().startswith("{") else _from_csv(text, fresh_id)


def _from_csv(text: str, fresh_id: str) -> Advice:
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True, restkey="", restval=""))
    except csv.Error:
        raise AdviceUnreadable(line=1, why="not-csv") from None
    heads = next(csv.reader(io.StringIO(text)), [])
    unknown = [name for at, name in enumerate(heads) if name not in COLUMNS or name in heads[:at]]
    if unknown or "reference" not in heads or "description" not in heads:
        raise AdviceUnreadable(line=1, why="columns", column=unknown[0][:60] if unknown else "")
    if not rows or len(rows) > LINES:
        raise AdviceUnreadable(line=1, why="no-lines" if not rows else "too-many-lines")
    goods = tuple(_goods(number, row) for number, row in enumerate(rows, 1))
    references, directions = (list(dict.fromkeys(_column(rows, name))) for name in ("reference", "direction"))
    if len(references) != 1 or len(directions) > 1:
        raise AdviceUnreadable(line=2, why="references")
    made = {
        "id": fresh_id,
        "reference": references[0],
        "direction": directions[0] if directions else "export",
        "parties": tuple(_parties(rows)),
        "goods": goods,
        "documents": tuple(
            Document(kind="invoice", number=number) for number in dict.fromkeys(_column(rows, "invoice"))
        ),
        "containers": tuple(dict.fromkeys(_column(rows, "container"))),
        "sscc": tuple(dict.fromkeys(_column(rows, "sscc"))),
    }
    return _checked(made)


def _column(rows: Iterable[dict[str, str]], name: str) -> Iterator[str]:
    yield from (value.strip() for row in rows if (value := row.get(name) or "").strip())


def _parties(rows: Iterable[dict[str, str]]) -> Iterator[Party]:
    """Give every party of every row once; a row without its country says nothing more of it."""
    roles: tuple[Role, ...] = ("exporter", "consignee")
    for role in roles:
        countries: dict[str, dict[str, None]] = {}
        for row in rows:
            name, country = ((row.get(column) or "").strip() for column in (role, f"{role}_country"))
            if name:
                countries.setdefault(name, {})[country.lower()] = None
        for name, held in countries.items():
            for country in [each for each in held if each] or [""]:
                yield Party(role=role, name=name, country=country)


def _goods(number: int, row: dict[str, str]) -> GoodsLine:
    held = {name: (value or "").strip() for name, value in row.items() if name}
    if row.get(""):
        raise AdviceUnreadable(line=number + 1, why="too-many-fields")
    try:
        return GoodsLine(
            seq=number,
            description=held.get("description", ""),
            gtin=held.get("gtin", ""),
            cas=held.get("cas", ""),
            hs=re.sub(r"[.\s]", "", held.get("hs", "")),
            batch=held.get("batch", ""),
            expires=date.fromisoformat(held["expires"]) if held.get("expires") else None,
            packages=int(held["packages"]) if held.get("packages") else None,
            net_kg=float(held["net_kg"]) if held.get("net_kg") else None,
        )
    except ValueError:
        raise AdviceUnreadable(line=number + 1, why="value") from None


def _from_epcis(text: str, fresh_id: str) -> Advice:
    try:
        held: Any = canonical.decode(text, dict)
    except msgspec.DecodeError:
        raise AdviceUnreadable(line=1, why="not-json") from None
    body = held.get("epcisBody")
    events = body.get("eventList") if isinstance(body, dict) else None
    if held.get("type") != "EPCISDocument" or not isinstance(events, list):
        raise AdviceUnreadable(line=1, why="not-epcis")
    if len(events) > LINES:
        raise AdviceUnreadable(line=1, why="too-many-lines")
    seen = Named()
    for event in events:
        if isinstance(event, dict):
            seen.take(event)
    if not seen.goods and not seen.sscc:
        raise AdviceUnreadable(line=1, why="no-lines")
    if max(len(seen.goods), len(seen.sscc), len(seen.papers), len(seen.parties)) > LINES:
        raise AdviceUnreadable(line=1, why="too-many-lines")
    papers = sorted(seen.papers, key=lambda paper: paper[0] != "packing_list")
    goods = (
        {"seq": number, "description": f"GTIN {key[0]}", "gtin": key[0], "batch": key[1], "packages": count}
        | ({"expires": seen.expires[key]} if key in seen.expires else {})
        for number, (key, count) in enumerate(sorted(seen.goods.items()), 1)
    )
    return _checked(
        {
            "id": fresh_id,
            "reference": papers[0][1] if papers else fresh_id[:8],
            "parties": [
                {"role": role, "name": f"GLN {gln}", "identifiers": [gln]} for role, gln in seen.parties
            ],
            "goods": list(goods),
            "documents": [{"kind": kind, "number": number} for kind, number in papers],
            "sscc": list(seen.sscc),
        }
    )


def _checked(made: dict[str, Any]) -> Advice:
    try:
        consignment = msgspec.convert(msgspec.to_builtins(made), Consignment)
    except msgspec.ValidationError as error:
        raise AdviceUnreadable(line=1, why="value", field=str(error)[-60:]) from None
    numbers = (*(line.gtin for line in consignment.goods), *consignment.sscc)
    return Advice(
        consignment=consignment,
        doubts=tuple(number for number in numbers if number and check_digit(number) is not None),
    )
