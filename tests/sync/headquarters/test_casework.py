"""The queue, its filters and files, and deciding on many, as a browser does it."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from openpyxl import load_workbook

from fieldapp import ledger, text
from fieldapp.inspection.position import Position
from fieldapp.scan.stroke import Stroke
from sync.headquarters import accounts
from sync.headquarters.office import Office
from tests.support import full_record, records
from tests.support.headquarters import PASSWORD, Browser, Chain, sealed_evidence, served, upload

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(at: Office) -> Iterator[Browser]:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    with served(at) as url, httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as client:
        made = Browser(client)
        made.sign_in("Meera Iyer")
        yield made


def seal(at: Office, chain: Chain, number: str, part: int, **changes: Any) -> str:
    base = full_record.full().inspection
    made = msgspec.structs.replace(base, number=number, id=records.part_id(part), evidence=(), **changes)
    entry = chain.seal(records.record(inspection=made))
    chain.push()
    return ledger.entry_id(entry).hex()


def test_each_filter_narrows_the_queue(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    seal(at, chain, "INS-A", 801, site="Mundra")
    seal(at, chain, "INS-B", 802, site="Chennai", findings=(), deadlines=())
    for query, shown in (
        ("site=Mundra", {"INS-A"}),
        ("severity=critical", {"INS-A"}),
        ("substance=anilino", {"INS-A", "INS-B"}),
        ("substance=heroin", set()),
        ("clock=running", {"INS-A"}),
        ("clock=overdue", set()),
        ("age=168", set()),
        ("q=ins-b", {"INS-B"}),
        ("age=999999999999&clock=x&severity=y", {"INS-A", "INS-B"}),
    ):
        page = browser.get(f"/reports?standing=waiting&{query}").text
        assert {number for number in ("INS-A", "INS-B") if number in page} == shown, query


def test_a_search_is_kept_under_a_name_and_forgotten(at: Office, browser: Browser) -> None:
    seal(at, Chain(at), "INS-A", 801)
    browser.send("/reports?site=Mundra", "/reports/views", name=EVIL)
    page = browser.get("/reports").text
    assert text.say("hq.views", "en") in page
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    browser.send("/reports?site=Mundra", "/reports/views", name=EVIL, forget="yes")
    assert text.say("hq.views", "en") not in browser.get("/reports").text


def test_deciding_on_many_is_shown_once_more_and_then_done_one_by_one(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    plain = [seal(at, chain, f"INS-{n}", 810 + n) for n in range(2)]
    seized = seal(at, chain, "INS-9", 819, decisions=(records.decision(disposition="seize"),))
    chosen = [*plain, seized]
    shown = browser.send("/reports", "/reports/bulk", record=chosen, outcome="approved")
    assert text.say_n("hq.bulk.confirm.approved", "en", 3) in shown.text
    assert chain.push().feed == (), "nothing is decided before it is confirmed"
    done = browser.send("/reports", "/reports/bulk", record=chosen, outcome="approved", confirm="yes").text
    assert done.count(text.say("hq.standing.approved", "en")) == 2
    assert text.say("hq.standing.second", "en") in done
    assert len(chain.push().feed) == 2


def test_nothing_chosen_and_a_return_without_a_remark_decide_nothing(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    record = seal(at, chain, "INS-A", 801)
    assert browser.send("/reports", "/reports/bulk", outcome="approved").status_code == 409
    told = browser.send("/reports", "/reports/bulk", record=[record], outcome="returned", confirm="yes")
    assert text.say("why.remark-missing", "en") in told.text
    assert chain.push().feed == ()


def test_the_report_shows_what_was_done_at_the_goods_and_escapes_it(at: Office, browser: Browser) -> None:
    base = full_record.full().inspection
    addenda = (msgspec.structs.replace(base.addenda[0], text=EVIL),)
    record = seal(at, Chain(at), "INS-A", 801, addenda=addenda, place=EVIL)
    page = browser.get(f"/reports/{record}").text
    for told in ("SEAL-77", "courier-parcel", "K-1", "A. Desai", "27.4 kg", "Yuanchang rival"):
        assert told in page, told
    assert EVIL not in page
    assert page.count("&lt;script&gt;") >= 2


def test_passing_on_and_the_second_word_by_the_pages(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    record = seal(at, chain, "INS-A", 801)
    path = f"/reports/{record}"
    fields = {"remark": "I know the consignee.", "outcome": "escalated"}
    hidden = browser.get(path).text
    token = hidden.split('name="token" value="')[1].split('"')[0]
    own = hidden.split('name="id" value="')[1].split('"')[0]
    shown = browser.client.post(f"{path}/escalate", data=fields | {"token": token, "id": own})
    assert text.say("hq.second-reviewer-waits", "en") in shown.text
    assert "I know the consignee." in shown.text
    accounts.set_password(at, "A. Deshmukh", PASSWORD)
    browser.client.cookies.clear()
    browser.sign_in("A. Deshmukh")
    done = browser.send(path, f"{path}/review", outcome="approved")
    assert text.say("hq.standing.approved", "en") in done.text
    assert len(chain.push().feed) == 1


def test_files_hold_what_the_filters_leave(at: Office, browser: Browser) -> None:
    chain = Chain(at)
    seal(at, chain, "=CMD()", 801, site="Mundra", place="18.95, 72.95")
    seal(at, chain, "INS-B", 802, site="Chennai")
    raw = browser.get("/reports.csv?site=Mundra").text
    assert "'=CMD()" in raw
    assert "INS-B" not in raw
    sheet = load_workbook(io.BytesIO(browser.get("/reports.xlsx?site=Mundra").content)).active
    assert sheet is not None
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s"]
    spots = browser.get("/reports.geojson?site=Mundra").json()["features"]
    assert [one["geometry"]["coordinates"] for one in spots] == [[72.95, 18.95]]
    assert browser.get("/reports.stix").json()["type"] == "bundle"
    answer = browser.get("/reports.zip?site=Mundra")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as papers:
        (name,) = papers.namelist()
        assert name == "001-CMD-r1.pdf"
        assert papers.read(name).startswith(b"%PDF-")
    for ending in ("csv", "xlsx", "geojson", "stix", "zip"):
        assert browser.get(f"/practice/reports.{ending}").status_code == 200
        headers = browser.get(f"/practice/reports.{ending}").headers
        assert headers["content-disposition"].startswith('attachment; filename="practice-reports.')


def test_a_report_names_the_judged_hit_its_place_and_its_copies(at: Office, browser: Browser) -> None:
    original, sealed = sealed_evidence(at, records.photo(1))
    copied, sealed_copy = sealed_evidence(at, records.photo(2), 2)
    stroke = Stroke(shape="redact", x1=1000, y1=1000, x2=5000, y2=5000)
    copy = msgspec.structs.replace(
        copied, derived_from=original.plain_sha256, strokes=(stroke,), doubts=("time-ahead",)
    )
    located = Position(latitude=18.95, longitude=72.95, source="typed", at=records.moment())
    made = records.inspection(
        evidence=(original, copy), located=located, adjudications=(records.adjudication(),)
    )
    chain = Chain(at)
    record = ledger.entry_id(chain.seal(records.record(inspection=made))).hex()
    chain.push()
    for one in (sealed, sealed_copy):
        upload(at, chain, one)
    page = browser.get(f"/reports/{record}").text
    assert "Yuan Chang Chemical Trading Co., Ltd." in page.split(text.say("hq.judged", "en"))[1]
    assert text.say("hq.derived.redacted", "en") in page
    assert text.say("hq.derived.of", "en", number=1) in page
    assert "later than when it was taken in" in page
    assert "18.95000, 72.95000" in page
    assert "18.95° N, 72.95° E" in browser.get("/map").text


def test_one_report_is_saved_as_its_paper(at: Office, browser: Browser) -> None:
    record = seal(at, Chain(at), "INS/2026 <A>", 801)
    paper = browser.get(f"/reports/{record}/paper")
    assert paper.content.startswith(b"%PDF-")
    assert 'filename="INS-2026-A-r1.pdf"' in paper.headers["content-disposition"]
    assert browser.get("/reports/none/paper").status_code == 404


def test_days_narrow_queue_figures_and_map(at: Office, browser: Browser) -> None:
    seal(at, Chain(at), "INS-A", 801, site="Mundra")
    day = records.AT.astimezone().date()
    within = f"since={day}&until={day}"
    before = f"until={day - timedelta(days=1)}"
    assert "INS-A" in browser.get(f"/reports?{within}").text
    assert "INS-A" not in browser.get(f"/reports?{before}").text
    assert "INS-A" in browser.get("/reports?since=yesterday&until=99999-01-01").text, (
        "what is no day asks nothing"
    )
    for page in ("/figures", "/map"):
        assert "Mundra" in browser.get(f"{page}?{within}").text
        assert "Mundra" not in browser.get(f"{page}?{before}").text


@pytest.mark.parametrize(
    ("hours", "words"), [(-30, "Overdue by 1 d 6 h"), (3, "Only 3 h 0 min left"), (50, "2 d 2 h left")]
)
def test_a_clock_of_the_law_is_told_in_words_and_colour(
    at: Office, browser: Browser, hours: int, words: str
) -> None:
    due = at.clock() + timedelta(hours=hours, seconds=30 if hours > 0 else -30)
    started = full_record.full().inspection.deadlines[0]
    deadline = msgspec.structs.replace(started, due=due, satisfied_at=None)
    seal(at, Chain(at), "INS-A", 801, deadlines=(deadline,))
    assert words in browser.get("/reports").text
