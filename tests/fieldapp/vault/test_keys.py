from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.vault import keys
from fieldapp.vault.connection import VaultDamaged
from fieldapp.vault.keys import FLOOR, Header, KdfCost, PassphraseTooShort, VaultNewer, WrongPassphrase

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
    keys.write_header(tmp_path, header(1))
    (tmp_path / keys.COPIES[0]).write_bytes(b"{")
    assert keys.read_header(tmp_path).label == "R. Nair"


def test_the_newer_copy_counts(tmp_path: Path):
    keys.write_header(tmp_path, header(1))
    (tmp_path / keys.COPIES[1]).write_bytes(keys.packed(header(2)))
    assert keys.read_header(tmp_path).generation == 2


def test_both_copies_torn_is_damage(tmp_path: Path):
    for name in keys.COPIES:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(VaultDamaged):
        keys.read_header(tmp_path)


def test_a_newer_header_is_named(tmp_path: Path):
    raw = b'{"v": 99}'
    (tmp_path / keys.COPIES[0]).write_bytes(raw + b"\n" + canonical.sha256(raw).encode())
    with pytest.raises(VaultNewer):
        keys.read_header(tmp_path)


def test_a_flipped_bit_anywhere_in_one_copy_is_survived(tmp_path: Path):
    keys.write_header(tmp_path, header(1))
    whole = (tmp_path / keys.COPIES[0]).read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        (tmp_path / keys.COPIES[0]).write_bytes(damaged)
        assert keys.open_slots(keys.read_header(tmp_path), GOOD) == DATA_KEY


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"v":' + b"[" * 100_000, b"\xff\xfe", b"10" * 4000])
def test_a_hostile_header_is_damage(tmp_path: Path, raw: bytes):
    for name in keys.COPIES:
        (tmp_path / name).write_bytes(raw + b"\n" + canonical.sha256(raw).encode())
    with pytest.raises(VaultDamaged):
        keys.read_header(tmp_path)


def test_a_slot_of_wrong_lengths_is_damage():
    [slot] = header().slots
    for change in ({"salt": b""}, {"nonce": b"x"}, {"wrapped": b""}):
        torn = msgspec.structs.replace(header(), slots=(msgspec.structs.replace(slot, **change),))
        with pytest.raises((VaultDamaged, WrongPassphrase)):
            keys.open_slots(torn, GOOD)
