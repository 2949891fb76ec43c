"""The pages about lists, checklists and rules: what they show, take and refuse, by plain HTTP."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from markupsafe import escape

import resources
from fieldapp import text
from fieldapp.clock import now
from fieldapp.inspection import checklist
from fieldapp.watchlist import release
from fieldapp.watchlist.release import Header
from sync.headquarters import accounts, door, officers, publish, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD, Browser, Chain, served
from tests.support.lists import entry

PORT = resources.path("checklists", "port-container.toml").read_text("utf-8")
NEWER = PORT.replace("version = 1", "version = 2", 1)


@pytest.fixture
def url(at: Office) -> Iterator[str]:
    for name, role in (("Kavita Rao", "analyst"), ("Ivo Brandt", "admin"), ("Meera Iyer", "supervisor")):
        with store.writing(at.engine) as connection:
            accounts.make(connection, at, name, role, "both")
        accounts.set_password(at, name, PASSWORD)
    with served(at) as made:
        yield made


def person(url: str, name: str, language: str = "en") -> Browser:
    made = Browser(httpx.Client(base_url=url, trust_env=False, follow_redirects=True), language)
    made.sign_in(name)
    return made


def a_list(folder: Path, number: int = 1) -> Path:
    made = folder / f"list-{number}"
    names = [entry(f"Zorbanex {count}", number=str(count)) for count in range(5)]
    release.write_release(made, Header(number=number, name=f"WL-{number}", issued=now()), names)
    return made


def upload(browser: Browser, page: str, action: str, content: bytes, **fields: str) -> httpx.Response:
    """Send the form of `page` with a file, as a browser does."""
    token = browser.get(page).text.split('name="token" value="')[1].split('"')[0]
    return browser.client.post(action, data={"token": token} | fields, files={"file": ("file", content)})


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_rules_are_proposed_shown_and_published_by_another(at: Office, url: str, language: str) -> None:
    with person(url, "Kavita Rao", language) as one, person(url, "Ivo Brandt", language) as other:
        asked = {"release_needs_second": "yes", "seize_needs_second": "no"}
        numbers = {"list_amber_hours": "24", "list_max_age_hours": "168", "idle_lock_minutes": "4"}
        rest = {"lease_days": "30", "retention_days": "0", "slots": "duress", "legal_hold": "INS-7"}
        shown = one.send("/notices", "/notices/policy", **asked, **numbers, **rest)
        address = shown.url.path
        assert text.say("hq.notice.other-publishes", language) in shown.text
        assert text.say("hq.notice.warning.looser", language) in shown.text
        assert text.say("hq.policy.slot.duress", language) in shown.text
        assert f'action="{address}"' in one.get(address).text, "it can be withdrawn"
        unread = other.send(address, address, answer="publish")
        assert unread.status_code == 409
        assert text.say("why.warnings-unread", language) in unread.text
        done = other.send(address, address, answer="publish", read="yes")
        assert text.say("hq.notice.outcome.published", language) in done.text
        assert "INS-7" in other.get("/notices").text
        assert "INS-7" not in other.get("/practice/notices").text


def test_a_rule_outside_its_bounds_is_named_in_words(url: str) -> None:
    with person(url, "Kavita Rao") as one:
        told = one.send("/notices", "/notices/policy", idle_lock_minutes="0", list_amber_hours="24")
        assert told.status_code == 409
        assert text.say("hq.policy.list_max_age_hours", "en").replace("'", "&#39;") in told.text


def test_a_faulty_checklist_is_named_by_its_line_and_kept_in_the_form(url: str) -> None:
    broken = PORT.replace("kind = ", "kin = ", 1) + "# <b>mine</b>"
    with person(url, "Kavita Rao") as one:
        told = upload(one, "/notices", "/notices/checklist", b"", text=broken)
        assert told.status_code == 409
        assert "fault on line" in told.text
        assert "# &lt;b&gt;mine&lt;/b&gt;" in told.text


def test_a_checklist_file_is_shown_whole_before_it_is_published(url: str) -> None:
    with person(url, "Kavita Rao") as one, person(url, "Ivo Brandt") as other:
        shown = upload(one, "/notices", "/notices/checklist", NEWER.encode())
        assert "witnesses-why-not" in shown.text
        done = other.send(shown.url.path, shown.url.path, answer="publish")
        assert text.say("hq.notice.outcome.published", "en") in done.text
        assert text.say("hq.notice.version", "en", number=2) in other.get("/notices").text


def test_the_second_person_sees_old_and_new_words_of_a_checklist(url: str) -> None:
    shipped = checklist.shipped("port-container").questions()[0].words
    changed = NEWER.replace(f'"{shipped.en}"', '"Is it <b>whole</b>?"', 1)
    assert changed != NEWER
    with person(url, "Kavita Rao") as one, person(url, "Ivo Brandt") as other:
        address = upload(one, "/notices", "/notices/checklist", changed.encode()).url.path
        table = other.get(address).text.partition("<details>")[0]
        for words in (shipped.en, shipped.hi, "Is it <b>whole</b>?"):
            assert str(escape(words)) in table
        assert "<b>whole" not in table


def test_the_trail_names_what_was_published_and_which_laptop(at: Office, url: str) -> None:
    Chain(at, name="Zofia Lind")
    with person(url, "Kavita Rao") as one, person(url, "Ivo Brandt") as other:
        address = upload(one, "/notices", "/notices/checklist", NEWER.encode()).url.path
        other.send(address, address, answer="publish")
        trail = other.get("/audit").text
    assert f'href="{address}"' in trail
    assert checklist.shipped("port-container").words.en in trail
    assert trail.count("Zofia Lind") >= 2, "as the one who enrolled, and as the one invited"


def test_a_real_list_is_downloaded_signed_elsewhere_and_brought_by_two(
    at: Office, url: str, tmp_path: Path
) -> None:
    keys = [officers.read_key(at.home / "root" / "real" / f"officer-{number}.key") for number in (1, 2)]
    with person(url, "Kavita Rao") as one, person(url, "Ivo Brandt") as other:
        shown = upload(one, "/notices", "/notices/list", a_list(tmp_path).read_bytes())
        address = shown.url.path
        for browser, key, count in ((one, keys[0], 1), (other, keys[1], 2)):
            proposal = browser.get(f"{address}/proposal")
            assert "attachment" in proposal.headers["content-disposition"]
            shown = upload(browser, address, f"{address}/signed", publish.sign(proposal.content, key))
            assert shown.status_code == 200
            assert (publish.newest(at, False) is None) == (count < 2)
        assert text.say("hq.notice.outcome.published", "en") in shown.text


def test_a_file_that_is_no_list_is_one_sentence(url: str) -> None:
    with person(url, "Kavita Rao") as one:
        for content in (b"", b"hello", b"\x28\xb5\x2f\xfd" + b"x" * 100):
            told = upload(one, "/notices", "/notices/list", content)
            assert told.status_code == 409, content
            assert 'role="alert"' in told.text


def test_nobody_s_file_is_read_who_may_not_post_it(url: str, at: Office, tmp_path: Path) -> None:
    content = a_list(tmp_path).read_bytes()
    with person(url, "Meera Iyer") as reader:
        assert reader.client.post("/notices/list", files={"file": ("x", content)}).status_code == 403
        assert 'enctype="multipart/form-data"' not in reader.get("/notices").text
    stranger = httpx.post(f"{url}/notices/list", files={"file": ("x", content)}, trust_env=False)
    assert stranger.status_code == 303
    with person(url, "Kavita Rao") as one:
        forged = one.client.post("/notices/list", data={"token": "x"}, files={"file": ("x", content)})
        assert forged.status_code == 400
    with store.reading(at.engine) as connection:
        assert connection.execute(tables.notice.select()).all() == []


def test_a_form_larger_than_any_list_is_refused_before_it_is_read(url: str) -> None:
    with person(url, "Kavita Rao") as one:
        visit = one.client.cookies["visit"]
    line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    line.putrequest("POST", "/notices/list")
    line.putheader("Cookie", f"visit={visit}")
    line.putheader("Content-Type", "multipart/form-data; boundary=x")
    line.putheader("Content-Length", str(door.MAX_UPLOAD + 1))
    line.endheaders()  # and not a byte of what it announces
    assert line.getresponse().status == 400
    line.close()
