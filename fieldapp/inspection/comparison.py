"""The papers of a consignment against each other, field by field, and against labels and what was found.

Promises: every field that two sources speak of is a row; a row says agree, differ, or that its values
cannot be compared, and why; nothing is averaged or corrected. Amounts agree within the rounding they show
and half a percent; names by the scorer of the screening; dates by the day or month they give; numbers of
containers and seals by their letters and digits. Gross weight is held against net and tare.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from fieldapp.consignment import quantity
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.quantity import Quantity
from fieldapp.consignment.statement import FIELDS, Field, Statement
from fieldapp.identifiers import container, india
from fieldapp.inspection.scan import Scan
from fieldapp.screening.compare import compare

Standing = Literal["agree", "similar", "differ", "unreadable", "alone"]
SHARE = Decimal("0.005")  # weights: half a percent
_NAMES: frozenset[Field] = frozenset({"consignor", "consignee", "manufacturer"})
_WEIGHTS: frozenset[Field] = frozenset({"quantity", "net", "gross", "tare"})
_DATES: frozenset[Field] = frozenset({"made", "expires"})
_WORST: tuple[Standing, ...] = ("agree", "alone", "similar", "unreadable", "differ")
_FROM_LABEL: dict[str, Field] = {
    "batch": "batch", "expiry": "expires", "production": "made", "container": "container", "cas": "cas",
    "licence": "licence", "manufacturer": "manufacturer",
}  # fmt: skip


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What one source says. `source` is a paper's kind, "declared", "label" or "found"; `number` names it."""

    source: str
    number: str
    value: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One field over all sources that speak of it. `why` is a code with words under `compare.why.<code>`."""

    field: str
    line: int | None
    cells: tuple[Cell, ...]
    standing: Standing
    why: str = ""


def compare_papers(
    consignment: Consignment,
    scans: Iterable[Scan] = (),
    found: Iterable[Statement] = (),
    *,
    today: date,
) -> tuple[Row, ...]:
    """Return the matrix, in the order of the fields, the whole consignment before its lines."""
    said: dict[tuple[Field, int | None], list[Cell]] = {}
    for source, number, statement in _statements(consignment, scans, found):
        cell = Cell(source=source, number=number, value=statement.value)
        held = said.setdefault((statement.field, statement.line), [])
        if cell not in held:
            held.append(cell)
    rows = [_row(field, line, tuple(cells), today) for (field, line), cells in said.items()]
    rows.sort(key=lambda row: (row.line or 0, FIELDS.index(row.field)))
    return (*rows, *_balances(said))


def by_source(row: Row) -> tuple[tuple[Cell, str], ...]:
    """Return each source once, by its first cell, with all its values joined: sixty labels are one source."""
    held: dict[tuple[str, str], list[Cell]] = {}
    for cell in row.cells:
        held.setdefault(_origin(cell), []).append(cell)
    return tuple(
        (cells[0], ", ".join(dict.fromkeys(cell.value for cell in cells))) for cells in held.values()
    )


def _origin(cell: Cell) -> tuple[str, str]:
    return (cell.source, "" if cell.source == "label" else cell.number)


def disagreements(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows a person has to look at."""
    return tuple(row for row in rows if row.standing in ("differ", "similar", "unreadable"))


def _statements(
    consignment: Consignment, scans: Iterable[Scan], found: Iterable[Statement]
) -> Iterable[tuple[str, str, Statement]]:
    for statement in _declared(consignment):
        yield "declared", consignment.reference, statement
    for document in consignment.documents:
        for statement in document.says:
            yield document.kind, document.number, statement
    for scan in scans:
        if scan.withdrawn or scan.identified.confidence == "inferred":
            continue
        for key, field in _FROM_LABEL.items():
            value = scan.identified.identifiers.get(key)
            if value and (field == "container" or scan.goods_seq is not None):
                line = None if field == "container" else scan.goods_seq
                yield "label", scan.symbol.symbology, Statement(field=field, value=value, line=line)
    for statement in found:
        yield "found", "", statement


def _declared(consignment: Consignment) -> Iterable[Statement]:
    roles: dict[str, Field] = {
        "exporter": "consignor", "consignor": "consignor", "importer": "consignee", "consignee": "consignee",
    }  # fmt: skip
    for party in consignment.parties:
        if party.role in roles and party.name:
            yield Statement(field=roles[party.role], value=party.name)
    for number in consignment.containers:
        yield Statement(field="container", value=number)
    for goods in consignment.goods:
        told: tuple[tuple[Field, object, str], ...] = (
            ("goods", goods.description, ""),
            ("cas", goods.cas, ""),
            ("hs", goods.hs, ""),
            ("batch", goods.batch, ""),
            ("expires", goods.expires, ""),
            ("packages", goods.packages, ""),
            ("net", goods.net_kg, " KGM"),
        )
        for field, value, unit in told:
            if value not in (None, ""):
                yield Statement(field=field, value=f"{value}{unit}", line=goods.seq)


