from pathlib import Path

import msgspec
import pytest

from fieldapp import enrolment, ids
from fieldapp.actions import exchanging, hearing, opening, reviewing, sealing
from fieldapp.actions.exchanging import Ack, ListOutbox, NextBatch, NoteAcks
from fieldapp.actions.hearing import FeedItem, TakeFeed
from fieldapp.actions.reviewing import NotReturned
from fieldapp.clock import now
from fieldapp.enrolment import Statement, Witness
from fieldapp.inspection.review import Remark, Review
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import Headquarters, seal


@pytest.fixture
def headquarters() -> Headquarters:
    return Headquarters()


@pytest.fixture
def desk(tmp_path: Path, headquarters: Headquarters):
    made = laptop(tmp_path, headquarters)
    yield made
    made.close()


def sealed(desk: Laptop) -> sealing.Sealed:
    return seal(desk.vault, ready(desk).id)


def acknowledge_all(desk: Laptop, generation: str = "g1") -> exchanging.OutboxState:
    batch = exchanging.next_batch(desk.vault, NextBatch(limit=1000, size=1 << 30))
    acks = tuple(Ack(seq=entry.seq, state="new") for entry in batch.entries)
    return exchanging.note_acks(desk.vault, NoteAcks(generation=generation, acks=acks, head=batch.head.seq))


def review_of(made: sealing.Sealed, headquarters: Headquarters, outcome: str = "returned") -> Statement:
    review = Review(
        id=ids.uuid7(),
        record=made.record,
        inspection=made.inspection.id,
        revision=made.inspection.revision,
        outcome=outcome,  # type: ignore[arg-type]
        by="A. Menon",
        at=now(),
        remarks=(Remark(text="Photograph the seal, please"),),
    )
    return enrolment.sign("review", review, headquarters.signing)


def test_batches_are_cut_by_size_and_number_but_never_empty(desk: Laptop):
    sealed(desk)
    one = exchanging.next_batch(desk.vault, NextBatch(limit=100, size=1))
    assert len(one.entries) == 1
    two = exchanging.next_batch(desk.vault, NextBatch(limit=2, size=1 << 30))
    assert [entry.seq for entry in two.entries] == [1, 2]


def test_acknowledged_entries_are_not_offered_again(desk: Laptop):
    sealed(desk)
    state = acknowledge_all(desk)
    assert state.waiting == 0
    assert exchanging.next_batch(desk.vault, NextBatch()).entries == ()


def test_a_restored_headquarters_is_offered_everything_above_its_head_again(desk: Laptop):
    made = sealed(desk)
    acknowledge_all(desk, "g1")
    exchanging.note_acks(desk.vault, NoteAcks(generation="g2", acks=(), head=2))
    again = exchanging.next_batch(desk.vault, NextBatch(limit=1000, size=1 << 30))
    assert again.entries[0].seq == 3
    assert made.seq in [entry.seq for entry in again.entries]


def test_a_quarantined_record_is_said_to_be_refused(desk: Laptop):
    made = sealed(desk)
    state = exchanging.note_acks(
        desk.vault,
        NoteAcks(generation="g1", acks=(Ack(seq=made.seq, state="quarantined", why="revoked"),), head=0),
    )
    assert [(row.state, row.why) for row in state.rows] == [("refused", "revoked")]


def test_a_returned_report_comes_back_and_reopens_as_revision_two(desk: Laptop, headquarters: Headquarters):
    made = sealed(desk)
    item = FeedItem(pos=1, statement=review_of(made, headquarters))
    taken = hearing.take_feed(desk.vault, TakeFeed(generation="g1", items=(item,)))
    assert taken.returned == (made.inspection.id,)
    again = hearing.take_feed(desk.vault, TakeFeed(generation="g1", items=(item,)))
    assert (again.applied, again.returned) == (0, ())
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=made.inspection.id))
    assert held.state == "returned"
    assert held.reviews[0].remarks[0].text == "Photograph the seal, please"
    reopened = reviewing.reopen(desk.vault, reviewing.Reopen(inspection=made.inspection.id))
    assert (reopened.revision, reopened.state, reopened.parents) == (2, "draft", (made.record,))
    assert reopened.answers == held.reviews[0].id
    first = opening.get_inspection(desk.vault, opening.GetInspection(id=made.inspection.id, revision=1))
    assert first.state == "returned"
    second = seal(desk.vault, made.inspection.id)
    assert second.record != made.record
    with pytest.raises(NotReturned):
        reviewing.reopen(desk.vault, reviewing.Reopen(inspection=made.inspection.id))


