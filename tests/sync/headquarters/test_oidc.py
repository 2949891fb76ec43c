"""Sign-in through an identity provider over real HTTP: one that tells the truth, and one that lies."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select

from fieldapp import clock
from sync.headquarters import accounts, oidc, store, tables
from sync.headquarters.office import Office
from sync.headquarters.oidc import ProviderRefused, ProviderSilent
from tests.support import provider
from tests.support.headquarters import PASSWORD, served

NAME = "Meera Iyer"


@pytest.fixture(scope="module")
def agency() -> Iterator[provider.Provider]:
    """The provider, for all tests here."""
    with provider.running() as made:
        yield made


@pytest.fixture
def tied(at: Office, agency: provider.Provider) -> Office:
    """A headquarters that knows the provider, and the account of one of its people."""
    agency.lies.clear()
    (at.home / "oidc.toml").write_text(provider.toml(agency), "utf-8")
    accounts.set_password(at, NAME, PASSWORD, "auditor")
    oidc.tie(at, NAME, agency.subject)
    return at


def signed_in(at: Office, agency: provider.Provider) -> str:
    address, sealed = oidc.leave(at, "/figures")
    token, then = oidc.come_back(at, sealed, agency.authorize(address))
    assert then == "/figures"
    return token


def test_the_account_that_was_tied_is_signed_in_with_its_own_role(
    tied: Office, agency: provider.Provider
) -> None:
    found = accounts.visitor(tied, signed_in(tied, agency))
    assert found is not None
    assert (found.name, found.role, found.whole) == (NAME, "auditor", True)
    assert agency.forms[-1]["redirect_uri"] == "http://testserver/sign-in/provider/back"
    with store.reading(tied.engine) as connection:
        told = connection.execute(select(tables.audit.c.what).where(tables.audit.c.actor == NAME)).scalars()
        assert "signed-in" in list(told)


LIES: list[dict[str, Any]] = [
    {"nonce": "another"}, {"nonce": None},
    {"aud": "another client"}, {"aud": ["another"]}, {"aud": None},
    {"aud": [provider.CLIENT, "another"], "azp": "another"},
    {"iss": "https://evil.example"}, {"iss": None},
    {"exp": 1_000_000}, {"exp": None}, {"iat": None}, {"nbf": 99_999_999_999},
    {"sub": None}, {"sub": ""}, {"sub": 4711}, {"sub": "4712"},
    {"key": "other"}, {"algorithm": "none"}, {"algorithm": "HS256"},
    {"described": "https://evil.example"}, {"iss_parameter": "https://evil.example"},
    {"at_hash": "wrong"},
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_provider_that_lies_signs_nobody_in(
    tied: Office, agency: provider.Provider, lie: dict[str, Any]
) -> None:
    address, sealed = oidc.leave(tied, "/")
    agency.lies.update(lie)
    with pytest.raises(ProviderRefused):
        oidc.come_back(tied, sealed, agency.authorize(address))
    with store.reading(tied.engine) as connection:
        assert connection.execute(select(tables.visit)).first() is None


def test_an_answer_belongs_to_the_browser_and_the_minutes_it_was_asked_in(
    tied: Office, agency: provider.Provider
) -> None:
    address, sealed = oidc.leave(tied, "/")
    brought = agency.authorize(address)
    _other, another = oidc.leave(tied, "/")
    later = msgspec.structs.replace(tied, clock=lambda: clock.now() + timedelta(seconds=oidc.SECONDS + 1))
    for at, cookie, answer in (
        (tied, another, brought),
        (tied, "", brought),
        (tied, sealed[:-2], brought),
        (tied, sealed, brought | {"state": "another"}),
        (tied, sealed, {"state": brought["state"]}),
        (later, sealed, brought),
    ):
        with pytest.raises(ProviderRefused):
            oidc.come_back(at, cookie, answer)
    assert oidc.come_back(tied, sealed, brought)


def test_a_code_counts_once_and_only_with_its_verifier(tied: Office, agency: provider.Provider) -> None:
    address, sealed = oidc.leave(tied, "/")
    brought = agency.authorize(address)
    oidc.come_back(tied, sealed, brought)
    with pytest.raises(ProviderSilent):
        oidc.come_back(tied, sealed, brought)
    stolen = agency.authorize(address)
    mine, cookie = oidc.leave(tied, "/")
    state = agency.authorize(mine)["state"]
    with pytest.raises(ProviderSilent):
        oidc.come_back(tied, cookie, stolen | {"state": state})


def test_a_disabled_account_and_a_stranger_stay_out(tied: Office, agency: provider.Provider) -> None:
    with store.writing(tied.engine) as connection:
        connection.execute(tables.account.update().values(disabled="2026-11-22T00:00:00.000+00:00"))
    with pytest.raises(ProviderRefused):
        signed_in(tied, agency)


def test_a_second_factor_is_asked_for_all_the_same(tied: Office, agency: provider.Provider) -> None:
    with store.writing(tied.engine) as connection:
        rule = {"name": "second-factor:auditor", "value": "required"}
        connection.execute(tables.setting.insert().values(**rule))
    found = accounts.visitor(tied, signed_in(tied, agency))
    assert found is not None
    assert not found.whole


def test_a_provider_out_of_reach_leaves_the_password(tied: Office, agency: provider.Provider) -> None:
    told = provider.toml(agency).replace(agency.issuer, "http://127.0.0.1:9")
    (tied.home / "oidc.toml").write_text(told, "utf-8")
    with served(tied) as url, httpx.Client(base_url=url, trust_env=False) as browser:
        assert "the agency" in browser.get("/sign-in").text
        shown = browser.get("/sign-in/provider")
        assert shown.status_code == 400
        assert "does not answer" in shown.text
        form = {"name": NAME, "password": PASSWORD, "next": "/figures"}
        assert browser.post("/sign-in", data=form).headers["location"] == "/figures"


def test_only_tls_or_this_machine(tied: Office, agency: provider.Provider) -> None:
    told = provider.toml(agency).replace(agency.issuer, "http://identity.example")
    (tied.home / "oidc.toml").write_text(told, "utf-8")
    with pytest.raises(ProviderSilent):
        oidc.leave(tied, "/")


def test_through_the_pages(tied: Office, agency: provider.Provider) -> None:
    with served(tied) as url, httpx.Client(base_url=url, trust_env=False) as browser:
        left = browser.get("/sign-in/provider?next=/figures")
        assert left.status_code == 303
        brought = provider.query(agency.authorize(left.headers["location"]))
        back = browser.get(f"/sign-in/provider/back?{brought}")
        assert (back.status_code, back.headers["location"]) == (303, "/figures")
        assert browser.get("/figures").status_code == 200
        assert "provider" not in browser.cookies
        again = browser.get(f"/sign-in/provider/back?{brought}")
        assert again.status_code == 403
        elsewhere = browser.get("/sign-in/provider?next=//evil.example")
        brought = provider.query(agency.authorize(elsewhere.headers["location"]))
        assert browser.get(f"/sign-in/provider/back?{brought}").headers["location"] == "/"
