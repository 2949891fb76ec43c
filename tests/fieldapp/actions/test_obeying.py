"""Orders and leases: who may seal a vault from afar, when, and that nothing is lost by it."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import clock, enrolment
from fieldapp.actions import hearing, obeying, provisioning, recovering
from fieldapp.actions.hearing import FeedItem, TakeFeed
from fieldapp.actions.obeying import Obey
from fieldapp.actions.provisioning import Unlock
from fieldapp.actions.recovering import AskRecovery, TakeRecovery
from fieldapp.enrolment import Certificate, Order, Policy, Statement
from fieldapp.vault import header
from fieldapp.vault.directory import VaultDirectory, VaultSealed
from fieldapp.vault.keys import WrongPassphrase
from fieldapp.vault.vault import Vault
from tests.fieldapp.actions.test_recovering import NEW, OFFICERS, events, shares
from tests.support.vaults import PASSPHRASE, Headquarters, directory, enrolled_vault


class Wall:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.moment = clock.now()

    def __call__(self) -> datetime:
        return self.moment

    def walk(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def office() -> Headquarters:
    return Headquarters()


@pytest.fixture
def wall() -> Wall:
    return Wall()


def opened(folder: Path, office: Headquarters, wall: Wall, lease_days: int = 0) -> VaultDirectory:
    """An enrolled vault, unlocked in its directory."""
    policy = Policy(number=1, lease_days=lease_days, issued=wall())
    enrolled_vault(folder, office, policy, wall).close()
    place = directory(folder, wall)
    provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    return place


def order(office: Headquarters, vault: Vault, number: int = 1, device: str = "") -> Statement:
    told = Order(device=device or vault.device.hex(), number=number, what="lock", at=clock.now())
    return enrolment.sign("order", told, office.signing)


def told(vault: Vault, *statements: Statement, first: int = 1) -> hearing.Taken:
    items = tuple(FeedItem(pos=pos, statement=one) for pos, one in enumerate(statements, first))
    return hearing.take_feed(vault, TakeFeed(generation="g1", items=items))


def renewal(office: Headquarters, held: Certificate, issued: datetime, days: int) -> Statement:
    """The certificate with another term."""
    until = issued + timedelta(days=days)
    return enrolment.sign(
        "certificate", msgspec.structs.replace(held, issued=issued, lease_until=until), office.signing
    )


def reopened(place: VaultDirectory, office: Headquarters) -> None:
    """Two officers open the vault again."""
    asked = recovering.ask_recovery(place, AskRecovery(passphrase=NEW))
    answer = recovering.answer(asked.raw, shares(office)[:2], OFFICERS, clock.now())
    recovering.take_recovery(place, TakeRecovery(raw=answer, passphrase=NEW))


def test_an_order_seals_the_vault_and_two_officers_open_it_again(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall)
    ordered = order(office, place.vault)
    assert told(place.vault, ordered).ordered
    assert obeying.obey(place, Obey()).sealed
    with pytest.raises(VaultSealed):
        provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    reopened(place, office)
    assert {"order-received", "vault-sealed", "recovered"} <= set(events(place.vault))
    again = told(place.vault, ordered, first=9)
    assert not again.ordered, "the same order, told again, was obeyed once already"
    assert not obeying.obey(place, Obey()).sealed
    place.lock()
    provisioning.unlock(place, Unlock(passphrase=NEW))
    assert place.unlocked


def test_an_order_that_a_crash_kept_from_being_obeyed_is_obeyed_at_the_next_unlock(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall)
    told(place.vault, order(office, place.vault))
    place.lock()
    with pytest.raises(VaultSealed):
        provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    assert place.sealed


def test_no_header_from_before_an_order_undoes_it(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall)
    before = {name: (place.folder / name).read_bytes() for name in header.COPIES}
    told(place.vault, order(office, place.vault))
    assert obeying.obey(place, Obey()).sealed
    for name, raw in before.items():
        (place.folder / name).write_bytes(raw)
    with pytest.raises(WrongPassphrase):
        provisioning.unlock(place, Unlock(passphrase="one that nobody chose"))
    with pytest.raises(VaultSealed):
        provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))
    assert not place.unlocked


def test_who_is_not_headquarters_orders_nothing(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall)
    forged = order(Headquarters(), place.vault)
    for_another = order(office, place.vault, device="ab" * 16)
    taken = told(place.vault, forged, for_another)
    assert (taken.refused, taken.ordered) == (2, False)
    assert not obeying.obey(place, Obey()).sealed


def test_a_new_order_after_recovery_is_obeyed(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall)
    told(place.vault, order(office, place.vault))
    obeying.obey(place, Obey())
    reopened(place, office)
    assert told(place.vault, order(office, place.vault, 2), first=2).ordered
    assert obeying.obey(place, Obey()).sealed


def test_a_vault_without_headquarters_slot_is_never_sealed(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall)
    told(place.vault, order(office, place.vault))
    place.vault.put_slots((), ("recovery",))
    assert not obeying.obey(place, Obey()).sealed
    assert place.unlocked


def test_without_a_lease_silence_changes_nothing(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall)
    wall.walk(days=2000)
    assert obeying.obey(place, Obey()).lease == "none"


def test_a_lease_warns_before_its_end_and_a_day_after_seals(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall, lease_days=60)
    assert obeying.obey(place, Obey()).lease == "held"
    wall.walk(days=54)
    assert obeying.obey(place, Obey()).lease == "near"
    wall.walk(days=7)
    ended = obeying.obey(place, Obey())
    assert (ended.lease, ended.sealed, ended.until) == ("ended", False, wall() + obeying.GRACE)
    wall.walk(hours=23)
    assert not obeying.obey(place, Obey()).sealed
    place.lock()
    wall.walk(hours=2)
    with pytest.raises(VaultSealed):
        provisioning.unlock(place, Unlock(passphrase=PASSPHRASE))


def test_a_lease_that_was_renewed_is_held(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall, lease_days=10)
    wall.walk(days=31)
    assert obeying.obey(place, Obey()).lease == "ended"
    with place.vault.transaction() as tx:
        renewed = renewal(office, tx.require_enrolment().certificate, wall(), 10)
        hearing.take_certificate(place.vault, tx, renewed)
    assert obeying.obey(place, Obey()).lease == "held"
    wall.walk(hours=30)
    assert not obeying.obey(place, Obey()).sealed, "the warning went with the lease that ended"


def test_a_clock_set_back_extends_no_lease(tmp_path: Path, office: Headquarters, wall: Wall) -> None:
    place = opened(tmp_path, office, wall, lease_days=10)
    wall.walk(days=31)
    obeying.obey(place, Obey())
    wall.walk(days=-25)
    assert obeying.obey(place, Obey()).lease == "ended"


def test_recovery_after_a_lease_gives_a_day_to_be_heard(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall, lease_days=10)
    wall.walk(days=31)
    obeying.obey(place, Obey())
    wall.walk(days=2)
    assert obeying.obey(place, Obey()).sealed
    reopened(place, office)
    assert not obeying.obey(place, Obey()).sealed


def test_an_older_or_anothers_certificate_renews_nothing(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    place = opened(tmp_path, office, wall, lease_days=10)
    vault = place.vault
    with vault.transaction() as tx:
        before = tx.require_enrolment().certificate
        hearing.take_certificate(vault, tx, renewal(office, before, wall() - timedelta(days=1), 900))
        assert tx.require_enrolment().certificate == before
        forged = renewal(Headquarters(), before, wall() + timedelta(days=1), 900)
        with pytest.raises(enrolment.StatementRefused):
            hearing.take_certificate(vault, tx, forged)


def test_a_paper_names_the_certificate_it_was_sealed_under(
    tmp_path: Path, office: Headquarters, wall: Wall
) -> None:
    vault = opened(tmp_path, office, wall).vault
    with vault.transaction() as tx:
        sealed_at = tx.journal.head().seq
        held, first = tx.require_enrolment().certificate, tx.require_enrolment().certificate_statement
        hearing.take_certificate(vault, tx, renewal(office, held, wall() + timedelta(days=1), 30))
        assert tx.require_enrolment().certificate_statement != first
        assert hearing.certificate_at(tx, sealed_at) == first
        assert hearing.certificate_at(tx, sealed_at + 5) == tx.require_enrolment().certificate_statement
