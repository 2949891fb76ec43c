"""Times as people read them, in the time zone of this laptop. Records keep UTC."""

from datetime import date, datetime

from fieldapp import clock
from fieldapp.text import say

FRESH = 2  # minutes that count as just now


def moment(at: datetime) -> str:
    """Return the hour of today, or the day of another."""
    local = at.astimezone()
    today = clock.now().astimezone().date()
    return local.strftime("%H:%M") if local.date() == today else day(local.date())


def stamp(at: datetime) -> str:
    """Return the day, the time and the offset from UTC, where there is one: 2026-11-22 15:31 UTC+05:30."""
    local = at.astimezone()
    offset = local.isoformat(timespec="minutes")[16:] if local.utcoffset() else ""
    return f"{local:%Y-%m-%d %H:%M} UTC{offset}"


def day(on: date) -> str:
    """Return a day the way nobody can take for another: 2026-11-22."""
    return on.isoformat()


def age(since: datetime, language: str) -> str:
    """Return how old what was made at `since` is: minutes, hours up to two days, then days."""
    step, count = _passed(since)
    return say(f"age.{step}", language, count=count)


def ago(since: datetime, language: str) -> str:
    """Return how long ago something happened, in the same steps."""
    step, count = _passed(since)
    return say(f"ago.{step}", language, count=count)


def _passed(since: datetime) -> tuple[str, int]:
    """Return the unit that fits what has passed since then, and how many of it."""
    hours = clock.age_hours(since, clock.now())
    minutes = int(hours * 60)
    if minutes < FRESH:
        return "fresh", minutes
    if hours < 1:
        return "minutes", minutes
    return ("hours", int(hours)) if hours < 48 else ("days", int(hours // 24))
