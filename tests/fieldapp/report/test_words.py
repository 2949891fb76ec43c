import re
import string
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import polib
import pytest

import resources
from fieldapp import text
from fieldapp.errors import FieldappError
from fieldapp.inspection.record import Signature
from fieldapp.inspection.scan import Source
from fieldapp.report import paper, recordfile, verify
from fieldapp.report.words import Words, words_of
from fieldapp.screening.hit import Reason
from fieldapp.screening.verdict import WORDS, Line

HOUSE = Path(__file__).resolve().parents[3]
KEY = re.compile(
    r"\"((?:paper|check|verdict|role|document|disposition|severity|state|meaning)\.[a-z0-9_.-]+)\""
)


def catalogue(language: str) -> dict[str, str]:
    file = polib.pofile(str(resources.path("text", language, "report.po")), encoding="utf-8")
    return {entry.msgid: entry.msgstr for entry in file}


def test_every_key_the_report_names_has_words_in_every_language():
    named = set()
    for file in (HOUSE / "fieldapp" / "report").rglob("*.py"):
        named |= set(KEY.findall(file.read_text("utf-8")))
    assert len(named) > 60
    for language in text.LANGUAGES:
        assert [key for key in sorted(named) if not text.has(key, language)] == []


def test_every_key_made_of_a_value_has_words():
    made = [f"paper.verdict.{word}" for word in WORDS]
    made += [f"paper.part.{part}" for part in get_args(Line.__annotations__["part"])]
    made += [f"paper.source.{source}" for source in get_args(Source)]
    made += [f"paper.meaning.{meaning}" for meaning in get_args(Signature.__annotations__["meaning"])]
    made += [f"paper.direction.{way}" for way in ("export", "import", "transit")]
    made += [f"paper.judged.{verdict}" for verdict in ("true", "false", "unsure")]
    for language in text.LANGUAGES:
        assert [key for key in made if not text.has(key, language)] == []


def test_both_languages_have_the_same_keys_and_the_same_places():
    english, hindi = catalogue("en"), catalogue("hi")
    assert english.keys() == hindi.keys()
    for key, words in english.items():
        places = {field for _, field, _, _ in string.Formatter().parse(words) if field}
        assert {field for _, field, _, _ in string.Formatter().parse(hindi[key]) if field} == places, key
        assert hindi[key] != words, key
        assert words, key


@pytest.mark.parametrize("module", [paper, recordfile, verify])
def test_every_error_of_the_report_has_words(module):
    errors = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, FieldappError)
        and value.__module__ == module.__name__
    ]
    assert errors
    for error in errors:
        for language in text.LANGUAGES:
            assert text.has(f"error.{error.code}", language)


def test_times_are_indias_with_utc_beside_them():
    at = datetime(2026, 11, 22, 20, 5, 7, tzinfo=UTC)
    assert words_of("en").time(at) == "23 Nov 2026, 01:35 IST"
    assert words_of("hi").time(at) == "23 नवंबर 2026, 01:35 IST"
    assert words_of("both").times(at) == "23 Nov 2026, 01:35:07 IST (2026-11-22 20:05:07 UTC)"
    assert words_of("hi").day(date(2027, 2, 1)) == "1 फ़रवरी 2027"


def test_both_says_a_label_twice_and_a_word_they_share_once():
    assert Words(("en", "hi")).label("paper.site") == "Site / स्थल"
    assert Words(("en", "en")).label("paper.site") == "Site"


@pytest.mark.parametrize(
    ("kilograms", "said"), [(None, "–"), (300.0, "300 kg"), (0.0125, "0.013 kg"), (12345.5, "12,345.5 kg")]
)
def test_quantities_are_written_without_idle_zeros(kilograms, said):
    assert words_of("en").quantity(kilograms) == said


def test_a_reason_that_lacks_a_fact_is_shown_with_what_it_has():
    said = words_of("en").reason(Reason("name-strong", {"name": "X"}))
    assert "name-strong" in said[0]
    assert "X" in said[0]


def test_no_other_catalogue_says_the_same_key():
    ours = catalogue("en").keys()
    for domain in text.DOMAINS:
        file = resources.path("text", "en", f"{domain}.po")
        if domain != "report" and file.exists():
            theirs = {entry.msgid for entry in polib.pofile(str(file), encoding="utf-8")}
            assert not ours & theirs, domain