def _row(field: Field, line: int | None, cells: tuple[Cell, ...], today: date) -> Row:
    standing: Standing
    if len({_origin(cell) for cell in cells}) == 1 and field not in ("container", "seal"):
        standing, why = "alone", ""  # several labels of one line differ by right: each has its own batch
    elif field in ("container", "seal", "invoice"):
        standing, why = _sets(field, cells)
    else:
        standing, why = _pairs(field, cells, today)
    return Row(field=field, line=line, cells=cells, standing=standing, why=why)


def _pairs(field: Field, cells: tuple[Cell, ...], today: date) -> tuple[Standing, str]:
    """Hold each source against the first: the worst of them stands for the row."""
    first, others = cells[0], cells[1:]
    results = [_two(field, first.value, other.value, today) for other in others]
    return max(results, key=lambda result: _WORST.index(result[0]), default=("alone", ""))


def _two(field: Field, one: str, other: str, today: date) -> tuple[Standing, str]:
    if field in _NAMES:
        band = compare(one, other, "company").band
        return {"strong": ("agree", ""), "review": ("similar", "name-similar")}.get(band, ("differ", "name"))  # type: ignore[return-value]  # literals
    if field in _WEIGHTS:
        return _amounts(one, other, SHARE)
    if field == "packages":
        left, right = quantity.number(one.strip()), quantity.number(other.strip())
        if left is None or right is None:
            return "unreadable", "not-a-number"
        return ("agree", "") if left == right else ("differ", "number")
    if field in _DATES:
        return _days(one, other, today)
    if field == "hs":
        return _headings(one, other)
    return ("agree", "") if _plain(one) == _plain(other) else ("differ", "text")


def _amounts(one: str, other: str, share: Decimal) -> tuple[Standing, str]:
    left, right = quantity.read(one), quantity.read(other)
    if left is None or right is None:
        return "unreadable", "not-an-amount"
    same = quantity.same(left, right, share)
    if same is None:
        return "unreadable", "other-dimension"
    return ("agree", "") if same else ("differ", "amount")


def _days(one: str, other: str, today: date) -> tuple[Standing, str]:
    left, right = (india.day_of(text, today, last=True) for text in (one, other))
    if left is None or right is None:
        return "unreadable", "not-a-date"
    months_only = any(len(re.findall(r"\d+|[A-Za-z]{3,}", text)) == 2 for text in (one, other))
    same = (left.year, left.month) == (right.year, right.month) if months_only else left == right
    return ("agree", "") if same else ("differ", "day")


def _headings(one: str, other: str) -> tuple[Standing, str]:
    """HS codes agree as far as both go, from the six digits that all countries share."""
    left, right = (re.sub(r"\D", "", text) for text in (one, other))
    both = min(len(left), len(right))
    if both < 4:
        return "unreadable", "not-a-heading"
    if left[:both] == right[:both]:
        return ("agree", "") if both >= 6 else ("similar", "heading-short")
    return "differ", "subheading" if left[:4] == right[:4] else "heading"


def _sets(field: Field, cells: tuple[Cell, ...]) -> tuple[Standing, str]:
    """Several containers or seals on one paper: every source must name the same set."""
    if field == "container" and not all(container.is_valid(cell.value) for cell in cells):
        return "differ", "container-check-digit"
    named: dict[str, set[str]] = {}
    for cell in cells:
        named.setdefault(cell.source + cell.number, set()).add(_plain(cell.value))
    sets = list(named.values())
    if len(sets) == 1:
        return "alone", ""
    return ("agree", "") if all(one == sets[0] for one in sets) else ("differ", "not-the-same-set")


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _balances(said: dict[tuple[Field, int | None], list[Cell]]) -> Iterable[Row]:
    """Gross is net and tare, on each source that gives all three for the whole consignment."""
    for gross in said.get(("gross", None), ()):
        same_paper = {
            field: cell
            for field in ("net", "tare")
            for cell in said.get((field, None), ())
            if (cell.source, cell.number) == (gross.source, gross.number)
        }
        if len(same_paper) == 2:
            net, tare = same_paper["net"], same_paper["tare"]
            standing, why = _balance(gross.value, net.value, tare.value)
            yield Row(field="balance", line=None, cells=(gross, net, tare), standing=standing, why=why)


def _balance(gross: str, net: str, tare: str) -> tuple[Standing, str]:
    read = [quantity.read(text) for text in (gross, net, tare)]
    amounts = [
        quantity.in_base(one) for one in read if one is not None and quantity.dimension(one.unit) == "mass"
    ]
    if len(amounts) != 3 or any(amount is None for amount in amounts):
        return "unreadable", "not-an-amount"
    whole, *rest = (amount for amount in amounts if amount is not None)
    same = quantity.same(
        Quantity(value=whole, unit="KGM"), Quantity(value=sum(rest, Decimal(0)), unit="KGM"), SHARE
    )
    return ("agree", "") if same else ("differ", "gross-net-tare")
