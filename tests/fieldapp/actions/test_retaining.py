"""Retention: only what headquarters wholly has goes, in its time, unless held; the chain still holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp.actions import evidence, retaining
from fieldapp.actions.retaining import Purge
from fieldapp.enrolment import Policy
from fieldapp.inspection.inspection import NotFound
from fieldapp.ledger import Head
from fieldapp.vault import export, health
from fieldapp.vault.outbox import SyncState
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import Headquarters, seal

START = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = Policy(number=1, retention_days=30)


class Case:
    """A laptop with one sealed inspection that headquarters has, and a clock set by hand."""

    def __init__(self, folder: Path, policy: Policy = POLICY) -> None:
        self.at = START
        self.office = Headquarters()
        self.desk: Laptop = laptop(folder, self.office, policy, clock=lambda: self.at)
        inspection = ready(self.desk)
        photo = folder / "photo.jpg"
        photo.write_bytes(b"\xff\xd8\xff" + bytes(500))
        self.inspection = evidence.attach(
            self.desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo))
        )
        self.seq = seal(self.desk.vault, inspection.id).seq

    def acknowledge(self, *, files: bool = True, witnessed: bool = True) -> None:
        with self.desk.vault.transaction() as tx:
            for seq in range(1, self.seq + 1):
                tx.outbox.note(seq, "acknowledged", "", tx.now)
            for item in self.inspection.evidence:
                tx.outbox.note_blob(item.sealed_sha256, item.sealed_size, done=files)
            head = tx.journal.head() if witnessed else Head()
            tx.meta.put("sync", SyncState(witnessed=Head(seq=head.seq, id=head.id)))

    def purge(self, **given: bool) -> retaining.Purged:
        return retaining.purge(self.desk.vault, Purge(**given))

    @property
    def files(self) -> list[Path]:
        return list((self.desk.vault.folder / "evidence").rglob("*.age"))


@pytest.fixture
def case(tmp_path: Path):
    made = Case(tmp_path)
    yield made
    made.desk.close()


def test_what_headquarters_has_goes_in_its_time_and_the_chain_holds(case: Case):
    case.acknowledge()
    assert case.purge() == retaining.Purged()  # too early
    case.at += timedelta(days=31)
    number = case.inspection.number
    assert case.purge(dry=True).gone == (number,)
    assert len(case.files) == 1
    assert case.purge().gone == (number,)
    assert case.files == []
    vault = case.desk.vault
    with vault.reading() as tx:
        assert tx.journal.entry(case.seq).payload == b""
        assert b"purged" in tx.journal.entries(tx.journal.head().seq, 1)[0].payload
        tx.journal.verify()
        with pytest.raises(NotFound):
            tx.inspections.get(case.inspection.id)
    assert health.full(vault).whole
    found = export.verify_export(export.ledger_file(vault), case.office.root_hex)
    assert found.ok, found
    raw = b"".join(file.read_bytes() for file in vault.folder.rglob("*") if file.is_file())
    assert case.inspection.number.encode() not in raw
    assert case.purge() == retaining.Purged()  # once


@pytest.mark.parametrize("lacking", [{"files": False}, {"witnessed": False}])
def test_what_headquarters_lacks_in_part_stays(case: Case, lacking: dict[str, bool]):
    case.acknowledge(**lacking)
    case.at += timedelta(days=400)
    assert case.purge() == retaining.Purged()
    assert len(case.files) == 1


def test_what_headquarters_never_acknowledged_stays(case: Case):
    case.at += timedelta(days=400)
    assert case.purge() == retaining.Purged()


@pytest.mark.parametrize("everything", [True, False])
def test_a_legal_hold_keeps_it(case: Case, everything: bool):
    case.acknowledge()
    hold = ("*",) if everything else (case.inspection.number,)
    with case.desk.vault.transaction() as tx:
        tx.meta.put("policy", msgspec.structs.replace(POLICY, legal_hold=hold))
    case.at += timedelta(days=400)
    found = case.purge()
    assert (found.gone, found.held) == ((), (case.inspection.number,))
    assert len(case.files) == 1


def test_without_a_policy_nothing_ever_goes(tmp_path: Path):
    case = Case(tmp_path, Policy(number=1))
    case.acknowledge()
    case.at += timedelta(days=4000)
    assert case.purge() == retaining.Purged()
    case.desk.close()


def test_a_clock_in_doubt_purges_nothing(case: Case):
    case.acknowledge()
    case.at += timedelta(days=31)
    with case.desk.vault.transaction() as tx:
        tx.meta.put("time-floor", case.at + timedelta(days=10))
    assert case.purge() == retaining.Purged()


def test_an_entry_cannot_be_emptied_without_the_rule(case: Case):
    with pytest.raises(Exception, match="headquarters has not"), case.desk.vault.transaction() as tx:
        tx.journal.purge(case.seq, tx.now)
    with case.desk.vault.reading() as tx:
        assert tx.journal.entry(case.seq).payload
