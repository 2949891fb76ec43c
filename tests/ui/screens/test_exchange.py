"""The window and a real headquarters: enrol, send, be unreachable, take a returned report up again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import resources
from fieldapp.actions import disposing, finding
from fieldapp.actions.disposing import Decide
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.obeying import Obeyed
from fieldapp.clock import now
from fieldapp.vault.directory import VaultDirectory
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from sync.headquarters import enrolment as devices
from sync.headquarters import publish
from sync.worker import Courier
from tests.support.headquarters import RunningHeadquarters
from tests.support.window import Desktop, settle, until
from ui.models.moments import stamp
from ui.widgets.ask import Ask


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[RunningHeadquarters]:
    with RunningHeadquarters(tmp_path / "headquarters") as running:
        release = tmp_path / "practice.release"
        entries = source("csv").read([resources.path("practice", "watchlist.csv")])
        write_release(release, Header(number=1, name="practice", issued=now()), entries)
        publish.publish(running.office, release, practice=True)
        yield running


def test_enrol_send_and_answer_a_returned_report(
    desk: Callable[..., Desktop], headquarters: RunningHeadquarters
):
    desktop = desk(enrolled=False, courier=Courier).unlock()
    window = desktop.window
    outbox, home = window.screens["outbox"], window.screens["home"]
    assert window.name == "outbox"
    assert "Not enrolled" in window.header.waiting.text()

    outbox.invitation.setPlainText("not an invitation")
    outbox.enrol_button.click()
    until(lambda: outbox.banner.isVisible())
    assert "not an invitation from headquarters" in outbox.banner.sentence.text()

    outbox.invitation.setPlainText(headquarters.invite(practice=True))
    outbox.enrol_button.click()
    until(lambda: window.desk.session.enrolled, 60)
    until(lambda: window.desk.session.watchlist.number == 1, 60)  # fetched, built and noted by itself
    settle(50)
    assert not outbox.enrol_card.isVisible()
    assert window.practice.isVisible()
    assert "just now" in window.header.watchlist.text()

    inspection = desktop.open("2-tablets")
    assert inspection.practice
    for action, command in (
        (finding.record, RecordFinding(inspection=inspection.id, severity="other", note="Seal intact.")),
        (disposing.decide, Decide(inspection=inspection.id, disposition="hold", reason="Waits for papers.")),
    ):
        desktop.jobs.run(action, command, done=window.desk.put_inspection)  # type: ignore[arg-type]
    settle()
    sealed = desktop.seal(inspection.id)
    settle()

    headquarters.kill()
    window.show_screen("outbox")
    outbox.send.click()
    until(lambda: outbox.banner.isVisible() and window.desk.offline, 60)
    assert outbox.send.isEnabled()
    assert "cannot be reached" in outbox._state.text(), "what is in the way"
    assert "Next try at" in outbox._state.text()
    assert "the rest waits" in outbox.agreement.text()
    headquarters.start()
    outbox.send.click()
    until(lambda: not window.desk.offline and outbox.records.values()[0].state == "acknowledged", 60)
    assert "0 to send" in window.header.waiting.text()
    until(lambda: "hashes equal" in outbox.agreement.text())
    kept = window.desk.outbox.head.seq
    assert f"Laptop {kept} entries, headquarters {kept}:" in outbox.agreement.text()

    supervisor = headquarters.supervisor()
    page = f"/practice/reports/{sealed.record}"
    supervisor.send(page, f"{page}/review", outcome="returned", part="", remark="Name the <b>seal</b> number")
    supervisor.close()
    outbox.send.click()
    until(lambda: "came back" in outbox.banner.title.text(), 60)
    until(lambda: outbox.records.values()[0].remarks == 1)
    window.show_screen("inspection")
    settle(50)
    assert window.screens["inspection"].remarks.button.isVisible()
    window.show_screen("home")
    settle(50)
    assert home.inspections.values()[0].state == "returned"
    home.inspection_list.select(0)
    home._open(home.inspections.values()[0])
    asked = window.findChildren(Ask)[-1]
    asked.yes.click()
    until(lambda: window.desk.inspection is not None and window.desk.inspection.revision == 2)
    settle()
    assert window.name == "inspection"
    remarks = window.screens["inspection"].remarks
    assert remarks.isVisible()
    assert "Name the <b>seal</b> number" in remarks.sentence.text()  # as text, not as markup


def test_a_withdrawn_laptop_locks_and_stays_shut(
    desk: Callable[..., Desktop], headquarters: RunningHeadquarters
):
    desktop = desk(enrolled=False, courier=Courier).unlock()
    window = desktop.window
    outbox = window.screens["outbox"]
    outbox.invitation.setPlainText(headquarters.invite(practice=True))
    outbox.enrol_button.click()
    until(lambda: window.desk.session.watchlist.number == 1 and not window.exchange.under_way, 60)
    devices.revoke(headquarters.office, window.desk.session.device, "Meera Iyer", "left in a taxi")
    outbox.send.click()
    until(lambda: window.name == "unlock", 60)
    settle(100)
    unlock = window.screens["unlock"]
    until(lambda: unlock.isVisible())
    assert VaultDirectory(desktop.folder / "vault").sealed


def test_a_lease_that_runs_out_is_told_where_work_begins(
    desk: Callable[..., Desktop], headquarters: RunningHeadquarters
):
    desktop = desk(enrolled=False, courier=Courier).unlock()
    window = desktop.window
    outbox = window.screens["outbox"]
    outbox.invitation.setPlainText(headquarters.invite(practice=True))
    outbox.enrol_button.click()
    until(lambda: window.desk.session.watchlist.number == 1 and not window.exchange.under_way, 60)
    assert not outbox.lease.text()
    until_when = now() + timedelta(days=2)
    window.exchange.obeyed.emit(Obeyed(lease="near", until=until_when))
    window.show_screen("home")
    assert stamp(until_when) in window.screens["home"].banner.sentence.text()
    assert stamp(until_when) in outbox.lease.text()
