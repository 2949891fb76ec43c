from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.headquarters.office import Office
from tests.support.headquarters import an_office
from tests.support.postgres import fresh_database

STORES = ("sqlite", "postgresql")


@pytest.fixture(params=STORES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder for a headquarters, on each of the two databases in turn."""
    made = tmp_path / "headquarters"
    made.mkdir()
    if request.param == "postgresql":
        (made / "database.url").write_text(fresh_database(), "utf-8")
    return made


@pytest.fixture
def at(folder: Path) -> Iterator[Office]:
    """A headquarters of its own, on each of the two databases in turn."""
    with an_office(folder) as made:
        yield made
