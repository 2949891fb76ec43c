from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import ledger
from fieldapp.actions import disposing, evidence, exchanging, finding, judging, opening, sealing
from fieldapp.actions.exchanging import ListOutbox, NextBatch
from fieldapp.inspection import record
from fieldapp.inspection.disposition import DecisionRefused, effective
from fieldapp.inspection.inspection import CannotSeal, Inspection, NotDraft, open_hits
from tests.support.laptops import LABELS, Laptop, laptop


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def ready(desk: Laptop) -> Inspection:
    inspection = desk.open("2-tablets")
    desk.examine(inspection, LABELS / "paracetamol-carton.png")
    disposing.decide(
        desk.vault,
        disposing.Decide(inspection=inspection.id, disposition="release", reason="Papers and labels agree"),
    )
    return inspection


def test_sealing_signs_chains_and_queues_in_one_go(desk: Laptop):
    sealed = sealing.seal(desk.vault, sealing.SealInspection(inspection=ready(desk).id))
    assert sealed.inspection.state == "sealed"
    with desk.vault.reading() as tx:
        entry = tx.journal.entry(sealed.seq)
        tx.journal.verify()
    assert ledger.entry_id(entry).hex() == sealed.record
    ledger.check_signature(entry, Ed25519PublicKey.from_public_bytes(desk.vault.public))
    read = record.read(entry.payload)
    assert read.inspection == sealed.inspection
    assert read.watchlist.number == 1
    waiting = exchanging.outbox(desk.vault, ListOutbox())
    assert [(row.record, row.state) for row in waiting.rows] == [(sealed.record, "queued")]
    batch = exchanging.next_batch(desk.vault, NextBatch())
    assert entry in batch.entries


def test_a_sealed_inspection_is_never_edited(desk: Laptop):
    inspection = ready(desk)
    sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))
    with pytest.raises(NotDraft):
        finding.record(
            desk.vault, finding.RecordFinding(inspection=inspection.id, severity="major", note="too late")
        )
    with pytest.raises(NotDraft):
        sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))


def test_an_open_hit_blocks_sealing(desk: Laptop):
    inspection = desk.open("1-intermediate")
    desk.examine(inspection, LABELS / "drum-7-of-12.png")
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Listed consignee")
    )
    with pytest.raises(CannotSeal) as refused:
        sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))
    assert refused.value.facts["why"] == "open-hits"
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        judging.adjudicate(
            desk.vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="Same firm"),
        )
    sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))


def test_nothing_examined_or_undecided_cannot_be_sealed(desk: Laptop):
    inspection = desk.open("2-tablets")
    with pytest.raises(CannotSeal):
        sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))
    desk.examine(inspection, LABELS / "paracetamol-carton.png")
    with pytest.raises(CannotSeal) as refused:
        sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))
    assert refused.value.facts["why"] == "no-decision"


def test_a_release_despite_a_hit_waits_for_a_second_officer(desk: Laptop):
    inspection = desk.open("1-intermediate")
    desk.examine(inspection, LABELS / "drum-7-of-12.png")
    decided = disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection.id, disposition="release", reason="I know them")
    )
    assert decided.decisions[-1].needs_second
    assert effective(decided.decisions) == "hold"


def test_a_decision_needs_a_reason(desk: Laptop):
    with pytest.raises(DecisionRefused):
        disposing.decide(
            desk.vault, disposing.Decide(inspection=desk.open().id, disposition="hold", reason="  ")
        )


def test_evidence_is_sealed_beside_the_vault_and_shown_only_if_unchanged(desk: Laptop, tmp_path: Path):
    inspection = desk.open("2-tablets")
    photo = tmp_path / "photo.png"
    photo.write_bytes((LABELS / "paracetamol-carton.png").read_bytes())
    held = evidence.attach(
        desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo), caption="Carton")
    )
    [item] = held.evidence
    assert item.mime == "image/png"
    shown = evidence.show(desk.vault, evidence.ShowEvidence(inspection=inspection.id, evidence=item.id))
    assert shown.content == photo.read_bytes()
    lying = b"".join(file.read_bytes() for file in (tmp_path / "vault").rglob("*") if file.is_file())
    assert photo.read_bytes()[:64] not in lying
    sealed = next((tmp_path / "vault" / "evidence").rglob("*.age"))
    damaged = bytearray(sealed.read_bytes())
    damaged[-1] ^= 1
    sealed.write_bytes(damaged)
    from fieldapp.vault.evidence import EvidenceAltered

    with pytest.raises(EvidenceAltered):
        evidence.show(desk.vault, evidence.ShowEvidence(inspection=inspection.id, evidence=item.id))


def test_findings_are_numbered_and_a_withdrawn_one_stays(desk: Laptop):
    inspection = desk.open()
    first = finding.record(
        desk.vault, finding.RecordFinding(inspection=inspection.id, severity="critical", note="Seal broken")
    )
    withdrawn = finding.withdraw(
        desk.vault,
        finding.WithdrawFinding(inspection=inspection.id, finding=first.findings[0].id, reason="Wrong drum"),
    )
    second = finding.record(
        desk.vault, finding.RecordFinding(inspection=inspection.id, severity="other", note="Label torn")
    )
    assert withdrawn.findings[0].withdrawn == "Wrong drum"
    assert [item.number for item in second.findings] == [1, 2]


@pytest.mark.parametrize("fault", ["flipped", "cut", "missing"])
def test_altered_evidence_is_never_sealed(desk: Laptop, tmp_path: Path, fault: str):
    from fieldapp.vault.evidence import EvidenceAltered

    inspection = ready(desk)
    evidence.attach(
        desk.vault,
        evidence.AttachEvidence(inspection=inspection.id, path=str(LABELS / "paracetamol-carton.png")),
    )
    sealed = next((tmp_path / "vault" / "evidence").rglob("*.age"))
    whole = sealed.read_bytes()
    if fault == "flipped":
        sealed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    elif fault == "cut":
        sealed.write_bytes(whole[:-100])
    else:
        sealed.unlink()
    with pytest.raises(EvidenceAltered):
        sealing.seal(desk.vault, sealing.SealInspection(inspection=inspection.id))
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    assert held.state == "draft"


def test_a_device_is_no_evidence(desk: Laptop):
    with pytest.raises(evidence.FileUnreadable):
        evidence.attach(desk.vault, evidence.AttachEvidence(inspection=desk.open().id, path="/dev/zero"))
