"""A party to a consignment as its papers name it."""

from typing import Literal

import msgspec

from fieldapp.consignment.bounds import Short, Text

Role = Literal[
    "exporter", "importer", "consignor", "consignee", "manufacturer", "forwarder", "broker", "notify"
]


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One named party. `country` is ISO 3166-1 alpha-2; `identifiers` are licence, IEC, tax numbers."""

    role: Role
    name: Text
    country: Short = ""
    address: Text = ""
    identifiers: tuple[Short, ...] = ()
