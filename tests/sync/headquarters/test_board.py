"""The page of one laptop, and the order that locks it."""

import html
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update

from fieldapp import text
from sync.headquarters import accounts, board, enrolment, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD, Browser, Chain, served


@pytest.fixture
def browser(at: Office) -> Iterator[Browser]:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    with served(at) as url, httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as client:
        made = Browser(client)
        made.sign_in("Meera Iyer")
        yield made


def known(at: Office, chain: Chain, **facts: object) -> None:
    with store.writing(at.engine) as connection:
        kept = tables.device
        connection.execute(update(kept).where(kept.c.id == chain.device.hex()).values(**facts))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "Not told yet"),
        (5, "Right"),
        (-board.CLOCK_OFF + 1, "Right"),
        (7200, "2 h 0 min fast"),
        (-90_000, "1 d 1 h slow"),
    ],
)
def test_a_clock_is_told_in_words(at: Office, browser: Browser, seconds: int | None, told: str) -> None:
    chain = Chain(at)
    known(at, chain, clock_offset=seconds)
    for page in ("/devices", f"/devices/{chain.device.hex()}"):
        assert told in browser.get(page).text, page


def test_a_laptop_is_locked_once_with_a_reason_and_a_tick(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    chain.push(chain.append())
    page = f"/devices/{chain.device.hex()}"
    for sent in ({"why": "Stolen"}, {"sure": "yes"}, {"why": " ", "sure": "yes"}):
        refused = browser.send(page, page, **sent)
        assert refused.status_code == 409
        assert text.say("hq.lock.not-sure", "en") in refused.text
    locked = browser.send(page, page, why="Stolen at <b>Mundra</b>", sure="yes")
    assert text.say("hq.revoked", "en") in locked.text
    assert f'action="{page}"' not in locked.text, "there is nothing left to lock"
    token = locked.text.split('name="token" value="')[1].split('"')[0]
    again = browser.client.post(page, data={"token": token, "why": "Again", "sure": "yes"})
    assert again.status_code == 409


def test_a_laptop_of_practice_is_not_reached_from_the_real_side(at: Office, browser: Browser) -> None:
    chain = Chain(at, practice=True)
    own = chain.device.hex()
    assert browser.get(f"/devices/{own}").status_code == 400
    assert browser.get(f"/practice/devices/{own}").status_code == 200


def test_one_who_reads_is_offered_no_lock(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    accounts.set_password(at, "The auditor", PASSWORD, "auditor")
    browser.client.cookies.clear()
    browser.sign_in("The auditor")
    page = browser.get(f"/devices/{chain.device.hex()}").text
    assert text.say("hq.lock", "en") not in page
    assert "R. Nair" in page


def test_records_are_given_to_a_laptop_of_the_same_officer_with_a_tick(at: Office, browser: Browser) -> None:
    lost, new, other = Chain(at), Chain(at), Chain(at, name="B. Rao")
    lost.seal()
    lost.push()
    page = f"/devices/{new.device.hex()}"
    accounts.set_password(at, "Ada Min", PASSWORD, "admin")
    browser.client.cookies.clear()
    browser.sign_in("Ada Min")
    assert f'action="{page}/given"' not in browser.get(page).text, "nothing was lost yet"
    enrolment.revoke(at, lost.device.hex(), "Meera Iyer")
    for wrong in ({}, {"earlier": other.device.hex(), "sure": "yes"}):
        refused = browser.send(page, f"{page}/given", **wrong)
        assert refused.status_code == 409
        assert text.say("hq.given.not-sure", "en") in html.unescape(refused.text)
    told = browser.send(page, f"{page}/given", earlier=lost.device.hex(), sure="yes").text
    assert text.say("hq.trail.records-given-back", "en") in told
    assert '/given"' not in browser.get(f"/devices/{other.device.hex()}").text


def test_a_supervisor_is_not_offered_to_give_records(at: Office, browser: Browser) -> None:
    lost, new = Chain(at), Chain(at)
    enrolment.revoke(at, lost.device.hex(), "Meera Iyer")
    shown = browser.get(f"/devices/{new.device.hex()}").text
    assert text.say("hq.lock", "en") in shown
    assert '/given"' not in shown
