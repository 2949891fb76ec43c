"""Samples, custody, holds and the second officer, on real vaults."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fieldapp.actions import disposing, judging, opening, sampling
from fieldapp.actions.disposing import AskSecond, Decide, LiftHold, PlaceHold, SignAsSecond, TakeSecond
from fieldapp.actions.drafting import ValueUnfit
from fieldapp.actions.sampling import DrawSample, MoveExhibit
from fieldapp.enrolment import Policy
from fieldapp.inspection.countersign import CountersignRefused
from fieldapp.inspection.custody import CustodyRefused
from fieldapp.inspection.disposition import DecisionRefused, effective
from fieldapp.inspection.inspection import Inspection, NotFound, open_hits
from fieldapp.inspection.sample import Draw, SampleRefused
from tests.support.laptops import LABELS, Laptop
from tests.support.officers import sign_second
from tests.support.vaults import Headquarters, enrolled_vault, seal


@pytest.fixture
def headquarters() -> Headquarters:
    return Headquarters()


@pytest.fixture
def laptop(tmp_path: Path, headquarters: Headquarters) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "one", enrolled_vault(tmp_path / "one", headquarters))
    yield made
    made.close()


def drawn(laptop: Laptop, opened: Inspection, seal: str = "S-1", **changes: Any) -> Inspection:
    given = {
        "package": "3", "net_g": Decimal("5.2"), "gross_g": Decimal("7.1"), "seal": seal,
        "duplicate_net_g": Decimal("5.1"), "duplicate_gross_g": Decimal("7.0"), "duplicate_seal": seal + "b",
    }  # fmt: skip
    order = DrawSample(inspection=opened.id, procedure="ndps-2022", draw=Draw(**(given | changes)))
    return sampling.draw_sample(laptop.vault, order)


def move(opened: Inspection, **changes: Any) -> MoveExhibit:
    given = {
        "inspection": opened.id, "exhibit": opened.samples[0].number, "action": "hand_over", "place": "JNPT",
        "taker": "S. Rao", "gross_in_g": Decimal("7.1"), "seal_in": "S-1", "gross_out_g": Decimal("7.1"),
        "seal_out": "S-1",
    }  # fmt: skip
    return MoveExhibit(**(given | changes))


def test_an_exhibit_goes_from_hand_to_hand_with_receipts(laptop: Laptop) -> None:
    opened = drawn(laptop, laptop.open())
    after = sampling.move_exhibit(laptop.vault, move(opened))
    after = sampling.move_exhibit(laptop.vault, move(opened, action="send_to_laboratory", taker="CRCL"))
    assert [(one.giver, one.taker) for one in after.custody] == [("R. Nair", "S. Rao"), ("S. Rao", "CRCL")]
    assert len({one.receipt for one in after.custody}) == 2
    with pytest.raises(CustodyRefused):
        sampling.move_exhibit(laptop.vault, move(opened, action="deposit", taker="Store"))
    with pytest.raises(NotFound):
        sampling.move_exhibit(laptop.vault, move(opened, exhibit="none"))


def test_an_inspection_follows_one_procedure(laptop: Laptop) -> None:
    opened = drawn(laptop, laptop.open())
    order = DrawSample(
        inspection=opened.id,
        procedure="dea-evidence",
        draw=Draw(package="1", net_g=Decimal(1), gross_g=Decimal(2), seal="X"),
    )
    with pytest.raises(SampleRefused):
        sampling.draw_sample(laptop.vault, order)


def test_holds_stack_and_stop_a_release(laptop: Laptop) -> None:
    opened = laptop.open()
    disposing.place_hold(laptop.vault, PlaceHold(inspection=opened.id, authority="Customs", reason="papers"))
    held = disposing.place_hold(
        laptop.vault, PlaceHold(inspection=opened.id, authority="Drugs control", reason="licence", line=1)
    )
    release = Decide(inspection=opened.id, disposition="release", reason="all in order")
    disposing.lift_hold(
        laptop.vault, LiftHold(inspection=opened.id, hold=held.holds[0].id, reason="papers came")
    )
    with pytest.raises(DecisionRefused) as refused:
        disposing.decide(laptop.vault, release)
    assert refused.value.facts["authority"] == "Drugs control"
    disposing.lift_hold(
        laptop.vault, LiftHold(inspection=opened.id, hold=held.holds[1].id, reason="licence shown")
    )
    assert effective(disposing.decide(laptop.vault, release).decisions) in ("release", "hold")
    with pytest.raises(NotFound):
        disposing.place_hold(
            laptop.vault, PlaceHold(inspection=opened.id, authority="Customs", reason="x", line=99)
        )


def test_a_seizure_starts_the_clocks_and_waits_for_a_second_officer(
    laptop: Laptop, tmp_path: Path, headquarters: Headquarters
) -> None:
    opened = laptop.open()
    after = disposing.decide(
        laptop.vault, Decide(inspection=opened.id, disposition="seize", reason="fentanyl precursor")
    )
    assert effective(after.decisions) == "hold"
    assert after.deadlines == ()  # nothing is seized yet

    asked = disposing.ask_second(laptop.vault, AskSecond(inspection=opened.id))
    other = enrolled_vault(tmp_path / "two", headquarters, name="S. Rao")
    shown = disposing.sign_as_second(other, SignAsSecond(text=asked.text))
    assert any(goods.description in line for goods in opened.consignment.goods for line in shown.ask.lines)
    assert shown.text == ""
    assert "fentanyl precursor" in shown.ask.lines
    answer = sign_second(other, asked)
    done = disposing.take_second(laptop.vault, TakeSecond(inspection=opened.id, text=answer.text))
    assert effective(done.decisions) == "seize"
    assert done.decisions[-1].second_name == "S. Rao"
    report = next(one for one in done.deadlines if one.kind == "report-to-superior")
    assert report.due - report.starts == timedelta(hours=48)
    with pytest.raises(DecisionRefused):
        disposing.take_second(laptop.vault, TakeSecond(inspection=opened.id, text=answer.text))
    other.close()


def test_an_officer_does_not_agree_with_himself(laptop: Laptop) -> None:
    opened = laptop.open()
    disposing.decide(laptop.vault, Decide(inspection=opened.id, disposition="seize", reason="x"))
    asked = disposing.ask_second(laptop.vault, AskSecond(inspection=opened.id))
    with pytest.raises(CountersignRefused):
        sign_second(laptop.vault, asked)


def test_a_stranger_of_another_headquarters_does_not_count(laptop: Laptop, tmp_path: Path) -> None:
    opened = laptop.open()
    disposing.decide(laptop.vault, Decide(inspection=opened.id, disposition="seize", reason="x"))
    asked = disposing.ask_second(laptop.vault, AskSecond(inspection=opened.id))
    stranger = enrolled_vault(tmp_path / "two", Headquarters(), name="S. Rao")
    answer = sign_second(stranger, asked)
    with pytest.raises(Exception, match="statement-refused"):
        disposing.take_second(laptop.vault, TakeSecond(inspection=opened.id, text=answer.text))
    stranger.close()


def waiting_release(laptop: Laptop, opened: Inspection, tmp_path: Path, headquarters: Headquarters) -> str:
    """Decide on a release that waits; return the second officer's answer to it."""
    asked = disposing.ask_second(laptop.vault, AskSecond(inspection=opened.id))
    other = enrolled_vault(tmp_path / "two", headquarters, name="S. Rao")
    answer = sign_second(other, asked)
    other.close()
    return answer.text


