import msgspec
import pytest

from fieldapp import enrolment as statements
from fieldapp import ledger
from fieldapp.inspection.review import Remark, Review
from sync.headquarters import keys, reports, review, store
from sync.headquarters.office import Office
from tests.support import records
from tests.support.headquarters import Chain


def sealed(at: Office, chain: Chain, **changes: object) -> str:
    made = records.inspection(practice=chain.practice, **changes)
    entry = chain.seal(records.record(inspection=made))
    chain.push()
    return ledger.entry_id(entry).hex()


def decision(at: Office, record: str, outcome: str = "approved", **changes: object) -> review.Decide:
    given: dict[str, object] = {
        "id": review.new_id(at),
        "record": record,
        "practice": False,
        "outcome": outcome,
        "remarks": (Remark(text="Name the seal.", path="findings/1"),) if outcome == "returned" else (),
    }
    return review.Decide(**(given | changes))  # type: ignore[arg-type]


def standing(at: Office, record: str, practice: bool = False) -> str:
    with store.reading(at.engine) as connection:
        line = reports.one(connection, record, practice)
    assert line is not None
    return line.standing


def test_a_review_reaches_the_feed_of_its_vault_and_of_no_other(at: Office) -> None:
    chain, other = Chain(at), Chain(at, name="S. Rao")
    made = review.decide(at, decision(at, sealed(at, chain), "returned"), "Meera Iyer")
    (item,) = chain.push().feed
    signing = keys.realm(at.keyring, practice=False).signing.public_key().public_bytes_raw().hex()
    assert statements.open_statement(item.statement, "review", Review, (signing,)) == made
    assert other.push().feed == ()


def test_the_same_form_twice_is_one_review(at: Office) -> None:
    chain = Chain(at)
    command = decision(at, sealed(at, chain))
    assert review.decide(at, command, "Meera Iyer") == review.decide(at, command, "Meera Iyer")
    assert len(chain.push().feed) == 1


@pytest.mark.parametrize("own", ["", "3", "x" * 36, "0" * 32, "{018f2f5c-0000-7000-8000-000000000000}"])
def test_a_review_has_an_id_of_our_form(at: Office, own: str) -> None:
    record = sealed(at, Chain(at))
    with pytest.raises(review.ReviewRefused) as refused:
        review.decide(at, decision(at, record, id=own), "Meera Iyer")
    assert refused.value.facts == {"why": "form"}
    assert standing(at, record) == "waiting"


def test_an_id_names_one_review(at: Office) -> None:
    chain = Chain(at)
    first, second = sealed(at, chain), sealed(at, chain, id=records.part_id(77))
    command = decision(at, first)
    review.decide(at, command, "Meera Iyer")
    with pytest.raises(review.ReviewRefused) as refused:
        review.decide(at, decision(at, second, id=command.id), "Meera Iyer")
    assert refused.value.facts == {"why": "form"}
    assert standing(at, second) == "waiting"


@pytest.mark.parametrize("outcome", ["", "zzz", "Approved", "superseded"])
def test_there_are_two_outcomes(at: Office, outcome: str) -> None:
    record = sealed(at, Chain(at))
    with pytest.raises(review.ReviewRefused) as refused:
        review.decide(at, decision(at, record, outcome), "Meera Iyer")
    assert refused.value.facts == {"why": "form"}
    assert standing(at, record) == "waiting"


def test_a_decided_record_is_not_decided_again(at: Office) -> None:
    record = sealed(at, Chain(at))
    review.decide(at, decision(at, record), "Meera Iyer")
    with pytest.raises(review.ReviewRefused):
        review.decide(at, decision(at, record, "returned"), "Meera Iyer")
    assert standing(at, record) == "approved"


def test_an_approval_of_a_replaced_revision_is_noticed(at: Office) -> None:
    chain = Chain(at)
    first = sealed(at, chain)
    second = sealed(at, chain, revision=2, parents=(first,))
    with pytest.raises(review.ReviewRefused) as refused:
        review.decide(at, decision(at, first), "Meera Iyer")
    assert refused.value.facts == {"why": "superseded"}
    assert (standing(at, first), standing(at, second)) == ("superseded", "waiting")


def test_a_return_says_what_to_change(at: Office) -> None:
    record = sealed(at, Chain(at))
    with pytest.raises(review.ReviewRefused):
        review.decide(at, decision(at, record, "returned", remarks=(Remark(text="  "),)), "Meera Iyer")


def test_nobody_decides_on_his_own_report(at: Office) -> None:
    record = sealed(at, Chain(at))
    with pytest.raises(review.ReviewRefused):
        review.decide(at, decision(at, record), " r. nair ")


def test_a_practice_report_is_out_of_reach_of_the_real_side(at: Office) -> None:
    chain = Chain(at, practice=True)
    record = sealed(at, chain)
    with pytest.raises(review.ReviewRefused) as refused:
        review.decide(at, decision(at, record), "Meera Iyer")
    assert refused.value.facts == {"why": "unknown"}
    review.decide(at, decision(at, record, practice=True), "Meera Iyer")
    statement = chain.push().feed[0].statement
    real = keys.realm(at.keyring, practice=False).signing.public_key().public_bytes_raw().hex()
    with pytest.raises(statements.StatementRefused):
        statements.open_statement(statement, "review", Review, (real,))


def test_two_records_of_one_revision_are_shown_as_such(at: Office) -> None:
    one, other = Chain(at), Chain(at, name="S. Rao")
    first = sealed(at, one)
    second = sealed(at, other, site="Another gate")
    assert {standing(at, first), standing(at, second)} == {"diverged"}


def test_a_tampered_review_is_not_read_back(at: Office) -> None:
    record = sealed(at, Chain(at))
    review.decide(at, decision(at, record), "Meera Iyer")
    with store.reading(at.engine) as connection:
        row = review.find(connection, record)
    assert row is not None
    statement = msgspec.msgpack.decode(row["statement"], type=statements.Statement)
    forged = msgspec.structs.replace(statement, payload=statement.payload.replace(b"approved", b"returned"))
    with pytest.raises(statements.StatementRefused):
        review.read({**row, "statement": msgspec.msgpack.encode(forged)})  # type: ignore[arg-type]
