from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.headquarters.office import Office
from tests.support.headquarters import an_office


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    """A headquarters of its own."""
    with an_office(tmp_path / "headquarters") as made:
        yield made