def test_a_hold_placed_meanwhile_stands_against_what_was_signed(
    laptop: Laptop, tmp_path: Path, headquarters: Headquarters
) -> None:
    laptop.adopt()
    opened = laptop.open()
    laptop.examine(opened, LABELS / "drum-7-of-12.png")
    disposing.decide(laptop.vault, Decide(inspection=opened.id, disposition="release", reason="let go"))
    text = waiting_release(laptop, opened, tmp_path, headquarters)
    disposing.place_hold(laptop.vault, PlaceHold(inspection=opened.id, authority="CBN", reason="papers"))
    with pytest.raises(DecisionRefused) as refused:
        disposing.take_second(laptop.vault, TakeSecond(inspection=opened.id, text=text))
    assert refused.value.facts["why"] == "hold-open"


def test_a_value_too_long_for_its_field_is_refused_and_the_draft_stays_readable(laptop: Laptop) -> None:
    opened = laptop.open()
    with pytest.raises(ValueUnfit):
        drawn(laptop, opened, package="P" * 200)
    with pytest.raises(ValueUnfit):
        drawn(laptop, opened, description="x" * 2001)
    assert opening.get_inspection(laptop.vault, opening.GetInspection(id=opened.id)).samples == ()


def test_a_sample_of_a_line_that_is_not_there_is_refused(laptop: Laptop) -> None:
    with pytest.raises(NotFound):
        drawn(laptop, laptop.open(), goods_seq=999)


def test_a_release_is_not_sealed_over_a_hold_or_a_match_that_came_after_it(laptop: Laptop) -> None:
    opened = laptop.open()  # no list yet: nothing was compared
    laptop.examine(opened, LABELS / "drum-7-of-12.png")
    policy = Policy(release_needs_second=False, seize_needs_second=False)
    with laptop.vault.transaction() as tx:
        tx.meta.put("policy", policy)
    disposing.decide(laptop.vault, Decide(inspection=opened.id, disposition="release", reason="in order"))
    disposing.place_hold(laptop.vault, PlaceHold(inspection=opened.id, authority="CBN", reason="papers"))
    held = opening.get_inspection(laptop.vault, opening.GetInspection(id=opened.id))
    for hit in open_hits(held):
        judging.adjudicate(
            laptop.vault,
            judging.Adjudicate(inspection=opened.id, hit=hit.id, verdict="true", reason="the same"),
        )
    with pytest.raises(DecisionRefused) as refused:
        seal(laptop.vault, opened.id)
    assert refused.value.facts["why"] == "hold-open"
    with laptop.vault.transaction() as tx:
        tx.meta.put("policy", Policy())
    held = opening.get_inspection(laptop.vault, opening.GetInspection(id=opened.id))
    disposing.lift_hold(
        laptop.vault, LiftHold(inspection=opened.id, hold=held.holds[0].id, reason="papers shown")
    )
    with pytest.raises(DecisionRefused) as refused:
        seal(laptop.vault, opened.id)
    assert refused.value.facts["why"] == "release-needs-second"
