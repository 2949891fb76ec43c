"""What is owed to the ledger: kept without taking room, paid once, and tampering named."""

from pathlib import Path

import pytest

from fieldapp import canonical
from fieldapp.vault import owed
from fieldapp.vault.owed import Debt, Note
from tests.support.vaults import PASSPHRASE, directory, new_vault

KEY = bytes(32)
UNLOCKED = Note(2, (Debt("unlocked", "2026-11-22T10:00:00+00:00"), Debt("hits-viewed", "x", {"hits": 3})))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    owed.make_room(tmp_path, KEY)
    return tmp_path


def test_what_is_owed_is_kept_without_taking_room(folder: Path):
    before = (folder / owed.FILE).stat()
    assert owed.keep(folder, KEY, UNLOCKED)
    after = (folder / owed.FILE).stat()
    assert (after.st_size, after.st_blocks, after.st_ino) == (before.st_size, before.st_blocks, before.st_ino)
    assert owed.read(folder, KEY, 0) == (UNLOCKED, "")


def test_nothing_is_owed_at_first_and_after_it_was_paid(folder: Path):
    assert owed.read(folder, KEY, 0)[0].debts == ()
    owed.keep(folder, KEY, UNLOCKED)
    assert owed.read(folder, KEY, paid=2) == (Note(2), "")


def test_a_note_torn_while_it_was_written_leaves_the_one_before(folder: Path):
    owed.keep(folder, KEY, UNLOCKED)
    owed.keep(folder, KEY, Note(3, (*UNLOCKED.debts, Debt("unlocked", "y"))))
    raw = bytearray((folder / owed.FILE).read_bytes())
    raw[owed.HALF + 30] ^= 1  # note 3 is odd: the second half
    (folder / owed.FILE).write_bytes(raw)
    assert owed.read(folder, KEY, 0) == (UNLOCKED, "unreadable")


def test_it_never_grows_past_its_room(folder: Path):
    assert not owed.keep(folder, KEY, Note(2, tuple(Debt("event", "x" * 100) for _ in range(1_000))))
    assert (folder / owed.FILE).stat().st_size == owed.ROOM


def take_away(file: Path, before: bytes) -> None:
    file.unlink()


def scribble(file: Path, before: bytes) -> None:
    file.write_bytes(bytes(owed.ROOM))


def put_back(file: Path, before: bytes) -> None:
    file.write_bytes(before)


@pytest.mark.parametrize(
    ("tamper", "why"), [(take_away, "missing"), (scribble, "unreadable"), (put_back, "older")]
)
def test_a_file_that_was_tampered_with_is_a_line_of_the_ledger(tmp_path: Path, tamper, why: str):
    vault = new_vault(tmp_path)
    file = vault.folder / owed.FILE
    before = file.read_bytes()
    for _ in range(3):
        vault.note_soon("unlocked")
    vault.close()
    tamper(file, before)
    for lines in (1, 0):  # it is said once
        place = directory(tmp_path)
        vault = place.unlock(PASSPHRASE)
        with vault.reading() as tx:
            seen = tx.journal.head().seq
        vault.note_soon("unlocked")
        with vault.reading() as tx:
            said = [canonical.decode(entry.payload, dict) for entry in tx.journal.entries(seen + 1, -1)]
        assert [line["event"] for line in said] == ["owed-altered"] * lines + ["unlocked"]
        assert [line["why"] for line in said if line["event"] == "owed-altered"] == [why] * lines
        place.lock()
