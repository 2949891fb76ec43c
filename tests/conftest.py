"""Every test runs without a display and with a home of its own."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point FIELDAPP_HOME at an empty folder, so that no test sees this machine's vaults."""
    place = tmp_path / "home"
    monkeypatch.setenv("FIELDAPP_HOME", str(place))
    return place
