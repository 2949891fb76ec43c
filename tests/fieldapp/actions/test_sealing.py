from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import ledger
from fieldapp.actions import disposing, evidence, exchanging, finding, judging, opening
from fieldapp.actions.exchanging import ListOutbox, NextBatch
from fieldapp.inspection import record
from fieldapp.inspection.disposition import DecisionRefused, effective
from fieldapp.inspection.inspection import CannotSeal, Inspection, NotDraft, open_hits
from fieldapp.vault.vault import Vault
from tests.support import records
from tests.support.laptops import LABELS, Laptop, laptop
from tests.support.officers import sign_second
from tests.support.vaults import Headquarters, enrolled_vault, seal


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
    sealed = seal(desk.vault, ready(desk).id)
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
    seal(desk.vault, inspection.id)
    with pytest.raises(NotDraft):
        finding.record(
            desk.vault, finding.RecordFinding(inspection=inspection.id, severity="major", note="too late")
        )
    with pytest.raises(NotDraft):
        seal(desk.vault, inspection.id)


def test_an_open_hit_blocks_sealing(desk: Laptop):
    inspection = desk.open("1-intermediate")
    desk.examine(inspection, LABELS / "drum-7-of-12.png")
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Listed consignee")
    )
    with pytest.raises(CannotSeal) as refused:
        seal(desk.vault, inspection.id)
    assert refused.value.facts["why"] == "open-hits"
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        judging.adjudicate(
            desk.vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="Same firm"),
        )
    seal(desk.vault, inspection.id)


def test_nothing_examined_or_undecided_cannot_be_sealed(desk: Laptop):
    inspection = desk.open("2-tablets")
    with pytest.raises(CannotSeal):
        seal(desk.vault, inspection.id)
    desk.examine(inspection, LABELS / "paracetamol-carton.png")
    with pytest.raises(CannotSeal) as refused:
        seal(desk.vault, inspection.id)
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
        seal(desk.vault, inspection.id)
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    assert held.state == "draft"


def test_a_device_is_no_evidence(desk: Laptop):
    with pytest.raises(evidence.FileUnreadable):
        evidence.attach(desk.vault, evidence.AttachEvidence(inspection=desk.open().id, path="/dev/zero"))


def test_a_second_officer_who_agreed_before_a_hit_was_found_has_not_agreed_to_it(tmp_path: Path):
    headquarters = Headquarters()
    desk = laptop(tmp_path / "one", headquarters)
    other = enrolled_vault(tmp_path / "two", headquarters, name="S. Rao")
    opened = desk.open("1-intermediate")
    desk.examine(opened, LABELS / "drum-7-of-12.png")
    _judged(desk, opened.id)
    _released_by_both(desk, other, opened.id)
    desk.examine(opened, LABELS / "drum-7-of-12.png")
    found = records.hit(id="later", listed_name="Another firm", band="strong")
    with desk.vault.transaction() as tx:
        draft = tx.inspections.get(opened.id)
        last = draft.scans[-1]
        seen = msgspec.structs.replace(last.screening, hits=(*last.screening.hits, found))
        scans = (*draft.scans[:-1], msgspec.structs.replace(last, screening=seen))
        tx.inspections.put(msgspec.structs.replace(draft, scans=scans))
    _judged(desk, opened.id)
    with pytest.raises(DecisionRefused) as refused:
        seal(desk.vault, opened.id)
    assert refused.value.facts["why"] == "release-needs-second"
    _released_by_both(desk, other, opened.id)
    assert seal(desk.vault, opened.id).inspection.state == "sealed"
    other.close()
    desk.close()


def _judged(desk: Laptop, inspection: str) -> None:
    """Say of every open hit that it is the listed one."""
    with desk.vault.reading() as tx:
        hits = open_hits(tx.inspections.get(inspection))
    for hit in hits:
        judging.adjudicate(
            desk.vault, judging.Adjudicate(inspection=inspection, hit=hit.id, verdict="true", reason="same")
        )


def _released_by_both(desk: Laptop, other: Vault, inspection: str) -> None:
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection, disposition="release", reason="as ordered")
    )
    asked = disposing.ask_second(desk.vault, disposing.AskSecond(inspection=inspection))
    answer = sign_second(other, asked)
    disposing.take_second(desk.vault, disposing.TakeSecond(inspection=inspection, text=answer.text))
