"""An assignment: headquarters' order to inspect a consignment, with its lane, reasons and due moment.

The lanes are those of customs selectivity: red is examined, yellow has its papers checked, blue is
audited after clearance, green passes. Re-routing is a new assignment with its reason; why a consignment
was selected is always shown.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.bounds import Name, Short

Lane = Literal["red", "yellow", "blue", "green"]
LANES: tuple[Lane, ...] = ("red", "yellow", "blue", "green")


class Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is to inspect what, why and until when. `order` is the number on the examination order."""

    id: Name
    order: Short
    lane: Lane
    reasons: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1, max_length=20)]
    issued: datetime
    due: datetime | None = None
    assignee: Short = ""


def urgency(assignment: Assignment | None, now: datetime) -> tuple[int, float]:
    """Return a key by which the most urgent comes first: overdue and red before the rest."""
    if assignment is None:
        return (len(LANES), float("inf"))
    left = float("inf") if assignment.due is None else (assignment.due - now).total_seconds()
    return (-1 if left < 0 else LANES.index(assignment.lane), left)
