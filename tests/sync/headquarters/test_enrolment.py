from datetime import timedelta

import msgspec
import pytest
from cryptography import x509

from fieldapp import canonical, clock
from fieldapp import enrolment as statements
from fieldapp.enrolment import Certificate, HeadquartersKeys, InvitationExpired, Policy
from fieldapp.vault.paperkey import PaperKey
from sync import wire
from sync.headquarters import enrolment, store
from sync.headquarters.office import Office
from tests.support.headquarters import Chain, invitation


def test_the_answer_is_anchored_in_the_invitations_root(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    answer = enrolment.enrol(at, chain.request(invited))
    keys = statements.open_statement(answer.keys, "keys", HeadquartersKeys, (invited.root,))
    held = statements.open_statement(answer.certificate, "certificate", Certificate, keys.signing)
    assert (held.name, held.site, held.device) == ("R. Nair", "Nhava Sheva", chain.device.hex())
    assert statements.open_statement(answer.policy, "policy", Policy, keys.signing).number == 1


def test_the_key_that_signs_reports_is_certified_and_named_by_the_certificate(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    key = PaperKey(bytes(32))
    asked = msgspec.structs.replace(chain.request(invited), paper_key=key.public)
    answer = enrolment.enrol(
        at, msgspec.structs.replace(asked, mac=statements.request_mac(asked, invited.secret))
    )
    held = canonical.decode(answer.certificate.payload, Certificate)
    assert statements.is_x509_of(answer.x509, held, key.public)
    assert not statements.is_x509_of(answer.x509, held, PaperKey(b"x" * 32).public)
    leaf, authority = (x509.load_der_x509_certificate(der) for der in answer.x509)
    leaf.verify_directly_issued_by(authority)
    assert leaf.not_valid_after_utc <= authority.not_valid_after_utc
    assert leaf.subject.rfc4514_string().count("R. Nair") == 1


def test_a_vault_that_asks_for_no_certificate_is_enrolled_as_before(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    answer = enrolment.enrol(at, chain.request(invited))
    assert answer.x509 == ()
    assert canonical.decode(answer.certificate.payload, Certificate).x509 == ""


def test_a_key_for_reports_that_is_no_point_is_refused_and_the_invitation_stays_good(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    asked = msgspec.structs.replace(chain.request(invited), paper_key=b"\x04" + bytes(64))
    with pytest.raises(wire.InvitationUnknown):
        enrolment.enrol(at, msgspec.structs.replace(asked, mac=statements.request_mac(asked, invited.secret)))
    enrolment.enrol(at, chain.request(invited))


def test_practice_and_real_have_nothing_in_common(at: Office) -> None:
    real, practice = invitation(at), invitation(at, practice=True)
    assert real.root != practice.root
    answer = enrolment.enrol(at, Chain(at, enrol=False).request(practice))
    with pytest.raises(statements.StatementRefused):
        statements.open_statement(answer.keys, "keys", HeadquartersKeys, (real.root,))


def test_an_invitation_is_used_once(at: Office) -> None:
    invited = invitation(at)
    enrolment.enrol(at, Chain(at, enrol=False).request(invited))
    with pytest.raises(wire.InvitationUsed):
        enrolment.enrol(at, Chain(at, enrol=False).request(invited))


def test_an_answer_lost_on_the_way_is_given_again(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    first = enrolment.enrol(at, chain.request(invited))
    assert enrolment.enrol(at, chain.request(invited)) == first


def test_a_wrong_secret_and_an_unknown_invitation_look_the_same(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    for changed in ({"secret": "00" * 16}, {"id": "never"}):
        with pytest.raises(wire.InvitationUnknown) as refused:
            enrolment.enrol(at, chain.request(msgspec.structs.replace(invited, **changed)))
        assert refused.value.facts == {}


def test_an_invitation_runs_out(at: Office) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    late = msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(days=8))
    with pytest.raises(InvitationExpired):
        enrolment.enrol(late, chain.request(invited))


def test_another_key_under_a_known_device_is_refused(at: Office) -> None:
    known, impostor = Chain(at), Chain(at, enrol=False)
    impostor.device = known.device
    with pytest.raises(wire.InvitationUsed):
        enrolment.enrol(at, impostor.request(invitation(at)))


@pytest.mark.parametrize("practice", [False, True])
def test_a_laptop_stays_on_its_side(at: Office, practice: bool) -> None:
    known, other = Chain(at, practice=practice), invitation(at, practice=not practice)
    with pytest.raises(wire.InvitationRealm):
        enrolment.enrol(at, known.request(other))
    with store.reading(at.engine) as connection:
        assert enrolment.get(connection, known.device.hex())["practice"] == practice
    late = Chain(at, enrol=False, practice=not practice)
    enrolment.enrol(at, late.request(other))  # the invitation is as good as before


def test_a_known_laptop_enrols_again_on_its_own_side(at: Office) -> None:
    known = Chain(at)
    enrolment.enrol(at, known.request(invitation(at, site="Chennai")))
    with store.reading(at.engine) as connection:
        assert enrolment.get(connection, known.device.hex())["site"] == "Chennai"


@pytest.mark.parametrize("public", [b"\xff" * 32, bytes(32), b"\x01" + bytes(31), b"\x02" + bytes(31), b""])
def test_what_is_no_key_burns_no_invitation(at: Office, public: bytes) -> None:
    invited, chain = invitation(at), Chain(at, enrol=False)
    asked = msgspec.structs.replace(chain.request(invited), public=public)
    asked = msgspec.structs.replace(asked, mac=statements.request_mac(asked, invited.secret))
    with pytest.raises(wire.InvitationUnknown):
        enrolment.enrol(at, asked)
    enrolment.enrol(at, chain.request(invited))


def test_devices_of_one_realm_only(at: Office) -> None:
    Chain(at, name="R. Nair")
    Chain(at, name="Trainee", practice=True)
    with store.reading(at.engine) as connection:
        assert [row["name"] for row in enrolment.devices(connection, practice=False)] == ["R. Nair"]
        assert [row["name"] for row in enrolment.devices(connection, practice=True)] == ["Trainee"]
