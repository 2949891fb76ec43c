"""What nobody asks for is done all the same, by the real workers behind the real window."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp import canonical
from fieldapp.clock import now
from fieldapp.enrolment import Policy
from fieldapp.vault.backup import EVERY
from tests.fieldapp.actions.test_retaining import Case
from tests.support.vaults import PASSPHRASE, directory
from tests.support.window import Desktop, until
from ui.screens.screen import close_dialogs

Make = Callable[..., Desktop]


@pytest.fixture
def opened(qapp: object) -> Iterator[Callable[[Case], Desktop]]:
    """Unlock a case's vault in a window with worker processes; the check begins at once."""
    made: list[Desktop] = []

    def open_case(case: Case) -> Desktop:
        case.desk.close()
        made.append(Desktop(case.desk.vault.folder.parent, made=False, processes=True))
        made[-1].unlock()
        made[-1].window.upkeep.look_after()
        return made[-1]

    yield open_case
    for each in made:
        each.close()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A vault whose one inspection headquarters has wholly had for longer than policy says."""
    made = Case(tmp_path / "case", Policy(number=1, retention_days=30))
    made.at = now() - timedelta(days=60)
    made.acknowledge()
    return made


def test_the_vault_is_checked_swept_purged_and_backed_up(opened: Callable[[Case], Desktop], case: Case):
    vault = case.desk.vault
    for _ in range(EVERY):
        with vault.transaction() as tx:
            tx.journal.note("something", tx.now)
    orphan = vault.folder / "evidence" / "aa" / ("aa" * 32 + ".age")
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left by a crash")
    os.utime(orphan, (1_700_000_000, 1_700_000_000))
    kept = case.files
    desktop = opened(case)
    place = directory(case.desk.vault.folder.parent).folder
    until(lambda: list((place / "backup").glob("*.db")) != [], 60)
    until(lambda: not orphan.exists(), 10)
    assert not any(file.exists() for file in kept)
    desktop.jobs.close()
    vault = directory(place.parent).unlock(PASSPHRASE)
    with vault.reading() as tx:
        said = [canonical.decode(each.payload, dict) for each in tx.journal.entries(1, -1) if each.payload]
    assert [line["event"] for line in said if line.get("event") in ("files-swept", "purged")] == [
        "files-swept",
        "purged",
    ]
    vault.close()


def test_damage_that_only_the_full_check_finds_is_shown_and_stops_the_writing(
    opened: Callable[[Case], Desktop], case: Case
):
    vault = case.desk.vault
    vault.connection.execute("UPDATE inspection SET doc = CAST(replace(doc, 'Nhava', 'Mundra') AS BLOB)")
    desktop = opened(case)
    until(lambda: desktop.window.name == "health", 60)
    until(lambda: desktop.window.desk.session is not None and desktop.window.desk.session.damage == "rows")
    assert desktop.window.screens["health"].banner.isVisible()
    close_dialogs()


def test_a_damaged_picture_is_named_and_stops_nothing(opened: Callable[[Case], Desktop], case: Case):
    raw = bytearray(case.files[0].read_bytes())
    raw[-1] ^= 1
    case.files[0].write_bytes(raw)
    desktop = opened(case)
    home = desktop.window.screens[desktop.window.name]
    until(home.banner.isVisible, 60)
    assert desktop.window.desk.session is not None
    assert desktop.window.desk.session.damage == ""
    assert desktop.window.name != "health"


def test_a_backup_follows_the_work_when_it_is_quiet(desk: Make, tmp_path: Path):
    desktop = desk(processes=True).unlock()
    place = desktop.folder / "vault" / "backup"
    desktop.window.upkeep._quiet.setInterval(50)
    desktop.open("2-tablets")
    until(lambda: len(list(place.glob("*.db"))) == 1, 60)
