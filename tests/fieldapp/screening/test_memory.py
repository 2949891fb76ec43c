"""What an earlier judgement means for a hit now."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.screening.hit import BANDS, Adjudication, Hit, Reason
from fieldapp.screening.identity import hit_id
from fieldapp.screening.memory import Remembered, adjudication_of, reason_of, recall
from fieldapp.screening.subject import Subject
from fieldapp.text import LANGUAGES, say
from fieldapp.watchlist.entry import Entry
from tests.support.lists import entry

FIRM = entry("Rashid Trading Establishment", number="7")
PARTY = Subject(kind="party", name="Rashed Trading", role="consignee", entity="company", countries=("ae",))


def hit(subject: Subject = PARTY, listed: Entry = FIRM, **changes: object) -> Hit:
    made = Hit(
        id=hit_id(subject, listed), subject=subject, entry=listed.id, listed_name=listed.primary,
        source=listed.source, score=0.86, band="review", reasons=(Reason("spelling"),),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def judged(of: Hit, verdict: str = "false", at: str = "2026-11-20T06:00:00+00:00") -> Remembered:
    judgement = Adjudication(hit=of.id, verdict=verdict, reason="Another owner", by="R. Nair", at=at)  # type: ignore[arg-type]
    return Remembered(hit=of, judgement=judgement, inspection="INS-2026-AB12-0001")


def test_nothing_is_known_of_a_pair_nobody_judged():
    assert recall(hit(), ()) is None
    assert recall(hit(), (judged(hit(listed=entry("Someone Else", number="8"))),)) is None


def test_the_same_pair_is_cleared_and_says_where():
    found = recall(hit(), (judged(hit()),))
    assert found is not None
    assert found.state == "cleared"
    brought = adjudication_of(found)
    assert (brought.by, brought.remembered, brought.reason) == (
        "R. Nair",
        "INS-2026-AB12-0001",
        "Another owner",
    )


def test_case_spacing_and_role_do_not_make_another_subject():
    again = msgspec.structs.replace(PARTY, name="RASHED  trading", role="notify")
    found = recall(hit(again), (judged(hit()),))
    assert found is not None
    assert found.state == "cleared"


@pytest.mark.parametrize(
    "changes",
    [
        {"countries": ("ae", "cn")},
        {"birth_date": "1970"},
        {"entity": "person"},
        {"identifiers": ("A123456",)},
        {"address": "Plot 12, Deira"},
    ],
)
def test_a_changed_subject_makes_a_clearance_lapse(changes: dict[str, object]):
    found = recall(hit(msgspec.structs.replace(PARTY, **changes)), (judged(hit()),))
    assert found is not None
    assert (found.state, found.why) == ("lapsed", "subject")


def test_a_moved_party_is_asked_about_again_and_spacing_moves_nobody():
    at_home = msgspec.structs.replace(PARTY, address="Plot 12, Deira")
    again = recall(hit(msgspec.structs.replace(PARTY, address="PLOT 12,  Deira ")), (judged(hit(at_home)),))
    assert again is not None
    assert again.state == "cleared"
    for address in ("Plot 13, Deira", ""):
        moved = recall(hit(msgspec.structs.replace(PARTY, address=address)), (judged(hit(at_home)),))
        assert moved is not None
        assert (moved.state, moved.why) == ("lapsed", "subject")


def test_another_name_with_the_same_number_is_the_subject_changed():
    numbered = msgspec.structs.replace(PARTY, identifiers=("REG 55-1",))
    renamed = msgspec.structs.replace(numbered, name="Rashid Trd Est")
    found = recall(hit(renamed), (judged(hit(numbered)),))
    assert found is not None
    assert (found.state, found.why) == ("lapsed", "subject")


def test_a_changed_entry_makes_a_clearance_lapse():
    found = recall(hit(listed=msgspec.structs.replace(FIRM, remarks="moved to Deira")), (judged(hit()),))
    assert found is not None
    assert (found.state, found.why) == ("lapsed", "entry")


@given(st.sampled_from(BANDS), st.sampled_from(BANDS))
def test_a_clearance_never_covers_a_nearer_match_than_the_one_judged(then: str, now: str):
    found = recall(hit(band=now), (judged(hit(band=then)),))
    assert found is not None
    worse = BANDS.index(now) < BANDS.index(then)
    assert (found.state, found.why) == (("lapsed", "band") if worse else ("cleared", ""))


@pytest.mark.parametrize(("verdict", "state"), [("true", "confirmed"), ("unsure", "told")])
def test_only_false_clears(verdict: str, state: str):
    found = recall(hit(), (judged(hit(), verdict),))
    assert found is not None
    assert found.state == state


@pytest.mark.parametrize("kind", ["identifier", "domain", "goods"])
def test_what_belongs_to_a_consignment_is_told_and_counts(kind: str):
    subject = Subject(kind=kind, name="FLDU2044184")  # type: ignore[arg-type]
    found = recall(hit(subject), (judged(hit(subject)),))
    assert found is not None
    assert (found.state, found.why) == ("told", "consignment")


def test_a_party_found_by_its_number_is_judged_each_time():
    numbered = hit(reasons=(Reason("identifier-exact"),))
    found = recall(numbered, (judged(numbered),))
    assert found is not None
    assert (found.state, found.why) == ("told", "consignment")


def test_the_latest_judgement_of_a_changed_pair_is_the_one_told():
    old = judged(hit(msgspec.structs.replace(PARTY, countries=("om",))), at="2026-01-01T00:00:00+00:00")
    new = judged(hit(msgspec.structs.replace(PARTY, countries=("qa",))), at="2026-06-01T00:00:00+00:00")
    found = recall(hit(), (new, old))
    assert found is not None
    assert found.remembered == new


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_remembered_has_words(language: str):
    cases = [
        recall(hit(), (judged(hit(), "true"),)),
        recall(hit(), (judged(hit(), "unsure"),)),
        recall(hit(band="strong"), (judged(hit()),)),
        recall(hit(listed=msgspec.structs.replace(FIRM, remarks="x")), (judged(hit()),)),
        recall(hit(msgspec.structs.replace(PARTY, birth_date="1970")), (judged(hit()),)),
        recall(hit(reasons=(Reason("identifier-exact"),)), (judged(hit()),)),
    ]
    for found in cases:
        assert found is not None
        reason = reason_of(found)
        words = say(f"reason.{reason.code}", language, **reason.facts)
        assert "R. Nair" in words
        assert "INS-2026-AB12-0001" in words
