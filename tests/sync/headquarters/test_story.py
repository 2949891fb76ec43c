"""What became of a report, in order; and which hit each judgement is about."""

import msgspec

from fieldapp import ledger, text
from fieldapp.inspection.review import Remark
from sync.headquarters import reading, review, store, story
from sync.headquarters.office import Office
from tests.support import records
from tests.support.headquarters import Chain


def sealed(at: Office, chain: Chain, **changes: object) -> str:
    entry = chain.seal(records.record(inspection=records.inspection(evidence=(), **changes)))
    chain.push()
    return ledger.entry_id(entry).hex()


def decide(at: Office, record: str, outcome: review.Outcome, by: str, remark: str = "") -> None:
    remarks = (Remark(text=remark),) if remark else ()
    command = review.Decide(
        id=review.new_id(at), record=record, practice=False, outcome=outcome, remarks=remarks
    )
    review.decide(at, command, by)


def test_a_judgement_names_what_was_screened_and_what_it_met() -> None:
    made = records.inspection(adjudications=(records.adjudication(),))
    ((judged, named),) = story.judgements(made)
    assert judged.hit == "hit-1"
    assert named == story.Named(
        subject="Yuanchang Chem Tradng",
        listed="Yuan Chang Chemical Trading Co., Ltd.",
        lists="ofac-sdn, ILLICIT-DRUGS-EO14059",
    )


def test_a_judgement_about_a_hit_that_no_scan_shows_is_told_all_the_same() -> None:
    made = records.inspection(scans=(), adjudications=(records.adjudication(hit="hit-9"),))
    assert [(judged.hit, named) for judged, named in story.judgements(made)] == [("hit-9", None)]


def told(at: Office, record: str) -> list[tuple[str, int, str]]:
    found = reading.read(at, record, False)
    with store.reading(at.engine) as connection:
        spoken = {past.record: review.opinions(connection, past.record) for past in found.revisions}
    return [(event.what, event.revision, event.by) for event in story.events(found, spoken)]


def test_every_step_of_every_revision_stands_in_order(at: Office) -> None:
    chain = Chain(at)
    first = sealed(at, chain)
    decide(at, first, "returned", "Meera Iyer", "Photograph the seal")
    seize = (records.decision(disposition="seize"),)
    second = sealed(at, chain, revision=2, parents=(first,), decisions=seize)
    decide(at, second, "approved", "Meera Iyer")
    decide(at, second, "approved", "Arjun Sen")
    answer = chain.push(chain.append())
    chain.push(chain.append(), generation=answer.generation, cursor=answer.cursor)
    assert told(at, second) == [
        ("sealed", 1, "R. Nair"),
        ("received", 1, ""),
        ("returned", 1, "Meera Iyer"),
        ("sealed", 2, "R. Nair"),
        ("received", 2, ""),
        ("first-approved", 2, "Meera Iyer"),
        ("approved", 2, "Meera Iyer, Arjun Sen"),
        ("delivered", 2, "R. Nair"),
    ]


def test_every_step_has_words() -> None:
    whats = ("sealed", "received", "first-approved", "first-escalated", "approved", "returned", "delivered")
    for language in text.LANGUAGES:
        assert all(text.has(f"hq.event.{what}", language) for what in whats)
    assert msgspec.structs.fields(story.Event)
