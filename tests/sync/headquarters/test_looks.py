"""Every page in a real browser: nothing runs out of a narrow window, every text can be read, every field has
a name, and a person without JavaScript, without a mouse or with a screen reader gets on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import resources
from fieldapp import ledger
from fieldapp.clock import now
from fieldapp.watchlist import release
from fieldapp.watchlist.release import Header
from sync.headquarters import accounts, notices, pages, permissions, publish
from sync.headquarters.office import Office
from tests.support import full_record, records
from tests.support.chromium import Chromium, Tab
from tests.support.headquarters import PASSWORD, Chain, sealed_evidence, served, upload
from tests.support.lists import entry

LONG = "Suryodaya" * 20
PEOPLE = {"supervisor": "Meera Iyer", "analyst": "Kavita Rao", "admin": "Root One", "auditor": "The Auditor"}

# What no page may have, gathered in the page itself: each line is one complaint.
FAULTS = """(() => {
  const found = [];
  const named = (it) => it.getAttribute('aria-label') || it.getAttribute('aria-labelledby')
    || (it.labels && it.labels.length) || (it.textContent || '').trim() || it.querySelector('img[alt]');
  for (const it of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a')) {
    if (!named(it)) { found.push('no name: ' + it.outerHTML.slice(0, 120)); }
  }
  const ids = [...document.querySelectorAll('[id]')].map((it) => it.id);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) { found.push('id twice: ' + id); }
  for (const it of document.querySelectorAll('label[for]')) {
    if (!document.getElementById(it.htmlFor)) { found.push('label of nothing: ' + it.htmlFor); }
  }
  for (const it of document.querySelectorAll('[aria-labelledby]')) {
    for (const id of it.getAttribute('aria-labelledby').split(' ')) {
      if (!document.getElementById(id)) { found.push('named after nothing: ' + id); }
    }
  }
  if (document.querySelectorAll('h1').length !== 1) { found.push('not one h1'); }
  let before = 1;
  for (const it of document.querySelectorAll('h1, h2, h3, h4')) {
    const level = Number(it.tagName[1]);
    if (level > before + 1) { found.push('a level left out before: ' + it.innerText); }
    before = level;
  }
  for (const it of document.querySelectorAll('img')) { if (!it.alt) { found.push('no words: ' + it.src); } }
  for (const it of document.querySelectorAll('table.list')) {
    if (it.tHead === null && !it.closest('details')) { found.push('a table without heads'); }
  }
  for (const it of document.querySelectorAll('.card, td, th, dd, p, h1, h2, h3, button')) {
    const cut = it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX !== 'auto';
    if (cut && it.clientWidth && !it.closest('.unseen, thead')) {
      found.push('cut: ' + it.textContent.replace(/\\s+/g, ' ').slice(0, 60));
    }
  }
  if (!document.documentElement.lang) { found.push('no language'); }
  return found;
})()"""

# The lowest contrast of any text to what lies behind it, by WCAG 2.2, and the text.
CONTRAST = """(() => {
  const parse = (words) => {
    const parts = words.match(/[\\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (it) => {
    for (let at = it; at; at = at.parentElement) {
      const look = getComputedStyle(at);
      if (look.backgroundImage !== 'none') { return null; }
      const colour = parse(look.backgroundColor);
      if (colour.alpha === 1) { return colour.rgb; }
      if (colour.alpha > 0) { return null; }
    }
    return [255, 255, 255];
  };
  let worst = [99, ''];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const it = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || it.closest('svg, option, script, dialog:not([open])')) { continue; }
    if (!it.checkVisibility() || it.closest('.unseen')) { continue; }
    const ground = behind(it);
    if (!ground) { continue; }
    const [one, other] = [light(parse(getComputedStyle(it).color).rgb), light(ground)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < worst[0]) { worst = [ratio, words.currentNode.data.trim().slice(0, 60)]; }
  }
  return worst;
})()"""


def a_list(folder: Path, number: int, count: int) -> Path:
    made = folder / f"list-{number}"
    names = [entry(f"{LONG} {one}", number=str(one)) for one in range(count)]
    release.write_release(made, Header(number=number, name=LONG, issued=now()), names)
    return made


def filled(at: Office, folder: Path) -> dict[str, str]:
    """A headquarters with something on every page, in words as long as any; gives the parts of addresses."""
    chain = Chain(at, name=LONG[:80])
    item, sealed = sealed_evidence(at, records.photo())
    parties = (records.consignment().parties[0].__class__(role="consignee", name=LONG),)
    full = msgspec.structs.replace(full_record.full().inspection, place="18.95, 72.95", evidence=(item,))
    made = msgspec.structs.replace(full, site=LONG[:150], consignment=records.consignment(parties=parties))
    record = ledger.entry_id(chain.seal(records.record(inspection=made))).hex()
    chain.push()
    upload(at, chain, sealed)
    bad = chain.append(payload=b'{"says":"' + LONG.encode() + b'"}')
    chain.push(msgspec.structs.replace(bad, signature=bytes(64)))
    publish.publish(at, a_list(folder, 1, 12), practice=True)
    notice = notices.propose_list(at, a_list(folder, 1, 3), practice=False, by="Kavita Rao")
    text = (
        resources.path("checklists", "air-cargo.toml")
        .read_text("utf-8")
        .replace("version = 1", "version = 2", 1)
    )
    notices.propose_checklist(at, text, practice=False, by="Kavita Rao")
    for role, name in PEOPLE.items():
        accounts.set_password(at, name, PASSWORD, role)
    token = accounts.invite(at, "Newcomer", "auditor", "both")
    from sync.headquarters import quarantine, store

    with store.reading(at.engine) as connection:
        aside = quarantine.listed(connection, False)[0].entry
    return {"record": record, "notice": notice, "device": chain.device.hex(), "entry": aside, "token": token}


def shown_pages(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give each page of the real side with the role of somebody who may open it."""
    for path, _ in pages.GETS:
        leads_on = path == "/" or path.startswith("/practice/")
        is_file = "." in path or path.endswith(("/paper", "/proposal", "{number:int}"))
        if leads_on or is_file:
            continue
        who = permissions.who("GET", path)
        role = "" if who == "public" else next(role for role in PEOPLE if role in who)
        address = path
        for name, value in parts.items():
            address = address.replace(f"{{{name}}}", value)
        yield role, address
    yield "supervisor", "/reports?standing=all&verdict=hold"
    yield "analyst", "/practice/notices"
    yield "supervisor", "/reports/none"


def signed_in(browser: Chromium, url: str, role: str, **looks: Any) -> Tab:
    tab = browser.tab(url, **looks)
    if role:
        tab.open("/sign-in")
        tab.fill("#name", PEOPLE[role])
        tab.fill("#password", PASSWORD)
        tab.click("form.stack button.main")
    return tab


@pytest.mark.parametrize(("language", "dark", "javascript"), [("en", False, True), ("hi", True, False)])
def test_every_page_fits_is_legible_and_says_what_is_what(
    at: Office, tmp_path: Path, language: str, dark: bool, javascript: bool
) -> None:
    parts = filled(at, tmp_path)
    faults: list[str] = []
    with served(at) as url, Chromium(tmp_path) as browser:
        tabs: dict[str, Tab] = {}
        for role, path in shown_pages(parts):
            looks = {"language": language, "dark": dark, "javascript": javascript}
            tab = (
                tabs[role] if role in tabs else tabs.setdefault(role, signed_in(browser, url, role, **looks))
            )
            tab.open(path)
            for width in (1366, 390, 320):
                tab.resize(width, 700)
                wide = tab.run("document.documentElement.scrollWidth")
                faults += [f"{path}: {wide} wide in a window of {width}"] if wide > width else []
                faults += [f"{path} at {width}: {fault}" for fault in tab.run(FAULTS)]
            ratio, words = tab.run(CONTRAST)
            faults += [f"{path}: {ratio:.1f}:1 of “{words}”"] if ratio < 7 else []
    assert "\n".join(faults) == ""


def test_keys_lead_through_the_queue_and_never_decide_by_themselves(at: Office, tmp_path: Path) -> None:
    chain = Chain(at)
    for number in range(3):
        made = records.inspection(number=f"INS-{number}", id=records.part_id(800 + number), evidence=())
        chain.seal(records.record(inspection=made))
    chain.push()
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    with served(at) as url, Chromium(tmp_path) as browser:
        tab = signed_in(browser, url, "supervisor")
        tab.open("/reports")
        tab.key("?")
        assert tab.run("document.getElementById('keys').open")
        tab.key("?")
        order = tab.run("[...document.querySelectorAll('.queue tbody th a')].map((link) => link.innerText)")
        focused = "document.activeElement.innerText"
        tab.key("j")
        tab.key("j")
        assert tab.run(focused) == order[1]
        tab.key("k")
        assert tab.run(focused) == order[0]
        tab.key("x")
        assert "1" in tab.run("document.getElementById('told').textContent"), "a screen reader hears it"
        tab.key("j")
        tab.key("x")
        tab.key("a", loads=True)
        assert tab.path() == "/reports/bulk"
        assert "2" in tab.run("document.querySelector('.buttons button').innerText"), "it asks once more"
        tab.open("/reports")
        assert len(tab.run("[...document.querySelectorAll('.queue tbody tr')].map(() => 1)")) == 3
        tab.key("j")
        tab.key("Enter", loads=True)
        assert tab.path().startswith("/reports/")
        tab.key("a")
        assert tab.run("document.activeElement.value") == "approved"
        tab.key("r")
        assert tab.run("document.activeElement.id") == "remark-0"
        tab.key("a")
        assert tab.run("document.activeElement.value") == "a", "a key that is typed is a letter"
        tab.key("Tab")
        tab.run("document.activeElement.blur()")
        tab.key("e")
        assert tab.run("document.activeElement.value") == "escalated"
        tab.open("/reports")
        assert "INS-0" in tab.text(), "nothing was decided by a key alone"


def test_the_first_stop_of_the_tab_key_skips_to_the_page(at: Office, tmp_path: Path) -> None:
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    with served(at) as url, Chromium(tmp_path) as browser:
        tab = signed_in(browser, url, "supervisor")
        tab.open("/figures")
        tab.key("Tab")
        assert tab.run("document.activeElement.className") == "skip"
        assert tab.run("document.activeElement.getBoundingClientRect().left") >= 0, "it is seen"
        tab.key("Enter")
        assert tab.run("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_sign_in_is_drawn_with_its_style(at: Office, tmp_path: Path, width: int, height: int) -> None:
    with served(at) as url, Chromium(tmp_path) as browser:
        tab = browser.tab(url, width=width, height=height)
        tab.open("/sign-in")
        look = "getComputedStyle(document.querySelector('{}')).{}"
        assert tab.run(look.format("header.top", "backgroundColor")) == "rgb(16, 32, 44)"
        assert tab.run(look.format("button.main", "backgroundColor")) == "rgb(10, 87, 164)"
        assert tab.run("document.activeElement.id") == "name"
        fonts = tab.run("document.fonts.ready.then(() => [...document.fonts].map((font) => font.status))")
        assert "error" not in fonts
        tab.look(dark=True)
        assert tab.run(look.format("body", "backgroundColor")) == "rgb(14, 21, 27)"
