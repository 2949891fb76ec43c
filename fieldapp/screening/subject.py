"""What is screened: a party, an identifier, a text about goods, or a domain."""

from typing import Literal

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.watchlist.names import analyse

Kind = Literal["party", "identifier", "goods", "domain"]


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to compare with the watchlist.

    `role` says where it stood ("consignee", "goods line 2", "scanned code"). Countries are ISO 3166-1
    alpha-2 in lower case; `birth_date` is ISO 8601, whole or in part. A party's `address` is not compared
    with the list; it tells one party from another when a judgement is remembered. `cas`, `smiles` and the
    declared `hs` code go with goods.
    """

    kind: Kind
    name: str
    role: str = ""
    countries: tuple[str, ...] = ()
    birth_date: str = ""
    identifiers: tuple[str, ...] = ()
    entity: Literal["person", "company", "vessel", ""] = ""
    address: str = ""
    cas: str = ""
    smiles: str = ""
    hs: str = ""


class SubjectEmpty(InspectorError):
    """There is no letter and no digit to compare: no hit would then mean nothing."""

    code = "subject-empty"


def is_empty(subject: Subject) -> bool:
    """Say whether `subject` holds nothing that could be compared with a list."""
    given = (subject.name, *subject.identifiers)
    return not any(analyse(text, False).words for text in given)


def require_something(subject: Subject) -> None:
    """Raise SubjectEmpty where nothing could be compared: for whoever answers about one subject alone."""
    if is_empty(subject):
        raise SubjectEmpty(kind=subject.kind)
