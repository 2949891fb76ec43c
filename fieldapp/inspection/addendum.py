"""What came after approval: a laboratory's result or a court's order, added beside the record.

An addendum names the exhibit it is about and the file that proves it; it makes the next revision, and
nothing of the earlier one is edited.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fieldapp.errors import InspectorError

Kind = Literal["laboratory_result", "court_order", "other_authority", "new_list"]


class AddendumRefused(InspectorError):
    """This addendum lacks something; `why` names it."""

    code = "addendum-refused"


class Addendum(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One addendum. `exhibit` is a sample's number; `evidence` the ids of the files."""

    id: str
    at: datetime
    kind: Kind
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    issuer: Annotated[str, msgspec.Meta(max_length=200)] = ""
    number: Annotated[str, msgspec.Meta(max_length=200)] = ""
    exhibit: str = ""
    evidence: tuple[str, ...] = ()


def require_exhibit(addendum: Addendum, exhibits: frozenset[str]) -> None:
    """Refuse a laboratory's result that names no exhibit of this inspection."""
    if addendum.kind == "laboratory_result" and addendum.exhibit not in exhibits:
        raise AddendumRefused(why="exhibit-unknown", exhibit=addendum.exhibit)
    if not addendum.text.strip():
        raise AddendumRefused(why="text-missing")
