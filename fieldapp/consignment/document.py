"""A paper that came with, or must come with, a consignment."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.bounds import LINES, Kilograms, Short
from fieldapp.consignment.statement import Statement
from fieldapp.errors import InspectorError

Kind = Literal[
    "shipping_bill", "bill_of_entry", "invoice", "packing_list", "bill_of_lading", "air_waybill",
    "export_noc", "cbn_noc", "pen", "pen_light", "dea_486", "manufacturing_licence", "coa", "sds",
]  # fmt: skip


class PaperMisdated(InspectorError):
    """A paper bears a day it cannot bear; `why` says which."""

    code = "paper-misdated"


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One paper: `kind`, the number on it, who issued it, and the days between which it holds.

    `quantity_kg` and `used_kg` are for papers that sanction an amount (NOCs): what was allowed and what
    earlier shipments took of it. `says` is what else stands on it, to be compared with the other papers;
    `code` is a code printed on it, as scanned.
    """

    kind: Kind
    number: Short
    issuer: Short = ""
    issued: date | None = None
    valid_to: date | None = None
    quantity_kg: Kilograms | None = None
    used_kg: Kilograms | None = None
    says: Annotated[tuple[Statement, ...], msgspec.Meta(max_length=LINES)] = ()
    code: Annotated[str, msgspec.Meta(max_length=20_000)] = ""


def require_dated(paper: Document, today: date) -> None:
    """Refuse a paper that is issued after today, and one that ends before it was issued."""
    if paper.issued is not None and paper.issued > today:
        raise PaperMisdated(why="issued-in-future", on=paper.issued.isoformat())
    if paper.issued is not None and paper.valid_to is not None and paper.valid_to < paper.issued:
        raise PaperMisdated(why="ends-before-issued", on=paper.valid_to.isoformat())
