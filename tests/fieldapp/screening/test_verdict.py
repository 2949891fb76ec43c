"""A verdict is only as good as the list behind it."""

from datetime import timedelta

import msgspec
import pytest

from fieldapp.screening.hit import Reason, SubstanceAnswer, SubstanceMatch
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ELSEWHERE, ListState, Screening, decide
from fieldapp.substances.answer import PaperKind
from tests.support.lists import ISSUED


def substance_word(*, elsewhere: bool, asked: tuple[PaperKind, ...] = ()) -> tuple[str, str]:
    reasons = (Reason(ELSEWHERE, {"name": "Diazepam", "lists": "US-CSA Schedule IV"}),) if elsewhere else ()
    match = SubstanceMatch(id="1", name="Diazepam", lists=("US-CSA Schedule IV",), reasons=reasons)
    answer = SubstanceAnswer(
        subject=Subject(kind="goods", name="diazepam tablets"),
        action="controlled",
        substances=(match,),
        documents_required=asked,
    )
    found = decide(
        Screening(watchlist=WHOLE, substances=(answer,)),
        max_list_age_hours=24,
        at=ISSUED + timedelta(hours=1),
    )
    return found.word, found.lines[0].reason.code


def test_what_only_other_countries_control_and_no_paper_covers_is_a_question():
    assert substance_word(elsewhere=True) == ("check", "controlled-elsewhere")
    assert substance_word(elsewhere=True, asked=("export_noc",)) == ("hold", "controlled")
    assert substance_word(elsewhere=False) == ("hold", "controlled")


WHOLE = ListState(number=4, name="list", issued=ISSUED, entries=1)


def word_with(state: ListState, hours: int = 1) -> str:
    at = ISSUED + timedelta(hours=hours)
    return decide(Screening(watchlist=state), max_list_age_hours=24, at=at).word


def test_a_list_in_force_and_fresh_can_say_no_match():
    assert word_with(WHOLE) == "no_match"


@pytest.mark.parametrize("lacks", [{"number": 0}, {"issued": None}, {"entries": 0}])
def test_a_list_that_is_none_or_lists_nobody_cannot_check(lacks):
    assert word_with(msgspec.structs.replace(WHOLE, **lacks)) == "cannot_check"


def test_a_list_too_old_cannot_check():
    assert word_with(WHOLE, hours=25) == "cannot_check"
