"""The file of a report is signed in the vault, after the passphrase was given for just that file."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, finding, provisioning, reporting
from fieldapp.actions.disposing import Decide
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.reporting import (
    Gather,
    NotCertified,
    NotSealed,
    Rendered,
    RenderReport,
    SignReports,
    ToSign,
)
from fieldapp.enrolment import Answer, Certificate, StatementRefused, sign
from fieldapp.report.verify import verify_file
from fieldapp.vault.paperkey import PaperKey
from fieldapp.vault.proofs import SignatureUnproven
from tests.support import papers
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import Headquarters, new_vault, proof_of, seal, signed_report


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def sealed(desk: Laptop) -> str:
    inspection = desk.open("2-tablets").id
    finding.record(desk.vault, RecordFinding(inspection=inspection, severity="other", note="Seal intact."))
    disposing.decide(desk.vault, Decide(inspection=inspection, disposition="hold", reason="Papers"))
    seal(desk.vault, inspection)
    return inspection


def rendered(desk: Laptop, inspection: str) -> Rendered:
    given = reporting.gather(desk.vault, Gather(inspection=inspection))
    return reporting.render(desk.press, RenderReport(input=given))


def to_sign(inspection: str, made: Rendered, **changes: object) -> ToSign:
    bare = ToSign(inspection=inspection, revision=made.revision, attributes=made.attributes)
    return msgspec.structs.replace(bare, **changes)


def proven(desk: Laptop, *reports: ToSign) -> str:
    meaning, what = reporting.subject_of(reports).split(":")
    return proof_of(desk.vault, meaning, what)


def notes(desk: Laptop) -> list[dict[str, object]]:
    with desk.vault.reading() as tx:
        entries = tx.journal.entries(1, 500)
    lines = [canonical.decode(entry.payload, dict) for entry in entries if entry.kind == "audit"]
    return [line for line in lines if line["event"] == "report-signed"]


def test_a_signed_report_holds_is_the_same_twice_and_stands_in_the_ledger(desk: Laptop, sealed: str) -> None:
    pdf = signed_report(desk.vault, desk.press, sealed)
    assert pdf == signed_report(desk.vault, desk.press, sealed)
    found = verify_file(pdf)
    assert found.ok
    assert {check.name: check.ok for check in found.checks}["file-signature"]
    assert len(notes(desk)) == 2


@pytest.mark.parametrize("proof", ["", "00" * 16])
def test_nothing_is_signed_without_the_passphrase(desk: Laptop, sealed: str, proof: str) -> None:
    wanted = to_sign(sealed, rendered(desk, sealed))
    with pytest.raises(SignatureUnproven):
        reporting.sign(desk.vault, SignReports(reports=(wanted,), proof=proof))
    assert notes(desk) == []


def test_a_proof_is_for_these_files_and_good_once(desk: Laptop, sealed: str) -> None:
    wanted = to_sign(sealed, rendered(desk, sealed))
    other = msgspec.structs.replace(wanted, attributes=wanted.attributes[:-1] + b"x")
    with pytest.raises(SignatureUnproven):
        reporting.sign(desk.vault, SignReports(reports=(other,), proof=proven(desk, wanted)))
    proof = proven(desk, wanted)
    reporting.sign(desk.vault, SignReports(reports=(wanted,), proof=proof))
    with pytest.raises(SignatureUnproven):
        reporting.sign(desk.vault, SignReports(reports=(wanted,), proof=proof))


def test_many_files_are_signed_under_one_passphrase(desk: Laptop, sealed: str) -> None:
    wanted = to_sign(sealed, rendered(desk, sealed))
    both = (wanted, msgspec.structs.replace(wanted, attributes=wanted.attributes + b"x"))
    made = reporting.sign(desk.vault, SignReports(reports=both, proof=proven(desk, *both)))
    assert len(set(made.signatures)) == 2
    assert len({str(line) for line in notes(desk)}) == 2


def test_only_what_is_sealed_is_signed_and_nothing_of_the_others(desk: Laptop, sealed: str) -> None:
    wanted = to_sign(sealed, rendered(desk, sealed))
    draft = desk.open("1-intermediate").id
    for bad in (to_sign(draft, rendered(desk, sealed)), msgspec.structs.replace(wanted, revision=7)):
        with pytest.raises(NotSealed):
            reporting.sign(desk.vault, SignReports(reports=(wanted, bad), proof=proven(desk, wanted, bad)))
    assert notes(desk) == []


def test_a_vault_enrolled_before_there_were_certificates_says_that_its_files_are_not_signed(
    desk: Laptop, sealed: str
) -> None:
    with desk.vault.transaction() as tx:
        held = tx.require_enrolment()
        tx.meta.put("enrolment", msgspec.structs.replace(held, x509=()))
    made = rendered(desk, sealed)
    assert made.attributes == b""
    found = verify_file(made.pdf)
    assert {check.name: check.code for check in found.checks}["file-signature"] == "unsigned"
    wanted = ToSign(inspection=sealed, revision=1, attributes=b"anything")
    with pytest.raises(NotCertified):
        reporting.sign(desk.vault, SignReports(reports=(wanted,), proof=proven(desk, wanted)))


def _answer(vault_key: bytes, headquarters: Headquarters, true: Answer, case: str) -> Answer:
    held = canonical.decode(true.certificate.payload, Certificate)
    if case == "another's key":
        held, x509 = papers.certified(held, papers.paper_key(3).public)
    elif case == "not named":
        held, x509 = msgspec.structs.replace(held, x509=""), true.x509
    elif case == "another certificate":
        x509 = papers.certified(held, vault_key)[1]
    else:
        held, x509 = (
            msgspec.structs.replace(held, x509=canonical.sha256(b"no certificate")),
            (b"no certificate",),
        )
    return msgspec.structs.replace(
        true, certificate=sign("certificate", held, headquarters.signing), x509=x509
    )


@pytest.mark.parametrize("case", ["another's key", "not named", "another certificate", "rubbish"])
def test_a_certificate_that_is_not_for_this_vault_is_refused(tmp_path: Path, case: str) -> None:
    vault, headquarters = new_vault(tmp_path), Headquarters()
    true = headquarters.answer(vault)
    given = _answer(vault.paper_key.public, headquarters, true, case)
    command = provisioning.AcceptEnrolment(invitation=headquarters.invitation(), answer=given)
    with pytest.raises(StatementRefused):
        provisioning.accept_enrolment(vault, command)
    provisioning.accept_enrolment(vault, msgspec.structs.replace(command, answer=true))
    vault.close()


def test_the_key_of_the_files_is_the_vaults_and_comes_back_with_it() -> None:
    assert PaperKey(b"a" * 32).public == PaperKey(b"a" * 32).public
    assert PaperKey(b"a" * 32).public != PaperKey(b"b" * 32).public
    assert PaperKey(b"a" * 32).sign(b"m") == PaperKey(b"a" * 32).sign(b"m")
