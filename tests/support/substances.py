"""Substances for tests: descriptions, papers and consignments with good defaults."""

from datetime import date
from typing import Any

from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.document import Document
from fieldapp.consignment.goods import GoodsLine
from fieldapp.screening.subject import Subject

ON = date(2026, 11, 20)


def goods(name: str = "4-Piperidone", seq: int = 1, **changes: Any) -> Subject:
    return Subject(**{"kind": "goods", "name": name, "role": f"goods line {seq}"} | changes)


def line(description: str = "4-Piperidone", **changes: Any) -> GoodsLine:
    return GoodsLine(**{"seq": 1, "description": description, "net_kg": 25.0} | changes)


def noc(**changes: Any) -> Document:
    defaults = {
        "kind": "cbn_noc",
        "number": "XI/12/2026",
        "issuer": "Narcotics Commissioner",
        "issued": date(2026, 10, 1),
        "valid_to": date(2027, 3, 31),
        "quantity_kg": 100.0,
        "used_kg": 40.0,
    }
    return Document(**defaults | changes)


def pen(**changes: Any) -> Document:
    return Document(**{"kind": "pen", "number": "IN-2026-004711", "issued": date(2026, 10, 2)} | changes)


def consignment(*documents: Document, **changes: Any) -> Consignment:
    defaults = {"id": "c1", "reference": "SB 4711", "goods": (line(),), "documents": documents}
    return Consignment(**defaults | changes)
