"""The drill: a sealed vault is opened by two officers."""

from pathlib import Path

import pytest

from fieldapp import canonical, clock
from fieldapp.actions import provisioning, recovering
from fieldapp.actions.provisioning import Look, Unlock
from fieldapp.actions.recovering import AskRecovery, TakeRecovery
from fieldapp.vault import recovery, sharing
from fieldapp.vault.directory import VaultSealed
from fieldapp.vault.keys import WrongPassphrase
from fieldapp.vault.recovery import RecoveryRefused
from fieldapp.vault.sharing import SharesMissing
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import laptop
from tests.support.vaults import PASSPHRASE, Headquarters, directory, enrolled_vault, seal

NEW = "another staple of horses"
OFFICERS = ("M. Iyer", "S. Khan")


def events(vault) -> list[str]:
    with vault.reading() as tx:
        return [
            canonical.decode(entry.payload, dict).get("event", entry.kind)
            for entry in tx.journal.entries(1, -1)
        ]


def shares(office: Headquarters) -> tuple[str, ...]:
    return tuple(sharing.to_text(share) for share in recovery.split_key(office.recovery))


def test_the_drill_opens_a_sealed_vault_with_two_officers(tmp_path: Path):
    office = Headquarters()
    desk = laptop(tmp_path, office)
    sealed = seal(desk.vault, ready(desk).id)
    desk.close()
    place = directory(tmp_path)
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    state = recovering.seal_vault(place, recovering.SealVault())
    assert state.sealed
    assert state.recoverable
    with pytest.raises(VaultSealed):
        provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))

    asked = recovering.ask_recovery(place, AskRecovery(passphrase=NEW))
    one, _two, three = shares(office)
    with pytest.raises(SharesMissing):
        recovering.answer(asked.raw, (one,), OFFICERS, clock.now())
    answered = recovering.answer(asked.raw, (three, one), OFFICERS, clock.now())

    fresh = directory(tmp_path)  # the laptop was started anew meanwhile
    with pytest.raises(WrongPassphrase):
        recovering.take_recovery(fresh, TakeRecovery(raw=answered, passphrase=PASSPHRASE))
    unlocked = recovering.take_recovery(fresh, TakeRecovery(raw=answered, passphrase=NEW))
    assert unlocked.enrolled
    with fresh.vault.reading() as tx:
        assert tx.inspections.record_of(sealed.inspection.id, 1) == (sealed.seq, sealed.record)
        tx.journal.verify()
    assert events(fresh.vault)[-1] == "recovered"
    fresh.lock()
    provisioning.unlock(directory(tmp_path), Unlock(passphrase=NEW))
    assert not (tmp_path / "vault" / recovering.PENDING).exists()


def test_an_answer_opens_no_other_laptop_and_no_earlier_request(tmp_path: Path):
    office = Headquarters()
    enrolled_vault(tmp_path, office).close()
    place = directory(tmp_path)
    first = recovering.ask_recovery(place, AskRecovery(passphrase=NEW))
    answered = recovering.answer(first.raw, shares(office)[:2], OFFICERS, clock.now())
    recovering.ask_recovery(place, AskRecovery(passphrase=NEW))
    with pytest.raises(RecoveryRefused):
        recovering.take_recovery(place, TakeRecovery(raw=answered, passphrase=NEW))
    for raw in (b"", b"{}", b"[" * 70_000, first.raw):
        with pytest.raises(RecoveryRefused):
            recovering.take_recovery(place, TakeRecovery(raw=raw, passphrase=NEW))
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))  # nothing was lost by trying
    place.lock()


def test_a_locked_vault_says_what_can_be_known(tmp_path: Path):
    enrolled_vault(tmp_path).close()
    state = provisioning.look(directory(tmp_path), Look())
    assert (state.exists, state.sealed, state.recoverable) == (True, False, True)


def test_a_passphrase_is_changed_and_the_key_of_headquarters_replaced(tmp_path: Path):
    office = Headquarters()
    enrolled_vault(tmp_path, office).close()
    place = directory(tmp_path)
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    suggested = recovering.suggest(place, recovering.SuggestPassphrase())
    assert suggested.bits >= 60
    recovering.change_passphrase(
        place, recovering.ChangePassphrase(passphrase=PASSPHRASE, new=suggested.passphrase)
    )
    next_key = recovery.public_of(recovery.new_key())
    assert place.vault.keep_recovery(("age1old", next_key))
    slot = place.header().slot("recovery")
    assert slot is not None
    assert slot.name == recovery.fingerprint(next_key)
    place.lock()
    provisioning.unlock(directory(tmp_path), Unlock(passphrase=suggested.passphrase))
