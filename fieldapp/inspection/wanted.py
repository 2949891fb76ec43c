"""Which inspections a person wants to see: the filters of a list as a value, and the rule each one means.

Promises: an empty filter wants everything; several filters want what fits all of them. What depends on the
time (due, overdue) is reckoned from the moment of asking, so a filter that was kept means the same tomorrow.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.assignment import Lane
from fieldapp.inspection.deadline import SOON
from fieldapp.inspection.inspection import State
from fieldapp.inspection.summary import Summary
from fieldapp.screening.verdict import Word

Due = Literal["", "today", "overdue"]
Clock = Literal["", "running", "soon", "overdue"]
Order = Literal["latest", "oldest", "due", "clock", "gravest"]
ORDERS: tuple[Order, ...] = ("latest", "oldest", "due", "clock", "gravest")
DAY = timedelta(hours=24)
Short = Annotated[str, msgspec.Meta(max_length=200)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Filters: "" or None stands for any. `opened_from` and `opened_to` are days of the calendar in UTC.

    `due` is about the order to inspect, `clock` about the clocks of the law that nothing has satisfied yet;
    `hold`, `sample` and `second` want what has an open hold, a sample, a decision waiting for an officer.
    """

    state: State | Literal[""] = ""
    verdict: Word | Literal[""] = ""
    lane: Lane | Literal[""] = ""
    site: Short = ""
    opened_from: date | None = None
    opened_to: date | None = None
    due: Due = ""
    clock: Clock = ""
    hold: bool = False
    sample: bool = False
    second: bool = False
    order: Order = "latest"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Filters kept under a name, with the words that were looked for."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    wanted: Wanted
    text: Annotated[str, msgspec.Meta(max_length=500)] = ""


def fits(row: Summary, wanted: Wanted, now: datetime) -> bool:
    """Say whether `row` is wanted at `now`."""
    opened = row.opened.date()
    return (
        wanted.state in ("", row.state)
        and wanted.verdict in ("", row.verdict)
        and wanted.lane in ("", row.lane)
        and wanted.site in ("", row.site)
        and (wanted.opened_from is None or opened >= wanted.opened_from)
        and (wanted.opened_to is None or opened <= wanted.opened_to)
        and before(row.due, due_limit(wanted.due, now))
        and before(row.clock, clock_limit(wanted.clock, now))
        and (row.holds > 0 or not wanted.hold)
        and (row.samples > 0 or not wanted.sample)
        and (row.second or not wanted.second)
    )


def before(moment: datetime | None, limit: datetime | None) -> bool:
    """Say whether `moment` is there and before `limit`; without a limit anything will do."""
    return limit is None or (moment is not None and moment < limit)


def due_limit(due: Due, now: datetime) -> datetime | None:
    """Return before which moment an order must be due to be wanted."""
    return {"": None, "today": now + DAY, "overdue": now}[due]


def clock_limit(clock: Clock, now: datetime) -> datetime | None:
    """Return before which moment a clock must run out to be wanted; a running one runs out some day."""
    return {"": None, "running": datetime.max.replace(tzinfo=now.tzinfo), "soon": now + SOON, "overdue": now}[
        clock
    ]
