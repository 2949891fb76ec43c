"""A lost laptop's records come back to read, with their files, where everything about them holds."""

from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical, enrolment
from fieldapp.actions import evidence, hearing, inheriting, opening, seeking
from fieldapp.actions.hearing import FeedItem, TakeFeed, Taken
from fieldapp.actions.inheriting import EvidenceNotHere, KeepFile, MissingFiles
from fieldapp.clock import now
from fieldapp.enrolment import Certificate, GivenBack, Statement
from fieldapp.inspection import record
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.wanted import Wanted
from fieldapp.ledger import Entry
from fieldapp.vault import evidence as sealing_of_files
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.inspections import OfEarlierLaptop
from fieldapp.vault.vault import Vault
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import LABELS, laptop
from tests.support.vaults import Headquarters, enrolled_vault, seal

PHOTO = LABELS / "drum-7-of-12.png"


class Lost:
    """A laptop that was lost with one sealed record of one photo; headquarters has its entry."""

    def __init__(self, folder: Path, office: Headquarters) -> None:
        desk = laptop(folder, office)
        inspection = ready(desk)
        evidence.attach(desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(PHOTO)))
        self.sealed: Inspection = seal(desk.vault, inspection.id).inspection
        with desk.vault.reading() as tx:
            self.certificate: Statement = tx.require_enrolment().certificate_statement
            every = tx.journal.entries(1, -1)
        self.entries = tuple(entry for entry in every if entry.kind == record.KIND)
        self.notes = tuple(entry for entry in every if entry.kind != record.KIND)
        desk.close()


@pytest.fixture
def office() -> Headquarters:
    return Headquarters()


@pytest.fixture
def lost(tmp_path: Path, office: Headquarters) -> Lost:
    return Lost(tmp_path / "lost", office)


@pytest.fixture
def vault(tmp_path: Path, office: Headquarters):
    made = enrolled_vault(tmp_path / "new", office)
    yield made
    made.close()


def given(
    office: Headquarters,
    vault: Vault,
    lost: Lost,
    *,
    certificate: Statement | None = None,
    entries: tuple[Entry, ...] = (),
    device: str = "",
) -> Taken:
    """Hand the records over in the feed; all of the lost laptop's where nothing else is named."""
    back = GivenBack(
        device=device or vault.device.hex(),
        certificate=certificate or lost.certificate,
        entries=entries or lost.entries,
        at=now(),
    )
    item = FeedItem(pos=1, statement=enrolment.sign("given", back, office.signing))
    return hearing.take_feed(vault, TakeFeed(generation="one", items=(item,)))


def listed(vault: Vault, wanted: Wanted | None = None) -> list[tuple[str, bool]]:
    asked = opening.ListInspections(wanted=wanted or Wanted())
    return [(row.id, row.earlier) for row in opening.list_inspections(vault, asked).rows]


def test_records_are_kept_once_and_read_but_not_written(office: Headquarters, vault: Vault, lost: Lost):
    assert given(office, vault, lost) == Taken(applied=1, refused=0)
    assert given(office, vault, lost) == Taken(applied=0, refused=0)
    assert opening.get_inspection(vault, opening.GetInspection(id=lost.sealed.id)) == lost.sealed
    assert listed(vault) == [(lost.sealed.id, True)]
    assert listed(vault, Wanted(hold=True)) == [], "what was held there is not to be settled here"
    told = seeking.tell_timeline(vault, seeking.TellTimeline(inspection=lost.sealed.id))
    assert told.number == lost.sealed.number
    with vault.reading() as tx:
        tx.journal.verify()
    with pytest.raises(OfEarlierLaptop):
        evidence.attach(vault, evidence.AttachEvidence(inspection=lost.sealed.id, path=str(PHOTO)))
    with pytest.raises(Exception, match="not authorized"), vault.transaction() as tx:
        tx.inspections._connection.execute("UPDATE kept_record SET payload = x''")


def test_records_that_do_not_hold_are_refused(office: Headquarters, vault: Vault, lost: Lost):
    held = canonical.decode(lost.certificate.payload, Certificate)
    another = enrolment.sign("certificate", msgspec.structs.replace(held, name="B. Rao"), office.signing)
    forged = enrolment.sign("certificate", held, Headquarters().signing)
    torn = msgspec.structs.replace(lost.entries[0], payload=lost.entries[0].payload + b" ")
    for wrong in (
        {"certificate": another},
        {"certificate": forged},
        {"entries": (torn,)},
        {"entries": lost.notes[:1]},
        {"device": "00" * 16},
    ):
        assert given(office, vault, lost, **wrong) == Taken(applied=0, refused=1), wrong
    assert given(Headquarters(), vault, lost).refused == 1, "another headquarters vouches for nobody"
    assert listed(vault) == []


def test_a_file_is_kept_where_it_is_what_the_record_names(office: Headquarters, vault: Vault, lost: Lost):
    given(office, vault, lost)
    [item] = lost.sealed.evidence
    show = evidence.ShowEvidence(inspection=lost.sealed.id, evidence=item.id)
    with pytest.raises(EvidenceNotHere):
        evidence.show(vault, show)
    assert inheriting.missing_files(vault, MissingFiles()).files == (item.sealed_sha256,)

    altered = sealing_of_files.seal(PHOTO.read_bytes() + b"!", (vault.recipient,))
    foreign = sealing_of_files.seal(PHOTO.read_bytes(), (office.recipient,))
    for wrong in (altered, foreign):
        with pytest.raises(EvidenceAltered):
            inheriting.keep_file(vault, KeepFile(sealed=item.sealed_sha256, content=wrong))
    assert inheriting.missing_files(vault, MissingFiles()).files == (item.sealed_sha256,)

    whole = sealing_of_files.seal(PHOTO.read_bytes(), (vault.recipient,))
    assert inheriting.keep_file(vault, KeepFile(sealed=item.sealed_sha256, content=whole)).missing == 0
    assert evidence.show(vault, show).content == PHOTO.read_bytes()
    with vault.reading() as tx:  # the sweep leaves it, the check of the files looks at it, nothing sends it
        assert tx.outbox.sealed_files() == ((canonical.sha256(whole), len(whole)),)
        assert tx.outbox.blobs() == ()


def test_a_list_that_was_lost_is_filled_with_them_again(office: Headquarters, vault: Vault, lost: Lost):
    given(office, vault, lost)
    with vault.transaction() as tx:
        tx.inspections.listed.forget(lost.sealed.id)
    vault.list_filled = False
    assert listed(vault) == [(lost.sealed.id, True)]