@pytest.mark.parametrize("fault", ["foreign-key", "altered", "kind"])
def test_a_forged_review_changes_nothing_and_is_written_down(
    desk: Laptop, headquarters: Headquarters, fault: str
):
    made = sealed(desk)
    forged = review_of(made, Headquarters() if fault == "foreign-key" else headquarters)
    if fault == "altered":
        forged = msgspec.structs.replace(forged, payload=forged.payload.replace(b"returned", b"approved"))
    if fault == "kind":
        forged = msgspec.structs.replace(forged, kind="policy")
    taken = hearing.take_feed(
        desk.vault, TakeFeed(generation="g1", items=(FeedItem(pos=1, statement=forged),))
    )
    assert (taken.applied, taken.refused) == (0, 1)
    assert opening.get_inspection(desk.vault, opening.GetInspection(id=made.inspection.id)).state == "sealed"
    with desk.vault.reading() as tx:
        events = [entry.payload for entry in tx.journal.entries(made.seq + 1, 100)]
    assert any(b"feed-refused" in payload for payload in events)


def test_a_witnessed_head_is_kept_and_sets_the_time_floor(desk: Laptop, headquarters: Headquarters):
    head = exchanging.next_batch(desk.vault, NextBatch()).head
    seen = Witness(device=desk.vault.device.hex(), seq=head.seq, id=head.id, at=now())
    state = exchanging.note_acks(
        desk.vault,
        NoteAcks(
            generation="g1", acks=(), head=head.seq,
            witness=enrolment.sign("witness", seen, headquarters.signing),
        ),
    )  # fmt: skip
    assert state.sync.witnessed == head


def test_only_a_session_nonce_is_signed(desk: Laptop):
    with pytest.raises(exchanging.NothingToAnswer):
        exchanging.sign_challenge(desk.vault, exchanging.SignChallenge(nonce=b"FIELDREC1" + bytes(40)))


def test_waiting_counts_records_whose_photos_have_not_arrived(desk: Laptop, tmp_path: Path):
    from fieldapp.actions import evidence
    from tests.support.laptops import LABELS

    inspection = ready(desk)
    evidence.attach(
        desk.vault,
        evidence.AttachEvidence(inspection=inspection.id, path=str(LABELS / "paracetamol-carton.png")),
    )
    seal(desk.vault, inspection.id)
    assert acknowledge_all(desk).waiting == 1
    [row] = exchanging.needed_blobs(desk.vault, exchanging.NeededBlobs()).rows
    content = exchanging.read_blob(desk.vault, exchanging.ReadBlob(h=row.h, offset=10, length=20)).content
    assert len(content) == 20
    state = exchanging.note_blob(desk.vault, exchanging.NoteBlob(h=row.h, offset=row.n, done=True))
    assert state.waiting == 0
    assert exchanging.outbox(desk.vault, ListOutbox()).waiting == 0


@pytest.mark.parametrize("sign", ["longer", "fork"])
def test_an_old_copy_of_the_vault_is_a_full_stop(desk: Laptop, sign: str):
    from fieldapp.actions import opening as openings
    from fieldapp.vault.vault import VaultRolledBack
    from tests.support.laptops import consignment

    head = exchanging.next_batch(desk.vault, NextBatch()).head
    acks = (Ack(seq=head.seq, state="fork"),) if sign == "fork" else ()
    more = head.seq + (1 if sign == "longer" else 0)
    with pytest.raises(VaultRolledBack):
        exchanging.note_acks(desk.vault, NoteAcks(generation="g1", acks=acks, head=more))
    with pytest.raises(VaultRolledBack):
        openings.open_inspection(desk.vault, openings.OpenInspection(consignment=consignment()))


def test_a_shortened_sealed_file_never_leaves(desk: Laptop, tmp_path: Path):
    from fieldapp.actions import evidence
    from fieldapp.vault.evidence import EvidenceAltered
    from tests.support.laptops import LABELS

    inspection = ready(desk)
    evidence.attach(
        desk.vault,
        evidence.AttachEvidence(inspection=inspection.id, path=str(LABELS / "paracetamol-carton.png")),
    )
    seal(desk.vault, inspection.id)
    [row] = exchanging.needed_blobs(desk.vault, exchanging.NeededBlobs()).rows
    sealed_file = next((tmp_path / "vault" / "evidence").rglob("*.age"))
    sealed_file.write_bytes(sealed_file.read_bytes()[:-100])
    with pytest.raises(EvidenceAltered):
        exchanging.read_blob(desk.vault, exchanging.ReadBlob(h=row.h, offset=0))


def test_entries_that_headquarters_lost_are_offered_again(desk: Laptop):
    made = sealed(desk)
    acknowledge_all(desk)
    gap = (Ack(seq=made.seq, state="gap"),)
    exchanging.note_acks(desk.vault, NoteAcks(generation="g1", acks=gap, head=1))
    again = exchanging.next_batch(desk.vault, NextBatch(limit=1000, size=1 << 30))
    assert again.entries[0].seq == 2
