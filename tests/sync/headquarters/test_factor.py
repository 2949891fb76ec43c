from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from fieldapp import clock
from sync.headquarters import accounts, factor, store, tables, totp
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD

NAME = "Meera Iyer"


def later(at: Office, seconds: float) -> Office:
    return msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(seconds=seconds))


def visit(at: Office) -> str:
    return accounts.sign_in(at, NAME, PASSWORD, "127.0.0.1")


def whole(at: Office, token: str) -> bool:
    found = accounts.visitor(at, token)
    assert found is not None
    return found.whole


def set_up(at: Office) -> tuple[bytes, tuple[str, ...]]:
    accounts.set_password(at, NAME, PASSWORD)
    token = visit(at)
    offered = factor.offer(at, NAME)
    secret = factor.reopen(at, NAME, offered.sealed)
    code = totp.code(secret, totp.step_at(at.clock()))
    return secret, factor.set_up(at, NAME, token, offered.sealed, code)


def test_after_set_up_the_password_alone_opens_half_a_visit(at: Office) -> None:
    secret, codes = set_up(at)
    assert len(set(codes)) == factor.RECOVERY_CODES
    after = later(at, 60)
    token = visit(after)
    assert not whole(after, token)
    factor.show(after, NAME, token, totp.code(secret, totp.step_at(after.clock())))
    assert whole(after, token)


def test_a_code_and_a_recovery_code_count_once(at: Office) -> None:
    secret, codes = set_up(at)
    after = later(at, 60)
    code = totp.code(secret, totp.step_at(after.clock()))
    factor.show(after, NAME, visit(after), code)
    for used in (code, "000000"):
        with pytest.raises(factor.CodeRefused):
            factor.show(after, NAME, visit(after), used)
    factor.show(after, NAME, visit(after), codes[0].upper().replace("-", " "))
    with pytest.raises(factor.CodeRefused):
        factor.show(after, NAME, visit(after), codes[0])
    assert factor.standing(after, NAME) == (True, factor.RECOVERY_CODES - 1)


def test_wrong_codes_are_slowed_down(at: Office) -> None:
    secret, _ = set_up(at)
    after = later(at, 60)
    token = visit(after)
    for _ in range(accounts.GUESSES):
        with pytest.raises(factor.CodeRefused):
            factor.show(after, NAME, token, "nothing")
    with pytest.raises(accounts.TooManyGuesses):
        factor.show(after, NAME, token, totp.code(secret, totp.step_at(after.clock())))


def test_an_offer_is_bound_to_its_name_and_spoiled_ones_are_refused(at: Office) -> None:
    accounts.set_password(at, NAME, PASSWORD)
    offered = factor.offer(at, "Somebody Else")
    for sealed in (offered.sealed, "", "zz", "00" * 12, offered.sealed[:-2]):
        with pytest.raises(factor.CodeRefused):
            factor.reopen(at, NAME, sealed)


def test_neither_secret_nor_recovery_codes_are_kept_in_the_clear(at: Office) -> None:
    secret, codes = set_up(at)
    everything = b"".join(file.read_bytes() for file in at.home.glob("headquarters.db*"))
    assert secret not in everything
    for code in codes:
        assert code.encode() not in everything
        assert code.replace("-", "").encode() not in everything
    with store.reading(at.engine) as connection:
        assert connection.execute(select(tables.account.c.factor)).scalar() is not None


def test_a_second_set_up_does_not_replace_the_first(at: Office) -> None:
    set_up(at)
    after = later(at, 60)
    token = visit(after)
    offered = factor.offer(after, NAME)
    secret = factor.reopen(after, NAME, offered.sealed)
    with pytest.raises(factor.CodeRefused):
        factor.set_up(after, NAME, token, offered.sealed, totp.code(secret, totp.step_at(after.clock())))
    assert not whole(after, token)
