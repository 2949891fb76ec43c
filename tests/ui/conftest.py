"""Desktops to test with. Each has its own folder; all windows are closed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.window import Desktop, desks


@pytest.fixture
def desk(tmp_path: Path, qapp: object) -> Iterator[Callable[..., Desktop]]:
    """Return a maker of desktops."""
    with desks(tmp_path) as make:
        yield make
