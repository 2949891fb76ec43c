"""Every route stands in the table, and what the table says is what happens."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.routing import Mount, Route

from sync.headquarters import accounts, permissions, store, tables
from sync.headquarters.app import build
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD, Browser, served


@pytest.fixture
def url(at: Office) -> Iterator[str]:
    with served(at) as made:
        yield made


def every_route(at: Office) -> set[tuple[str, str]]:
    found = set()
    for route in build(at).routes:
        if isinstance(route, Mount):
            found.add(("GET", route.path))
        else:
            assert isinstance(route, Route), f"a route of a kind that the table cannot name: {route}"
            found |= {(method, route.path) for method in (route.methods or ()) if method != "HEAD"}
    return found


def test_every_route_is_in_the_table_and_every_entry_is_a_route(at: Office) -> None:
    assert every_route(at) == set(permissions.TABLE)


def test_a_route_that_the_table_does_not_name_is_refused_to_everybody() -> None:
    for role in permissions.ROLES:
        assert not permissions.allowed(role, "both", "GET", "/invented")


def signed_in(at: Office, url: str, role: str, realm: str = "both") -> Browser:
    with store.writing(at.engine) as connection:
        accounts.make(connection, at, f"The {role}", role, realm)
    accounts.set_password(at, f"The {role}", PASSWORD)
    browser = Browser(httpx.Client(base_url=url, trust_env=False, follow_redirects=True))
    browser.sign_in(f"The {role}")
    return browser


@pytest.mark.parametrize("role", permissions.ROLES)
def test_each_role_opens_what_the_table_says_and_nothing_else(at: Office, url: str, role: str) -> None:
    with signed_in(at, url, role) as browser:
        token = accounts.visitor(at, browser.client.cookies["visit"])
        assert token is not None
        for (method, path), who in permissions.TABLE.items():
            if isinstance(who, str) or path == "/sign-out":
                continue
            address = path.replace("{number:int}", "1")
            for part in ("{record}", "{entry}", "{proposal}"):
                address = address.replace(part, "none")
            sent: dict[str, Any] = {"data": {"token": token.form_token}} if method == "POST" else {}
            answer = browser.client.request(method, address, **sent)
            refused = answer.status_code == 403 and "/factor" not in path
            assert refused == (role not in who), (role, method, path, answer.status_code)
            assert answer.status_code < 500, (role, method, path)


def test_a_practice_account_sees_nothing_real(at: Office, url: str) -> None:
    with signed_in(at, url, "supervisor", "practice") as browser:
        assert browser.get("/").url.path == "/practice/reports"
        for path in ("/reports", "/figures", "/devices", "/quarantine", "/reports.csv"):
            assert browser.get(path).status_code == 403, path
            assert browser.get(f"/practice{path}").status_code == 200, path
    with signed_in(at, url, "analyst", "real") as browser:
        assert browser.get("/practice/reports").status_code == 403
        assert browser.get("/reports").status_code == 200


def test_a_half_visit_opens_only_the_second_factor(at: Office, url: str) -> None:
    with store.writing(at.engine) as connection:
        connection.execute(tables.setting.insert().values(name="second-factor:supervisor", value="required"))
    with signed_in(at, url, "supervisor") as browser:
        assert browser.get("/reports").url.path == "/factor"
        assert browser.get("/devices").url.path == "/factor"
    with store.reading(at.engine) as connection:
        assert connection.execute(select(tables.visit.c.whole)).scalars().all() == [False]
