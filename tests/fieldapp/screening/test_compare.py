"""Two names side by side: the same scorer, without a list."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldapp.screening.compare import compare
from fieldapp.screening.score import score_of
from fieldapp.watchlist import tables
from tests.support.shared import shared_data


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("Usama bin Ladin", "Osama ben Laden", "person"),
        ("JSC Tactical Missiles Corp.", "Tactical Missiles Corporation Joint Stock Company", "company"),
        ("GUANGZHOU PEAK COMM GRP", "Guangzhou Peak Communications Group Co., Ltd", "company"),
        ("1st Intl Bank", "First International Bank", "company"),
        ("Ig0r Sech1n", "Igor Sechin", "person"),
        ("Ротенберг Аркадий", "Arkady Rotenberg", "person"),
        ("Abdelrahman Yasin", "Abd al-Rahman Yasin", "person"),
        ("SHAUKAT ALI KHAN", "Khan, Shaukat Ali", "person"),
    ],
)
def test_the_same(a, b, kind):
    assert compare(a, b, kind).band in ("strong", "review")


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("Golden Star LLC", "Silver Moon LLC", "company"),
        ("Trading Company LLC", "Import Export LLC", "company"),
        ("Brigade 44", "Brigade 45", "company"),
        ("Hafez Makhlouf", "Rami Makhlouf", "person"),
        ("Hassan Ali", "Hussein Ali", "person"),
        ("Mahmoud Rashidi", "Mohammad Rashidi", "person"),
        ("Volkswagen AG", "Siemens AG", "company"),
    ],
)
def test_not_the_same(a, b, kind):
    assert compare(a, b, kind).score < 0.7


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["person", "company", "vessel"]))
def test_any_two_texts_are_compared_and_the_reasons_hold_the_score(a, b, kind):
    made = compare(a, b, kind)
    assert 0.0 <= made.score <= 1.0
    assert made.score == score_of(made.reasons)
    for span in made.differs_query:
        assert 0 <= span.start < span.end <= len(a)
    for span in made.differs_listed:
        assert 0 <= span.start < span.end <= len(b)


@given(
    st.lists(
        st.sampled_from(["Rashid", "Zarkovic", "Petrov", "Intermodal"]), min_size=2, max_size=4, unique=True
    )
)
def test_a_name_is_itself(words):
    assert compare(" ".join(words), " ".join(reversed(words)), "company").score == 1.0


FORMS = st.sampled_from(
    [form for _, written in tables.rows("legal_forms.tsv") for form in written if len(form) > 1]
)


@given(st.lists(FORMS, min_size=1, max_size=3), st.sampled_from(["Golden Star", "Zarkovic"]))
def test_a_legal_form_alone_never_makes_two_names_one(forms, brand):
    written = " ".join(forms)
    assert compare(f"{brand} {written}", written).score < 0.7
    assert compare(f"{brand} {written}", f"Silver Moon {written}").score < 0.7


@given(st.integers(1, 9999), st.integers(1, 9999), FORMS)
def test_another_number_with_the_same_form_is_another_firm(one, other, form):
    assume(one != other)
    assert compare(f"{one} {form}", f"{other} {form}").score < 0.7


def test_labelled_pairs_are_told_apart_better_than_by_chance_and_better_than_by_spelling():
    from rapidfuzz import fuzz

    rows = [json.loads(line) for line in shared_data("names", "pairs.jsonl").read_text().splitlines()]
    kinds = {"Person": "person", "Vessel": "vessel"}
    ours = [compare(row["name1"], row["name2"], kinds.get(row["schema"], "company")).score for row in rows]
    spelling = [fuzz.token_sort_ratio(row["name1"].lower(), row["name2"].lower()) / 100 for row in rows]
    truth = [row["is_match"] == "true" for row in rows]

    def f1(scores: list[float], bar: float) -> float:
        true = sum(score >= bar and match for score, match in zip(scores, truth, strict=True))
        return 2 * true / (sum(score >= bar for score in scores) + sum(truth))

    assert f1(ours, 0.7) >= 0.86
    assert f1(ours, 0.7) > max(f1(spelling, bar / 100) for bar in range(50, 100)) + 0.05
