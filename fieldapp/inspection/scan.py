"""A scan as the inspection remembers it: the code, what it names, the verdict at that moment."""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.identifiers.identified import Identified
from fieldapp.scan.symbol import Symbol
from fieldapp.screening.verdict import Screening, Verdict

Source = Literal["camera", "file", "gun", "typed", "new-list"]  # the last: screened again, of an earlier scan


class Caught(msgspec.Struct, frozen=True, kw_only=True):
    """A code as it came in, and how: what a `Scan` remembers of the way."""

    symbol: Symbol
    source: Source
    device: str = ""
    typed: str = ""
    anomalies: tuple[str, ...] = ()


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scanned or typed code. `screening` is kept so that a later judgement can be applied to it.

    `picture` is the id of the evidence that the code was read from, "" where a scanner or a person sent it;
    codes of one picture and page are one label. `device` is the scanner or port by its name here. Where a
    calibrated keyboard turned the keys back, `typed` are they as they came (UTF-8, hex). `anomalies` are
    codes of what was noticed on the way in.
    """

    id: str
    at: datetime
    source: Source
    symbol: Symbol
    identified: Identified
    screening: Screening
    verdict: Verdict
    goods_seq: int | None = None  # the declared line it belongs to
    picture: str = ""
    device: str = ""
    typed: str = ""
    anomalies: tuple[str, ...] = ()
    withdrawn: str = ""  # why it no longer counts: mistyped, of another consignment


def label_of(scan: Scan, scans: tuple[Scan, ...]) -> tuple[Scan, ...]:
    """Return the scans of the same label, `scan` among them, in their order: one picture, one page.

    A code that was read again from the same picture is no second code of its label.
    """
    codes: dict[tuple[str, str], Scan] = {}
    for each in scans:
        if (each.picture, each.symbol.page) == (scan.picture, scan.symbol.page):
            codes.setdefault((each.symbol.symbology, each.symbol.hex), each)
    label = tuple(codes.values())
    return label if scan.picture and any(each.id == scan.id for each in label) else (scan,)
