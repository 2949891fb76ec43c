"""Policies, checklists, leases and orders: signed here, believed and kept on the laptop."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

import resources
from fieldapp.actions import obeying
from fieldapp.enrolment import IssuedChecklist, Order, Policy, open_statement, sign
from fieldapp.vault.vault import Vault
from sync.headquarters import backup, enrolment, feed, office, ordering, store
from sync.headquarters.office import Office
from tests.support.headquarters import Chain, Simulator, invitation
from tests.sync.test_session import Field


@pytest.fixture
def field(at: Office, tmp_path: Path) -> Field:
    return Field(tmp_path, Simulator(at), at=at)


def policy_of(vault: Vault) -> Policy:
    with vault.reading() as tx:
        return tx.policy()


def test_a_policy_reaches_laptops_old_and_new(at: Office, field: Field) -> None:
    wanted = Policy(retention_days=90, lease_days=45, release_needs_second=False)
    issued = ordering.publish_policy(at, wanted, practice=False, by="Meera Iyer")
    assert issued.number == 2
    field.sync()
    assert policy_of(field.vault) == issued
    with store.reading(at.engine) as connection:
        assert ordering.policy_in_force(connection, practice=False) == issued
        assert ordering.policy_in_force(connection, practice=True) == Policy(number=1)
    later = Chain(at, enrol=False)
    answer = enrolment.enrol(at, later.request(invitation(at)))
    signing = at.keyring.real.signing.public_key().public_bytes_raw().hex()
    assert open_statement(answer.policy, "policy", Policy, (signing,)) == issued


def test_policies_are_numbered_and_an_older_one_never_comes_back(at: Office, field: Field) -> None:
    for days in (10, 20, 30):
        ordering.publish_policy(at, Policy(lease_days=days), practice=False, by="Meera Iyer")
    field.sync()
    assert (policy_of(field.vault).number, policy_of(field.vault).lease_days) == (4, 30)


def test_after_a_restore_a_new_policy_and_a_new_order_are_believed_whatever_their_numbers(
    at: Office, tmp_path: Path
) -> None:
    now = [at]
    field = Disobedient(tmp_path, Simulator(lambda: now[0]), at=at)
    device = field.vault.device.hex()
    backup.backup(at.home, tmp_path / "copy")
    for days in (10, 20):
        ordering.publish_policy(at, Policy(lease_days=days), practice=False, by="Meera Iyer")
    enrolment.revoke(at, device, "Meera Iyer", "left in a taxi")
    field.sync()
    first = order_of(field.vault)
    assert (policy_of(field.vault).lease_days, first.number) == (20, told_orders(at, device))

    now[0], _done = backup.restore(
        tmp_path / "copy", tmp_path / "new", lambda: at.clock() + timedelta(hours=1)
    )
    wanted = Policy(lease_days=30, legal_hold=("*",))
    issued = ordering.publish_policy(now[0], wanted, practice=False, by="Meera Iyer")
    assert issued.number < policy_of(field.vault).number
    enrolment.revoke(now[0], device, "Meera Iyer", "stolen")
    field.sync()
    assert policy_of(field.vault) == issued
    assert order_of(field.vault).number > first.number
    assert order_of(field.vault).why == "stolen"
    office.close(now[0])


class Disobedient(Field):
    """A laptop that hears orders and goes on."""

    def ask(self, action: Callable[..., Any], command: Any) -> Any:
        return obeying.Obeyed() if action is obeying.obey else super().ask(action, command)


def order_of(vault: Vault) -> Order:
    with vault.reading() as tx:
        found = tx.meta.get("order", Order)
    assert found is not None
    return found


def told_orders(at: Office, device: str) -> int:
    with store.reading(at.engine) as connection:
        return int(enrolment.get(connection, device)["orders"])


def test_a_checklist_is_kept_as_it_was_signed(at: Office, field: Field) -> None:
    document = resources.path("checklists", "air-cargo.toml").read_bytes()
    ordering.publish_checklist(at, document, practice=False, by="Meera Iyer")
    field.sync()
    with field.vault.reading() as tx:
        ((_hash, statement),) = tx.outbox.kept_feed("checklist")
        trusted = tx.require_enrolment().keys.signing
    told = open_statement(statement, "checklist", IssuedChecklist, trusted)
    assert (told.number, told.document) == (1, document.decode("utf-8"))


def test_large_statements_go_in_several_answers(at: Office) -> None:
    with store.writing(at.engine) as connection:
        for size in (300_000, 300_000, 900_000, 100, 100):
            large = sign("notice", {"said": "x" * size}, at.keyring.real.signing)
            feed.append(connection, "real", large, at.clock)
        stretches, cursor, more = [], 0, True
        while more:
            items, cursor, more = feed.after(connection, "no device", False, cursor)
            stretches.append([item.pos for item in items])
    assert stretches == [[1], [2], [3], [4, 5]]


def test_a_lease_is_renewed_when_a_third_of_it_is_over(at: Office, tmp_path: Path) -> None:
    days = 0.0
    later = msgspec.structs.replace(at, clock=lambda: at.clock() + timedelta(days=days))
    field = Field(tmp_path, Simulator(later), at=at)

    def until() -> object:
        with field.vault.reading() as tx:
            return tx.require_enrolment().certificate.lease_until

    field.sync()
    first = until()
    days = 9.0
    field.sync()
    assert until() == first, "not with every exchange"
    days = 11.0
    field.sync()
    renewed = until()
    assert renewed != first
    with store.reading(at.engine) as connection:
        row = enrolment.get(connection, field.vault.device.hex())
    assert store.moment(row["lease_until"]) == renewed


def test_a_withdrawn_laptop_is_ordered_to_seal_itself_and_gets_no_lease(at: Office, field: Field) -> None:
    field.sync()
    device = field.vault.device.hex()
    enrolment.revoke(at, device, "Meera Iyer", "left in a taxi")
    later = msgspec.structs.replace(at, clock=lambda: at.clock() + timedelta(days=20))
    with store.writing(at.engine) as connection:
        assert ordering.renewed(connection, later, enrolment.get(connection, device)) is None
        assert enrolment.get(connection, device)["orders"] > 0


def test_headquarters_knows_how_far_a_clock_is_off(at: Office, field: Field) -> None:
    field.sync()
    with store.reading(at.engine) as connection:
        assert abs(enrolment.get(connection, field.vault.device.hex())["clock_offset"]) <= 2
    chain = Chain(at)
    chain.push()
    with store.reading(at.engine) as connection:
        assert enrolment.get(connection, chain.device.hex())["clock_offset"] is None, "it does not tell"
