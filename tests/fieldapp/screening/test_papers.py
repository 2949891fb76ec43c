from datetime import date

import pytest

from fieldapp.consignment.party import Party
from fieldapp.screening.papers import net_kg, paper_states
from fieldapp.screening.substances import answer
from tests.support.substances import ON, consignment, goods, line, noc, pen


def states(shipped, on: date = ON) -> dict[str, str]:
    answers = tuple(answer(goods(item.description, item.seq)) for item in shipped.goods)
    return {paper.kind: paper.state for paper in paper_states(shipped, answers, on)}


def test_every_paper_in_order() -> None:
    assert states(consignment(noc(), pen())) == {"cbn_noc": "ok", "pen": "ok"}


@pytest.mark.parametrize(
    ("paper", "state"),
    [
        (noc(valid_to=date(2026, 11, 1)), "expired"),
        (noc(used_kg=90.0), "exhausted"),
        (noc(kind="export_noc"), "wrong_authority"),
        (pen(), "missing"),
    ],
)
def test_a_paper_that_does_not_do(paper, state: str) -> None:
    assert states(consignment(paper))["cbn_noc"] == state


def test_the_quantity_is_that_of_all_lines_that_ask() -> None:
    lines = (line(), line("Norfentanyl", seq=2, net_kg=40.0), line("cotton shirts", seq=3, net_kg=900.0))
    assert states(consignment(noc(), goods=lines))["cbn_noc"] == "exhausted"
    assert states(consignment(noc(quantity_kg=105.0), goods=lines))["cbn_noc"] == "ok"


def test_a_line_without_a_weight_makes_the_weight_unknown() -> None:
    shipped = consignment(noc(), goods=(line(net_kg=None),))
    assert net_kg(shipped, [answer(goods())]) is None
    assert states(shipped)["cbn_noc"] == "ok"


def test_the_other_country_brings_its_own_papers() -> None:
    buyer = Party(role="consignee", name="Buyer", country="US")
    assert states(consignment(noc(), pen(), parties=(buyer,)))["dea_486"] == "missing"


def test_ordinary_goods_ask_for_nothing() -> None:
    assert states(consignment(goods=(line("cotton shirts"),))) == {}
