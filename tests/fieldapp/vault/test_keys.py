import hashlib
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.vault import header as headers
from fieldapp.vault import keys
from fieldapp.vault.connection import VaultDamaged
from fieldapp.vault.header import Header, KdfCost, VaultNewer
from fieldapp.vault.keys import FLOOR, PBKDF2, PBKDF2_FLOOR, Duress, PassphraseTooShort, WrongPassphrase

DATA_KEY = bytes(range(32))
GOOD = "correct horse battery staple"


def header(generation: int = 1) -> Header:
    slot = keys.make_slot(GOOD, DATA_KEY, "vault-1", FLOOR)
    return Header(vault="vault-1", generation=generation, label="R. Nair", slots=(slot,))


def test_the_passphrase_opens_its_slot():
    assert keys.open_slots(header(), GOOD) == DATA_KEY


def test_another_passphrase_does_not():
    with pytest.raises(WrongPassphrase):
        keys.open_slots(header(), GOOD + "r")


def test_a_short_passphrase_is_refused():
    with pytest.raises(PassphraseTooShort):
        keys.make_slot("hunter2", DATA_KEY, "vault-1", FLOOR)


def test_a_slot_of_another_vault_does_not_open():
    moved = msgspec.structs.replace(header(), vault="vault-2")
    with pytest.raises(WrongPassphrase):
        keys.open_slots(moved, GOOD)


def test_a_weakened_cost_does_not_open():
    [slot] = header().slots
    weaker = msgspec.structs.replace(slot, cost=KdfCost(65_536, 3, 3))
    with pytest.raises(WrongPassphrase):
        keys.open_slots(msgspec.structs.replace(header(), slots=(weaker,)), GOOD)


@pytest.mark.parametrize("cost", [KdfCost(2**31, 3, 4), KdfCost(65_536, 99, 4), KdfCost(1024, 3, 4)])
def test_a_hostile_cost_is_refused_before_it_is_paid(cost: KdfCost):
    [slot] = header().slots
    hostile = msgspec.structs.replace(header(), slots=(msgspec.structs.replace(slot, cost=cost),))
    with pytest.raises(VaultDamaged):
        keys.open_slots(hostile, GOOD)


def test_one_torn_copy_of_the_header_is_survived(tmp_path: Path):
    headers.write_header(tmp_path, header(1))
    (tmp_path / headers.COPIES[0]).write_bytes(b"{")
    assert headers.read_header(tmp_path).label == "R. Nair"


def test_the_newer_copy_counts(tmp_path: Path):
    headers.write_header(tmp_path, header(1))
    (tmp_path / headers.COPIES[1]).write_bytes(headers.packed(header(2)))
    assert headers.read_header(tmp_path).generation == 2


def test_both_copies_torn_is_damage(tmp_path: Path):
    for name in headers.COPIES:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(VaultDamaged):
        headers.read_header(tmp_path)


def test_a_newer_header_is_named(tmp_path: Path):
    raw = b'{"v": 99}'
    (tmp_path / headers.COPIES[0]).write_bytes(raw + b"\n" + canonical.sha256(raw).encode())
    with pytest.raises(VaultNewer):
        headers.read_header(tmp_path)


def test_a_flipped_bit_anywhere_in_one_copy_is_survived(tmp_path: Path):
    written = header(1)
    headers.write_header(tmp_path, written)
    whole = (tmp_path / headers.COPIES[0]).read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        (tmp_path / headers.COPIES[0]).write_bytes(damaged)
        assert headers.read_header(tmp_path) == written


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"v":' + b"[" * 100_000, b"\xff\xfe", b"10" * 4000])
def test_a_hostile_header_is_damage(tmp_path: Path, raw: bytes):
    for name in headers.COPIES:
        (tmp_path / name).write_bytes(raw + b"\n" + canonical.sha256(raw).encode())
    with pytest.raises(VaultDamaged):
        headers.read_header(tmp_path)


def test_a_slot_of_wrong_lengths_is_damage():
    [slot] = header().slots
    for change in ({"salt": b""}, {"nonce": b"x"}, {"wrapped": b""}):
        torn = msgspec.structs.replace(header(), slots=(msgspec.structs.replace(slot, **change),))
        with pytest.raises((VaultDamaged, WrongPassphrase)):
            keys.open_slots(torn, GOOD)


