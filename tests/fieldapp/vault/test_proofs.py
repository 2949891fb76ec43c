"""A passphrase given again is good for one signature: this one, now, once."""

from pathlib import Path

import pytest

from fieldapp.actions import opening, provisioning, sealing
from fieldapp.actions.provisioning import ConfirmPassphrase, Unlock
from fieldapp.actions.sealing import SealInspection
from fieldapp.vault import proofs
from fieldapp.vault.keys import WrongPassphrase
from fieldapp.vault.proofs import SignatureUnproven, subject
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import PASSPHRASE, directory, proof_of


@pytest.fixture
def desk(tmp_path: Path):
    made = laptop(tmp_path)
    yield made
    made.close()


def refused(desk: Laptop, inspection: str, proof: str) -> str:
    with desk.vault.reading() as tx:
        head = tx.journal.head()
    with pytest.raises(SignatureUnproven) as found:
        sealing.seal(desk.vault, SealInspection(inspection=inspection, proof=proof))
    with desk.vault.reading() as tx:
        assert tx.journal.head() == head
    assert opening.get_inspection(desk.vault, opening.GetInspection(id=inspection)).state == "draft"
    return str(found.value.facts["why"])


def test_nothing_is_sealed_without_a_proof_or_with_another_ones(desk: Laptop):
    inspection = ready(desk).id
    assert refused(desk, inspection, "") == "missing"
    assert refused(desk, inspection, "00" * 16) == "missing"
    assert refused(desk, inspection, proof_of(desk.vault, "authored", "another inspection")) == "other"
    assert refused(desk, inspection, proof_of(desk.vault, "approved", inspection)) == "other"
    first = proof_of(desk.vault, "authored", inspection)
    proof_of(desk.vault, "authored", inspection)
    assert refused(desk, inspection, first) == "missing"  # a newer one took its place


def test_a_proof_is_spent_by_the_first_who_uses_it(desk: Laptop):
    inspection = ready(desk).id
    proof = proof_of(desk.vault, "authored", inspection)
    sealed = sealing.seal(desk.vault, SealInspection(inspection=inspection, proof=proof))
    assert sealed.inspection.state == "sealed"
    with pytest.raises(SignatureUnproven):
        desk.vault.spend_proof(proof, subject("authored", inspection))


def test_a_proof_grows_old(desk: Laptop):
    inspection = ready(desk).id
    proof = proof_of(desk.vault, "authored", inspection)
    given = desk.vault._proofs._given
    assert given is not None
    desk.vault._proofs._given = proofs._Given(given.proof, given.subject, given.at - proofs.GOOD_FOR - 1)
    assert refused(desk, inspection, proof) == "late"


def test_a_key_that_is_not_the_vaults_proves_nothing(desk: Laptop):
    with pytest.raises(SignatureUnproven):
        desk.vault.prove(bytes(32), subject("authored", "x"))


def test_the_passphrase_makes_the_proof_and_a_wrong_one_none(tmp_path: Path):
    laptop(tmp_path).close()
    place = directory(tmp_path)
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    with pytest.raises(WrongPassphrase):
        provisioning.confirm_passphrase(
            place, ConfirmPassphrase(passphrase="not the one that was chosen", signing="authored:x")
        )
    with pytest.raises(SignatureUnproven):
        place.vault.spend_proof("", "authored:x")
    given = provisioning.confirm_passphrase(
        place, ConfirmPassphrase(passphrase=PASSPHRASE, signing="authored:x")
    )
    place.vault.spend_proof(given.proof, "authored:x")
    assert provisioning.confirm_passphrase(place, ConfirmPassphrase(passphrase=PASSPHRASE)).proof == ""
    place.lock()
