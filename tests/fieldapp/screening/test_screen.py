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


def test_a_name_too_common_to_judge_by_is_still_shown_when_it_is_the_listed_one(tmp_path):
    listed = [
        entry("Gulf Trading LLC", number="g"),
        entry("Ali Hassan", number="a", kind="person", birth_dates=("1970-02-01",)),
    ]
    common = index_of(listed, tmp_path)
    (firm,) = hits(common, "Gulf Trading LLC", entity="company")
    assert (firm.entry, firm.band) == ("g", "review")
    (man,) = hits(common, "Ali Hassan", entity="person")
    assert (man.entry, man.band in ("weak", "review")) == ("a", True)
    (born,) = hits(common, "Ali Hassan", entity="person", birth_date="1970-02-01")
    assert (born.entry, born.band) == ("a", "review")


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
@given(FIELDS, st.sampled_from(["Rami Makhlouf", "Ramy Makhlouff", "MAKHLOUF Rami", "Rami Boris Makhlouf"]))
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
    facts = {reason.code: reason.facts for reason in (*agreeing.reasons, *differing.reasons)}
    assert facts["country-agrees"]["country"] == "SY"
    assert (facts["country-differs"]["query"], facts["country-differs"]["listed"]) == ("US", "SY")
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


@pytest.mark.parametrize("name", ["Zarkovic Intermodal Trading Co", "Zarkovc Intermodal Trading Company"])
def test_a_listed_name_deep_in_a_long_text_is_found(index, name):
    goods = "25 drums of solvent for laboratory use, paracetamol tablets, boxes of gloves, "
    words = goods * 100 + f"notify {name}, " + goods * 100
    found = hits(index, words, "goods")
    assert "2" in [hit.entry for hit in found if hit.band in ("strong", "review")]
    (span,) = next(hit for hit in found if hit.entry == "2").differs_query
    assert words[span.start : span.end].startswith("Zark")


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
        "Z a r k o v i c I n t e r m o d a l  T r a d i n g  C o  L t d",
        "Zarkovic&nbsp;Intermodal&nbsp;Trading&nbsp;Company",
        "\u202e" + "Zarkovic Intermodal Trading Company"[::-1],
        "Zar\ufe0fkovic Inter\U000e0041modal Tra\x07ding Com\ufffcpany",
    ],
)
def test_a_listed_name_in_a_writing_that_hides_it_is_found(index, written):
    (hit, *_) = hits(index, written)
    assert (hit.entry, hit.band in ("strong", "review")) == ("2", True)


PEOPLE = [
    entry("IBRAHIM, Dawood", "Dawood Ebrahim", number="d", kind="person", countries=("in",)),
    entry("Dawood Ibrahim Kaskar", "Dawood Ebrahim", number="k", kind="person"),
    entry("AL-SHAYKH, Muhammad", number="s", kind="person"),
]


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Index:
    return index_of(PEOPLE, tmp_path_factory.mktemp("people"))


@pytest.mark.parametrize("entity", ["person", "company", ""])
@pytest.mark.parametrize("countries", [(), ("us",)])
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Dawood Ibrahim", "d"),
        ("IBRAHIM, Dawood", "d"),
        ("दाऊद इब्राहिम", "d"),
        ("داود ابراهيم", "d"),
        ("AL-SHAYKH, Muhammad", "s"),
        ("Muhammad Al-Shaykh", "s"),
    ],
)
def test_a_whole_listed_name_of_common_words_is_at_least_review(people, entity, countries, name, number):
    found = hits(people, name, entity=entity, countries=countries)
    assert [hit.band for hit in found if hit.entry == number] == ["review"]


def test_of_the_names_of_an_entry_the_one_met_whole_is_shown(people):
    (hit, *_) = hits(people, "Dawood Ibrahim", entity="person")
    assert hit.listed_name == "IBRAHIM, Dawood"
    (hit, *_) = hits(people, "Dawood Ebrahim", entity="person")
    assert hit.listed_name == "Dawood Ebrahim"


