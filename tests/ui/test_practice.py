"""The practice ground: orders of today, and a window whose end is noticed however it ends."""

from pathlib import Path

import pytest

import resources
from fieldapp import canonical
from fieldapp.clock import now
from fieldapp.consignment.consignment import Consignment
from ui import practice


def test_practice_orders_are_of_today_and_fall_due_one_after_the_other():
    files = sorted(resources.path("practice", "consignments").glob("*.json"))
    held = [
        canonical.decode(practice._ordered(file, number), Consignment) for number, file in enumerate(files)
    ]
    orders = [one.assignment for one in held if one.assignment is not None]
    assert {order.lane for order in orders} == {"red", "yellow", "blue"}
    dues = [order.due for order in orders if order.due is not None]
    assert len(dues) == len(orders)
    assert dues == sorted(dues)
    assert all(due > now() for due in dues)
    assert all(order.reasons for order in orders)


def test_a_window_that_cannot_open_is_told_and_leaves_the_ground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")  # Qt aborts the process, as without a display
    monkeypatch.setenv("FIELDAPP_HOME", str(tmp_path))
    assert practice.open_window() == 1
    assert "doctor" in capsys.readouterr().out
