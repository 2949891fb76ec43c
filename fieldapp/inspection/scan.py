"""A scan as the inspection remembers it: the code, what it names, the verdict at that moment."""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.identifiers.identified import Identified
from fieldapp.scan.symbol import Symbol
from fieldapp.screening.verdict import Screening, Verdict

Source = Literal["camera", "file", "gun", "typed"]


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scanned or typed code. `screening` is kept so that a later judgement can be applied to it."""

    id: str
    at: datetime
    source: Source
    symbol: Symbol
    identified: Identified
    screening: Screening
    verdict: Verdict
    goods_seq: int | None = None  # the declared line it belongs to
    withdrawn: str = ""  # why it no longer counts: mistyped, of another consignment
