"""A consignment: parties, goods lines, papers, containers, under one reference.

`line_for` answers which declared line a scanned code belongs to; nothing here guesses from words.
"""

from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.assignment import Assignment
from fieldapp.consignment.bounds import LINES, Name, Short
from fieldapp.consignment.document import Document
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.party import Party


class Consignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is declared. `reference` is the number people call it by (shipping bill, UCR)."""

    id: Name
    reference: Name
    direction: Literal["export", "import", "transit"] = "export"
    parties: Annotated[tuple[Party, ...], msgspec.Meta(max_length=LINES)] = ()
    goods: Annotated[tuple[GoodsLine, ...], msgspec.Meta(max_length=LINES)] = ()
    documents: Annotated[tuple[Document, ...], msgspec.Meta(max_length=LINES)] = ()
    containers: Annotated[tuple[Short, ...], msgspec.Meta(max_length=LINES)] = ()
    sscc: Annotated[tuple[Short, ...], msgspec.Meta(max_length=LINES)] = ()
    assignment: Assignment | None = None  # headquarters' order to inspect it, where there is one


def line_for(consignment: Consignment, gtin: str, batch: str = "") -> GoodsLine | None:
    """Return the line that carries `gtin`, the one with the same `batch` first; None if none does."""
    same = [line for line in consignment.goods if gtin and line.gtin == gtin]
    return next((line for line in same if batch and line.batch == batch), same[0] if same else None)
