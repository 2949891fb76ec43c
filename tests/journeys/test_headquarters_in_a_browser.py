"""Headquarters as its people use it: a real browser and server, and a laptop with a real vault and sync."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import resources
from fieldapp import worker
from fieldapp.actions import (
    disposing,
    evidence,
    finding,
    installing,
    judging,
    opening,
    provisioning,
    reviewing,
    scanning,
)
from fieldapp.actions.provisioning import CreateVault
from fieldapp.actions.scanning import ScreenText
from fieldapp.clock import now
from fieldapp.inspection.inspection import Inspection, open_hits
from fieldapp.watchlist import release
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from sync.headquarters import accounts, publish
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.chromium import Chromium, Tab
from tests.support.headquarters import PASSWORD, RunningHeadquarters
from tests.support.laptops import LABELS, Laptop, consignment
from tests.support.lists import entry
from tests.support.vaults import PASSPHRASE, directory, seal

PEOPLE = (("Meera Iyer", "supervisor"), ("Kavita Rao", "analyst"), ("Ivo Brandt", "analyst"))


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[RunningHeadquarters]:
    with RunningHeadquarters(tmp_path / "headquarters") as running:
        assert running.office is not None
        file = tmp_path / "practice.release"
        entries = source("csv").read([resources.path("practice", "watchlist.csv")])
        write_release(file, Header(number=1, name="practice", issued=now()), entries)
        publish.publish(running.office, file, practice=True)
        for name, role in PEOPLE:
            accounts.set_password(running.office, name, PASSWORD, role)
        yield running


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    with Chromium(tmp_path) as made:
        yield made


@pytest.fixture
def laptop(tmp_path: Path, headquarters: RunningHeadquarters) -> Iterator[tuple[Laptop, Courier]]:
    made = directory(tmp_path)
    provisioning.create_vault(made, CreateVault(passphrase=PASSPHRASE, name="R. Nair"))
    desk = Laptop(tmp_path, made.vault)

    def ask(action: Callable[..., Any], command: Any) -> Any:
        screening = any(action is listed for listed in worker.ROOMS["screening"])
        return action(desk.screener if screening else desk.vault, command)

    courier = Courier(ask)
    enrol(courier, Enrol(text=headquarters.invite(practice=True)))
    sync_now(courier, SyncNow())
    yield desk, courier
    courier.close()
    desk.close()


def sits_down(browser: Chromium, url: str, name: str) -> Tab:
    """A window in which `name` has signed in."""
    tab = browser.tab(url)
    tab.open("/sign-in")
    tab.fill("#name", name)
    tab.fill("#password", PASSWORD)
    tab.click("form.stack button.main")
    assert name in tab.text()
    return tab


def inspected(desk: Laptop) -> Inspection:
    """A consignment scanned, photographed, judged and held."""
    inspection = opening.open_inspection(desk.vault, opening.OpenInspection(consignment=consignment()))
    label = LABELS / "drum-7-of-12.png"
    desk.examine(inspection, label)
    evidence.attach(desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(label)))
    finding.record(
        desk.vault,
        finding.RecordFinding(inspection=inspection.id, severity="critical", note="Another label below"),
    )
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        judging.adjudicate(
            desk.vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="Same address"),
        )
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Listed")
    )
    return opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))


def state(desk: Laptop, inspection: Inspection) -> Inspection:
    return opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))


def test_returned_with_a_pinned_remark_answered_compared_and_approved(
    headquarters: RunningHeadquarters, browser: Chromium, laptop: tuple[Laptop, Courier]
) -> None:
    desk, courier = laptop
    inspection = inspected(desk)
    seal(desk.vault, inspection.id)
    sync_now(courier, SyncNow())

    # The supervisor reads it: photo drawn, judgement named.
    tab = sits_down(browser, headquarters.url, "Meera Iyer")
    tab.open("/practice/reports")
    tab.key("j")
    tab.key("Enter", loads=True)
    assert inspection.number in tab.text()
    photo = "document.querySelector('.evidence img')"
    tab.run(f"{photo}.scrollIntoView()")
    assert tab.run(f"{photo}.decode().then(() => {photo}.naturalWidth)") > 0
    assert "Shanghai Boyl Chemicals" in tab.run(
        "document.querySelector('.verdict-card .plain-list').innerText"
    )

    # Returned, with a remark pinned to the finding.
    tab.key("r")
    tab.ask("Input.insertText", text="Photograph the seal number")
    tab.choose("#part-0", "findings/1")
    tab.click('#decided button[value="returned"]')
    assert "Photograph the seal number" in tab.text()

    # The laptop hears it and answers with revision 2.
    sync_now(courier, SyncNow())
    returned = state(desk, inspection)
    assert returned.state == "returned"
    (remark,) = returned.reviews[0].remarks
    assert (remark.path, remark.text) == ("findings/1", "Photograph the seal number")
    reviewing.reopen(desk.vault, reviewing.Reopen(inspection=inspection.id))
    finding.record(
        desk.vault,
        finding.RecordFinding(inspection=inspection.id, severity="other", note="Seal number SA 88213"),
    )
    second = seal(desk.vault, inspection.id)
    sync_now(courier, SyncNow())

    # The supervisor sees what changed and approves.
    tab.open(f"/practice/reports/{second.record}")
    changes = tab.run("document.querySelector('.changes').innerText")
    assert "Seal number SA 88213" in changes
    assert "Another label below" not in changes, "what stayed is no change"
    happened = tab.run("[...document.querySelectorAll('.events li b')].map((it) => it.innerText)")
    assert happened == ["Sealed", "Received here", "Returned", "Sealed", "Received here"]
    tab.key("a")
    tab.key("Enter", loads=True)
    sync_now(courier, SyncNow())
    assert (state(desk, inspection).state, state(desk, inspection).revision) == ("approved", 2)
    tab.open(f"/practice/reports/{second.record}")
    happened = tab.run("[...document.querySelectorAll('.events li b')].map((it) => it.innerText)")
    assert happened[-2:] == ["Approved", "The laptop has the review"]


def test_list_checklist_and_rules_published_by_two_persons_reach_the_laptop(
    headquarters: RunningHeadquarters, browser: Chromium, laptop: tuple[Laptop, Courier], tmp_path: Path
) -> None:
    desk, courier = laptop
    one, other = (sits_down(browser, headquarters.url, name) for name in ("Kavita Rao", "Ivo Brandt"))
    everything = [*source("csv").read([resources.path("practice", "watchlist.csv")])]
    listed = tmp_path / "next.release"
    release.write_release(
        listed,
        Header(number=2, name="practice 2", issued=now()),
        [*everything, entry("Quandolex Mirpatov Chemicals", number="Q1")],
    )
    checklist = tmp_path / "port.toml"
    shipped = resources.path("checklists", "port-container.toml").read_text("utf-8")
    checklist.write_text(shipped.replace("version = 1", "version = 2", 1), "utf-8")

    def screened() -> bool:
        found = scanning.screen_text(desk.screener, ScreenText(text="Quandolex Mirpatov Chemicals"))
        return bool(found.screening.hits)

    def ports() -> list[int]:
        rows = installing.list_forms(desk.vault, installing.ListForms(kind="checklist")).rows
        return [row.version for row in rows if row.id == "port-container"]

    def publish_in_turn(propose: Callable[[], None]) -> None:
        one.open("/practice/notices")
        propose()
        assert "Another person publishes it" in one.text()
        other.open(one.path())
        other.click('button[value="publish"]')
        assert "Published" in other.text()

    def propose_list() -> None:
        one.attach("#list-file", listed)
        one.click('form[action$="/list"] button')
        assert "Quandolex Mirpatov Chemicals" in one.text()

    def propose_checklist() -> None:
        one.attach("#checklist-file", checklist)
        one.click('form[action$="/checklist"] button')

    def propose_rules() -> None:
        one.fill("#rule-idle_lock_minutes", "3")
        one.click('form[action$="/policy"] .buttons button')

    assert not screened()
    for propose in (propose_list, propose_checklist, propose_rules):
        publish_in_turn(propose)
    before = ports()
    for _ in range(2):
        sync_now(courier, SyncNow())
    assert screened()
    assert provisioning.status(desk.vault, provisioning.Status()).watchlist.number == 2
    with desk.vault.reading() as tx:
        assert tx.policy().idle_lock_minutes == 3
    assert max(ports()) == 2
    assert max(before) == 1
