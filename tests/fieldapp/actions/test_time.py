"""The floor of time: a clock set back is recorded and shown, and never stops anybody from recording."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldapp import canonical, enrolment
from fieldapp.actions import provisioning
from fieldapp.actions.provisioning import Status
from fieldapp.enrolment import Witness
from fieldapp.inspection import record
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import laptop
from tests.support.vaults import Headquarters, enrolled_vault, seal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Wall:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def last(vault) -> dict:
    with vault.reading() as tx:
        return canonical.decode(tx.journal.entry(tx.journal.head().seq).payload, dict)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)])
def test_a_clock_set_back_is_written_on_every_entry_and_stops_nothing(tmp_path: Path, back: timedelta):
    wall = Wall()
    vault = enrolled_vault(tmp_path, clock=wall)
    assert not provisioning.status(vault, Status()).clock_suspect
    wall.at -= back
    with vault.transaction() as tx:
        tx.journal.note("anything", tx.now)
    assert last(vault)["clock_suspect"] == "behind"
    assert provisioning.status(vault, Status()).clock_suspect
    wall.at += back
    with vault.transaction() as tx:
        tx.journal.note("anything", tx.now)
    vault.close()


def test_a_record_sealed_then_says_so(tmp_path: Path):
    desk = laptop(tmp_path)
    inspection = ready(desk)
    with desk.vault.transaction() as tx:
        tx.meta.put("time-floor", desk.vault.clock() + timedelta(days=1))
    sealed = seal(desk.vault, inspection.id)
    with desk.vault.reading() as tx:
        assert record.read(tx.journal.entry(sealed.seq).payload).clock_suspect
    desk.close()


def test_a_clock_that_once_ran_ahead_is_forgiven_when_headquarters_was_heard(tmp_path: Path):
    wall, office = Wall(), Headquarters()
    vault = enrolled_vault(tmp_path, office, clock=wall)
    wall.at += timedelta(days=3650)
    with vault.transaction() as tx:
        tx.journal.note("from the future", tx.now)
        head = tx.journal.head()
    wall.at = NOON + timedelta(minutes=1)
    assert provisioning.status(vault, Status()).clock_suspect
    seen = enrolment.sign(
        "witness", Witness(device=vault.device.hex(), seq=head.seq, id=head.id, at=wall.at), office.signing
    )
    from fieldapp.actions.exchanging import NoteAcks, note_acks

    note_acks(vault, NoteAcks(generation="g1", acks=(), head=head.seq, witness=seen))
    assert not provisioning.status(vault, Status()).clock_suspect
    vault.close()


def test_the_lists_moment_is_a_floor_too(tmp_path: Path):
    desk = laptop(tmp_path)
    with desk.vault.reading() as tx:
        assert tx.time_floor() is not None
    desk.close()
