"""What is screened: a party, an identifier, a text about goods, or a domain."""

from typing import Literal

import msgspec

Kind = Literal["party", "identifier", "goods", "domain"]


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to compare with the watchlist.

    `role` says where it stood ("consignee", "goods line 2", "scanned code"). Countries are ISO 3166-1
    alpha-2 in lower case; `birth_date` is ISO 8601, whole or in part. `cas` and `smiles` go with goods.
    """

    kind: Kind
    name: str
    role: str = ""
    countries: tuple[str, ...] = ()
    birth_date: str = ""
    identifiers: tuple[str, ...] = ()
    entity: Literal["person", "company", "vessel", ""] = ""
    cas: str = ""
    smiles: str = ""
