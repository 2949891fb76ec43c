from datetime import UTC, datetime

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.vault import recovery
from fieldapp.vault.header import Header, Slot
from fieldapp.vault.recovery import Answer, RecoveryMissing, RecoveryRefused, Request
from fieldapp.vault.sharing import SharesMissing

AT = datetime(2026, 11, 22, tzinfo=UTC)
DATA_KEY = bytes(range(32))
KEY = recovery.new_key()
PUBLIC = recovery.public_of(KEY)
SHARES = recovery.split_key(KEY)
OFFICERS = ("M. Iyer", "S. Khan")


def slot() -> Slot:
    return recovery.make_slot(DATA_KEY, "vault-1", PUBLIC)


def asked() -> tuple[bytes, Request]:
    held = Header(vault="vault-1", generation=1, label="R. Nair", slots=(slot(),))
    key, public = recovery.new_reply_key()
    return key, recovery.request(held, public, AT)


def test_the_slot_opens_with_its_key_and_no_other():
    assert recovery.open_slot(slot(), "vault-1", KEY) == DATA_KEY
    with pytest.raises(RecoveryRefused):
        recovery.open_slot(slot(), "vault-1", recovery.new_key())
    with pytest.raises(RecoveryRefused):
        recovery.open_slot(slot(), "vault-2", KEY)


def test_no_changed_byte_of_the_slot_opens():
    held = slot()
    for place in range(0, len(held.wrapped), 9):
        torn = bytearray(held.wrapped)
        torn[place] ^= 1
        with pytest.raises(RecoveryRefused):
            recovery.open_slot(msgspec.structs.replace(held, wrapped=bytes(torn)), "vault-1", KEY)


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2), (2, 0)])
def test_any_two_officers_open_it(pair: tuple[int, int]):
    reply_key, request = asked()
    given = recovery.answer(request, [SHARES[number] for number in pair], OFFICERS, AT)
    assert recovery.open_answer(given, "vault-1", reply_key) == DATA_KEY


def test_one_officer_does_not():
    _key, request = asked()
    with pytest.raises(SharesMissing):
        recovery.answer(request, SHARES[:1], OFFICERS, AT)
    with pytest.raises(SharesMissing):
        recovery.answer(request, SHARES[:2], ("M. Iyer", "M. Iyer "), AT)


def test_shares_of_another_key_do_not_open_it():
    _key, request = asked()
    with pytest.raises(RecoveryRefused):
        recovery.answer(request, recovery.split_key(recovery.new_key())[:2], OFFICERS, AT)


def test_the_answer_is_for_one_laptop_and_says_who_gave_it():
    reply_key, request = asked()
    given = recovery.answer(request, SHARES[:2], OFFICERS, AT)
    with pytest.raises(RecoveryRefused):
        recovery.open_answer(given, "vault-1", recovery.new_key())
    with pytest.raises(RecoveryRefused):
        recovery.open_answer(given, "vault-2", reply_key)
    with pytest.raises(RecoveryRefused):
        recovery.open_answer(msgspec.structs.replace(given, officers=("A", "B")), "vault-1", reply_key)
    assert DATA_KEY.hex().encode() not in canonical.encode(given)


def test_a_vault_without_the_slot_cannot_be_asked_for():
    with pytest.raises(RecoveryMissing):
        recovery.request(Header(vault="v", generation=1, label="", slots=()), PUBLIC, AT)


@pytest.mark.parametrize("text", ["", "age1xyz", "hybrid1:", "hybrid1:AAAA", "hybrid1:!!!!"])
def test_a_public_key_that_is_none_is_refused(text: str):
    with pytest.raises(RecoveryRefused):
        recovery.make_slot(DATA_KEY, "v", text)


def test_request_and_answer_read_back():
    _key, request = asked()
    given = recovery.answer(request, SHARES[:2], OFFICERS, AT)
    assert canonical.decode(canonical.encode(request), Request) == request
    assert canonical.decode(canonical.encode(given), Answer) == given
