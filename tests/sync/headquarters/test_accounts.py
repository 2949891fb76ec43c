from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from fieldapp import clock
from sync.headquarters import accounts, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD

HERE = "127.0.0.1"


def later(at: Office, **span: float) -> Office:
    return msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(**span))


def test_a_visit_ends_when_nobody_moves_and_after_half_a_day(at: Office) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    token = accounts.sign_in(at, "Meera Iyer", PASSWORD, HERE)
    assert accounts.visitor(at, token) is not None
    assert accounts.visitor(later(at, minutes=10), token) is not None, "moved, so it lives on"
    assert accounts.visitor(later(at, minutes=24), token) is not None
    assert accounts.visitor(later(at, minutes=40), token) is None
    for minutes in range(10, 11 * 60, 10):
        accounts.visitor(later(at, minutes=minutes), token)
    assert accounts.visitor(later(at, hours=12, minutes=1), token) is None


def test_neither_passwords_nor_tokens_are_kept(at: Office) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    token = accounts.sign_in(at, "Meera Iyer", PASSWORD, HERE)
    link = accounts.invite(at, "A. Deshmukh")
    everything = b"".join(file.read_bytes() for file in at.home.glob("headquarters.db*"))
    for secret in (PASSWORD, token, link):
        assert secret.encode("ascii") not in everything
    with store.reading(at.engine) as connection:
        kept = connection.execute(select(tables.account.c.password)).scalars().all()
    assert any(one.startswith("$argon2id$") for one in kept)


def test_a_wrong_password_and_an_unknown_name_are_one_error(at: Office) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    accounts.invite(at, "No Password Yet")
    for name, password in (("Meera Iyer", "wrong"), ("Nobody", PASSWORD), ("No Password Yet", "")):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(at, name, password, HERE)


def test_guesses_from_one_address_slow_down_every_name(at: Office) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    for number in range(accounts.GUESSES):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(at, f"name {number}", "wrong", HERE)
    with pytest.raises(accounts.TooManyGuesses):
        accounts.sign_in(at, "Meera Iyer", PASSWORD, HERE)
    assert accounts.sign_in(at, "Meera Iyer", PASSWORD, "10.0.0.9")
    assert accounts.sign_in(later(at, minutes=16), "Meera Iyer", PASSWORD, HERE)


def test_a_link_runs_out(at: Office) -> None:
    token = accounts.invite(at, "Meera Iyer")
    with pytest.raises(accounts.WelcomeUnknown):
        accounts.accept_welcome(later(at, hours=49), token, PASSWORD)
    assert accounts.accept_welcome(at, token, PASSWORD) == "Meera Iyer"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_names_have_limits(at: Office, name: str) -> None:
    with pytest.raises(accounts.NameRefused):
        accounts.invite(at, name)
