"""The clocks that the law starts: what is due when, and what has satisfied it.

Promises: a deadline is a moment fixed when it starts, in UTC, never a countdown; setting the laptop's
clock back buys no time, because what is left is reckoned from the latest trusted moment (the greater of
the wall clock and the floor that headquarters, list and ledger give).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fieldapp.inspection.procedure import Procedure

Event = Literal["seized", "sampled", "opened"]
Standing = Literal["running", "soon", "overdue", "satisfied", "late"]
SOON = timedelta(hours=6)


class Deadline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One deadline. `satisfied_at` is set by the event the profile names; it may be late."""

    kind: str
    procedure: str
    starts: datetime
    due: datetime
    by: Literal["sealed", "sent", "dispatched"]
    satisfied_at: datetime | None = None


def start(
    deadlines: Iterable[Deadline], procedure: Procedure, event: Event, at: datetime
) -> tuple[Deadline, ...]:
    """Return the deadlines with those that `event` starts; one that runs already is not started again."""
    kept = tuple(deadlines)
    running = {(one.procedure, one.kind) for one in kept}
    new = (
        Deadline(
            kind=clock.kind,
            procedure=procedure.id,
            starts=at,
            due=at + timedelta(hours=clock.hours),
            by=clock.satisfied,
        )
        for clock in procedure.clock
        if clock.starts == event and (procedure.id, clock.kind) not in running
    )
    return (*kept, *new)


def satisfy(deadlines: Iterable[Deadline], by: str, at: datetime) -> tuple[Deadline, ...]:
    """Return the deadlines with those marked that the event `by` satisfies, at its first moment."""
    return tuple(
        msgspec.structs.replace(one, satisfied_at=at) if one.by == by and one.satisfied_at is None else one
        for one in deadlines
    )


def standing(deadline: Deadline, now: datetime, floor: datetime | None = None) -> Standing:
    """Return how `deadline` stands at the later of `now` and the trusted `floor`."""
    if deadline.satisfied_at is not None:
        return "satisfied" if deadline.satisfied_at <= deadline.due else "late"
    left = deadline.due - (now if floor is None else max(now, floor))
    if left < timedelta(0):
        return "overdue"
    return "soon" if left <= SOON else "running"
