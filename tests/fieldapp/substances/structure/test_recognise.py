import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rdkit", reason="the structure engine is not installed")

from rdkit import Chem

from fieldapp.substances.identify import identify
from fieldapp.substances.reader import reader
from fieldapp.substances.structure import molecule
from tests.support.shared import shared_data

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"


def codes(given: str) -> list[str]:
    return [reason.code for match in identify("", smiles=given).substances for reason in match.reasons]


def test_the_listed_structures_have_the_keys_that_are_listed() -> None:
    for one in reader().lists.substances.values():
        if one.smiles:
            mol = molecule.read(one.smiles)
            assert mol is not None, one.name
            assert Chem.MolToInchiKey(mol) == one.inchikey, one.name
            if one.flat_key:
                assert molecule.keys(molecule.parents(mol)[0]) == (one.parent_key, one.flat_key), one.name


def test_every_listed_structure_is_found_by_its_structure() -> None:
    for one in reader().lists.substances.values():
        if one.smiles:
            assert one.name in [match.name for match in identify("", smiles=one.smiles).substances]


@pytest.mark.parametrize("turned", [False, True])
def test_any_writing_of_a_structure_is_the_same_structure(turned: bool) -> None:
    mol = Chem.MolFromSmiles(FENTANYL)
    written = [Chem.MolToMolBlock(mol), Chem.MolToInchi(mol), Chem.MolToInchiKey(mol)]
    written += [Chem.MolToSmiles(mol, doRandom=turned) for _ in range(5)]
    for one in written:
        assert [match.name for match in identify("", smiles=one).substances] == ["Fentanyl"]


@pytest.mark.parametrize(
    ("smiles", "code"),
    [
        ("C1CCNCC1.Cl", "structure-salt"),
        ("CNC(C)C(O)c1ccccc1", "structure-flat"),
        ("OS(=O)(=O)O", "structure-exact"),
    ],
)
def test_how_a_structure_is_listed(smiles: str, code: str) -> None:
    assert code in codes(smiles)


@pytest.mark.parametrize(
    "smiles", ["[Na+].[Na+].[O-]S([O-])(=O)=O", "[Na+].[Cl-]", "CCO", "CCOCC.[Mg+2].[Br-].[Br-]"]
)
def test_other_substances_are_not(smiles: str) -> None:
    assert identify("", smiles=smiles).action == "none"


@pytest.mark.parametrize(
    "given", ["not smiles", "C1CC", "C" * 5000, "c1ccccc1" * 2000, "[Xx]", "InChI=1S/nonsense", "((("]
)
def test_what_cannot_be_read_is_not_understood(given: str) -> None:
    answer = identify("", smiles=given)
    assert answer.action == "not_understood"
    assert [reason.code for reason in answer.reasons][:1] == ["structure-unreadable"]


@given(st.text(alphabet="CNOcno123()=#[]+-@/\\.%Fl", max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_structure_raises(given: str) -> None:
    identify("", smiles=given)


def test_an_analogue_is_explained_by_limb_and_nearest_substance() -> None:
    (match,) = identify("", smiles="CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2C)CC1").substances
    assert (match.rule, match.lists) == ("us-frs", ("US-CSA Schedule I",))
    facts = {reason.code: reason.facts for reason in match.reasons}
    assert facts["class-limbs"] == {"limbs": "i/A"}
    assert "fentanyl" in str(facts["class-nearest"]["name"]).lower()


def test_medicines_pass_and_scheduled_ones_are_found() -> None:
    file = shared_data("substances", "known_compounds.jsonl")
    law = set()
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        answer = identify("", smiles=row["smiles"])
        if any(match.rule and answer.action == "controlled" for match in answer.substances):
            law.add(row["name"])
    # The one called trimethoprim is drawn as alfentanil in the source.
    assert {name for name in law if "fentan" not in name} <= {"trimethoprim"}
    assert {"carfentanil", "lofentanil", "mirfentanil"} <= law
