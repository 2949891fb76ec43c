"""Pages by plain HTTP: what a supervisor sees, may do, and what nobody else may."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from fieldapp import ledger, text
from fieldapp.screening.hit import Reason
from fieldapp.screening.verdict import Line, Verdict
from sync.headquarters import accounts, pages, permissions, review
from sync.headquarters.office import Office
from tests.support import records
from tests.support.headquarters import PASSWORD, Browser, Chain, sealed_evidence, served, upload

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


class Parsed(HTMLParser):
    """Tags and texts of a page; complains of what stands open."""

    VOID = ("meta", "link", "input", "img")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def client(at: Office) -> Iterator[httpx.Client]:
    with served(at) as url, httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as made:
        yield made


@pytest.fixture
def browser(at: Office, client: httpx.Client) -> Browser:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    made = Browser(client)
    assert made.sign_in("Meera Iyer").url.path == "/reports"
    return made


def report(at: Office, chain: Chain, *, number: str = "INS-2026-0412", **changes: Any) -> str:
    item, sealed = sealed_evidence(at, records.photo(), practice=chain.practice)
    given = {"practice": chain.practice, "number": number, "evidence": (item,)}
    entry = chain.seal(records.record(inspection=records.inspection(**(given | changes))))
    chain.push()
    upload(at, chain, sealed)
    return ledger.entry_id(entry).hex()


def test_nothing_is_shown_to_a_stranger(at: Office, client: httpx.Client) -> None:
    record = report(at, Chain(at))
    for route in pages.routes(at):
        if "GET" not in (route.methods or ()) or permissions.is_open("GET", route.path):
            continue
        path = route.path.replace("{record}", record).replace("{number:int}", "1")
        path = path.replace("{entry}", "0")
        shown = client.get(path, follow_redirects=False)
        assert shown.status_code == 303, path
        assert shown.headers["location"].startswith("/sign-in"), path
    posted = client.post(f"/reports/{record}/review", data={"outcome": "approved"}, follow_redirects=False)
    assert posted.headers["location"].startswith("/sign-in")


def test_the_queue_shows_what_waits(at: Office, browser: Browser) -> None:
    report(at, Chain(at))
    page = browser.get("/reports").text
    assert "INS-2026-0412" in page
    assert "Yuanchang Chem Tradng" in page
    assert text.say("verdict.hold", "en") in page
    assert "INS-2026-0412" not in browser.get("/reports?standing=approved").text
    assert "INS-2026-0412" in browser.get("/reports?standing=all&q=yuanchang&verdict=hold").text
    assert "INS-2026-0412" not in browser.get("/reports?standing=all&verdict=no_match").text
    assert "INS-2026-0412" not in browser.get("/reports?standing=all&q=100%25").text


def test_practice_is_never_counted_as_real(at: Office, browser: Browser) -> None:
    record = report(at, Chain(at, practice=True), number="INS-PRACTICE")
    for path in ("/reports?standing=all", "/devices"):
        assert "INS-PRACTICE" not in browser.get(path).text
        assert "R. Nair" not in browser.get(path).text
    assert browser.get(f"/reports/{record}").status_code == 404
    assert browser.get(f"/reports/{record}/evidence/1").status_code == 404
    shown = browser.get("/practice/reports").text
    assert "INS-PRACTICE" in shown
    assert text.say("hq.practice.sentence", "en") in shown
    assert browser.get(f"/practice/reports/{record}").status_code == 200


def test_the_report_says_why_in_words(at: Office, browser: Browser) -> None:
    page = browser.get(f"/reports/{report(at, Chain(at))}").text
    assert "matches the listed name" in page
    assert "Consignee" in page
    assert "Inner label names another substance" in page
    assert text.say("hq.check.signature.good", "en", name="R. Nair").replace("’", "’") in page
    assert "⟨GS⟩" in page, "the separator of the barcode is seen"


def test_a_reason_nobody_here_knows_is_shown_as_it_came(at: Office, browser: Browser) -> None:
    odd = Line(part="code", word="check", reason=Reason("reason-of-next-year", {"x": 1}))
    made = records.scan(verdict=Verdict(word="check", lines=(odd,)))
    page = browser.get(f"/reports/{report(at, Chain(at), scans=(made,))}").text
    assert "reason-of-next-year (x: 1)" in page


def test_the_photo_is_opened_and_shown(at: Office, browser: Browser) -> None:
    record = report(at, Chain(at))
    shown = browser.get(f"/reports/{record}/evidence/1")
    assert shown.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.content)).size == (320, 240)
    assert browser.get(f"/reports/{record}/evidence/2").status_code == 404


def test_evidence_that_is_no_picture_is_saved_and_never_opened_here(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, b"<svg onload=alert(1)>")
    evil = records.evidence(
        mime="image/svg+xml",
        plain_sha256=item.plain_sha256,
        sealed_sha256=item.sealed_sha256,
        sealed_size=item.sealed_size,
    )
    entry = chain.seal(records.record(inspection=records.inspection(evidence=(evil,))))
    chain.push()
    upload(at, chain, sealed)
    shown = browser.get(f"/reports/{ledger.entry_id(entry).hex()}/evidence/1")
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_evidence_that_is_not_what_the_record_names_is_not_shown(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, records.photo())
    other = records.evidence(sealed_sha256=item.sealed_sha256, sealed_size=item.sealed_size)
    lying = other.__class__(
        **{**{f: getattr(other, f) for f in other.__struct_fields__}, "plain_sha256": "0" * 64}
    )
    entry = chain.seal(records.record(inspection=records.inspection(evidence=(lying,))))
    chain.push()
    upload(at, chain, sealed)
    shown = browser.get(f"/reports/{ledger.entry_id(entry).hex()}/evidence/1")
    assert shown.status_code == 400
    assert "text/html" in shown.headers["content-type"]


def test_what_came_from_outside_is_never_markup(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    made = {
        "number": EVIL,
        "site": EVIL,
        "findings": (records.finding(note=EVIL),),
        "decisions": (records.decision(reason=EVIL),),
        "consignment": records.consignment(reference=EVIL),
        "scans": (records.scan(symbol=records.symbol(text=EVIL)),),
    }
    record = report(at, chain, **made)
    for path in ("/reports", f"/reports/{record}", f"/reports?q={EVIL}"):
        page = Parsed(browser.get(path).text)
        assert page.all("script") == [{"src": "/static/keys.js", "defer": None}], "our own file alone"
        assert not any("onerror" in attributes for _, attributes in page.tags)


def test_approving_and_returning(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    first, second = report(at, chain), report(at, chain, id=records.part_id(77))
    done = browser.send(
        f"/reports/{first}",
        f"/reports/{first}/review",
        outcome="returned",
        remark=["Name the seal", ""],
        part=["findings/1", ""],
    )
    assert "Name the seal" in done.text
    assert text.say("hq.standing.returned", "en") in done.text
    browser.send(f"/reports/{second}", f"/reports/{second}/review", outcome="approved")
    assert {item.statement.kind for item in chain.push().feed} == {"review"}
    assert len(chain.push().feed) == 2
    assert "INS-2026-0412" not in browser.get("/reports").text


def test_a_return_without_a_remark_says_so_and_keeps_the_page(at: Office, browser: Browser) -> None:
    record = report(at, Chain(at))
    told = browser.send(f"/reports/{record}", f"/reports/{record}/review", outcome="returned")
    assert told.status_code == 409
    assert text.say("why.remark-missing", "en") in told.text


@pytest.mark.parametrize(
    "changed", [{"id": ""}, {"id": "3"}, {"outcome": "zzz"}, {"outcome": ""}, {"outcome": "approvedx"}]
)
def test_a_spoiled_review_form_decides_nothing(
    at: Office, browser: Browser, changed: dict[str, str | list[str]]
) -> None:
    record = report(at, Chain(at))
    sent = {"outcome": "returned", "remark": "Name the seal"} | changed
    told = browser.send(f"/reports/{record}", f"/reports/{record}/review", **sent)
    assert told.status_code == 409
    assert text.say("why.form", "en") in told.text
    assert text.say("hq.standing.waiting", "en") in told.text


def test_the_id_of_another_review_is_a_conflict(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    first, second = report(at, chain), report(at, chain, id=records.part_id(77))
    minted = review.new_id(at)
    approved: dict[str, str | list[str]] = {"outcome": "approved", "id": minted}
    browser.send(f"/reports/{first}", f"/reports/{first}/review", **approved)
    told = browser.send(f"/reports/{second}", f"/reports/{second}/review", **approved)
    assert told.status_code == 409


def test_evidence_of_another_size_than_the_record_says_is_told_and_not_shown(
    at: Office, browser: Browser
) -> None:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, records.photo())
    false = msgspec.structs.replace(item, sealed_size=10)
    entry = chain.seal(records.record(inspection=records.inspection(evidence=(false,))))
    chain.push()
    assert upload(at, chain, sealed).done
    shown = browser.get(f"/reports/{ledger.entry_id(entry).hex()}")
    assert text.say("error.hq-evidence-altered", "en", number=1) in shown.text
    assert Parsed(shown.text).all("img") == []
    assert browser.get(f"/reports/{ledger.entry_id(entry).hex()}/evidence/1").status_code == 400


def test_a_form_from_elsewhere_is_refused(at: Office, browser: Browser) -> None:
    record = report(at, Chain(at))
    action = f"/reports/{record}/review"
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', browser.get(action[:-7]).text)
    )
    form["outcome"] = "approved"
    assert browser.client.post(action, data=form | {"token": "0" * 64}).status_code == 400
    assert browser.client.post(action, data={"outcome": "approved"}).status_code == 400
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.client.post(action, data=form, headers=headers).status_code == 400
    assert "INS-2026-0412" in browser.get("/reports").text, "still waits"


def test_guessing_is_slowed_down(at: Office, client: httpx.Client) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    browser = Browser(client)
    for _ in range(accounts.GUESSES):
        assert browser.sign_in("Meera Iyer", "wrong").status_code == 403
    assert "15" in browser.sign_in("Meera Iyer").text
    assert browser.get("/reports").url.path == "/sign-in"


def test_a_welcome_link_works_once(at: Office, client: httpx.Client) -> None:
    path = f"/welcome/{accounts.invite(at, 'Meera Iyer')}"
    assert client.post(path, data={"password": "short", "again": "short"}).status_code == 400
    for again in ({}, {"again": PASSWORD + "!"}):
        refused = client.post(path, data={"password": PASSWORD, **again})
        assert refused.status_code == 400
        assert "not the same" in refused.text
    twice = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(path, data=twice).url.path == "/reports"
    client.cookies.clear()
    assert (
        client.post(path, data={"password": "another long one", "again": "another long one"}).status_code
        == 400
    )
    assert Browser(client).sign_in("Meera Iyer").url.path == "/reports"


def test_signing_out_ends_the_visit(browser: Browser) -> None:
    token = browser.client.cookies["visit"]
    browser.send("/reports", "/sign-out")
    browser.client.cookies.set("visit", token)
    assert browser.get("/reports").url.path == "/sign-in"


def test_sign_in_never_leads_elsewhere(at: Office, client: httpx.Client) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        form = {"name": "Meera Iyer", "password": PASSWORD, "next": target}
        done = client.post("/sign-in", data=form, follow_redirects=False)
        assert done.headers["location"] == "/"


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_page_is_whole_named_and_guarded(at: Office, browser: Browser, language: str) -> None:
    browser.client.headers["Accept-Language"] = language
    chain = Chain(at)
    record = report(at, chain)
    browser.send(f"/reports/{record}", f"/reports/{record}/review", outcome="approved")
    second = report(at, chain, revision=2)
    paths = [
        "/reports",
        "/reports?standing=all&verdict=hold",
        "/devices",
        "/figures",
        "/quarantine",
        "/factor",
        "/health",
        "/practice/reports",
        "/practice/devices",
        "/practice/figures",
        "/practice/quarantine",
    ]
    for path in [*paths, f"/reports/{record}", f"/reports/{second}", "/reports/none"]:
        shown = browser.get(path)
        page = Parsed(shown.text)
        assert page.all("html") == [{"lang": language}]
        assert len(page.all("h1")) == 1, path
        assert len(page.all("title")) == 1
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "no-store"
        labelled = {label["for"] for label in page.all("label")}
        for kind in ("input", "select", "textarea"):
            for field in page.all(kind):
                assert field.get("type") == "hidden" or field["id"] in labelled, (path, field)
        assert all(image.get("alt") for image in page.all("img"))
        assert not any("style" in attributes or "onclick" in attributes for _, attributes in page.tags)


def test_the_language_is_remembered(browser: Browser) -> None:
    assert Parsed(browser.get("/reports?lang=hi").text).all("html") == [{"lang": "hi"}]
    assert Parsed(browser.get("/devices").text).all("html") == [{"lang": "hi"}]


def test_pages_are_not_kept_and_fonts_are(browser: Browser) -> None:
    assert browser.get("/reports").headers["cache-control"] == "no-store"
    assert browser.get("/static/headquarters.css").headers["cache-control"] == "no-cache"
    assert "max-age" in browser.get("/fonts/Inter.ttf").headers["cache-control"]
    assert browser.get("/fonts/none.ttf").headers["cache-control"] == "no-store"
