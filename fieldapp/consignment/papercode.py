"""A code printed on a paper becomes the beginning of that paper's entry: which paper, its number, its dates.

Reads the signed QR code of an Indian e-invoice (GST Council, INV-01: a JSON web token whose `data` holds
seller, buyer, number, date, amount, heading), air waybills (IATA Resolution 600a), the GS1 keys of shipments
and documents (GSIN 402, GINC 401, GDTI 253) and container numbers (ISO 6346). Promises: what was read fills
fields and is never taken for checked: the signature of an e-invoice is not verified here, for its key is not
on the laptop. Refuses nothing: any other text is a number, and the officer says of which paper.
"""

import base64
import binascii
import re
from datetime import date

import msgspec

from fieldapp import canonical
from fieldapp.consignment.document import Kind
from fieldapp.consignment.statement import Field
from fieldapp.identifiers.identify import identify_text

LONGEST = 20_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_KINDS: tuple[tuple[str, Kind | None], ...] = (
    ("awb", "air_waybill"), ("gsin", "bill_of_lading"), ("ginc", "bill_of_lading"), ("gdti", None),
)  # fmt: skip


class PaperCode(msgspec.Struct, frozen=True, kw_only=True):
    """What a code says. `kind` is None where the officer has to say which paper it stands on."""

    kind: Kind | None
    number: str
    issued: date | None = None
    issuer: str = ""
    says: tuple[tuple[Field, str], ...] = ()


class _Invoice(msgspec.Struct, frozen=True):
    SellerGstin: str = ""
    BuyerGstin: str = ""
    DocNo: str = ""
    DocDt: str = ""
    TotInvVal: float | None = None
    MainHsnCode: str = ""


class _Token(msgspec.Struct, frozen=True):
    data: str = ""


def read(text: str, today: date) -> PaperCode | None:
    """Return what the code of a paper says; None for an empty text or one longer than any paper's."""
    code = text.strip()
    if not code or len(code) > LONGEST:
        return None
    invoice = _invoice(code)
    if invoice is not None:
        return invoice
    named = identify_text(code, today=today)
    if not named.issues:
        for key, kind in _KINDS:
            if key in named.identifiers:
                return PaperCode(kind=kind, number=named.identifiers[key])
        if "container" in named.identifiers:
            return PaperCode(kind=None, number="", says=(("container", named.identifiers["container"]),))
    return PaperCode(kind=None, number=code[:200])


def names_goods(text: str, today: date) -> bool:
    """Say whether a code names goods or a pallet: such a label is scanned into the inspection."""
    named = identify_text(text.strip()[:LONGEST], today=today)
    return not named.issues and bool({"gtin", "sscc", "cas"} & named.identifiers.keys())


def _invoice(code: str) -> PaperCode | None:
    """Read the middle part of a token, whose `data` is JSON in a string."""
    if not _TOKEN.fullmatch(code):
        return None
    body = code.split(".")[1]
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        held = canonical.decode(canonical.decode(raw, _Token).data, _Invoice)
    except (binascii.Error, UnicodeDecodeError, msgspec.DecodeError):
        return None
    if not held.DocNo.strip():
        return None
    told: tuple[tuple[Field, str], ...] = (
        ("hs", held.MainHsnCode),
        ("value", f"{held.TotInvVal:.2f} INR" if held.TotInvVal is not None else ""),
    )
    return PaperCode(
        kind="invoice",
        number=held.DocNo.strip()[:200],
        issued=_day(held.DocDt),
        issuer=f"GSTIN {held.SellerGstin}"[:200] if held.SellerGstin else "",
        says=tuple((field, value[:200]) for field, value in told if value),
    )


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
