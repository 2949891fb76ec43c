"""The folder of a vault: wrong tries, sealing, duress, one slot changed at a time, one opener."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.enrolment import Policy
from fieldapp.vault import header, keys, recovery, tries
from fieldapp.vault.connection import HeaderAltered, VaultBusy, VaultEmpty, VaultForeign, VaultPlain
from fieldapp.vault.directory import VaultDirectory, VaultSealed
from fieldapp.vault.header import DURESS, PASSPHRASE, RECOVERY
from fieldapp.vault.keys import FLOOR, PBKDF2, TOKEN, PassphraseTooShort, WrongPassphrase
from fieldapp.vault.slots import SlotNotAllowed
from fieldapp.vault.tries import TooManyTries
from tests.support.vaults import PASSPHRASE as GOOD
from tests.support.vaults import Headquarters, enrolled_vault, new_vault, tried

NEW = "another staple of horses"
START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Wall:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def place(folder: Path, clock=None) -> VaultDirectory:
    return VaultDirectory(folder / "vault", cost=FLOOR, **({"now": clock} if clock else {}))


def events(vault) -> list[str]:
    with vault.reading() as tx:
        entries = tx.journal.entries(1, -1)
    return [canonical.decode(entry.payload, dict)["event"] for entry in entries]


def wrong(directory: VaultDirectory, wall: Wall, times: int) -> None:
    """Leave the count as `times` wrong tries would, the last of them made."""
    tried(directory.folder, times - 1)
    with pytest.raises(WrongPassphrase):
        directory.unlock("not the passphrase at all")


def test_the_wait_grows_survives_a_restart_and_is_written_down(tmp_path: Path):
    wall = Wall()
    new_vault(tmp_path, wall).close()
    waits = []
    for _ in range(7):
        with pytest.raises(WrongPassphrase):
            place(tmp_path, wall).unlock("not the passphrase at all")
        waits.append(place(tmp_path, wall).wait_seconds())
        wall.at += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 2, 5, 15, 60, 300]
    vault = place(tmp_path, wall).unlock(GOOD)
    vault.note_soon("unlocked")
    assert events(vault)[-2:] == ["wrong-passphrases", "unlocked"]
    vault.close()
    held = tries.read(tmp_path / "vault", place(tmp_path).header().tries)
    assert (held.wrong, held.altered) == (0, False)


def take_away(file: Path, before: bytes) -> None:
    file.unlink()


def scribble(file: Path, before: bytes) -> None:
    file.write_bytes(b"nothing of ours")


def count_down(file: Path, before: bytes) -> None:
    kept = canonical.decode(file.read_bytes(), dict)
    kept["tries"][0].update(wrong=0, not_before=0.0)
    file.write_bytes(canonical.encode(kept))


def another_chain(file: Path, before: bytes) -> None:
    tries.begin(file.parent)


@pytest.mark.parametrize("tamper", [take_away, scribble, count_down, another_chain])
def test_a_count_tampered_with_costs_the_longest_wait_and_is_written_down(tmp_path: Path, tamper):
    wall = Wall()
    new_vault(tmp_path, wall).close()
    file = tmp_path / "vault" / tries.FILE
    before = file.read_bytes()
    with pytest.raises(WrongPassphrase):
        place(tmp_path, wall).unlock("not the passphrase at all")
    tamper(file, before)
    for _ in range(2):  # at every start anew
        directory = place(tmp_path, wall)
        assert directory.wait_seconds() == 300
        with pytest.raises(TooManyTries):
            directory.unlock(GOOD)
    wall.at += timedelta(seconds=300)
    with pytest.raises(WrongPassphrase):
        directory.unlock("not the passphrase at all")
    assert directory.wait_seconds() == 300
    wall.at += timedelta(seconds=300)
    vault = directory.unlock(GOOD)
    vault.note_soon("unlocked")
    assert events(vault)[-2:] == ["attempts-altered", "unlocked"]
    assert directory.wait_seconds() == 0
    directory.lock()
    assert place(tmp_path, wall).wait_seconds() == 0


def test_a_count_tampered_with_seals_after_three_more(tmp_path: Path):
    wall = Wall()
    enrolled_vault(tmp_path, clock=wall).close()
    (tmp_path / "vault" / tries.FILE).unlink()
    directory = place(tmp_path, wall)
    for last in (False, False, True):
        directory.wait_seconds()
        wall.at += timedelta(seconds=300)
        with pytest.raises(VaultSealed if last else WrongPassphrase):
            directory.unlock("not the passphrase at all")
    assert directory.sealed


def test_a_vault_made_before_counts_were_chained_gets_its_chain(tmp_path: Path):
    directory = place(tmp_path)
    new_vault(tmp_path).close()
    data_key = keys.open_slots(directory.header(), GOOD)
    old = msgspec.structs.replace(directory.header(), tries=msgspec.UNSET)
    header.write_header(directory.folder, header.signed(old, keys.subkey(data_key, "header")))
    (directory.folder / tries.FILE).unlink()
    assert directory.wait_seconds() == 0
    directory.unlock(GOOD).close()
    assert isinstance(directory.header().tries, bytes)


def test_no_guess_is_checked_while_the_wait_lasts(tmp_path: Path):
    wall = Wall()
    new_vault(tmp_path, wall).close()
    directory = place(tmp_path, wall)
    wrong(directory, wall, 4)
    with pytest.raises(TooManyTries):
        directory.unlock(GOOD)


def test_a_clock_set_back_does_not_make_the_wait_endless(tmp_path: Path):
    wall = Wall()
    new_vault(tmp_path, wall).close()
    directory = place(tmp_path, wall)
    wrong(directory, wall, 8)
    wall.at -= timedelta(days=400)
    assert directory.wait_seconds() == 300


def test_the_tenth_seals_and_headquarters_opens(tmp_path: Path):
    wall, office = Wall(), Headquarters()
    enrolled_vault(tmp_path, office, clock=wall).close()
    directory = place(tmp_path, wall)
    wrong(directory, wall, 9)
    wall.at += timedelta(seconds=301)
    with pytest.raises(VaultSealed):
        directory.unlock("not the passphrase at all")
    assert directory.sealed
    assert [slot.kind for slot in directory.header().slots] == [RECOVERY]
    for guess in (GOOD, "not the passphrase at all"):
        with pytest.raises(VaultSealed):
            directory.unlock(guess)
    found = directory.header()
    data_key = recovery.open_slot(found.slots[0], found.vault, office.recovery)
    vault = directory.reopen(data_key, NEW)
    assert "enrolled" in events(vault)
    vault.close()
    place(tmp_path, wall).unlock(NEW).close()
    assert not place(tmp_path, wall).sealed


def test_a_vault_nobody_else_could_open_is_never_sealed(tmp_path: Path):
    wall = Wall()
    new_vault(tmp_path, wall).close()
    directory = place(tmp_path, wall)
    wrong(directory, wall, 12)
    assert not directory.sealed
    with pytest.raises(SlotNotAllowed):
        directory.seal()
    wall.at += timedelta(seconds=301)
    directory.unlock(GOOD).close()


def test_changing_the_passphrase_touches_one_slot_and_no_data(tmp_path: Path):
    vault = enrolled_vault(tmp_path)
    vault.close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    before = directory.header()
    directory.change_passphrase(GOOD, NEW)
    after = directory.header()
    assert after.slot(RECOVERY) == before.slot(RECOVERY)
    assert after.slot(PASSPHRASE) != before.slot(PASSPHRASE)
    assert keys.open_slots(after, NEW) == keys.open_slots(before, GOOD)
    assert events(directory.vault)[-1] == "passphrase-changed"
    directory.lock()
    with pytest.raises(WrongPassphrase):
        place(tmp_path).unlock(GOOD)
    place(tmp_path).unlock(NEW).close()


def test_a_wrong_or_a_short_passphrase_changes_nothing(tmp_path: Path):
    new_vault(tmp_path).close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    before = directory.header()
    with pytest.raises(WrongPassphrase):
        directory.change_passphrase("not the passphrase at all", NEW)
    with pytest.raises(PassphraseTooShort):
        directory.change_passphrase(GOOD, "short")
    assert directory.header() == before
    directory.lock()


def test_a_header_with_a_passphrase_given_up_is_refused(tmp_path: Path):
    new_vault(tmp_path).close()
    old = {name: (tmp_path / "vault" / name).read_bytes() for name in header.COPIES}
    directory = place(tmp_path)
    directory.unlock(GOOD)
    directory.change_passphrase(GOOD, NEW)
    directory.lock()
    for name, raw in old.items():
        (tmp_path / "vault" / name).write_bytes(raw)
    with pytest.raises(HeaderAltered):
        place(tmp_path).unlock(GOOD)


def test_a_header_changed_by_hand_is_refused(tmp_path: Path):
    new_vault(tmp_path).close()
    found = place(tmp_path).header()
    header.write_header(tmp_path / "vault", msgspec.structs.replace(found, label="Somebody else"))
    with pytest.raises(HeaderAltered):
        place(tmp_path).unlock(GOOD)


def test_duress_seals_where_policy_allows_it(tmp_path: Path):
    office = Headquarters()
    enrolled_vault(tmp_path, office, Policy(number=1, slots=(PASSPHRASE, RECOVERY, DURESS))).close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    with pytest.raises(SlotNotAllowed):
        directory.set_duress(GOOD, GOOD)
    directory.set_duress(GOOD, "take whatever you like")
    directory.change_passphrase(GOOD, NEW)
    directory.lock()
    with pytest.raises(VaultSealed):
        place(tmp_path).unlock("take whatever you like")
    assert [slot.kind for slot in place(tmp_path).header().slots] == [RECOVERY]


def test_duress_needs_policy(tmp_path: Path):
    enrolled_vault(tmp_path).close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    with pytest.raises(SlotNotAllowed):
        directory.set_duress(GOOD, "take whatever you like")
    directory.lock()


class Stick:
    """A security key as its interface promises it: no real one is on this machine."""

    name = "fido2"

    def register(self) -> bytes:
        return b"credential"

    def secret(self, credential: bytes, challenge: bytes) -> bytes:
        return hashlib.sha256(b"stick" + credential + challenge).digest()


def test_a_token_opens_beside_the_passphrase_and_never_alone(tmp_path: Path):
    enrolled_vault(tmp_path, policy=Policy(number=1, slots=(PASSPHRASE, RECOVERY, "fido2"))).close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    directory.add_token(GOOD, Stick())
    with pytest.raises(ValueError, match="lost with a token"):
        directory.vault.put_slots((), (PASSPHRASE, RECOVERY))
    directory.lock()
    place(tmp_path).unlock_with(Stick()).close()
    found = place(tmp_path).header()
    assert {slot.kind for slot in found.slots} == {PASSPHRASE, RECOVERY, TOKEN}


def test_an_agency_policy_remakes_the_slot_at_the_next_unlock(tmp_path: Path):
    enrolled_vault(tmp_path, policy=Policy(number=1, slots=(PASSPHRASE, RECOVERY, PBKDF2))).close()
    directory = place(tmp_path)
    directory.unlock(GOOD)
    slot = directory.header().slot(PASSPHRASE)
    assert slot is not None
    assert slot.kdf == PBKDF2
    directory.lock()
    place(tmp_path).unlock(GOOD).close()


def test_a_second_opener_gets_a_sentence(tmp_path: Path):
    new_vault(tmp_path).close()
    first = place(tmp_path)
    first.unlock(GOOD)
    with pytest.raises(VaultBusy):
        place(tmp_path).unlock(GOOD)
    first.lock()
    place(tmp_path).unlock(GOOD).close()


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"", VaultEmpty), (b"SQLite format 3\x00" + bytes(8192), VaultPlain)]
)
def test_what_is_no_vault_is_refused_by_name(tmp_path: Path, content: bytes, refusal: type[Exception]):
    new_vault(tmp_path).close()
    (tmp_path / "vault" / "vault.db").write_bytes(content)
    with pytest.raises(refusal):
        place(tmp_path).unlock(GOOD)
    assert (tmp_path / "vault" / "vault.db").read_bytes() == content


def test_another_vaults_database_under_this_key_is_foreign(tmp_path: Path):
    vault = new_vault(tmp_path)
    with vault.transaction() as tx:
        tx.meta.put_raw("vault", b"another")
    vault.close()
    with pytest.raises(VaultForeign):
        place(tmp_path).unlock(GOOD)
