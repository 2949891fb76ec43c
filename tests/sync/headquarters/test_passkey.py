"""Passkeys: made for one address and one visit, shown at every sign-in, refused when anything is not so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import clock
from sync.headquarters import accounts, factor, passkey, store
from sync.headquarters.factor import CodeRefused
from sync.headquarters.office import Office
from tests.support.authenticator import Authenticator
from tests.support.chromium import Chromium
from tests.support.headquarters import PASSWORD, served

NAME, HOST, ORIGIN = "Meera Iyer", "hq.example.org", "https://hq.example.org"
Alter = Callable[[dict[str, str]], None]


def visit(at: Office, name: str = NAME) -> str:
    return accounts.sign_in(at, name, PASSWORD, "127.0.0.1")


def whole(at: Office, token: str) -> bool:
    found = accounts.visitor(at, token)
    assert found is not None
    return found.whole


def with_key(at: Office, name: str = NAME) -> Authenticator:
    """A person with a passkey."""
    accounts.set_password(at, name, PASSWORD)
    token, key = visit(at, name), Authenticator(origin=ORIGIN)
    asked = passkey.offer(at, name, token, HOST)
    passkey.keep(at, name, token, HOST, ORIGIN, asked.sealed, key.make(asked.options))
    return key


def test_after_it_is_made_the_password_alone_opens_half_a_visit(at: Office) -> None:
    key = with_key(at)
    assert passkey.held(at, NAME) == 1
    for _ in range(2):
        token = visit(at)
        assert not whole(at, token)
        asked = passkey.ask(at, NAME, token, HOST)
        passkey.show(at, NAME, token, HOST, ORIGIN, asked.sealed, key.show(asked.options))
        assert whole(at, token)


def shown(at: Office, key: Authenticator, *, host: str = HOST, origin: str = ORIGIN, name: str = NAME) -> str:
    token = visit(at, name)
    asked = passkey.ask(at, name, token, host)
    passkey.show(at, name, token, host, origin, asked.sealed, key.show(asked.options))
    return token


def test_a_page_at_another_address_gets_nothing_from_it(at: Office) -> None:
    key = with_key(at)
    key.origin = "https://hq.example.org.evil"
    with pytest.raises(CodeRefused):
        shown(at, key)
    key.origin = ORIGIN
    with pytest.raises(CodeRefused):
        shown(at, key, origin="https://hq.example.org.evil")


def test_a_signature_for_another_host_is_refused(at: Office) -> None:
    key, token = with_key(at), visit(at)
    asked = passkey.ask(at, NAME, token, "other.example.org")
    with pytest.raises(CodeRefused):
        passkey.show(at, NAME, token, HOST, ORIGIN, asked.sealed, key.show(asked.options))


def test_an_authenticator_that_does_not_look_who_it_is_is_refused(at: Office) -> None:
    key = with_key(at)
    key.verifies = False
    with pytest.raises(CodeRefused):
        shown(at, key)


def test_another_key_is_refused(at: Office) -> None:
    key, other = with_key(at), Authenticator(origin=ORIGIN)
    with pytest.raises(CodeRefused):
        shown(at, other)
    other.id = key.id
    with pytest.raises(CodeRefused):
        shown(at, other)


def test_the_key_of_another_person_is_refused(at: Office) -> None:
    with_key(at)
    other = with_key(at, "Ada Rao")
    with pytest.raises(CodeRefused):
        shown(at, other)


def test_a_copy_of_the_key_is_found_out(at: Office) -> None:
    key = with_key(at)
    shown(at, key)
    shown(at, key)
    key.count -= 2
    with pytest.raises(CodeRefused):
        shown(at, key)


def test_a_challenge_belongs_to_its_visit_and_its_minutes(at: Office) -> None:
    key, token = with_key(at), visit(at)
    asked = passkey.ask(at, NAME, token, HOST)
    answer = key.show(asked.options)
    with pytest.raises(CodeRefused):
        passkey.show(at, NAME, visit(at), HOST, ORIGIN, asked.sealed, answer)
    later = msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(seconds=passkey.SECONDS + 1))
    with pytest.raises(CodeRefused):
        passkey.show(later, NAME, token, HOST, ORIGIN, asked.sealed, answer)
    for spoiled in ("", asked.sealed[:-2], "00" * 60):
        with pytest.raises(CodeRefused):
            passkey.show(at, NAME, token, HOST, ORIGIN, spoiled, answer)
    assert not whole(at, token)


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id": 1}', "\u0000", '{"id":"a","rawId":"!"}', "[" * 20_000]
)
def test_what_is_no_answer_is_refused(at: Office, answer: str) -> None:
    with_key(at)
    token = visit(at)
    with pytest.raises(CodeRefused):
        passkey.show(at, NAME, token, HOST, ORIGIN, passkey.ask(at, NAME, token, HOST).sealed, answer)
    with pytest.raises(CodeRefused):
        passkey.keep(at, NAME, token, HOST, ORIGIN, passkey.offer(at, NAME, token, HOST).sealed, answer)


def test_half_a_visit_adds_no_second_factor_of_its_own(at: Office) -> None:
    with_key(at)
    token, mine = visit(at), Authenticator(origin=ORIGIN)
    asked = passkey.offer(at, NAME, token, HOST)
    with pytest.raises(CodeRefused):
        passkey.keep(at, NAME, token, HOST, ORIGIN, asked.sealed, mine.make(asked.options))
    assert passkey.held(at, NAME) == 1


def test_wrong_ones_are_counted_like_wrong_codes(at: Office) -> None:
    key = with_key(at)
    key.origin = "https://evil.example"
    for _ in range(accounts.GUESSES):
        with pytest.raises(CodeRefused):
            shown(at, key)
    with pytest.raises(accounts.TooManyGuesses):
        shown(at, key)


def test_two_admins_take_a_lost_one_away(at: Office) -> None:
    with_key(at)
    with store.writing(at.engine) as connection:
        factor.take_away(connection, NAME)
    assert passkey.held(at, NAME) == 0
    assert whole(at, visit(at))


def test_a_real_browser_makes_one_and_shows_it(at: Office, tmp_path: Path) -> None:
    accounts.set_password(at, NAME, PASSWORD)
    with served(at) as url, Chromium(tmp_path / "browser") as browser:
        # A passkey belongs to a name: an address made of numbers has none.
        tab = browser.tab(url.replace("127.0.0.1", "localhost"))
        tab.ask("WebAuthn.enable")
        looks = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        verifies = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        tab.ask("WebAuthn.addVirtualAuthenticator", options=looks | verifies)

        def sign_in() -> None:
            tab.open("/sign-in")
            tab.fill("#name", NAME)
            tab.fill("#password", PASSWORD)
            tab.click("form.stack button")

        sign_in()
        tab.open("/factor")
        tab.click("form[data-passkey=make] button")
        assert passkey.held(at, NAME) == 1
        with store.writing(at.engine) as connection:
            accounts.end_visits(connection, NAME)
        sign_in()
        assert tab.path() == "/factor"
        tab.click("form[data-passkey=show] button")
        assert tab.path() == "/reports"
