"""Intake: whatever the order, repetition or malice of what arrives, the store holds each true entry once."""

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fieldapp import ledger
from fieldapp.inspection import record
from fieldapp.ledger import Entry
from sync.headquarters import enrolment, intake, store, tables
from sync.headquarters.office import Office
from sync.wire import SyncAnswer
from tests.support import records
from tests.support.headquarters import Chain


def states(answer: SyncAnswer) -> list[str]:
    return [ack.state for ack in answer.acks]


def stored(at: Office, chain: Chain) -> set[tuple[str, int, int, str]]:
    kept = tables.record.c
    question = select(kept.id, kept.seq, kept.branch, kept.flag).where(kept.device == chain.device.hex())
    with store.reading(at.engine) as connection:
        return {tuple(row) for row in connection.execute(question)}


def test_entries_are_taken_once(at: Office) -> None:
    chain = Chain(at)
    for _ in range(3):
        chain.append()
    assert states(chain.push()) == ["new"] * 3
    assert states(chain.push()) == ["dup"] * 3
    assert len(stored(at, chain)) == 3


def test_the_answer_witnesses_the_head(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    answer = chain.push()
    assert (answer.head.seq, answer.head.id) == (1, chain.head.id)
    assert answer.witness is not None
    again = chain.push(generation=answer.generation)
    assert again.witness is None, "nothing moved, nothing to countersign"


def test_what_follows_a_missing_entry_is_asked_for_again(at: Office) -> None:
    chain = Chain(at)
    first, second, third = chain.append(), chain.append(), chain.append()
    assert states(chain.push(first, third)) == ["new", "gap"]
    assert states(chain.push(second, third)) == ["new", "new"]


def test_two_branches_are_both_kept(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    head = chain.head
    chain.append(payload=b'{"one":1}')
    other = ledger.append(head, "note", chain.device, b'{"two":2}', chain.key)
    after_other = ledger.append(ledger.head_after(other), "note", chain.device, b"{}", chain.key)
    assert states(chain.push()) == ["new", "new"]
    assert states(chain.push(other, after_other)) == ["fork", "fork"]
    assert {(seq, branch) for _, seq, branch, _ in stored(at, chain)} == {(1, 0), (2, 0), (2, 1), (3, 1)}
    assert chain.push().head.id == chain.head.id, "the first branch stays the vault's chain"


def test_two_branches_that_come_together_are_both_kept(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    head = chain.head
    one = chain.append(payload=b'{"one":1}')
    other = ledger.append(head, "note", chain.device, b'{"two":2}', chain.key)
    third = ledger.append(head, "note", chain.device, b'{"three":3}', chain.key)
    assert states(chain.push(chain.entries[0], other, one, third, other)) == [
        "new",
        "new",
        "fork",
        "fork",
        "dup",
    ]
    assert {(seq, branch) for _, seq, branch, _ in stored(at, chain)} == {(1, 0), (2, 0), (2, 1), (2, 2)}


def test_places_far_apart_are_each_known(at: Office) -> None:
    chain = Chain(at)
    for _ in range(12):
        chain.append()
    chain.push()
    old, last = chain.entries[2], chain.append()
    assert states(chain.push(last, old, chain.entries[8])) == ["new", "dup", "dup"]


def test_an_entry_that_names_one_of_another_vault_is_no_part_of_its_chain(at: Office) -> None:
    other = Chain(at)
    other.append()
    other.push()
    chain = Chain(at)
    grafted = ledger.append(other.head, "note", chain.device, b"{}", chain.key)
    assert states(chain.push(grafted)) == ["gap"]
    assert stored(at, chain) == set()


@pytest.mark.parametrize("field", ["payload", "kind"])
def test_a_changed_entry_is_set_aside_and_the_true_one_still_taken(at: Office, field: str) -> None:
    chain = Chain(at)
    true = chain.append()
    changed = msgspec.convert(msgspec.to_builtins(true), Entry)
    changed = Entry(
        "seal" if field == "kind" else true.kind,
        true.device,
        true.seq,
        true.prev,
        b'{"forged":1}' if field == "payload" else true.payload,
        true.signature,
    )
    answer = chain.push(changed)
    assert [(ack.state, ack.why) for ack in answer.acks] == [("quarantined", "signature")]
    assert states(chain.push(true)) == ["new"]


def test_an_entry_of_another_vault_is_set_aside(at: Office) -> None:
    mine, foreign = Chain(at), Chain(at, name="S. Rao")
    entry = foreign.append()
    assert [(ack.state, ack.why) for ack in mine.push(entry).acks] == [("quarantined", "device")]
    assert states(foreign.push()) == ["new"]


def test_a_chain_goes_on_after_an_entry_in_quarantine(at: Office) -> None:
    chain = Chain(at)
    damaged = chain.append()
    damaged = Entry(damaged.kind, damaged.device, 1, damaged.prev, damaged.payload, bytes(64))
    follower = chain.append()
    assert states(chain.push(damaged, follower)) == ["quarantined", "new"]


def test_entries_of_a_withdrawn_laptop_are_kept_aside(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    enrolment.revoke(at, chain.device.hex(), "test")
    assert [(ack.state, ack.why) for ack in chain.push().acks] == [("quarantined", "revoked")]
    with store.reading(at.engine) as connection:
        assert [row["why"] for row in intake.set_aside(connection, practice=False)] == ["revoked"]


@pytest.mark.parametrize("seq", [0, -1, 2**60, 2**63])
def test_an_impossible_place_is_set_aside(at: Office, seq: int) -> None:
    chain = Chain(at)
    true = chain.append()
    odd = Entry(true.kind, true.device, seq, true.prev, true.payload, true.signature)
    assert states(chain.push(odd)) == ["quarantined"]


def test_a_kind_that_is_not_ascii_is_set_aside(at: Office) -> None:
    chain = Chain(at)
    true = chain.append()
    odd = Entry("मुहर", true.device, 1, true.prev, true.payload, true.signature)
    assert [(ack.state, ack.why) for ack in chain.push(odd).acks] == [("quarantined", "malformed")]


def test_unknown_kinds_are_stored(at: Office) -> None:
    chain = Chain(at)
    chain.append("kind-of-next-year", b'{"a":1}')
    assert states(chain.push()) == ["new"]


def test_a_record_that_cannot_be_read_is_kept_and_flagged(at: Office) -> None:
    chain = Chain(at)
    chain.append(record.KIND, b'{"v":1}')
    chain.append(record.KIND, b"\xff not json")
    answer = chain.push()
    assert [(ack.state, ack.why) for ack in answer.acks] == [("quarantined", "schema")] * 2
    assert answer.head.seq == 2, "the chain holds it all the same"


def altered(change: Callable[[Any], None]) -> bytes:
    """A record's payload with something in it that no laptop of ours writes."""
    full = records.inspection(
        scans=(records.scan(),), findings=(records.finding(),), decisions=(records.decision(),)
    )
    content = json.loads(record.payload(records.record(inspection=full)))
    change(content)
    return json.dumps(content).encode()


OUT_OF_TIME = ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00")
DATED: dict[str, Callable[[Any, str], None]] = {
    "signature": lambda made, at: made["signature"].update(at=at),
    "watchlist": lambda made, at: made["watchlist"].update(issued=at),
    "opened": lambda made, at: made["inspection"].update(opened=at),
    "decision": lambda made, at: made["inspection"]["decisions"][0].update(at=at),
    "finding": lambda made, at: made["inspection"]["findings"][0].update(at=at),
    "scan": lambda made, at: made["inspection"]["scans"][0].update(at=at),
}


@pytest.mark.parametrize("at_", OUT_OF_TIME)
@pytest.mark.parametrize("where", DATED)
def test_a_moment_that_is_none_is_kept_and_flagged(at: Office, where: str, at_: str) -> None:
    chain = Chain(at)
    chain.append(record.KIND, altered(lambda made: DATED[where](made, at_)))
    chain.append()
    answer = chain.push()
    assert [(ack.state, ack.why) for ack in answer.acks] == [("quarantined", "schema"), ("new", "")]
    assert answer.head.seq == 2, "the chain holds it all the same"


@pytest.mark.parametrize("revision", [2**63, 10**40, 2**53 + 1, 0, -1])
def test_a_revision_that_no_table_holds_is_kept_and_flagged(at: Office, revision: int) -> None:
    chain = Chain(at)
    chain.append(record.KIND, altered(lambda made: made["inspection"].update(revision=revision)))
    assert [(ack.state, ack.why) for ack in chain.push().acks] == [("quarantined", "schema")]


def test_a_payload_without_a_bottom_is_kept_and_flagged(at: Office) -> None:
    chain = Chain(at)
    chain.append(record.KIND, b'{"a":' + b"[" * 200_000)
    assert [(ack.state, ack.why) for ack in chain.push().acks] == [("quarantined", "schema")]


def test_a_record_as_it_is_written_is_not_flagged(at: Office) -> None:
    chain = Chain(at)
    chain.append(record.KIND, altered(lambda _made: None))
    assert states(chain.push()) == ["new"]


def test_a_practice_record_from_a_real_vault_is_never_counted(at: Office) -> None:
    chain = Chain(at)
    chain.seal(records.record(inspection=records.inspection(practice=True)))
    assert [(ack.state, ack.why) for ack in chain.push().acks] == [("quarantined", "realm")]
    with store.reading(at.engine) as connection:
        assert connection.execute(select(tables.report)).first() is None


def test_a_blob_name_that_is_a_path_is_refused(at: Office) -> None:
    evil = records.evidence(sealed_sha256="../" * 21 + "x")
    chain = Chain(at)
    chain.seal(records.record(inspection=records.inspection(evidence=(evil,))))
    assert [(ack.state, ack.why) for ack in chain.push().acks] == [("quarantined", "schema")]


def test_a_stored_record_cannot_be_changed(at: Office) -> None:
    chain = Chain(at)
    chain.append()
    chain.push()
    for change in ("UPDATE record SET kind = 'x'", "DELETE FROM record"):
        with pytest.raises(Exception, match="never changed"), store.writing(at.engine) as connection:
            connection.exec_driver_sql(change)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.integers(1, 10))
def test_any_order_and_repetition_ends_in_the_same_store(at: Office, seed: int, length: int) -> None:
    dice, chain = random.Random(seed), Chain(at)  # a vault of its own for every example
    for number in range(length):
        chain.append(payload=b'{"n":%d}' % number)
    straight = {(ledger.entry_id(entry).hex(), entry.seq, 0, "") for entry in chain.entries}
    answered: set[int] = set()
    with store.writing(at.engine) as connection:
        device = enrolment.get(connection, chain.device.hex())
        while len(answered) < length:
            batch = tuple(dice.choices(chain.entries, k=dice.randint(1, length)))
            acks = intake.take_in(connection, device, batch, at.clock())
            assert [ack.seq for ack in acks] == [entry.seq for entry in batch]
            answered |= {ack.seq for ack in acks if ack.state in ("new", "dup")}
            assert intake.head(connection, chain.device.hex()).seq == max(answered, default=0)
    assert stored(at, chain) == straight
