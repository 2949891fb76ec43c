"""The balance of a paper that sanctions an amount: what it allows, what is gone of it, what is left.

Promises: kilograms that other drafts on this laptop mean to take count as reserved, so that two
consignments do not both count on the last drum; a balance is never below nothing for being reserved twice. A
weight that is not known is said to be unknown, never taken for nothing.
"""

from datetime import date
from typing import Literal

import msgspec

from fieldapp.consignment.document import Document

State = Literal["enough", "short", "exhausted", "expired", "weight-unknown"]
# Sums of weights are rounded before they are held against each other: a tenth of a gram is no shortage.
_PLACES = 4


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """One paper's balance in kilograms. `asked_kg` is what this consignment would take, None if not known."""

    kind: str
    number: str
    sanctioned_kg: float
    used_kg: float
    reserved_kg: float
    asked_kg: float | None
    valid_to: date | None
    state: State

    @property
    def left_kg(self) -> float:
        """What is left before this consignment takes any."""
        return round(max(0.0, self.sanctioned_kg - self.used_kg - self.reserved_kg), _PLACES)


def balance(
    paper: Document, *, used_kg: float, reserved_kg: float, asked_kg: float | None, on: date
) -> Balance | None:
    """Return how `paper` stands on the day `on`; None if it sanctions no amount.

    `used_kg` is what releases known here took of it; what the paper says was used counts if it is more.
    """
    if paper.quantity_kg is None:
        return None
    used = max(used_kg, paper.used_kg or 0.0)
    left = round(paper.quantity_kg - used - reserved_kg, _PLACES)
    state: State = "enough"
    if paper.valid_to is not None and paper.valid_to < on:
        state = "expired"
    elif left <= 0:
        state = "exhausted"
    elif asked_kg is None:
        state = "weight-unknown"
    elif round(asked_kg, _PLACES) > left:
        state = "short"
    return Balance(
        kind=paper.kind,
        number=paper.number,
        sanctioned_kg=paper.quantity_kg,
        used_kg=used,
        reserved_kg=reserved_kg,
        asked_kg=asked_kg,
        valid_to=paper.valid_to,
        state=state,
    )
