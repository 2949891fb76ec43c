"""The one clock. Time is always aware, in UTC, to the millisecond.

A laptop's clock is a claim, not a fact: it orders nothing and refuses nothing. `Clock` is passed in
wherever a test, or a time floor, has to have its say. `doubt` says when the claim cannot be true: it stands
more than five minutes before a moment known to be past, or it moved by more than two minutes against the
time since this machine was started. A doubt is recorded and shown; it never stops anybody from recording.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

Clock = Callable[[], datetime]
Doubt = Literal["", "behind", "jumped"]
BEHIND = timedelta(minutes=5)
JUMP = 120.0  # seconds


def now() -> datetime:
    """Return this machine's idea of the time, in UTC, cut to milliseconds."""
    moment = datetime.now(UTC)  # noqa: TID251 - the one place that asks
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def age_hours(since: datetime, until: datetime) -> float:
    """Return the hours from `since` to `until`, never below zero: a clock set back makes nothing younger."""
    return max(timedelta(0), until - since) / timedelta(hours=1)


def since_boot() -> float:
    """Return the seconds since this machine was started, sleep included. Nobody can set this clock."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()  # counts sleep on Windows (GetTickCount64)


class Reading(msgspec.Struct, frozen=True):
    """What the wall clock and the time since start said together; `boot` is None where time is a test's."""

    wall: datetime
    boot: float | None

    @classmethod
    def take(cls, clock: Clock) -> "Reading":
        """Read both now. A clock that was passed in goes its own way: only this machine's is compared."""
        return cls(clock(), since_boot() if clock is now else None)


def doubt(reading: Reading, floor: datetime | None, earlier: Reading | None = None) -> Doubt:
    """Say why `reading` cannot be right: behind the `floor`, jumped since `earlier`, or "" if it can."""
    if floor is not None and floor - reading.wall > BEHIND:
        return "behind"
    if earlier is not None and earlier.boot is not None and reading.boot is not None:
        walked = (reading.wall - earlier.wall).total_seconds()
        if abs(walked - (reading.boot - earlier.boot)) > JUMP:
            return "jumped"
    return ""


def at_least(moment: datetime, floor: datetime | None) -> datetime:
    """Return the later of the two: a list's age and a statement's term are judged by no earlier time."""
    return moment if floor is None else max(moment, floor)
