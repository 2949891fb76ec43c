"""The vault's health at the window: what stands, checks, backups, mending; the clock in doubt."""

from collections.abc import Callable
from datetime import timedelta

from fieldapp.actions import healing
from fieldapp.clock import now
from fieldapp.vault import backup, health, keys
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.health import Fault, Health
from tests.support.window import PASSPHRASE, Desktop, settle, until
from ui.widgets.label import Label

Make = Callable[..., Desktop]


def shown(desktop: Desktop) -> str:
    screen = desktop.window.screens["health"]
    return "\n".join(each.text().replace("\u200b", "") for each in screen.facts.findChildren(Label))


def prepared(desktop: Desktop, *, marked: bool = False, doubted: bool = False) -> None:
    """Give the vault a backup, and what the test is about."""
    folder = desktop.folder / "vault"
    directory = VaultDirectory(folder, cost=keys.FLOOR)
    vault = directory.unlock(PASSPHRASE)
    healing.keep_backup(vault, healing.KeepBackup(every=0))
    if doubted:
        with vault.transaction() as tx:
            tx.meta.put("time-floor", now() + timedelta(days=2))
    if marked:
        health.mark(vault, Health(faults=(Fault(what="rows"),)))
    directory.lock()


def test_it_shows_headquarters_way_in_and_the_backups(desk: Make):
    desktop = desk().unlock()
    desktop.window.show_screen("health")
    until(lambda: "Test headquarters" in shown(desktop))
    assert f"{now():%Y}" in shown(desktop)
    assert "None yet" in shown(desktop)
    desktop.window.screens["health"].keep.click()
    until(lambda: "None yet" not in shown(desktop))
    assert len(backup.names(desktop.folder / "vault")) == 1
    assert desktop.window.screens["health"].damage.isHidden()


def test_without_headquarters_it_says_that_nobody_can_help(desk: Make):
    desktop = desk(enrolled=False).unlock()
    desktop.window.show_screen("health")
    until(lambda: "cannot be recovered" in shown(desktop))


def test_a_full_check_names_what_it_found(desk: Make):
    desktop = desk().unlock()
    desktop.window.show_screen("health")
    screen = desktop.window.screens["health"]
    screen.check.click()
    until(lambda: screen.check.isEnabled() and "whole" in screen.banner.title.text())
    (desktop.folder / "vault" / "vault.hdr2").write_bytes(b"torn")
    screen.check.click()
    until(lambda: screen.banner.tone == "error")
    assert "header" in screen.banner.sentence.text()


def test_a_damaged_vault_is_restored_from_its_screen(desk: Make):
    desktop = desk()
    prepared(desktop, marked=True)
    desktop.unlock()
    screen = desktop.window.screens["health"]
    until(screen.damage.isVisible)
    until(screen.restore.isEnabled)
    assert "missing or older" in screen.damage_words.text()
    assert not screen.keep.isEnabled()
    asked = screen.ask_restore()
    asked.secret_field.setText(PASSPHRASE)
    asked.yes.click()
    until(screen.damage.isHidden)
    assert desktop.window.desk.session.damage == ""


def test_a_damaged_vault_is_salvaged_from_its_screen(desk: Make):
    desktop = desk()
    prepared(desktop, marked=True)
    desktop.unlock()
    screen = desktop.window.screens["health"]
    asked = screen.ask_salvage()
    asked.secret_field.setText(PASSPHRASE)
    asked.yes.click()
    until(screen.damage.isHidden)
    assert "entries are saved" in screen.banner.sentence.text()
    assert screen.progress.maximum() > 1


def test_a_doubt_about_the_clock_is_shown_and_stops_nothing(desk: Make):
    desktop = desk()
    prepared(desktop, doubted=True)
    desktop.unlock()
    header = desktop.window.header
    assert header.clock.isVisible()
    desktop.open("2-tablets")
    desktop.scan_label("paracetamol-carton.png")
    assert len(desktop.scans) == 1
    desktop.window.show_screen("inspection")
    settle()
    assert "clock" in desktop.window.screens["inspection"]._state.accessibleName()
    header.clock.click()
    until(lambda: "headquarters was last heard" in shown(desktop))
    desktop.window.lock()
    settle(20)
    assert desktop.window.header.clock.isHidden()


def test_no_doubt_no_chip(desk: Make):
    desktop = desk().unlock()
    assert desktop.window.header.clock.isHidden()
