from pathlib import Path

import pytest

from fieldapp.vault import owed
from fieldapp.vault.owed import Debt

KEY = bytes(32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    owed.make_room(tmp_path)
    return tmp_path


def test_what_is_owed_is_kept_without_taking_room(folder: Path):
    before = (folder / owed.FILE).stat()
    debts = (Debt("unlocked", "2026-11-22T10:00:00+00:00"), Debt("hits-viewed", "x", {"hits": 3}))
    assert owed.keep(folder, KEY, debts)
    after = (folder / owed.FILE).stat()
    assert (after.st_size, after.st_blocks, after.st_ino) == (before.st_size, before.st_blocks, before.st_ino)
    assert owed.read(folder, KEY) == debts


def test_nothing_is_owed_at_first_and_after_it_was_paid(folder: Path):
    assert owed.read(folder, KEY) == ()
    owed.keep(folder, KEY, (Debt("unlocked", "x"),))
    owed.keep(folder, KEY, ())
    assert owed.read(folder, KEY) == ()


def test_what_another_wrote_is_not_believed(folder: Path):
    owed.keep(folder, bytes([1] * 32), (Debt("unlocked", "x"),))
    assert owed.read(folder, KEY) == ()


def test_it_never_grows_past_its_room(folder: Path):
    assert not owed.keep(folder, KEY, tuple(Debt("event", "x" * 100) for _ in range(1_000)))
    assert (folder / owed.FILE).stat().st_size == owed.ROOM
