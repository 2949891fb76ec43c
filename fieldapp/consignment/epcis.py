"""What the events of an EPCIS 2.0 document name: goods, pallets, papers, parties.

Promises: object lists, quantities, business transactions, sources and destinations are read, with
identifiers as Digital Link or pure identity URNs; what is not understood is passed over, nothing is
guessed. Standard: GS1 EPCIS 2.0 and CBV 2.0 (JSON), Tag Data Standard for the URNs.
"""

import contextlib
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

from fieldapp.consignment.document import Kind
from fieldapp.consignment.party import Role
from fieldapp.identifiers import digital_link
from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.identifiers.source import source

_TRANSACTIONS: dict[str, Kind] = {"inv": "invoice", "bol": "bill_of_lading", "desadv": "packing_list"}
_SIDES: tuple[tuple[str, str, Role], ...] = (
    ("sourceList", "source", "consignor"),
    ("destinationList", "destination", "consignee"),
)


class Named:
    """What the events of one document name, gathered."""

    def __init__(self) -> None:
        self.goods: dict[tuple[str, str], int] = {}
        self.expires: dict[tuple[str, str], date] = {}
        self.sscc: dict[str, None] = {}
        self.papers: dict[tuple[Kind, str], None] = {}
        self.parties: dict[tuple[Role, str], None] = {}

    def take(self, event: dict[str, Any]) -> None:
        """Add what one event names; what is not understood is passed over."""
        parent = event.get("parentID")
        for epc in (
            *_texts(event.get("epcList")),
            *_texts(event.get("childEPCs")),
            parent if isinstance(parent, str) else "",
        ):
            self._epc(epc, 1, event)
        for name in ("quantityList", "childQuantityList"):
            for item in _dicts(event.get(name)):
                count = item.get("quantity")
                self._epc(
                    str(item.get("epcClass", "")), int(count) if isinstance(count, int | float) else 0, event
                )
        for item in _dicts(event.get("bizTransactionList")):
            kind = _TRANSACTIONS.get(_last(str(item.get("type", ""))))
            number = _last(str(item.get("bizTransaction", "")))[:200]
            if kind and number:
                self.papers[kind, number] = None
        for name, key, role in _SIDES:
            for item in _dicts(event.get(name)):
                gln = _gln(str(item.get(key, "")))
                if gln:
                    self.parties[role, gln] = None

    def _epc(self, epc: str, count: int, event: dict[str, Any]) -> None:
        found = identify(epc)
        if "sscc" in found:
            self.sscc[found["sscc"]] = None
        elif "gtin" in found:
            made = event.get("ilmd")
            about: dict[str, Any] = made if isinstance(made, dict) else {}
            lot = found.get("batch") or str(about.get("cbvmda:lotNumber", ""))
            key = (found["gtin"], lot[:200])
            self.goods[key] = self.goods.get(key, 0) + count
            with contextlib.suppress(ValueError):
                self.expires[key] = date.fromisoformat(str(about.get("cbvmda:itemExpirationDate", "")))


def identify(epc: str) -> dict[str, str]:
    """Return gtin, batch or sscc of an EPC: a Digital Link or a pure identity URN; {} for any other."""
    if epc.startswith("urn:epc:"):
        parts = epc.split(":")
        scheme, value = (parts[-2], parts[-1].split(".")) if len(parts) >= 5 else ("", [])
        if scheme in ("sgtin", "lgtin") and len(value) >= 2 and value[1] and len(value[0] + value[1]) == 13:
            thirteen = value[1][0] + value[0] + value[1][1:]
            found = {"gtin": _completed(thirteen)}
            return found | ({"batch": unquote(value[2])} if scheme == "lgtin" and len(value) > 2 else {})
        if scheme == "sscc" and len(value) == 2 and value[1] and len(value[0] + value[1]) == 17:
            seventeen = value[1][0] + value[0] + value[1][1:]
            return {"sscc": _completed(seventeen)}
        return {}
    link = digital_link.read(source(epc), date(2000, 1, 1))
    told = link.identifiers if link is not None else {}
    return {key: told[key] for key in ("gtin", "batch", "sscc") if key in told}


def _completed(digits: str) -> str:
    """Return `digits` with their check digit; as they are where they are no digits."""
    return f"{digits}{mod10(digits)}" if digits.isascii() and digits.isdigit() else digits


def _gln(text: str) -> str:
    found = re.search(r"(?:414/|sgln:)([\d.]+)", text)
    return re.sub(r"\D", "", found[1])[:13] if found else ""


def _last(text: str) -> str:
    return re.split(r"[:/]", text)[-1]


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
