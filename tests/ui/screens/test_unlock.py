"""At the unlock: waits that are shown, files that are no vault of ours, damage mended, several inspectors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp import canonical
from fieldapp import settings as stored
from fieldapp.actions import healing
from fieldapp.clock import now
from fieldapp.vault import backup, header, health, keys, tries
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.health import Fault, Health
from fieldapp.vault.vault import DATABASE, Owner
from tests.support.vaults import tried
from tests.support.window import PASSPHRASE, Desktop, settle, until
from ui.screens import unlock as pages
from ui.screens.screen import close_dialogs

Make = Callable[..., Desktop]
WRONG = "not the one that was chosen"


def try_with(desktop: Desktop, passphrase: str) -> None:
    unlock = desktop.window.screens["unlock"]
    unlock.passphrase.setText(passphrase)
    unlock.unlock_button.click()
    settle(30)


def page(desktop: Desktop) -> int:
    return desktop.window.screens["unlock"]._pages.number


def vault(desktop: Desktop) -> Path:
    return desktop.folder / "vault"


def tear(desktop: Desktop) -> None:
    """Take the first page of the database away."""
    file = vault(desktop) / DATABASE
    raw = bytearray(file.read_bytes())
    raw[:4096] = bytes(4096)
    file.write_bytes(bytes(raw))


def test_the_wait_counts_down_and_holds_after_a_restart(desk: Make):
    desktop = desk()
    for _ in range(4):
        try_with(desktop, WRONG)
    unlock = desktop.window.screens["unlock"]
    assert "2" in unlock.complaint.text() or "1" in unlock.complaint.text()
    assert not unlock.passphrase.isEnabled()
    desktop.window.close()
    again = Desktop(desktop.folder, made=False)  # the program was closed and started: the wait goes on
    try:
        fresh = again.window.screens["unlock"]
        tried(vault(desktop), 6, now().timestamp() + 3)
        fresh.stale = True
        fresh.enter()
        settle(20)
        assert not fresh.unlock_button.isEnabled()
        first = fresh.complaint.text()
        until(lambda: fresh.complaint.text() != first)
        until(fresh.unlock_button.isEnabled)
        assert fresh.complaint.isHidden()
    finally:
        again.close()


def test_the_tenth_wrong_one_seals_and_says_what_now(desk: Make):
    desktop = desk()
    tried(vault(desktop), tries.MOST - 1)
    try_with(desktop, WRONG)
    unlock = desktop.window.screens["unlock"]
    until(lambda: page(desktop) == pages.RECOVER)
    assert "sealed" in unlock.recovery.heading.text()
    assert "two officers" in unlock.recovery.meaning.text()
    assert unlock.recovery.back.isHidden()
    assert header.read_header(vault(desktop)).sealed


def test_a_torn_database_offers_what_helps_and_the_backup_opens(desk: Make):
    desktop = desk()
    directory = VaultDirectory(vault(desktop), cost=keys.FLOOR)
    healing.keep_backup(directory.unlock(PASSPHRASE), healing.KeepBackup(every=0))
    directory.lock()
    tear(desktop)
    try_with(desktop, PASSPHRASE)
    mending = desktop.window.screens["unlock"].mending
    until(lambda: page(desktop) == pages.MEND)
    assert "damaged" in mending.sentence.text()
    assert not mending.restore.isEnabled()
    mending.passphrase.setText(WRONG)
    mending.restore.click()
    until(mending.complaint.isVisible)
    assert desktop.window.desk.session is None
    mending.passphrase.setText(PASSPHRASE)
    mending.restore.click()
    until(lambda: desktop.window.desk.session is not None)
    assert desktop.window.name == "home"
    assert list((vault(desktop) / backup.ASIDE).iterdir())


def test_what_can_be_read_is_saved_into_a_new_vault(desk: Make):
    desktop = desk()
    directory = VaultDirectory(vault(desktop), cost=keys.FLOOR)
    healing.keep_backup(directory.unlock(PASSPHRASE), healing.KeepBackup(every=0))
    directory.lock()
    tear(desktop)
    try_with(desktop, PASSPHRASE)
    mending = desktop.window.screens["unlock"].mending
    until(lambda: page(desktop) == pages.MEND)
    mending.passphrase.setText(PASSPHRASE)
    mending.salvage.click()
    until(lambda: desktop.window.desk.session is not None)
    assert mending.progress.maximum() > 1  # it was told how far it had come


@pytest.mark.parametrize(
    ("content", "says", "mendable"),
    [
        (b"", "empty", True),
        (b"SQLite format 3\x00" + bytes(4096), "not encrypted", True),
    ],
)
def test_a_file_that_is_no_vault_is_refused_with_a_sentence(
    desk: Make, content: bytes, says: str, mendable: bool
):
    desktop = desk()
    (vault(desktop) / DATABASE).write_bytes(content)
    try_with(desktop, PASSPHRASE)
    mending = desktop.window.screens["unlock"].mending
    until(lambda: page(desktop) == pages.MEND)
    assert says in mending.sentence.text()
    assert mending.restore.isVisible() == mendable


def test_another_vaults_file_is_refused_with_a_sentence(desk: Make, tmp_path: Path):
    desktop, other = desk(), VaultDirectory(tmp_path / "other", cost=keys.FLOOR)
    other.create(PASSPHRASE, Owner(name="S. Khan"))
    other.lock()
    (vault(desktop) / DATABASE).write_bytes((tmp_path / "other" / DATABASE).read_bytes())
    try_with(desktop, PASSPHRASE)
    until(lambda: page(desktop) == pages.MEND)
    assert desktop.window.desk.session is None


def test_a_newer_programs_vault_is_left_untouched(desk: Make):
    desktop = desk()
    for name in header.COPIES:
        raw = canonical.encode({"v": header.VERSION + 1, "vault": "of tomorrow"})
        (vault(desktop) / name).write_bytes(raw + b"\n" + canonical.sha256(raw).encode("ascii"))
    before = {file.name: file.read_bytes() for file in vault(desktop).iterdir() if file.is_file()}
    unlock = desktop.window.screens["unlock"]
    unlock.stale = True
    unlock.enter()
    until(lambda: page(desktop) == pages.MEND)
    assert "newer" in unlock.mending.sentence.text()
    assert unlock.mending.restore.isHidden()
    assert {file.name: file.read_bytes() for file in vault(desktop).iterdir() if file.is_file()} == before


def test_a_header_lost_twice_offers_nothing_that_cannot_help(desk: Make):
    desktop = desk()
    for name in header.COPIES:
        (vault(desktop) / name).write_bytes(b"torn")
    try_with(desktop, PASSPHRASE)
    until(lambda: page(desktop) == pages.MEND)
    assert desktop.window.screens["unlock"].mending.restore.isHidden()


def test_a_vault_marked_damaged_opens_to_read(desk: Make):
    desktop = desk()
    directory = VaultDirectory(vault(desktop), cost=keys.FLOOR)
    health.mark(directory.unlock(PASSPHRASE), Health(faults=(Fault(what="pages"),)))
    directory.lock()
    desktop.unlock()
    assert desktop.window.name == "health"
    screen = desktop.window.screens["health"]
    until(screen.damage.isVisible)
    screen.read.click()
    assert desktop.window.name == "home"
    close_dialogs()


@pytest.mark.parametrize("processes", [False, True], ids=["here", "processes"])
def test_another_inspector_on_the_same_laptop(desk: Make, processes: bool):
    desktop = desk(processes=processes)
    window = desktop.window
    until(lambda: window.screens["unlock"].who.count() == 2)
    unlock = window.screens["unlock"]
    unlock._choose(unlock.who.itemData(1))
    until(lambda: page(desktop) == pages.CREATE)
    assert unlock._create_title.text() == "Set up your vault"
    unlock.new_name.setText("S. Khan")
    unlock.first.setText("four words of my own")
    unlock.second.setText("four words of my own")
    unlock.create_button.click()
    until(lambda: window.desk.session is not None, 40)
    assert window.desk.session.officer.name == "S. Khan"
    assert stored.load().settings.inspector_hint == "inspector-2"
    window.lock()
    until(lambda: window.desk.session is None and window.screens["unlock"].who.count() == 3)
    unlock = window.screens["unlock"]
    assert [unlock.who.itemText(row) for row in range(2)] == ["S. Khan", "R. Nair"]
    try_with(desktop, PASSPHRASE)  # another's passphrase opens nothing here
    until(unlock.complaint.isVisible)
    unlock._choose("vault")
    until(window.screens["unlock"].passphrase.isEnabled)
    assert window.screens["unlock"]._name.text() == "R. Nair"
    desktop.unlock()
    assert window.desk.session.officer.name == "R. Nair"


def test_no_passphrase_is_taken_while_another_vault_is_on_its_way(desk: Make):
    desktop = desk()
    VaultDirectory(desktop.folder / "inspector-2", cost=keys.FLOOR).create(PASSPHRASE, Owner(name="S. Khan"))
    unlock = desktop.window.screens["unlock"]
    unlock.stale = True
    unlock.enter()
    until(lambda: unlock.who.count() == 3)
    unlock.passphrase.setText(PASSPHRASE)
    moved: list[str] = []
    unlock.moved.disconnect()  # the vault is slow to come
    unlock.moved.connect(moved.append)
    unlock._choose("inspector-2")
    assert moved == ["inspector-2"]
    assert unlock._name.text() == "S. Khan"
    assert unlock.passphrase.text() == ""
    for control in (unlock.passphrase, unlock.unlock_button, unlock.who, unlock.forgotten, unlock.key):
        assert not control.isEnabled()
    unlock.reload()  # and here it is
    until(unlock.passphrase.isEnabled)
    assert unlock.who.isEnabled()


def test_a_wait_keeps_no_other_inspector_out(desk: Make):
    desktop = desk()
    tried(vault(desktop), 6, now().timestamp() + 30)
    unlock = desktop.window.screens["unlock"]
    unlock.stale = True
    unlock.enter()
    until(lambda: not unlock.passphrase.isEnabled())
    assert unlock.who.isEnabled()
