"""Desktops whose rooms are processes, as on a real laptop."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.window import Desktop, desks


@pytest.fixture
def desk(tmp_path: Path, qapp: object) -> Iterator[Callable[..., Desktop]]:
    """Return a maker of desktops; `home`, which every test has, is theirs too."""
    with desks(tmp_path) as make:
        yield partial(make, processes=True)
