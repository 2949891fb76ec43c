"""The one clock. Time is always aware, in UTC, to the millisecond.

A laptop's clock is a claim, not a fact: it orders nothing and refuses nothing. `Clock` is passed in
wherever a test, or a time floor, has to have its say.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this machine's idea of the time, in UTC, cut to milliseconds."""
    moment = datetime.now(UTC)  # noqa: TID251 - the one place that asks
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def age_hours(since: datetime, until: datetime) -> float:
    """Return the hours from `since` to `until`, never below zero: a clock set back makes nothing younger."""
    return max(timedelta(0), until - since) / timedelta(hours=1)
