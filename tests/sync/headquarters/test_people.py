"""Accounts, the second factor and the audit trail, as administrators do it in a browser."""

import base64
import re
from collections.abc import Iterator

import httpx
import pytest

from fieldapp import text
from sync.headquarters import accounts, totp
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD, Browser, served

ADA, BEA = "Ada Admin", "Bea Admin"


@pytest.fixture
def url(at: Office) -> Iterator[str]:
    for name in (ADA, BEA):
        accounts.set_password(at, name, PASSWORD, "admin")
    with served(at) as made:
        yield made


def person(url: str, name: str, language: str = "en") -> Browser:
    client = httpx.Client(base_url=url, trust_env=False, follow_redirects=True)
    browser = Browser(client, language)
    client.post("/sign-in", data={"name": name, "password": PASSWORD, "next": "/"})
    return browser


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_one_proposes_another_confirms_and_the_link_works(at: Office, url: str, language: str) -> None:
    with person(url, ADA, language) as ada, person(url, BEA, language) as bea:
        token = hidden(ada.get("/users").text, "token")
        wish = {"what": "account", "subject": "Kavita Menon", "role": "analyst", "realm": "real"}
        shown = ada.client.post("/users", data=wish | {"token": token}).text
        (waiting,) = re.findall(r'action="(/users/[^"]+)"', shown)
        assert text.say("hq.users.needs-other", language) in shown
        refused = ada.client.post(waiting, data={"answer": "confirm", "token": token})
        assert refused.status_code == 409
        done = bea.send("/users", waiting, answer="confirm").text
        (link,) = re.findall(r"http://[^<]+/welcome/[\w-]+", done)
        assert link not in bea.get("/users").text, "the link is shown once"
        trail = ada.get("/audit").text
        assert text.say("hq.trail.confirmed-account", language) in trail
        assert text.say_n("hq.audit.good", language, 1).split()[0] in ada.send("/audit", "/audit").text
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        assert client.post(link, data={"password": PASSWORD, "again": PASSWORD}).url.path == "/reports"


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_second_factor_is_set_up_and_asked_for(at: Office, url: str, language: str) -> None:
    with person(url, ADA, language) as ada:
        page = ada.get("/factor").text
        spelled = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
        assert spelled is not None
        assert "<svg" in page
        secret = base64.b32decode(spelled[1].replace(" ", ""))
        fields = {"token": hidden(page, "token"), "offer": hidden(page, "offer")}
        wrong = ada.client.post("/factor/new", data=fields | {"code": "12"})
        assert wrong.status_code == 403
        code = totp.code(secret, totp.step_at(at.clock()))
        done = ada.client.post("/factor/new", data=fields | {"code": code}).text
        codes = re.findall(r"<li>(\w{5}-\w{5}-\w{5})</li>", done)
        assert len(codes) == 8
        assert codes[0] not in ada.get("/factor").text
    with person(url, ADA, language) as again:
        assert again.get("/users").url.path == "/factor"
        assert again.send("/factor", "/factor", code=codes[0]).url.path == "/users"
