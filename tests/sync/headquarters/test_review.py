import msgspec
import pytest
from sqlalchemy import update

from fieldapp import enrolment as statements
from fieldapp import ledger
from fieldapp.inspection.review import Remark, Review
from sync.headquarters import keys, reports, review, store, tables
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


def test_lines_that_an_older_headquarters_made_are_read_again(at: Office) -> None:
    record = seizing(at, Chain(at))
    with store.reading(at.engine) as connection:
        before = reports.one(connection, record, False)
    older = {"list_age": -2, "substances": "", "two_reviewers": False, "hits": 0}
    with store.writing(at.engine) as connection:
        connection.execute(update(tables.report).values(**older))
    with store.writing(at.engine) as connection:
        assert reports.refresh(connection) == 1
        assert reports.refresh(connection) == 0
        assert reports.one(connection, record, False) == before
    assert before is not None
    assert before.two_reviewers
    assert before.substances
    assert before.list_age >= 0


def seizing(at: Office, chain: Chain) -> str:
    seized = (records.decision(disposition="seize"),)
    return sealed(at, chain, id=records.part_id(99), decisions=seized)


def test_goods_seized_are_approved_by_two_persons_who_are_not_the_inspector(at: Office) -> None:
    chain = Chain(at)
    record = seizing(at, chain)
    first = review.decide(at, decision(at, record), "Meera Iyer")
    assert isinstance(first, review.Opinion)
    assert standing(at, record) == "second"
    assert chain.push().feed == (), "nothing is sent before the second word"
    for same in ("Meera Iyer", " meera iyer "):
        with pytest.raises(review.ReviewRefused) as refused:
            review.decide(at, decision(at, record), same)
        assert refused.value.facts == {"why": "second-reviewer"}
    with pytest.raises(review.ReviewRefused):
        review.decide(at, decision(at, record), "R. Nair")
    made = review.decide(at, decision(at, record), "A. Deshmukh")
    assert made.by == "Meera Iyer, A. Deshmukh"
    assert standing(at, record) == "approved"
    assert len(chain.push().feed) == 1


def test_the_first_form_sent_twice_is_one_opinion(at: Office) -> None:
    record = seizing(at, Chain(at))
    command = decision(at, record)
    assert review.decide(at, command, "Meera Iyer") == review.decide(at, command, "Meera Iyer")
    with store.reading(at.engine) as connection:
        assert len(review.opinions(connection, record)) == 1


def test_one_person_may_return_what_two_have_to_approve(at: Office) -> None:
    record = seizing(at, Chain(at))
    review.decide(at, decision(at, record, "returned"), "Meera Iyer")
    assert standing(at, record) == "returned"


def test_what_was_passed_on_is_decided_by_another_and_still_needs_two_where_two_are_needed(
    at: Office,
) -> None:
    chain = Chain(at)
    plain, seized = sealed(at, chain), seizing(at, chain)
    passed = (Remark(text="I know the consignee."),)
    for record in (plain, seized):
        with pytest.raises(review.ReviewRefused):
            review.escalate(at, decision(at, record), "Meera Iyer")
        review.escalate(at, decision(at, record, remarks=passed), "Meera Iyer")
        assert standing(at, record) == "second"
        with pytest.raises(review.ReviewRefused):
            review.decide(at, decision(at, record), "Meera Iyer")
    assert isinstance(review.decide(at, decision(at, plain), "A. Deshmukh"), Review)
    assert isinstance(review.decide(at, decision(at, seized), "A. Deshmukh"), review.Opinion)
    assert isinstance(review.decide(at, decision(at, seized), "K. Menon"), Review)


def test_a_ruling_says_which_of_two_records_stands_and_keeps_both(at: Office) -> None:
    chain = Chain(at)
    one, other = sealed(at, chain), sealed(at, chain, site="Elsewhere")
    assert {standing(at, one), standing(at, other)} == {"diverged"}
    for note, by in (("", "Meera Iyer"), ("Seen both.", "R. Nair")):
        with pytest.raises(review.ReviewRefused):
            review.rule(at, one, practice=False, note=note, by=by)
    review.rule(at, one, practice=False, note="Seen both.", by="Meera Iyer")
    assert (standing(at, one), standing(at, other)) == ("waiting", "superseded")
    with pytest.raises(review.ReviewRefused):
        review.rule(at, other, practice=False, note="Changed my mind.", by="Meera Iyer")
