"""A security key opens beside the passphrase; one that lies, is pulled out or is another's opens nothing."""

from pathlib import Path

import pytest

from fieldapp import canonical
from fieldapp.actions import provisioning, recovering, standing, tokens
from fieldapp.actions.provisioning import Look, Unlock
from fieldapp.actions.tokens import AddKey, RemoveKey, UnlockWithKey
from fieldapp.enrolment import Policy
from fieldapp.vault.directory import VaultDirectory, VaultSealed
from fieldapp.vault.header import PASSPHRASE, RECOVERY
from fieldapp.vault.keys import FLOOR, TOKEN, WrongPassphrase
from fieldapp.vault.securitykey import SecurityKeyMissing, SecurityKeyRefused
from fieldapp.vault.slots import SlotNotAllowed
from tests.support.securitykeys import RETRIES, SoftKey
from tests.support.vaults import PASSPHRASE as GOOD
from tests.support.vaults import enrolled_vault

PIN = "4711"
ALLOWED = Policy(number=1, slots=(PASSPHRASE, RECOVERY, "fido2"))


def place(folder: Path, key: SoftKey) -> VaultDirectory:
    return VaultDirectory(folder / "vault", cost=FLOOR, devices=key.devices)


@pytest.fixture
def key() -> SoftKey:
    return SoftKey(PIN)


@pytest.fixture
def folder(tmp_path: Path, key: SoftKey) -> Path:
    """A vault that the passphrase and `key` open."""
    enrolled_vault(tmp_path, policy=ALLOWED).close()
    directory = place(tmp_path, key)
    provisioning.unlock(directory, Unlock(passphrase=GOOD))
    tokens.add_key(directory, AddKey(passphrase=GOOD, pin=PIN))
    directory.lock()
    return tmp_path


def why(directory: VaultDirectory, pin: str = PIN) -> str:
    with pytest.raises(SecurityKeyRefused) as refused:
        tokens.unlock_with_key(directory, UnlockWithKey(pin=pin))
    assert not directory.unlocked
    return str(refused.value.facts["why"])


def test_it_opens_and_the_ledger_says_how(folder: Path, key: SoftKey):
    directory = place(folder, key)
    assert provisioning.look(directory, Look()).token
    assert tokens.unlock_with_key(directory, UnlockWithKey(pin=PIN)).enrolled
    with directory.vault.reading() as tx:
        lines = [canonical.decode(each.payload, dict) for each in tx.journal.entries(1, -1)]
    assert [line["event"] for line in lines][-2:] == ["security-key-added", "unlocked"]
    assert lines[-1]["way"] == "fido2"
    stands = standing.show_standing(directory.vault, standing.ShowStanding())
    assert (stands.token_allowed, stands.token_held) == (True, True)
    directory.lock()
    provisioning.unlock(directory, Unlock(passphrase=GOOD))  # and the passphrase still does
    directory.lock()


def test_a_wrong_pin_opens_nothing_and_the_key_blocks_itself(folder: Path, key: SoftKey):
    directory = place(folder, key)
    assert [why(directory, "0000") for _ in range(RETRIES)] == ["pin"] * (RETRIES - 1) + ["blocked"]
    assert why(directory) == "blocked"
    provisioning.unlock(directory, Unlock(passphrase=GOOD))  # nothing was counted against the passphrase
    directory.lock()


def test_a_key_that_is_gone_is_missing(folder: Path, key: SoftKey):
    key.pulled = True
    with pytest.raises(SecurityKeyMissing):
        tokens.unlock_with_key(place(folder, key), UnlockWithKey(pin=PIN))


def test_a_key_pulled_out_in_the_middle_is_missing(folder: Path, key: SoftKey):
    plugged = key.devices()

    def pulled_after():
        yield next(plugged)

    directory = VaultDirectory(folder / "vault", cost=FLOOR, devices=pulled_after)
    answer = key.call

    def once(*asked: object, **more: object) -> bytes:
        given = answer(*asked, **more)  # type: ignore[arg-type]
        key.pulled = True
        return given

    key.call = once  # type: ignore[method-assign]
    with pytest.raises(SecurityKeyMissing):
        tokens.unlock_with_key(directory, UnlockWithKey(pin=PIN))
    assert not directory.unlocked


def test_another_key_and_one_that_lies_open_nothing(folder: Path, key: SoftKey):
    assert why(place(folder, SoftKey(PIN))) == "other-key"
    key.lies = True
    with pytest.raises(WrongPassphrase):
        tokens.unlock_with_key(place(folder, key), UnlockWithKey(pin=PIN))


def test_a_key_that_cannot_is_refused_when_it_is_set_up(folder: Path):
    plain = SoftKey(PIN, extensions=())
    directory = place(folder, plain)
    provisioning.unlock(directory, Unlock(passphrase=GOOD))
    with pytest.raises(SecurityKeyRefused):
        tokens.add_key(directory, AddKey(passphrase=GOOD, pin=PIN))
    with pytest.raises(WrongPassphrase):
        tokens.add_key(directory, AddKey(passphrase="not the one that was chosen", pin=PIN))
    directory.lock()


def test_without_the_policy_there_is_no_slot(tmp_path: Path, key: SoftKey):
    enrolled_vault(tmp_path).close()
    directory = place(tmp_path, key)
    provisioning.unlock(directory, Unlock(passphrase=GOOD))
    with pytest.raises(SlotNotAllowed):
        tokens.add_key(directory, AddKey(passphrase=GOOD, pin=PIN))
    directory.lock()


def test_what_was_taken_away_or_sealed_opens_no_more(folder: Path, key: SoftKey):
    directory = place(folder, key)
    provisioning.unlock(directory, Unlock(passphrase=GOOD))
    tokens.remove_key(directory, RemoveKey(passphrase=GOOD))
    directory.lock()
    assert not provisioning.look(directory, Look()).token
    with pytest.raises(WrongPassphrase):
        tokens.unlock_with_key(directory, UnlockWithKey(pin=PIN))
    provisioning.unlock(directory, Unlock(passphrase=GOOD))
    tokens.add_key(directory, AddKey(passphrase=GOOD, pin=PIN))
    recovering.seal_vault(directory, recovering.SealVault())
    assert not directory.holds(TOKEN)
    with pytest.raises(VaultSealed):
        tokens.unlock_with_key(directory, UnlockWithKey(pin=PIN))
