import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from markupsafe import Markup

import resources
from fieldapp import text
from fieldapp.screening.hit import Reason
from sync.headquarters.words import Words, icon, visible


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_reason_is_a_sentence_with_its_facts_in_words(language: str) -> None:
    words = Words(language)
    facts: dict[str, str | int | float] = {"role": "consignee", "name": "A", "listed": "B", "entry": "7"}
    told = words.reason(Reason("name-strong", facts))
    assert words.say("role.consignee") in told
    assert "consignee" not in told
    assert "{" not in told


def test_a_code_or_a_fact_nobody_knows_never_fails() -> None:
    words = Words("en")
    assert words.code("reason", "of-next-year", {"x": 1}) == "of-next-year (x: 1)"
    assert words.code("reason", "name-strong", {}) == "name-strong"
    assert words.code("verdict", "purple") == "purple"


def test_days_are_written_in_the_language() -> None:
    assert Words("en").day(date(2026, 11, 22)) == "22 Nov 2026"
    assert Words("hi").day(date(2026, 3, 1)) == "1 मार्च 2026"
    assert Words("en").day(None) == ""
    assert Words("en").moment(datetime(2026, 11, 22, 8, 0, tzinfo=UTC)).count(":") == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=14))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_at_the_edge_of_time_is_written_and_never_an_error(moment: datetime) -> None:
    assert str(moment.year) in Words("en").moment(moment)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 B"), (999, "999 B"), (15_300, "15 kB"), (2_400_000, "2.4 MB")]
)
def test_sizes(count: int, told: str) -> None:
    assert Words("en").size(count) == told


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("01\x1d21") == "01⟨GS⟩21"
    assert visible("good\u202egpj.exe") == "good⟨U+202E⟩gpj.exe"
    assert visible("क्\u200dष\nनया") == "क्\u200dष\nनया", "joiners and lines are part of the writing"
    assert visible(Markup("<b>\x1d</b>")) == Markup("<b>\x1d</b>")
    assert visible(7) == 7


def test_every_icon_that_a_page_asks_for_is_on_the_shelf() -> None:
    assert icon("check").startswith("<svg")
    with pytest.raises(FileNotFoundError):
        icon("../../pyproject")
    assert resources.path("icons", "octagon-x.svg").exists()


def test_every_key_that_a_page_names_has_words_in_both_languages() -> None:
    folder = resources.path("headquarters", "templates")
    pages = "".join(file.read_text("utf-8") for file in folder.glob("*.html"))
    plain = set(re.findall(r'say\(\s*["\'](hq\.[a-z0-9.-]+[a-z0-9])["\']', pages))
    counted = set(re.findall(r'count\(["\'](hq\.[a-z0-9.-]+[a-z0-9])["\'],', pages))
    assert len(plain) > 100
    for language in text.LANGUAGES:
        assert [key for key in plain if not text.has(key, language)] == []
        assert all(text.say_n(key, language, 2) for key in counted)