@pytest.mark.parametrize("countries", [(), ("af",), ("us", "gb")])
def test_a_declared_country_never_removes_a_hit(tmp_path, countries):
    firms = index_of([entry("MAIWAND GENERAL TRADING CO LLC", number="m", countries=("ae",))], tmp_path)
    (agreeing,) = hits(firms, "Maivand Trading Company", entity="company", countries=("ae",))
    assert agreeing.band == "review"
    (other,) = hits(firms, "Maivand Trading Company", entity="company", countries=countries)
    assert other.band == "weak"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    FIELDS,
    st.sampled_from(["Rami Makhlouf", "Ramy Makhlouff", "Ramie Makluf", "Zarkovic Trading", "Abu Haidar"]),
)
def test_a_country_that_differs_costs_one_band_at_most(index, fields, name):
    without = {hit.entry: hit.band for hit in hits(index, name, **{**fields, "countries": ()})}
    differing = {hit.entry: hit.band for hit in hits(index, name, **{**fields, "countries": ("us",)})}
    bands = ("strong", "review", "weak", "none")
    for number, band in without.items():
        assert bands.index(differing.get(number, "none")) <= bands.index(band) + 1
        assert number in differing


BOYLE = [
    entry("Shanghai Boyle Chemical Co., Ltd.", number="b"),
    entry("Boyle Star", number="v", kind="vessel"),
]


@pytest.mark.parametrize("entity", ["company", ""])
@pytest.mark.parametrize(
    "name",
    [
        "Shanghai Boyle Chemical DMCC",
        "Shanghai Boyle Chemical Dubai",
        "Shanghai Boyle Chemical Warehouse 7",
        "Shanghai Boyle Chemical formerly Foo",
        "Foo Chem formerly Shanghai Boyle Chemical Co., Ltd.",
        "alpha beta gamma delta " * 10 + "Shanghai Boyle Chemical Co., Ltd.",
        "alpha beta gamma delta " * 100 + "Shanghai Boyle Chemical Co., Ltd.",
        "ab " * 6000 + "Shanghai Boyle Chemical Co., Ltd.",
    ],
)
def test_words_around_a_listed_firm_do_not_hide_it(tmp_path_factory, entity, name):
    firms = index_of(BOYLE, tmp_path_factory.mktemp("firms"))
    found = {hit.entry: hit.band for hit in hits(firms, name, entity=entity)}
    assert found.get("b") in ("strong", "review")
    assert "v" not in found


@pytest.mark.parametrize(
    "name", ["Shanghai Star Chemical Dubai", "Boyle Dubai Chemical Works", "Boyle Star Dubai"]
)
def test_some_words_of_a_listed_firm_are_not_the_firm(tmp_path, name):
    found = hits(index_of(BOYLE, tmp_path), name, entity="company")
    assert [hit for hit in found if hit.band in ("strong", "review")] == []


@pytest.mark.parametrize("apart", ["{}", "{} "])
@pytest.mark.parametrize("first", [0x24B6, 0x1F130, 0x1F150, 0x1F170])
def test_letters_in_circles_and_squares_are_letters(index, first, apart):
    framed = "".join(apart.format(chr(first + ord(letter) - 65)) for letter in "ZARKOVIC")
    (hit, *_) = hits(index, framed + " Intermodal Trading")
    assert (hit.entry, hit.band in ("strong", "review")) == ("2", True)


@pytest.mark.parametrize(
    "value",
    [
        "passport no. N1234567",
        "Passport N1234567",
        "N1234567/A",
        "N1234567, B999",
        "B999; N1234567",
        "IEC 0388123456, passport: N 1234567",
        "Tel. +963 11 222 3344",
    ],
)
def test_a_number_is_found_under_its_label_and_in_a_list(index, value):
    for found in (hits(index, value, "identifier"), hits(index, "Unheard Of", identifiers=(value,))):
        assert [(hit.entry, hit.band) for hit in found] == [("1", "strong")]


@pytest.mark.parametrize("value", ["IEC 0388123456", "IEC: 0388123456", "IEC0388123456", "iec no 0388123456"])
def test_an_exporters_code_is_found_with_its_label(tmp_path, value):
    listed = index_of([entry(number="7", identifiers=[("iec", "0388123456")])], tmp_path)
    assert [hit.band for hit in hits(listed, "Foo Exports", identifiers=(value,))] == ["strong"]


@pytest.mark.parametrize(
    "value", ["passport no. N1234568", "XN1234567", "N12345678", "AN1234567/A", "2024/1234567"]
)
def test_a_label_makes_no_near_number_the_listed_one(index, value):
    assert hits(index, value, "identifier") == ()


@pytest.mark.parametrize("name", ["", "  ", "LLC", "\u200b"])
def test_a_party_without_a_name_has_its_numbers_compared(index, name):
    found = hits(index, name, identifiers=("N1234567",))
    assert [(hit.entry, hit.band) for hit in found] == [("1", "strong")]
    assert hits(index, "  ", "goods") == ()
