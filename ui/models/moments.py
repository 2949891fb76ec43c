"""Times as people read them, in the time zone of this laptop. Records keep UTC."""

from datetime import date, datetime

from fieldapp import clock
from fieldapp.text import say


def moment(at: datetime) -> str:
    """Return the hour of today, or the day of another."""
    local = at.astimezone()
    today = clock.now().astimezone().date()
    return local.strftime("%H:%M") if local.date() == today else day(local.date())


def stamp(at: datetime) -> str:
    """Return the day, the time and the offset from UTC: 2026-11-22 15:31 UTC+05:30."""
    local = at.astimezone().isoformat(sep=" ", timespec="minutes")
    return f"{local[:16]} UTC{local[16:]}"


def day(on: date) -> str:
    """Return a day the way nobody can take for another: 2026-11-22."""
    return on.isoformat()


def age(since: datetime, language: str) -> str:
    """Return how long ago `since` was: hours up to two days, then days."""
    hours = clock.age_hours(since, clock.now())
    if hours < 1:
        return say("age.fresh", language)
    if hours < 48:
        return say("age.hours", language, count=int(hours))
    return say("age.days", language, count=int(hours // 24))
