"""What could not be compared is told."""

import pytest

from fieldapp.screening.subject import Subject
from fieldapp.screening.unread import unread
from fieldapp.screening.verdict import Screening, decide
from fieldapp.text import LANGUAGES, say
from tests.support.lists import ISSUED


def codes(kind: str, name: str) -> list[str]:
    return [reason.code for reason in unread(Subject(kind=kind, name=name, role="consignee"))]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "...", "LLC", "Pvt Ltd", "GmbH & Co. KG"])
def test_a_party_without_a_name_is_not_checked(name):
    assert codes("party", name) == ["party-unread"]


@pytest.mark.parametrize("name", ["44 LLC", "Boyle", "ab " * 60 + "Boyle", "华为", "D Company", "الشيخ"])
def test_a_party_with_a_name_is(name):
    assert codes("party", name) == []


@pytest.mark.parametrize("kind", ["party", "goods"])
def test_a_text_longer_than_what_is_compared_says_so(kind):
    assert codes(kind, "xy " * 6600) == []
    assert codes(kind, "xy " * 7000) == ["text-cut"]


def test_goods_without_a_name_are_told_by_their_own_line():
    assert codes("goods", "") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_compared_makes_cannot_check(language):
    reasons = unread(Subject(kind="party", name="LLC", role="consignee"))
    verdict = decide(Screening(), unread=reasons, max_list_age_hours=1, at=ISSUED)
    lines = [line for line in verdict.lines if line.reason in reasons]
    assert [(line.part, line.word) for line in lines] == [("name", "cannot_check")]
    assert "LLC" in say("reason.party-unread", language, **reasons[0].facts)
    (cut,) = unread(Subject(kind="goods", name="ab " * 7000))
    assert "20" in say("reason.text-cut", language, **cut.facts)
