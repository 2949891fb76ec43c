"""A barcode becomes a verdict, a finding, a sealed record, a PDF, and a reviewed report at headquarters.

The executable table of contents: the steps stand in the order of the house's walk, each one call.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import resources
from fieldapp import worker
from fieldapp.actions import (
    disposing,
    evidence,
    exchanging,
    finding,
    judging,
    opening,
    provisioning,
    reporting,
    reviewing,
    sealing,
)
from fieldapp.actions.provisioning import CreateVault
from fieldapp.clock import now
from fieldapp.inspection.inspection import Inspection, open_hits
from fieldapp.report import recordfile
from fieldapp.report.verify import verify_entry_file, verify_pdf
from fieldapp.vault.vault import Vault
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from sync.headquarters import publish
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.headquarters import RunningHeadquarters
from tests.support.laptops import LABELS, Laptop, consignment
from tests.support.vaults import PASSPHRASE, directory, seal, signed_report


@pytest.fixture
def headquarters(tmp_path: Path):
    with RunningHeadquarters(tmp_path / "headquarters") as running:
        release = tmp_path / "practice.release"
        entries = source("csv").read([resources.path("practice", "watchlist.csv")])
        write_release(release, Header(number=1, name="practice", issued=now()), entries)
        publish.publish(running.office, release, practice=True)
        yield running


@pytest.fixture
def desk(tmp_path: Path):
    made = directory(tmp_path)
    provisioning.create_vault(made, CreateVault(passphrase=PASSPHRASE, name="R. Nair"))
    desk = Laptop(tmp_path, made.vault)
    yield desk
    desk.close()


def courier_of(desk: Laptop) -> Courier:
    """The sync worker's room, asking the other rooms as its process would."""

    def ask(action: Callable[..., Any], command: Any) -> Any:
        screening = any(action is listed for listed in worker.ROOMS["screening"])
        return action(desk.screener if screening else desk.vault, command)

    return Courier(ask)


def seal_the_drum(desk: Laptop, inspection: Inspection, note: str) -> sealing.Sealed:
    """Judge, decide and seal."""
    vault: Vault = desk.vault
    held = opening.get_inspection(vault, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        judging.adjudicate(
            vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason=note),
        )
    disposing.decide(vault, disposing.Decide(inspection=inspection.id, disposition="hold", reason=note))
    return seal(vault, inspection.id)


