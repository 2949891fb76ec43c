"""What an inspector is told: hits with bands and reasons, and what must never happen."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.screening.score import band_of, score_of
from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.watchlist.index import Index
from tests.support.lists import entry, index_of, list_state

LISTED = [
    entry(
        "Rami Makhlouf",
        "Abu Haidar",
        number="1",
        kind="person",
        quality="weak",
        countries=("sy",),
        birth_dates=("1969-07-10",),
        identifiers=[("passport", "N 1234567"), ("phone", "+963 11 222 3344")],
    ),
    entry("Zarkovic Intermodal Trading Company", number="2", countries=("ae",)),
    entry("44 Trading LLC", number="3"),
    entry(
        "Canada Meds Direct",
        number="4",
        identifiers=[("website", "http://www.canadameds.com/shop"), ("email", "sales@canadameds.com")],
    ),
    entry("Sabiti", number="5", kind="vessel", identifiers=[("imo", "9172040")]),
    *(
        entry(f"{word} Trading Company", number=f"c{at}")
        for at, word in enumerate(("Golden Star", "Gulf", "Ocean"))
    ),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    return index_of(LISTED, tmp_path_factory.mktemp("screen"))


def hits(index: Index, name: str, kind: str = "party", **more: object):
    return screen(Subject(kind=kind, name=name, **more), index, list_state(index))  # type: ignore[arg-type]


def codes(hit) -> list[str]:
    return [reason.code for reason in hit.reasons]


def test_an_exact_name_is_strong_and_says_where_it_stands(index):
    (hit, *_) = hits(index, "Rami Makhlouf")
    assert (hit.band, hit.score, hit.entry, hit.source, hit.programme) == ("strong", 1.0, "1", "test", "TEST")
    assert not hit.alias
    assert hit.differs_query == hit.differs_listed == ()


def test_a_misspelling_points_at_the_letters(index):
    (hit, *_) = hits(index, "Zarkovic Intermadal Trading Co")
    assert hit.entry == "2"
    assert "word-spelling" in codes(hit)
    assert [hit.subject.name[span.start : span.end] for span in hit.differs_query] == ["a"]
    assert [hit.listed_name[span.start : span.end] for span in hit.differs_listed] == ["o"]


def test_a_weak_alias_is_found_and_capped(index):
    (hit, *_) = hits(index, "Abu Haidar", entity="person")
    assert hit.alias
    assert "alias-weak" in codes(hit)
    assert hit.band in ("weak", "review")


@pytest.mark.parametrize(
    "name", ["LLC", "Trading Company LLC", "Company Limited", "Pvt Ltd", "GmbH & Co. KG"]
)
def test_a_legal_form_alone_never_hits(index, name):
    assert [hit for hit in hits(index, name) if hit.band in ("strong", "review")] == []


def test_another_number_with_the_same_form_is_no_hit(index):
    assert [hit for hit in hits(index, "45 Trading LLC") if hit.entry == "3"] == []


def test_one_slip_in_the_only_distinctive_word_does_not_lose_the_entity(index):
    word = "Zarkovic"
    for at in range(len(word)):
        for slip in (
            word[:at] + word[at + 1 :],
            word[:at] + "x" + word[at + 1 :],
            word[:at] + "e" + word[at:],
        ):
            found = hits(index, f"{slip} Intermodal Trading Company")
            assert found, slip
            assert found[0].entry == "2"
            assert found[0].band in ("strong", "review"), slip


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "countries": st.sampled_from([("sy",), ("us",), ("Syria",), ("gb", "us")]),
        "birth_date": st.sampled_from(["1969-07-10", "1969", "1990-01-01", "1970", "unknown"]),
        "identifiers": st.sampled_from([("N1234567",), ("X99",), ()]),
        "entity": st.sampled_from(["person", "company", "vessel", ""]),
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS, st.sampled_from(["Rami Makhlouf", "Rami Makhluf", "Ramy Makhlouff", "MAKHLOUF Rami"]))
def test_a_field_more_never_hides_a_name_hit(index, fields, name):
    found = [hit for hit in hits(index, name, **fields) if hit.entry == "1"]
    assert found
    assert found[0].band != "none"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS, st.text(max_size=30) | st.sampled_from([entry.primary for entry in LISTED]))
def test_the_score_can_be_worked_out_from_the_reasons_and_every_reason_has_words(index, fields, name):
    for hit in hits(index, name, **fields):
        assert hit.score == score_of(hit.reasons)
        assert band_of(hit.score) == hit.band or (hit.band == "weak" and hit.score < 0.7)
        for reason in hit.reasons:
            for language in text.LANGUAGES:
                assert text.say(f"reason.{reason.code}", language, **reason.facts)


def test_what_agrees_raises_and_what_differs_lowers(index):
    alone = hits(index, "Rami Makhluf", entity="person")[0]
    agreeing = hits(index, "Rami Makhluf", entity="person", countries=("sy",), birth_date="1969-07-10")[0]
    differing = hits(index, "Rami Makhluf", entity="person", countries=("us",), birth_date="1990-01-01")[0]
    assert differing.score < alone.score < agreeing.score
    assert {"country-agrees", "birth-agrees"} <= set(codes(agreeing))
    assert {"country-differs", "birth-differs"} <= set(codes(differing))
    assert differing.band == "weak"


def test_a_number_is_found_in_any_writing_and_its_neighbour_is_not(index):
    for value in ("N1234567", "n-123 4567", "IMO 9172040", "9172040"):
        (hit, *_) = hits(index, value, "identifier")
        assert (hit.band, hit.score) == ("strong", 1.0)
    assert hits(index, "N1234568", "identifier") == ()
    (phone, *_) = hits(index, "011 222 3344", "identifier")
    assert codes(phone) == ["identifier-phone"]


def test_a_number_that_fails_its_check_digit_is_compared_with_what_it_may_have_been(index):
    for slipped in ("9172041", "9127040"):  # one digit wrong, two swapped
        (hit, *_) = hits(index, slipped, "identifier")
        assert (hit.entry, hit.band, codes(hit)) == ("5", "review", ["identifier-near"])
    assert hits(index, "9172052", "identifier") == ()  # a valid number of another ship


def test_a_party_with_a_listed_number_is_hit_whatever_its_name(index):
    (hit, *_) = hits(index, "Somebody Unheard Of", identifiers=("N 1234567",))
    assert (hit.entry, hit.band) == ("1", "strong")


@pytest.mark.parametrize(
    ("value", "code", "band"),
    [
        ("canadameds.com", "domain-exact", "strong"),
        ("https://WWW.CanadaMeds.com/pills?x=1", "domain-exact", "strong"),
        ("eu.canadameds.com", "domain-sub", "strong"),
        ("canadameds.biz", "domain-lookalike", "review"),
        ("canadarneds.com", "domain-lookalike", "review"),
        ("canаdameds.com", "domain-lookalike", "review"),  # a Cyrillic letter
        ("xn--candameds-p4a.com", "domain-lookalike", "review"),
        ("best-canadameds-online.net", "domain-brand", "review"),
        ("info@canadameds.com", "domain-exact", "strong"),
        ("sales@canadameds.com", "exact", "strong"),
    ],
)
def test_domains(index, value, code, band):
    (hit, *_) = hits(index, value, "domain")
    assert hit.entry == "4"
    assert hit.band == band
    assert codes(hit)[0].endswith(code)


@pytest.mark.parametrize("value", ["meds.com", "canada.ca", "", "not a domain", "http://", "...", "x" * 5000])
def test_other_domains_are_no_hit(index, value):
    assert hits(index, value, "domain") == ()


def test_a_listed_name_inside_a_goods_text_is_found_with_its_place(index):
    words = "25 drums of solvent, notify party Zarkovic Intermodal Trading Co, packed in Dubai"
    (hit, *_) = hits(index, words, "goods")
    assert hit.entry == "2"
    (span,) = hit.differs_query
    assert words[span.start : span.end].startswith("Zarkovic Intermodal")
    assert "in-text" in codes(hit)


@pytest.mark.parametrize(
    "words", ["40 drums paracetamol", "trading company sample, golden colour", "44 pallets"]
)
def test_plain_goods_are_no_hit(index, words):
    assert [hit for hit in hits(index, words, "goods") if hit.band in ("strong", "review")] == []


def test_the_id_of_a_hit_stays_while_subject_and_entry_stay(index, tmp_path):
    first = hits(index, "Rami Makhlouf", role="consignee")[0]
    again = hits(index_of(LISTED, tmp_path), "rami  makhlouf", role="shipper")[0]
    assert first.id == again.id
    assert hits(index, "Rami Makhlouf", birth_date="1969-07-10")[0].id != first.id
    changed = [entry("Rami Makhlouf", number="1", kind="person", countries=("sy", "ru"))]
    assert hits(index_of(changed, tmp_path / "b"), "Rami Makhlouf")[0].id != first.id


def test_hits_come_best_first_and_each_entry_once(index):
    found = hits(index, "Golden Star Trading")
    assert [one.score >= other.score for one, other in pairwise(found)] == [True] * (len(found) - 1)
    assert len({hit.entry for hit in found}) == len(found)


def test_without_a_list_there_are_no_hits(index):
    assert screen(Subject(kind="party", name="Rami Makhlouf"), index, ListState()) == ()


@pytest.mark.parametrize("name", ["", " ", "\x00", "ـ", "؟", "(((", "A" * 20_000, "ا" * 3000, "%_'\";--"])
def test_strange_names_are_answered(index, name, tmp_path: Path):
    for kind in ("party", "identifier", "goods", "domain"):
        assert isinstance(hits(index, name, kind), tuple)


@pytest.mark.parametrize(
    "written",
    [
        "Zarkovic Intermodal Trading Company C/o Rainbow Logistics Private Limited",
        "Zarkovic Intermodal Trading Co., Mumbai 400021, Nariman Point, 4th floor",
        "Zarkovic Intermodal Trading Company\nRainbow Logistics Pvt Ltd\nMumbai",
        "Rainbow Logistics on behalf of Zarkovic Intermodal Trading Company",
        "Zarkovic Intermodal Trading Company Rainbow Logistics",
        "Rami Makhlouf, Plot 12, Harbour Road, Lagos",
        "Rami Makhlouf C/o Rainbow Logistics",
    ],
)
def test_a_listed_party_with_an_address_or_another_firm_is_found(index, written):
    (hit, *_) = hits(index, written, entity="" if written.startswith("Rami") else "company")
    assert hit.entry in ("1", "2")
    assert hit.band in ("strong", "review")


@pytest.mark.parametrize(
    "name",
    [
        "Golden Star Exports Private Limited, Nariman Point, Mumbai",
        "Ocean Breeze Pharma Pvt Ltd, Gulf Road, Karachi",
        "Trading Company of Canada, Direct Road, Toronto",
        "Mohan Rami Prasad, Makhlouf Street, Cairo",
    ],
)
def test_a_party_that_shares_words_with_a_listed_name_is_no_hit(index, name):
    assert [hit for hit in hits(index, name) if hit.band in ("strong", "review")] == []


@pytest.mark.parametrize(
    "written",
    [
        "Z a r k o v i c  I n t e r m o d a l  T r a d i n g  C o m p a n y",
        "Z a r k o v i c I n t e r m o d a l T r a d i n g C o m p a n y",
        "Zarkovic&nbsp;Intermodal&nbsp;Trading&nbsp;Company",
        "\u202e" + "Zarkovic Intermodal Trading Company"[::-1],
        "Zar\ufe0fkovic Inter\U000e0041modal Tra\x07ding Com\ufffcpany",
    ],
)
def test_a_listed_name_in_a_writing_that_hides_it_is_found(index, written):
    (hit, *_) = hits(index, written)
    assert (hit.entry, hit.band in ("strong", "review")) == ("2", True)
