from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical, enrolment
from fieldapp.actions import opening, provisioning
from fieldapp.actions.provisioning import AcceptEnrolment, AdoptRelease, PrepareEnrolment
from fieldapp.clock import now
from fieldapp.enrolment import InvitationUnreadable, StatementRefused
from fieldapp.vault.vault import NotEnrolled
from fieldapp.watchlist.release import ReleaseDamaged
from fieldapp.watchlist.trust import ReleaseAltered, Target, permitted
from tests.support.laptops import Laptop, consignment, laptop, practice_release
from tests.support.vaults import PASSPHRASE, Headquarters, directory, enrolled_vault, new_vault


def test_a_vault_is_looked_at_made_and_unlocked(tmp_path: Path):
    place = directory(tmp_path)
    assert not provisioning.look(place, provisioning.Look()).exists
    made = provisioning.create_vault(
        place, provisioning.CreateVault(passphrase=PASSPHRASE, name="R. Nair", site="Nhava Sheva")
    )
    assert made.officer.name == "R. Nair"
    assert not made.enrolled
    place.lock()
    assert provisioning.look(place, provisioning.Look()).name == "R. Nair"
    again = provisioning.unlock(place, provisioning.Unlock(passphrase=PASSPHRASE))
    assert again.device == made.device
    place.lock()


def test_an_invitation_read_as_text_makes_a_request_under_its_secret(tmp_path: Path):
    vault = new_vault(tmp_path)
    invitation = Headquarters().invitation()
    text = "\n".join(enrolment.invitation_text(invitation)[at : at + 60] for at in range(0, 900, 60))
    made = provisioning.prepare_enrolment(vault, PrepareEnrolment(text=text))
    assert made.invitation == invitation
    assert made.request.public == vault.public
    assert len(made.request.mac) == 32
    vault.close()


@pytest.mark.parametrize(
    "text", ["", "hello", "FIELDAPP1:", "FIELDAPP1:AAAA", "FIELDAPP1:" + "é" * 9, "x" * 9999]
)
def test_anything_else_is_no_invitation(tmp_path: Path, text: str):
    vault = new_vault(tmp_path)
    with pytest.raises(InvitationUnreadable):
        provisioning.prepare_enrolment(vault, PrepareEnrolment(text=text))
    vault.close()


def test_an_expired_invitation_is_refused(tmp_path: Path):
    vault = new_vault(tmp_path)
    old = Headquarters().invitation(expires=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(provisioning.InvitationExpired):
        provisioning.prepare_enrolment(vault, PrepareEnrolment(text=enrolment.invitation_text(old)))
    vault.close()


@pytest.mark.parametrize("fault", ["root", "certificate-key", "another-vault", "realm"])
def test_an_answer_that_is_not_headquarters_is_refused(tmp_path: Path, fault: str):
    vault = new_vault(tmp_path)
    right, wrong = Headquarters(), Headquarters()
    answer = right.answer(vault)
    invitation = right.invitation()
    if fault == "root":
        answer = wrong.answer(vault)
    if fault == "certificate-key":
        answer = msgspec.structs.replace(answer, certificate=wrong.answer(vault).certificate)
    if fault == "another-vault":
        (tmp_path / "other").mkdir()
        other = new_vault(tmp_path / "other")
        answer = right.answer(other)
        other.close()
    if fault == "realm":
        invitation = right.invitation(practice=True)
    with pytest.raises(StatementRefused):
        provisioning.accept_enrolment(vault, AcceptEnrolment(invitation=invitation, answer=answer))
    with vault.reading() as tx:
        assert tx.enrolment() is None
    vault.close()


def test_a_vault_is_enrolled_once(tmp_path: Path):
    headquarters = Headquarters()
    vault = enrolled_vault(tmp_path, headquarters)
    with pytest.raises(provisioning.AlreadyEnrolled):
        provisioning.accept_enrolment(
            vault, AcceptEnrolment(invitation=headquarters.invitation(), answer=headquarters.answer(vault))
        )
    vault.close()


def test_without_enrolment_nothing_is_inspected(tmp_path: Path):
    vault = new_vault(tmp_path)
    with pytest.raises(NotEnrolled):
        opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    vault.close()


def test_practice_is_marked_from_the_first_number_on(tmp_path: Path):
    headquarters = Headquarters(practice=True)
    vault = enrolled_vault(tmp_path, headquarters)
    inspection = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    assert inspection.practice
    assert inspection.number.startswith("PRACTICE-")
    vault.close()


def adopt(desk: Laptop, target: Target, content: bytes) -> None:
    """Take in a release as if this vault had verified it."""
    permit = permitted(target, desk.vault.watchlist_key)
    provisioning.adopt_release(desk.screener, AdoptRelease(target=permit, content=content))


def test_a_damaged_list_leaves_the_good_one(tmp_path: Path):
    desk = laptop(tmp_path)
    target, content = practice_release(number=2)
    cut = content[: len(content) // 2]
    damaged = msgspec.structs.replace(target, sha256=canonical.sha256(cut), size=len(cut))
    with pytest.raises(ReleaseDamaged):
        adopt(desk, damaged, cut)
    assert desk.screener.state().number == 1
    with pytest.raises(ReleaseAltered):
        adopt(desk, target, content + b"x")
    with pytest.raises(ReleaseAltered):  # whoever brings it: the vault has not verified it
        provisioning.adopt_release(desk.screener, AdoptRelease(target=target, content=content))
    assert desk.screener.state().number == 1
    desk.close()


def test_an_older_list_is_refused(tmp_path: Path):
    desk = laptop(tmp_path)
    adopt(desk, *practice_release(number=2))
    with pytest.raises(provisioning.WatchlistRolledBack):
        adopt(desk, *practice_release(number=1))
    desk.close()


def test_a_clock_set_back_is_noticed_and_blocks_nothing(tmp_path: Path):
    headquarters = Headquarters()
    moments = [now()]
    vault = enrolled_vault(tmp_path, headquarters, clock=lambda: moments[-1])
    with vault.transaction() as tx:
        tx.meta.put("time-floor", moments[0])
    assert not provisioning.status(vault, provisioning.Status()).clock_suspect
    moments.append(moments[0] - timedelta(days=400))
    assert provisioning.status(vault, provisioning.Status()).clock_suspect
    opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    vault.close()
