"""A verdict in words: the letters that differ, the sentence of the band, the facts."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.clock import now
from fieldapp.screening.hit import Adjudication, Hit, Reason, Span
from fieldapp.screening.memory import Recall, Remembered
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import WORDS, ListState, Screening, decide
from tests.support import records
from ui.screens.telling import headline, marked, scan_facts, told


def hit(name: str = "Yuanchang Chem", listed: str = "Yuan Chang Chemical", **changes: object) -> Hit:
    given_now = {
        "id": "h1",
        "subject": Subject(kind="party", name=name, role="consignee"),
        "entry": "E-1",
        "listed_name": listed,
        "score": 0.94,
        "band": "strong",
    }
    return Hit(**(given_now | changes))  # type: ignore[arg-type]


def fresh(**changes: object) -> Screening:
    used = ListState(number=1, name="practice", issued=now() - timedelta(hours=1), entries=9)
    return Screening(**({"watchlist": used} | changes))  # type: ignore[arg-type]


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"]), min_size=1, max_size=30)


@settings(deadline=None)
@given(names, names, st.data())
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_highlighted_letters_are_those_that_differ(
    language: str, name: str, listed: str, data: st.DataObject
):
    def span(of: str) -> Span:
        start = data.draw(st.integers(0, len(of) - 1))
        return Span(start, data.draw(st.integers(start + 1, len(of))))

    one, two = span(name), span(listed)
    shown = hit(name, listed, differs_query=(one,), differs_listed=(two,))
    reason = Reason("name-strong", {"role": "consignee", "entry": "E-1", "name": name, "listed": listed})
    sentence, spans = marked(reason, shown, language)
    assert len(spans) == 2
    picked = {sentence[start:end] for start, end in spans}
    from ui.models.naming import printable

    assert picked == {printable(name)[one.start : one.end], printable(listed)[two.start : two.end]}


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_kind_of_line_has_its_words(language: str):
    inspection = records.inspection()
    for scan in inspection.scans:
        card = told(scan.verdict, language, scan_facts(scan, inspection, language))
        assert card.title == text.say(f"verdict.{scan.verdict.word}", language)
        assert card.sentence
        assert card.step
        for line in card.why:
            assert line.sentence
            assert "{" not in line.sentence
        assert all(name and value for name, value in card.facts)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_four_words(language: str):
    at = now()
    verdicts = (
        decide(fresh(hits=(hit(),)), max_list_age_hours=168, at=at),
        decide(fresh(hits=(hit(band="review"),)), max_list_age_hours=168, at=at),
        decide(Screening(), max_list_age_hours=168, at=at),
        decide(fresh(), max_list_age_hours=168, at=at),
    )
    cards = [told(each, language) for each in verdicts]
    assert [card.word for card in cards] == list(WORDS)
    assert len({card.title for card in cards}) == 4
    assert len({card.step for card in cards}) == 4
    assert cards[3].sentence == text.say("card.no-match", language)


def test_no_match_never_says_safe_or_clear():
    card = told(decide(fresh(), max_list_age_hours=168, at=now()), "en")
    said = " ".join((card.title, card.sentence, card.step)).lower()
    assert "clear" not in said
    assert "not proof of safety" in said


def test_a_reason_without_short_words_gives_its_sentence():
    verdict = decide(fresh(hits=(hit(band="weak"),)), max_list_age_hours=168, at=now())
    assert headline(verdict.lines[0], "en").startswith("Consignee")


def test_control_characters_are_shown_and_not_obeyed():
    shown = hit("Line one\nLine two\x1d\u202e", "Listed\x00")
    verdict = decide(fresh(hits=(shown,)), max_list_age_hours=168, at=now())
    card = told(verdict, "en")
    said = card.why[0].sentence + card.sentence
    assert not any(mark in said for mark in "\n\x1d\x00\u202e")
    assert "␝" in said
    assert "⟨202E⟩" in said


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_list_past_its_first_limit_is_a_warning_and_no_verdict(language: str):
    used = ListState(number=1, name="practice", issued=now() - timedelta(hours=40), entries=9)
    verdict = decide(Screening(watchlist=used), max_list_age_hours=168, amber_list_age_hours=24, at=now())
    shown = told(verdict, language)
    assert shown.word == "no_match"
    assert [line.word for line in shown.why] == ["check"]
    assert any("40" in words for words in shown.aside)  # hours, in the band


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_with_a_list_too_old_the_next_step_names_the_supervisor(language: str):
    used = ListState(number=1, name="practice", issued=now() - timedelta(days=9), entries=9)
    shown = told(decide(Screening(watchlist=used), max_list_age_hours=168, at=now()), language)
    assert shown.word == "cannot_check"
    assert shown.step == text.say("card.step.stale", language)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_what_was_judged_before_stands_in_the_card(language: str):
    given = Adjudication(hit="h1", verdict="false", reason="Other owner", by="R. Nair", at=now().isoformat())
    brought = msgspec.structs.replace(given, remembered="INS-2026-AB12-0001")
    cleared = told(
        decide(fresh(hits=(hit(),)), adjudications=(brought,), max_list_age_hours=168, at=now()), language
    )
    assert cleared.word == "no_match"
    assert all(words in cleared.why[0].sentence for words in ("R. Nair", "INS-2026-AB12-0001", "Other owner"))
    known = Remembered(hit=hit(), judgement=given, inspection="INS-2026-AB12-0001")
    lapsed = {"h1": Recall(state="lapsed", why="entry", remembered=known)}
    shown = told(decide(fresh(hits=(hit(),)), recalled=lapsed, max_list_age_hours=168, at=now()), language)
    assert shown.word == "hold"
    assert "Other owner" in shown.why[0].detail


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_what_speaks_against_a_match_is_always_told(language: str):
    words = tuple(Reason("word-exact", {"query": f"w{at}", "listed": f"w{at}"}) for at in range(9))
    against = Reason("country-differs", {"query": "in", "listed": "pk", "term": -0.04})
    verdict = decide(fresh(hits=(hit(reasons=(*words, against)),)), max_list_age_hours=168, at=now())
    detail = told(verdict, language).why[0].detail
    assert text.say("reason.country-differs", language, query="in", listed="pk") in detail
    assert "w3" not in detail
