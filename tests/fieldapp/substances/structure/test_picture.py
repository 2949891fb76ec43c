import pytest

from fieldapp.substances import lists, rules, structure

if not structure.available():
    pytest.skip("the structure engine is not installed", allow_module_level=True)

from fieldapp.substances.structure import picture

RULES = rules.load()
ANALOGUE = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2C)CC1"


def test_a_picture_grounds_the_core_and_each_change_with_its_limb() -> None:
    drawn = picture.draw(ANALOGUE, "an analogue", RULES)
    assert drawn is not None
    assert (drawn.name, drawn.rule) == ("an analogue", "us-frs")
    assert [group.limb for group in drawn.key] == ["", "i/A", "v/E"]
    assert {disc.group for disc in drawn.discs} == {0, 1, 2}


def test_everything_lies_inside_the_picture() -> None:
    drawn = picture.draw(ANALOGUE, "", RULES)
    assert drawn is not None
    for line in drawn.lines:
        assert 0 < line.x < drawn.width
        assert 0 < line.x2 < drawn.width
        assert 0 < line.y < drawn.height
        assert 0 < line.y2 < drawn.height


def test_the_same_structure_gives_the_same_picture_however_it_is_written() -> None:
    assert picture.draw("CCO", "x") == picture.draw("CCO", "x")
    plain = picture.draw("CCO", "x", RULES)
    assert plain is not None
    assert (plain.key, plain.discs, [one.text for one in plain.letters]) == ((), (), ["OH"])


@pytest.mark.parametrize("given", ["no structure", "", "C" * 300])
def test_what_cannot_be_drawn_is_not(given: str) -> None:
    assert picture.draw(given, "x", RULES) is None


def test_every_listed_structure_can_be_drawn() -> None:
    for one in lists.load().substances.values():
        if one.smiles:
            assert picture.draw(one.smiles, one.name, RULES) is not None, one.name
