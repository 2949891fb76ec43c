"""Field tests never confirm."""

from datetime import date
from typing import Any

import pytest

from fieldapp.inspection.fieldtest import FieldTest, limits, word
from tests.support.records import AT, part_id


def raman(**changes: Any) -> FieldTest:
    given = {
        "id": part_id(1), "at": AT, "day": AT.date(), "kind": "raman", "shown": "match",
        "operator": "R. Nair",
        "substance": "ANPP", "device": "R-200 / 7731", "library": "2026.3", "score": 0.91, "bar": 0.8,
    }  # fmt: skip
    return FieldTest(**(given | changes))


def kit(**changes: Any) -> FieldTest:
    return raman(
        **({"kind": "colour", "device": "", "library": "", "score": None, "bar": None, "kit_lot": "K1",
            "kit_expires": date(2027, 1, 31)} | changes)
    )  # fmt: skip


def test_a_sound_match_is_presumptive() -> None:
    assert word(raman()) == "presumptive_positive"
    assert word(kit()) == "presumptive_positive"
    assert word(kit(shown="no_match")) == "presumptive_negative"


@pytest.mark.parametrize(
    ("test", "limit"),
    [
        (raman(score=0.79), "score-low"),
        (raman(score=None), "score-missing"),
        (raman(score=float("nan")), "score-missing"),
        (raman(score=float("inf")), "score-missing"),
        (raman(bar=-1e308), "score-missing"),
        (raman(library=""), "library-version-missing"),
        (raman(device=""), "device-missing"),
        (kit(kit_expires=date(2026, 11, 21)), "kit-expired"),
        (kit(kit_expires=None), "kit-expiry-unknown"),
        (kit(kit_lot=""), "kit-lot-missing"),
    ],
)
def test_a_weak_test_cannot_bear_the_word_positive(test: FieldTest, limit: str) -> None:
    assert limits(test) == (limit,)
    assert word(test) == "inconclusive"


def test_a_kit_holds_through_its_last_day() -> None:
    assert word(kit(kit_expires=AT.date())) == "presumptive_positive"
