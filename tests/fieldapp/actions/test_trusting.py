"""What a vault believes is kept in it and cannot go back; a clock set back revives nothing that ran out."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical, enrolment
from fieldapp.actions import exchanging, trusting
from fieldapp.actions.exchanging import NextBatch, NoteAcks
from fieldapp.actions.provisioning import NoteRelease, note_release
from fieldapp.actions.trusting import TakeMetadata, take_metadata
from fieldapp.clock import now
from fieldapp.enrolment import Witness
from fieldapp.screening.verdict import ListState
from fieldapp.vault.vault import NotEnrolled, Vault
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Metadata, Versions
from tests.support.lists import Publisher
from tests.support.vaults import Headquarters, enrolled_vault, new_vault


class Desk:
    """An enrolled vault on a clock of the test's, and who publishes for it."""

    def __init__(self, folder: Path) -> None:
        self.moment = now()
        self.headquarters = Headquarters()
        self.vault: Vault = enrolled_vault(folder, self.headquarters, clock=lambda: self.moment)
        self.publisher = Publisher(self.headquarters.root, self.moment)

    def take(self, metadata: Metadata) -> trust.Target | None:
        return take_metadata(self.vault, TakeMetadata(metadata=metadata)).target

    def events(self) -> list[bytes]:
        with self.vault.reading() as tx:
            return [entry.payload for entry in tx.journal.entries(1, 100)]

    def witness(self, at: datetime) -> None:
        batch = exchanging.next_batch(self.vault, NextBatch(limit=500))
        seen = Witness(device=self.vault.device.hex(), seq=batch.head.seq, id=batch.head.id, at=at)
        statement = enrolment.sign("witness", seen, self.headquarters.signing)
        acks = NoteAcks(generation="g", acks=(), head=batch.head.seq, witness=statement)
        exchanging.note_acks(self.vault, acks)


@pytest.fixture
def desk(tmp_path: Path):
    made = Desk(tmp_path)
    yield made
    made.vault.close()


def test_a_release_is_wanted_until_it_is_taken_in(desk: Desk) -> None:
    target = desk.take(desk.publisher.metadata(number=3))
    assert target is not None
    trust.check_permit(target, desk.vault.watchlist_key)
    batch = exchanging.next_batch(desk.vault, NextBatch())
    assert (batch.trusted, batch.wanted) == (Versions(1, 3, 3), target)
    note_release(desk.vault, NoteRelease(state=ListState(number=3, name="test list", issued=target.issued)))
    assert exchanging.next_batch(desk.vault, NextBatch()).wanted is None
    assert desk.take(desk.publisher.metadata(number=3, timestamp=4)) is None


def test_a_refusal_keeps_what_was_believed_and_is_written_down_once(desk: Desk) -> None:
    desk.take(desk.publisher.metadata(number=3))
    old = desk.publisher.metadata(number=2)
    for _ in range(3):
        with pytest.raises(trust.MetadataRolledBack):
            desk.take(old)
    assert exchanging.next_batch(desk.vault, NextBatch()).trusted == Versions(1, 3, 3)
    noted = [payload for payload in desk.events() if b"watchlist-refused" in payload]
    assert len(noted) == 1
    assert canonical.decode(noted[0], dict)["code"] == "metadata-rolled-back"


def test_another_headquarters_is_not_believed(desk: Desk) -> None:
    with pytest.raises(trust.RootForeign):
        desk.take(Publisher(now=desk.moment).metadata())


def test_a_release_dated_nowhere_or_tomorrow_is_refused_and_bars_no_later_one(desk: Desk) -> None:
    for number, issued in ((3, desk.moment.replace(tzinfo=None)), (4, desk.moment + timedelta(days=4000))):
        with pytest.raises(trust.ReleaseMisdated):
            desk.take(desk.publisher.metadata(number=number, issued=issued))
    assert len([payload for payload in desk.events() if b'"release-misdated"' in payload]) == 2
    assert desk.take(desk.publisher.metadata(number=5)) is not None
    exchanging.next_batch(desk.vault, NextBatch())


@pytest.mark.parametrize("role", ["roots", "timestamp", "snapshot", "targets"])
def test_a_refusal_of_nonsense_is_written_down(desk: Desk, role: str) -> None:
    good = desk.publisher.metadata()
    raw = good.roots[0] if role == "roots" else getattr(good, role)
    wrong = raw.replace(b'"signed":{', b'"signed":{"x":1.5,', 1)
    with pytest.raises(trust.MetadataUnreadable):
        desk.take(msgspec.structs.replace(good, **{role: (wrong,) if role == "roots" else wrong}))
    assert [payload for payload in desk.events() if b'"metadata-unreadable"' in payload]


def test_without_enrolment_nothing_is_believed(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    with pytest.raises(NotEnrolled):
        take_metadata(vault, TakeMetadata(metadata=Publisher().metadata()))
    vault.close()


@pytest.mark.parametrize("known_by", ["headquarters", "list", "ledger"])
def test_a_clock_set_back_brings_nothing_run_out_to_life(desk: Desk, known_by: str) -> None:
    start, later = desk.moment, desk.moment + timedelta(days=50)
    old = desk.publisher.metadata(number=3)
    if known_by == "headquarters":
        desk.witness(later)
    if known_by == "list":
        desk.moment = later
        desk.take(desk.publisher.metadata(number=2, issued=later, days=(365, 365, 90)))
    if known_by == "ledger":
        desk.moment = later
        with desk.vault.transaction() as tx:
            tx.journal.note("unlocked", tx.now)
    desk.moment = start
    with pytest.raises(trust.HeadquartersFrozen):
        desk.take(old)


def test_a_clock_that_once_ran_ahead_is_put_right_by_headquarters(desk: Desk) -> None:
    start = desk.moment
    desk.moment = start + timedelta(days=9999)
    with desk.vault.transaction() as tx:
        tx.journal.note("unlocked", tx.now)
    desk.moment = start
    with pytest.raises(trust.TrustError):
        desk.take(desk.publisher.metadata())
    desk.witness(start)
    # The refusal itself was noted after the entries that headquarters has now seen.
    assert desk.take(desk.publisher.metadata()) is not None


def test_what_is_believed_is_looked_at_by_versions_alone(desk: Desk) -> None:
    with desk.vault.reading() as tx:
        assert trusting.versions(tx) == Versions()
        assert trusting.wanted(desk.vault, tx) is None
