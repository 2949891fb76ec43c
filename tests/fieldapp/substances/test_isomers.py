import pytest

from fieldapp.substances import isomers, lists, structure
from fieldapp.substances.answer import Reason
from fieldapp.substances.evidence import Evidence
from fieldapp.substances.identify import identify

KNOWN = lists.load()
BY_NAME = {one.name: one for one in KNOWN.substances.values()}


def test_every_clause_speaks_of_rows_that_are_there() -> None:
    rows = {(row.list, row.schedule) for one in KNOWN.substances.values() for row in one.listings}
    for clause in isomers.clauses():
        assert any(clause.list == name for name, _ in rows), clause
        assert all((clause.list, schedule) in rows for schedule in clause.schedules), clause
        assert set(clause.substances) <= BY_NAME.keys(), clause
        assert clause.wording, clause
        assert clause.source, clause


@pytest.mark.parametrize(
    ("name", "reached"),
    [("Ephedrine", True), ("Methamphetamine", True), ("Testosterone", False), ("Morphine", False)],
)
def test_the_wording_of_the_lists_decides(name: str, reached: bool) -> None:
    assert isomers.reaches(BY_NAME[name]) is reached


def test_a_list_whose_wording_is_not_known_may_reach() -> None:
    listing = lists.Listing(list="XX-LAW", schedule="A", source="somewhere")
    assert isomers.reaches(lists.Substance(id="x", name="x", listings=(listing,)))


def test_only_isomers_are_set_apart() -> None:
    testosterone = BY_NAME["Testosterone"].id
    other = Evidence(testosterone, Reason("structure-isomer"))
    named = Evidence(testosterone, Reason("substance-name"))
    kept, notes = isomers.apart(KNOWN, [other, named])
    assert kept == [named]
    assert [note.code for note in notes] == ["isomer-outside"]


@pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")
def test_an_isomer_outside_the_wording_is_noted_and_passes() -> None:
    epitestosterone = "C[C@]12CC[C@H]3[C@H]([C@@H]1CC[C@H]2O)CCC4=CC(=O)CC[C@]34C"
    answer = identify("", smiles=epitestosterone)
    assert answer.action == "none"
    assert [reason.code for reason in answer.reasons] == ["isomer-outside"]