def test_a_barcode_becomes_a_reviewed_report(headquarters: RunningHeadquarters, desk: Laptop, tmp_path: Path):
    vault, courier = desk.vault, courier_of(desk)

    # Enrol, and get the practice watchlist.
    unlocked = enrol(courier, Enrol(text=headquarters.invite(practice=True)))
    assert unlocked.enrolled
    assert unlocked.practice
    sync_now(courier, SyncNow())
    assert provisioning.status(vault, provisioning.Status()).watchlist.name == "practice"

    # Scan: the label becomes a verdict with reasons.
    inspection = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    scan = desk.examine(inspection, LABELS / "drum-7-of-12.png")
    assert scan.verdict.word == "hold"
    assert {line.part for line in scan.verdict.lines} >= {"name", "substance", "papers"}

    # Record what was found, with a photo.
    held = evidence.attach(
        vault,
        evidence.AttachEvidence(
            inspection=inspection.id, path=str(LABELS / "drum-7-of-12.png"), caption="Drum 7 of 12"
        ),
    )
    finding.record(
        vault,
        finding.RecordFinding(
            inspection=inspection.id,
            severity="critical",
            note="Inner label names a precursor, papers say dye intermediate",
            scan=scan.id,
            evidence=(held.evidence[0].id,),
        ),
    )

    # Judge, decide, seal.
    sealed = seal_the_drum(desk, inspection, "Consignee and substance are listed")
    assert sealed.inspection.practice

    # Report: the same bytes twice, and it checks against headquarters' root.
    given = reporting.gather(vault, reporting.Gather(inspection=inspection.id))
    rendered = reporting.render(desk.press, reporting.RenderReport(input=given, language="both"))
    assert rendered == reporting.render(desk.press, reporting.RenderReport(input=given, language="both"))
    with vault.reading() as tx:
        root = tx.require_enrolment().root
    pdf = signed_report(vault, desk.press, inspection.id, "both")
    assert pdf == signed_report(vault, desk.press, inspection.id, "both")
    assert verify_pdf(pdf, root).ok
    assert verify_entry_file(rendered.record_file, root).ok
    assert recordfile.read(rendered.record_file).entry.seq == sealed.seq

    # Send: record and photo arrive, once.
    done = sync_now(courier, SyncNow())
    assert exchanging.outbox(vault, exchanging.ListOutbox()).waiting == 0, done
    sync_now(courier, SyncNow())

    # Review: a supervisor reads it in a browser and returns it with a remark.
    supervisor = headquarters.supervisor()
    queue = supervisor.get("/practice/reports").text
    assert sealed.inspection.number in queue
    assert (
        sealed.inspection.number not in supervisor.get("/reports").text
    )  # practice is never counted as real
    page = f"/practice/reports/{sealed.record}"
    shown = supervisor.get(page).text
    assert "Shanghai Boyl Chemicals" in shown
    assert "Inner label names a precursor" in shown
    photo = supervisor.get(f"{page}/evidence/1")
    assert photo.content == (LABELS / "drum-7-of-12.png").read_bytes()
    answered = supervisor.send(
        page, f"{page}/review", outcome="returned", part="", remark="Photograph the seal number"
    )
    assert answered.status_code == 200

    # The remark comes back and reopens the record as revision 2.
    sync_now(courier, SyncNow())
    returned = opening.get_inspection(vault, opening.GetInspection(id=inspection.id))
    assert returned.state == "returned"
    assert [remark.text for remark in returned.reviews[0].remarks] == ["Photograph the seal number"]
    reopened = reviewing.reopen(vault, reviewing.Reopen(inspection=inspection.id))
    assert reopened.revision == 2
    finding.record(
        vault, finding.RecordFinding(inspection=inspection.id, severity="other", note="Seal number SA 88213")
    )
    second = seal(vault, inspection.id)

    # Send again; approve; the approval arrives.
    sync_now(courier, SyncNow())
    page = f"/practice/reports/{second.record}"
    assert "Seal number SA 88213" in supervisor.get(page).text
    supervisor.send(page, f"{page}/review", outcome="approved", part="", remark="")
    sync_now(courier, SyncNow())
    approved = opening.get_inspection(vault, opening.GetInspection(id=inspection.id))
    assert (approved.state, approved.revision) == ("approved", 2)

    # Nothing was lost or doubled, and the chain still holds.
    with vault.reading() as tx:
        head = tx.journal.verify()
    after = exchanging.outbox(vault, exchanging.ListOutbox())
    assert [row.state for row in after.rows] == ["acknowledged", "acknowledged"]
    assert head == after.head
    supervisor.close()
    courier.close()


def test_headquarters_killed_between_any_two_steps_loses_and_doubles_nothing(
    headquarters: RunningHeadquarters, desk: Laptop
):
    vault, courier = desk.vault, courier_of(desk)
    enrol(courier, Enrol(text=headquarters.invite(practice=True)))
    headquarters.kill()
    with pytest.raises(Exception, match="headquarters-unreachable"):
        sync_now(courier, SyncNow())
    headquarters.start()
    sync_now(courier, SyncNow())
    inspection = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    desk.examine(inspection, LABELS / "drum-7-of-12.png")
    evidence.attach(
        vault,
        evidence.AttachEvidence(inspection=inspection.id, path=str(LABELS / "drum-7-of-12.png")),
    )
    sealed = seal_the_drum(desk, inspection, "Listed")
    headquarters.kill()
    with pytest.raises(Exception, match="headquarters-unreachable"):
        sync_now(courier, SyncNow())
    assert exchanging.outbox(vault, exchanging.ListOutbox()).waiting == 1
    headquarters.start()
    sync_now(courier, SyncNow())
    headquarters.kill()
    headquarters.start()
    sync_now(courier, SyncNow())
    assert exchanging.outbox(vault, exchanging.ListOutbox()).waiting == 0
    supervisor = headquarters.supervisor()
    assert supervisor.get("/practice/reports").text.count(sealed.inspection.number) >= 1
    assert supervisor.get(f"/practice/reports/{sealed.record}/evidence/1").status_code == 200
    supervisor.close()
    courier.close()
