"""A laptop is lost: its officer's new one gets the sealed reports back to read, and nobody else's does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, evidence, exchanging, finding, opening, provisioning, reporting
from fieldapp.actions.evidence import ShowEvidence
from fieldapp.actions.opening import GetInspection, ListInspections
from fieldapp.actions.provisioning import CreateVault
from fieldapp.actions.rooms import Press
from fieldapp.report.verify import verify_entry_file
from fieldapp.vault.inspections import OfEarlierLaptop
from fieldapp.vault.vault import Vault
from sync.headquarters import accounts, enrolment
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.headquarters import PASSWORD, RunningHeadquarters
from tests.support.laptops import LABELS, consignment
from tests.support.vaults import PASSPHRASE, directory, proof_of, seal

PHOTO = LABELS / "drum-7-of-12.png"


@pytest.fixture
def headquarters(tmp_path: Path):
    with RunningHeadquarters(tmp_path / "headquarters") as running:
        yield running


def new_laptop(folder: Path, at: RunningHeadquarters, name: str = "R. Nair") -> tuple[Vault, Courier]:
    """A vault enrolled over the wire for the officer of that name."""
    made = directory(folder)
    provisioning.create_vault(made, CreateVault(passphrase=PASSPHRASE, name=name))
    vault = made.vault

    def ask(action: Callable[..., Any], command: Any) -> Any:
        return action(vault, command)

    courier = Courier(ask)
    enrol(courier, Enrol(text=at.invite(name=name)))
    return vault, courier


def sealed_report(vault: Vault) -> str:
    """Inspect a consignment with a photo, seal it; return its id."""
    inspection = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment())).id
    held = evidence.attach(
        vault, evidence.AttachEvidence(inspection=inspection, path=str(PHOTO), caption="Drum 7 of 12")
    )
    finding.record(
        vault,
        finding.RecordFinding(
            inspection=inspection, severity="critical", note="Precursor", evidence=(held.evidence[0].id,)
        ),
    )
    disposing.decide(vault, disposing.Decide(inspection=inspection, disposition="hold", reason="Listed"))
    seal(vault, inspection)
    return inspection


def rows(vault: Vault) -> list[tuple[str, bool]]:
    return [(row.id, row.earlier) for row in opening.list_inspections(vault, ListInspections()).rows]


def test_a_lost_laptops_reports_come_back_to_its_officer_alone(
    headquarters: RunningHeadquarters, tmp_path: Path
):
    # The first laptop seals a report with a photo, and it is at headquarters when the laptop is lost.
    lost, courier = new_laptop(tmp_path / "lost", headquarters)
    inspection = sealed_report(lost)
    sync_now(courier, SyncNow())
    assert exchanging.outbox(lost, exchanging.ListOutbox()).waiting == 0
    as_sealed = opening.get_inspection(lost, GetInspection(id=inspection))
    courier.close()
    lost.close()
    assert headquarters.office is not None
    enrolment.revoke(headquarters.office, lost.device.hex(), "Meera Iyer", "Stolen")

    # His new laptop, and those of another officer and of nobody in particular.
    vault, courier = new_laptop(tmp_path / "new", headquarters)
    other, others_courier = new_laptop(tmp_path / "other", headquarters, "B. Rao")
    sync_now(courier, SyncNow())
    assert rows(vault) == [], "nothing comes back by itself"

    # An administrator gives them back on the page of the new laptop; that of another officer offers none.
    accounts.set_password(headquarters.office, "Ada Min", PASSWORD, "admin")
    admin = headquarters.supervisor("Ada Min")
    page = f"/devices/{vault.device.hex()}"
    shown = admin.send(page, f"{page}/given", earlier=lost.device.hex(), sure="yes")
    assert shown.status_code == 200
    assert "/given" not in admin.get(f"/devices/{other.device.hex()}").text

    # They are in the list with their mark, and are what was sealed.
    done = sync_now(courier, SyncNow())
    assert done.applied == 1
    assert rows(vault) == [(inspection, True)]
    back = opening.get_inspection(vault, GetInspection(id=inspection))
    assert back == as_sealed

    # The photo opens with the hash that the lost laptop signed.
    photo = evidence.show(vault, ShowEvidence(inspection=inspection, evidence=back.evidence[0].id))
    assert photo.content == PHOTO.read_bytes()
    assert canonical.sha256(photo.content) == as_sealed.evidence[0].plain_sha256
    given = reporting.gather(vault, reporting.Gather(inspection=inspection))
    rendered = reporting.render(Press(), reporting.RenderReport(input=given))
    with vault.reading() as tx:
        root = tx.require_enrolment().root
        tx.journal.verify()
    assert verify_entry_file(rendered.record_file, root).ok

    # Nothing can be changed about them, and nothing of them goes to headquarters a second time.
    with pytest.raises(OfEarlierLaptop):
        finding.record(
            vault, finding.RecordFinding(inspection=inspection, severity="other", note="Afterthought")
        )
    with pytest.raises(OfEarlierLaptop):
        evidence.attach(vault, evidence.AttachEvidence(inspection=inspection, path=str(PHOTO)))
    with pytest.raises(OfEarlierLaptop):
        seal(vault, inspection)
    assert proof_of(vault, "authored", inspection), "the passphrase was not what stood in the way"
    assert exchanging.outbox(vault, exchanging.ListOutbox()).rows == ()

    # Given twice they are there once.
    admin.send(page, f"{page}/given", earlier=lost.device.hex(), sure="yes")
    assert sync_now(courier, SyncNow()).applied == 0
    assert rows(vault) == [(inspection, True)]

    # The other officer has nothing.
    sync_now(others_courier, SyncNow())
    assert rows(other) == []
    admin.close()
    for line in (courier, others_courier):
        line.close()
    for held in (vault, other):
        held.close()