MAC_KEY = keys.subkey(DATA_KEY, "header")


def test_the_header_is_bound_to_the_data_key():
    whole = headers.signed(header(), MAC_KEY)
    headers.check_mac(whole, MAC_KEY)
    for change in ({"label": "Somebody else"}, {"generation": 7}, {"vault": "vault-2"}, {"mac": b""}):
        with pytest.raises(VaultDamaged):
            headers.check_mac(msgspec.structs.replace(whole, **change), MAC_KEY)


def test_a_slipped_in_slot_is_noticed():
    whole = headers.signed(header(), MAC_KEY)
    more = msgspec.structs.replace(whole, slots=(*whole.slots, keys.make_slot(GOOD, bytes(32), "x", FLOOR)))
    with pytest.raises(VaultDamaged):
        headers.check_mac(more, MAC_KEY)


def test_a_copy_that_was_replaced_is_overwritten(tmp_path: Path):
    headers.write_header(tmp_path, header(1))
    held = [(tmp_path / name).open("rb") for name in headers.COPIES]
    headers.write_header(tmp_path, header(2))
    for file in held:
        with file:
            assert set(file.read()) <= {0}
    assert headers.read_header(tmp_path).generation == 2


def test_the_agency_policy_slot_opens_too():
    slot = keys.make_slot(GOOD, DATA_KEY, "vault-1", PBKDF2_FLOOR, PBKDF2)
    held = Header(vault="vault-1", generation=1, label="x", slots=(slot,))
    assert keys.open_slots(held, GOOD) == DATA_KEY
    with pytest.raises(WrongPassphrase):
        keys.open_slots(held, GOOD + "r")


def test_fewer_rounds_than_the_floor_are_refused():
    with pytest.raises(VaultDamaged):
        keys.stretch(GOOD, PBKDF2, KdfCost(0, 1000, 1), bytes(16))


def test_an_unknown_stretch_is_refused():
    with pytest.raises(VaultDamaged):
        keys.stretch(GOOD, "md5", FLOOR, bytes(16))


@pytest.mark.parametrize(("floor_takes", "times"), [(0.75, 1), (0.08, 9), (0.02, 37), (3.0, 1)])
def test_calibration_aims_at_three_quarters_of_a_second(floor_takes: float, times: int):
    cost = keys.calibrate(measure=lambda _cost: floor_takes)
    assert cost.memory >= FLOOR.memory
    assert cost.passes >= FLOOR.passes
    work = cost.memory * cost.passes / (FLOOR.memory * FLOOR.passes)
    assert times / 2 <= work <= max(times, 1) * 1.05


@pytest.mark.parametrize(("floor_takes", "times"), [(0.75, 1), (0.15, 5), (3.0, 1)])
def test_rounds_are_calibrated_too(floor_takes: float, times: int):
    cost = keys.calibrate(PBKDF2, lambda _cost: floor_takes)
    assert cost.passes == pytest.approx(PBKDF2_FLOOR.passes * times, rel=0.01)


def test_the_duress_passphrase_is_known_and_gives_no_key():
    whole = header()
    duress = keys.make_duress_slot("another passphrase here", whole.slots[0], "vault-1")
    held = msgspec.structs.replace(whole, slots=(*whole.slots, duress))
    with pytest.raises(Duress):
        keys.open_slots(held, "another passphrase here")
    assert keys.open_slots(held, GOOD) == DATA_KEY
    assert duress.salt == whole.slots[0].salt


class Stick:
    """A security key as its interface promises it: a real one (FIDO2 hmac-secret) is not on this machine."""

    def __init__(self, name: str = "fido2", seed: bytes = b"seed"):
        self.name = name
        self._seed = seed

    def register(self) -> bytes:
        return b"credential"

    def secret(self, credential: bytes, challenge: bytes) -> bytes:
        return hashlib.sha256(self._seed + credential + challenge).digest()


def test_a_token_opens_its_slot_and_no_other_token_does():
    whole = header()
    held = msgspec.structs.replace(
        whole, slots=(*whole.slots, keys.make_token_slot(Stick(), DATA_KEY, "vault-1"))
    )
    assert keys.open_token_slot(held, Stick()) == DATA_KEY
    for other in (Stick(seed=b"stolen"), Stick(name="keyring")):
        with pytest.raises(WrongPassphrase):
            keys.open_token_slot(held, other)
