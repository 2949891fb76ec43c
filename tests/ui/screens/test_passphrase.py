"""Changing the passphrase, taking suggested words, one that seals, and giving it again to sign."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.actions import disposing, finding
from fieldapp.enrolment import Policy
from fieldapp.inspection.inspection import Inspection
from fieldapp.vault import header, tries
from tests.support.securitykeys import SoftKey
from tests.support.vaults import tried
from tests.support.window import PASSPHRASE, Desktop, settle, until
from ui.screens import passphrase, unlock
from ui.screens.screen import close_dialogs

Make = Callable[..., Desktop]
NEW = "another staple of horses"
WRONG = "not the one that was chosen"
TOKEN = Policy(number=1, slots=("passphrase", "recovery", "fido2"))
DURESS = Policy(number=1, slots=("passphrase", "recovery", "duress"))


def sealable(desktop: Desktop) -> Inspection:
    inspection = desktop.open("2-tablets")
    for action, command in (
        (finding.record, finding.RecordFinding(inspection=inspection.id, severity="other", note="Intact.")),
        (disposing.decide, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Papers.")),
    ):
        desktop.jobs.run(action, command, done=desktop.window.desk.put_inspection)
    settle()
    desktop.window.show_screen("inspection")
    return inspection


def signing(desktop: Desktop) -> passphrase.AskPassphrase:
    desktop.window.screens["inspection"].seal.click()
    settle()
    asked = desktop.window.findChildren(passphrase.AskPassphrase)[-1]
    assert asked.isVisible()
    return asked


def test_changing_it_takes_the_present_one_and_twice_the_new(desk: Make):
    desktop = desk().unlock()
    settings = desktop.window.screens["settings"]
    asked = passphrase.change(settings)
    asked.secret_field.setText(PASSPHRASE)
    asked._more.first.setText(NEW)
    assert not asked.yes.isEnabled()
    asked._more.second.setText(NEW + "!")
    assert not asked.yes.isEnabled()
    asked._more.second.setText(NEW)
    assert asked.yes.isEnabled()
    asked.secret_field.setText(WRONG)
    asked.yes.click()
    until(asked.complaint.isVisible)
    assert asked.secret_field.text() == ""
    asked.secret_field.setText(PASSPHRASE)
    asked.yes.click()
    until(lambda: settings.banner.tone == "note")
    desktop.window.lock()
    settle(20)
    door = desktop.window.screens["unlock"]
    door.passphrase.setText(PASSPHRASE)
    door.unlock_button.click()
    until(door.complaint.isVisible)
    door.passphrase.setText(NEW)
    door.unlock_button.click()
    until(lambda: desktop.window.desk.session is not None)


def test_suggested_words_fill_both_fields_and_say_their_strength(desk: Make):
    desktop = desk(made=False)
    chosen = desktop.window.screens["unlock"].chosen
    chosen.suggest.click()
    until(lambda: bool(chosen.value()))
    assert len(chosen.value().split()) == 5
    assert "63 bits" in chosen.offered.text()
    assert chosen.value() in chosen.offered.text()
    before = chosen.value()
    chosen.suggest.click()
    until(lambda: chosen.value() != before)
    chosen.empty()
    assert (chosen.value(), chosen.offered.text()) == ("", "")


def test_strength_goes_by_length(desk: Make):
    chosen = desk(made=False).window.screens["unlock"].chosen
    said = []
    for words in ("short", "fifteen letters", "four or five words are best"):
        chosen.first.setText(words)
        said.append(chosen.strength.text())
    assert len(set(said)) == 3
    assert "10" in said[0]


def test_one_that_seals_only_where_policy_allows_it(desk: Make):
    plain = desk().unlock()
    plain.window.show_screen("health")
    settle(30)
    assert plain.window.screens["health"].duress.isHidden()
    desktop = desk(policy=DURESS).unlock()
    desktop.window.show_screen("health")
    health = desktop.window.screens["health"]
    until(health.duress.isVisible)
    asked = passphrase.set_duress(health)
    asked.secret_field.setText(PASSPHRASE)
    asked._more.first.setText(NEW)
    asked._more.second.setText(NEW)
    asked.yes.click()
    until(lambda: health.banner.tone == "note")
    desktop.window.lock()
    settle(20)
    door = desktop.window.screens["unlock"]
    door.passphrase.setText(NEW)
    door.unlock_button.click()
    until(lambda: door._pages.number == unlock.RECOVER)
    assert header.read_header(desktop.folder / "vault").sealed


def test_the_signature_shows_who_as_what_when_and_why(desk: Make):
    desktop = desk().unlock()
    sealable(desktop)
    asked = signing(desktop)
    words = {each.text() for each in asked.findChildren(passphrase.Label)}
    assert {"R. Nair", "Author of this report"} <= words
    assert any("Drugs inspector" in each for each in words)
    assert not asked.yes.isEnabled()
    QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(30)
    assert desktop.window.desk.inspection.state == "draft"
    close_dialogs()


def test_a_wrong_passphrase_seals_nothing_and_waits(desk: Make):
    desktop = desk().unlock()
    sealable(desktop)
    tried(desktop.folder / "vault", 2)
    asked = signing(desktop)
    asked.secret_field.setText(WRONG)
    QTest.keyClick(asked.secret_field, Qt.Key.Key_Return)
    until(lambda: asked._wait.running)
    assert desktop.window.desk.inspection.state == "draft"
    asked.secret_field.setText(PASSPHRASE)
    assert not asked.yes.isEnabled()
    until(lambda: not asked._wait.running)
    assert asked.yes.isEnabled()
    QTest.keyClick(asked.secret_field, Qt.Key.Key_Return)
    until(lambda: desktop.window.desk.inspection.state == "sealed")
    assert desktop.window.name == "report"


def test_the_tenth_wrong_one_at_a_signature_seals_the_vault_and_locks(desk: Make):
    desktop = desk().unlock()
    sealable(desktop)
    tried(desktop.folder / "vault", tries.MOST - 1)
    asked = signing(desktop)
    asked.secret_field.setText(WRONG)
    asked.yes.click()
    until(lambda: desktop.window.desk.session is None)
    door = desktop.window.screens["unlock"]
    until(lambda: door._pages.number == unlock.RECOVER)


def test_a_lock_takes_the_signature_away(desk: Make):
    desktop = desk().unlock()
    sealable(desktop)
    asked = signing(desktop)
    asked.secret_field.setText(PASSPHRASE)
    desktop.window.lock()
    settle(30)
    assert desktop.window.desk.session is None
    assert desktop.window.findChildren(passphrase.AskPassphrase) == []


def test_a_security_key_is_added_opens_and_is_taken_away(desk: Make):
    key = SoftKey("4711")
    desktop = desk(policy=TOKEN, devices=key.devices).unlock()
    assert desktop.window.screens["unlock"].key.isHidden()  # no slot, nothing to offer
    desktop.window.show_screen("health")
    health = desktop.window.screens["health"]
    until(health.token.isVisible)
    health.token.click()
    asked = desktop.window.findChildren(passphrase.AskPassphrase)[-1]
    asked.secret_field.setText(PASSPHRASE)
    assert not asked.yes.isEnabled()  # the PIN is missing
    asked._more.field.setText("4711")
    asked.yes.click()
    until(lambda: health.banner.tone == "note")
    desktop.window.lock()
    settle(20)
    door = desktop.window.screens["unlock"]
    until(door.key.isVisible)
    door.key.click()
    asked = desktop.window.findChildren(passphrase.AskPassphrase)[-1]
    key.pulled = True
    asked.secret_field.setText("4711")
    asked.yes.click()
    until(asked.complaint.isVisible)
    assert "plugged in" in asked.complaint.text()
    key.pulled = False
    asked.secret_field.setText("4711")
    asked.yes.click()
    until(lambda: desktop.window.desk.session is not None)
    desktop.window.show_screen("health")
    health = desktop.window.screens["health"]
    until(lambda: health.token.isVisible() and health._token_held)
    health.token.click()
    asked = desktop.window.findChildren(passphrase.AskPassphrase)[-1]
    asked.secret_field.setText(PASSPHRASE)
    asked.yes.click()
    until(lambda: not health._token_held)
    assert header.read_header(desktop.folder / "vault").slot("token") is None
