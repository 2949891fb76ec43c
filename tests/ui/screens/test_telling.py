"""A verdict in words: the letters that differ, the sentence of the band, the facts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.clock import now
from fieldapp.screening.hit import Hit, Reason, Span
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
