"""A goods line: what the papers say is in the packages."""

from datetime import date

import msgspec

from fieldapp.consignment.bounds import Count, Kilograms, Number, Short, Text


class GoodsLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declared line. `hs` is 6 to 10 digits; `gtin` has 14; `net_kg` is kilograms."""

    seq: Number
    description: Text
    gtin: Short = ""
    cas: Short = ""
    hs: Short = ""
    batch: Short = ""
    expires: date | None = None
    packages: Count | None = None
    net_kg: Kilograms | None = None
