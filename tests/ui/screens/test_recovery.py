"""The drill at the window: sealed, a request under a new passphrase, two officers, open again."""

from collections.abc import Callable
from pathlib import Path

from fieldapp.actions import recovering
from fieldapp.clock import now
from fieldapp.vault import keys, recovery, sharing
from fieldapp.vault.directory import VaultDirectory
from tests.support.vaults import Headquarters, enrolled_vault
from tests.support.window import PASSPHRASE, Desktop, settle, until
from ui.screens import unlock as pages

Make = Callable[..., Desktop]
NEW = "another staple of horses"
OFFICERS = ("M. Iyer", "S. Khan")


def laptop(desk: Make, *, sealed: bool) -> tuple[Desktop, Headquarters]:
    desktop, office = desk(made=False), Headquarters()
    enrolled_vault(desktop.folder, office).close()
    if sealed:
        directory = VaultDirectory(desktop.folder / "vault", cost=keys.FLOOR)
        directory.unlock(PASSPHRASE)
        directory.seal()
    unlock = desktop.window.screens["unlock"]
    unlock.stale = True
    unlock.enter()
    settle(20)
    return desktop, office


def answered(office: Headquarters, request: Path) -> Path:
    one, two, _three = (sharing.to_text(share) for share in recovery.split_key(office.recovery))
    answer = request.with_name("answer")
    answer.write_bytes(recovering.answer(request.read_bytes(), (one, two), OFFICERS, now()))
    return answer


def ask(desktop: Desktop, file: Path) -> None:
    card = desktop.window.screens["unlock"].recovery
    card.chosen.first.setText(NEW)
    card.chosen.second.setText(NEW)
    assert card.request.isEnabled()
    card.write_request(str(file))
    until(file.exists)
    settle()


def test_a_sealed_vault_is_opened_by_two_officers(desk: Make, tmp_path: Path):
    desktop, office = laptop(desk, sealed=True)
    unlock = desktop.window.screens["unlock"]
    assert unlock._pages.number == pages.RECOVER
    card = unlock.recovery
    card.chosen.first.setText("too short")
    assert not card.request.isEnabled()
    ask(desktop, tmp_path / "request")
    assert "saved" in card.said.text()
    answer = answered(office, tmp_path / "request")
    desktop.window.close()
    again = Desktop(desktop.folder, made=False)  # days later
    try:
        card = again.window.screens["unlock"].recovery
        until(card.isVisible)
        card.chosen.first.setText("a different new passphrase")
        card.take_answer(str(answer))
        until(card.said.isVisible)
        assert again.window.desk.session is None
        card.chosen.first.setText(NEW)
        card.take_answer(str(answer))
        until(lambda: again.window.desk.session is not None)
        assert card.chosen.first.text() == ""
        again.window.lock()
        settle(20)
        unlock = again.window.screens["unlock"]
        unlock.passphrase.setText(NEW)
        unlock.unlock_button.click()
        until(lambda: again.window.desk.session is not None)
    finally:
        again.close()


def test_a_forgotten_passphrase_goes_the_same_way_and_back(desk: Make, tmp_path: Path):
    desktop, office = laptop(desk, sealed=False)
    unlock = desktop.window.screens["unlock"]
    assert unlock.forgotten.isVisible()
    unlock.forgotten.click()
    assert unlock._pages.number == pages.RECOVER
    unlock.recovery.back.click()
    assert unlock._pages.number == pages.UNLOCK
    unlock.forgotten.click()
    ask(desktop, tmp_path / "request")
    unlock.recovery.take_answer(str(tmp_path / "request"))  # the wrong file
    until(lambda: "saved" not in unlock.recovery.said.text())
    unlock.recovery.take_answer(str(answered(office, tmp_path / "request")))
    until(lambda: desktop.window.desk.session is not None)


def test_a_vault_unknown_to_headquarters_offers_no_such_way(desk: Make):
    desktop = desk(enrolled=False)
    settle(20)
    assert desktop.window.screens["unlock"].forgotten.isHidden()
