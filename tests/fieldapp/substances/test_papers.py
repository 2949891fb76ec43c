from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.substances.answer import Match
from fieldapp.substances.papers import Paper, check, required, standing

ON = date(2026, 11, 20)
NOC = Paper(
    kind="cbn_noc", number="N1", issuer="Narcotics Commissioner", valid_to=date(2027, 1, 1), quantity_kg=100.0
)


@pytest.mark.parametrize(
    ("lists", "direction", "countries", "kinds"),
    [
        (["IN-RCS-2013 Schedule B", "IN-RCS-2013 Schedule C"], "export", (), ("cbn_noc",)),
        (["IN-RCS-2013 Schedule B"], "import", (), ()),
        (["IN-RCS-2013 Schedule C"], "import", (), ("cbn_noc",)),
        (["IN-RCS-2013 Schedule A"], "export", (), ()),
        (["IN-NDPS psychotropic substance"], "export", (), ("cbn_noc",)),
        (["UN-1988 Table I"], "export", ("de",), ("pen",)),
        (["UN-1988 Table II"], "export", (), ()),
        (["US-CSA List I"], "export", ("US",), ("dea_486",)),
        (["US-CSA List I"], "export", ("DE",), ()),
        (["US-CSA List I (proposed)"], "export", ("US",), ()),
        (["IN-RCS-2013 Schedule C", "UN-1988 Table I"], "transit", (), ("cbn_noc", "pen")),
        (["CDSCO new drug"], "export", (), ("export_noc",)),
    ],
)
def test_each_list_asks_for_its_papers(lists, direction, countries, kinds) -> None:
    assert required(lists, direction, countries) == kinds


@pytest.mark.parametrize(
    ("changes", "kg", "state"),
    [
        ({}, 25.0, "ok"),
        ({}, 100.0, "ok"),
        ({}, 100.5, "exhausted"),
        ({"used_kg": 80.0}, 25.0, "exhausted"),
        ({"used_kg": 80.0}, None, "ok"),
        ({"used_kg": 100.0}, None, "exhausted"),
        ({"valid_to": ON}, 25.0, "ok"),
        ({"valid_to": date(2026, 11, 19)}, 25.0, "expired"),
        ({"issued": date(2026, 11, 21)}, 25.0, "missing"),
        ({"kind": "export_noc"}, 25.0, "wrong_authority"),
        ({"issuer": "CDSCO, Zonal Office (SUGAM)"}, 25.0, "wrong_authority"),
        ({"kind": "invoice"}, 25.0, "missing"),
    ],
)
def test_a_paper_does_or_does_not_do(changes, kg, state) -> None:
    paper = Paper(**{name: getattr(NOC, name) for name in NOC.__struct_fields__} | changes)
    assert standing("cbn_noc", [paper], kg, ON).state == state


def test_the_paper_that_comes_furthest_counts() -> None:
    spent = Paper(kind="cbn_noc", number="N0", quantity_kg=1.0)
    wrong = Paper(kind="export_noc", number="E1")
    assert standing("cbn_noc", [wrong, spent, NOC], 25.0, ON).number == "N1"
    assert standing("cbn_noc", [wrong, spent], 25.0, ON).number == "N0"
    assert standing("cbn_noc", [wrong], 25.0, ON).number == "E1"


def test_an_export_noc_without_a_last_day_holds_one_year() -> None:
    noc = Paper(kind="export_noc", number="E1", issued=date(2025, 11, 20))
    assert standing("export_noc", [noc], None, ON).state == "ok"
    assert standing("export_noc", [noc], None, date(2026, 11, 21)).state == "expired"
    assert standing("export_noc", [noc], None, ON).valid_to == ON


def test_a_regulators_noc_does_not_cover_what_narcotics_law_controls() -> None:
    noc = Paper(kind="export_noc", number="E1", valid_to=date(2027, 1, 1))
    butonitazene = Match(name="Butonitazene", lists=("IN-NDPS manufactured drug",))
    (only,) = check([noc], [butonitazene], 1.0, ON)
    assert (only.kind, only.state, only.number) == ("cbn_noc", "wrong_authority", "E1")


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_more_leaves_than_was_sanctioned(quantity: float, used: float, kg: float) -> None:
    paper = Paper(kind="cbn_noc", quantity_kg=quantity, used_kg=used)
    if standing("cbn_noc", [paper], kg, ON).state == "ok":
        assert used + kg <= quantity * (1 + 1e-9) + 1e-6
