"""Times as people read them: how old a list is, how long ago headquarters answered, the offset from UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp import clock
from ui.models.moments import age, ago, stamp


@pytest.mark.parametrize(
    ("passed", "old", "gone"),
    [
        (timedelta(seconds=90), "just now", "just now"),
        (timedelta(minutes=18), "18 min old", "18 min ago"),
        (timedelta(minutes=59), "59 min old", "59 min ago"),
        (timedelta(minutes=61), "1 h old", "1 h ago"),
        (timedelta(hours=47), "47 h old", "47 h ago"),
        (timedelta(hours=49), "2 days old", "2 days ago"),
    ],
)
def test_an_age_is_told_in_the_unit_that_fits(passed: timedelta, old: str, gone: str) -> None:
    since = clock.now() - passed - timedelta(milliseconds=1)
    assert age(since, "en") == old
    assert ago(since, "en") == gone


def test_a_stamp_names_the_offset_only_where_there_is_one() -> None:
    at = datetime(2026, 11, 22, 10, 1, tzinfo=UTC)
    offset = at.astimezone().utcoffset()
    assert offset is not None
    said = stamp(at)
    assert said.startswith(f"{at.astimezone():%Y-%m-%d %H:%M} UTC")
    assert said.endswith("UTC") == (not offset)
