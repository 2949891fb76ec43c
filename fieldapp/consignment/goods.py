"""A goods line: what the papers say is in the packages."""

from datetime import date

import msgspec


class GoodsLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declared line. `hs` is 6 to 10 digits; `gtin` has 14; `net_kg` is kilograms."""

    seq: int
    description: str
    gtin: str = ""
    cas: str = ""
    hs: str = ""
    batch: str = ""
    expires: date | None = None
    packages: int | None = None
    net_kg: float | None = None
