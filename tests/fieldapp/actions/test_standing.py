"""How a vault stands, and the passphrase given again before a signature."""

from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.actions import healing, provisioning, recovering
from fieldapp.actions.provisioning import ConfirmPassphrase, Look, Unlock
from fieldapp.actions.standing import ShowStanding, show_standing
from fieldapp.clock import now
from fieldapp.enrolment import Policy
from fieldapp.vault import recovery, tries
from fieldapp.vault.directory import VaultLocked, VaultSealed
from fieldapp.vault.keys import PassphraseTooShort, WrongPassphrase
from fieldapp.vault.tries import TooManyTries
from tests.support.vaults import PASSPHRASE, Headquarters, directory, enrolled_vault, new_vault

MINUTE = timedelta(minutes=1)


def test_it_names_headquarters_its_key_and_the_backups(tmp_path: Path):
    office = Headquarters()
    vault = enrolled_vault(tmp_path, office, Policy(number=1, slots=("passphrase", "recovery", "duress")))
    healing.keep_backup(vault, healing.KeepBackup(every=0))
    shown = show_standing(vault, ShowStanding())
    assert shown.headquarters == "Test headquarters"
    assert shown.recovery_key == recovery.fingerprint(recovery.public_of(office.recovery))
    assert shown.recovery_made is not None
    assert abs(shown.recovery_made - now()) < MINUTE
    assert len(shown.backups) == 1
    assert abs(shown.backups[0] - now()) < MINUTE
    assert shown.duress_allowed
    assert shown.damage == ""


def test_a_vault_without_headquarters_has_no_way_in_but_its_passphrase(tmp_path: Path):
    shown = show_standing(new_vault(tmp_path), ShowStanding())
    assert (shown.headquarters, shown.recovery_key, shown.recovery_made) == ("", "", None)
    assert not shown.duress_allowed


def test_the_right_passphrase_confirms_and_names_who_signs(tmp_path: Path):
    enrolled_vault(tmp_path).close()
    place = directory(tmp_path)
    with pytest.raises(VaultLocked):
        provisioning.confirm_passphrase(place, ConfirmPassphrase(passphrase=PASSPHRASE))
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    assert (
        provisioning.confirm_passphrase(place, ConfirmPassphrase(passphrase=PASSPHRASE)).by.name == "R. Nair"
    )


def test_wrong_ones_wait_as_at_the_unlock_and_the_tenth_seals(tmp_path: Path):
    enrolled_vault(tmp_path).close()
    late = [now()]
    place = directory(tmp_path, lambda: late[0])
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    wrong = ConfirmPassphrase(passphrase="not the one that was chosen")
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            provisioning.confirm_passphrase(place, wrong)
    with pytest.raises(TooManyTries):
        provisioning.confirm_passphrase(place, ConfirmPassphrase(passphrase=PASSPHRASE))
    late[0] += MINUTE
    provisioning.confirm_passphrase(place, ConfirmPassphrase(passphrase=PASSPHRASE))
    assert tries.read(place.folder, place.header().tries).wrong == 0
    for _ in range(tries.MOST - 1):
        with pytest.raises(WrongPassphrase):
            provisioning.confirm_passphrase(place, wrong)
        late[0] += 10 * MINUTE
    with pytest.raises(VaultSealed):
        provisioning.confirm_passphrase(place, wrong)
    assert not place.unlocked
    assert provisioning.look(place, Look()).sealed


def test_the_vaults_of_others_are_named_and_an_unreadable_one_is_passed_over(tmp_path: Path):
    new_vault(tmp_path).close()
    new_vault(tmp_path / "inner").close()
    (tmp_path / "inner" / "vault").rename(tmp_path / "inspector-2")
    state = provisioning.look(directory(tmp_path), Look())
    assert state.folder == "vault"
    assert [(each.folder, each.name) for each in state.others] == [("inspector-2", "R. Nair")]


def test_a_weak_passphrase_is_refused_before_headquarters_is_asked(tmp_path: Path):
    enrolled_vault(tmp_path).close()
    with pytest.raises(PassphraseTooShort):
        recovering.ask_recovery(directory(tmp_path), recovering.AskRecovery(passphrase="short"))
