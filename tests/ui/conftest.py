"""Desktops to test with. Each has its own folder; all windows are closed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.window import Desktop


@pytest.fixture
def desk(tmp_path: Path, qapp: object) -> Iterator[Callable[..., Desktop]]:
    """Return a maker of desktops."""
    made: list[Desktop] = []

    def make(**wishes: object) -> Desktop:
        made.append(Desktop(tmp_path / f"desk{len(made)}", **wishes))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()
