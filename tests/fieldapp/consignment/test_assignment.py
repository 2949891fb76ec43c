"""What is most urgent comes first."""

from datetime import timedelta
from typing import Any

from fieldapp.consignment.assignment import Assignment, urgency
from tests.support.records import AT


def order(**changes: Any) -> Assignment:
    given = {"id": "a", "order": "EO-1", "lane": "yellow", "reasons": ("random",), "issued": AT}
    return Assignment(**(given | changes))


def test_overdue_comes_before_red_before_yellow_before_none() -> None:
    late = order(lane="green", due=AT - timedelta(hours=1))
    soon = order(lane="red", due=AT + timedelta(hours=1))
    later = order(lane="red", due=AT + timedelta(hours=9))
    red, plain = order(lane="red"), order()
    held = [None, plain, later, red, soon, late]
    assert sorted(held, key=lambda one: urgency(one, AT)) == [late, soon, later, red, plain, None]
