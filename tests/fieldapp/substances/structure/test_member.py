import pytest

pytest.importorskip("rdkit", reason="the structure engine is not installed")

from fieldapp.substances import rules
from fieldapp.substances.structure import member, molecule


def held(smiles: str) -> dict[str, member.Member]:
    mol = molecule.read(smiles)
    assert mol is not None
    return {one.rule.id: one for one in member.members(molecule.parents(mol)[0].flat, rules.load())}


def test_the_named_substance_is_no_member_of_the_class_of_its_relatives() -> None:
    assert "us-frs" not in held("CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")


@pytest.mark.parametrize(
    ("smiles", "limbs"),
    [
        ("CCC(=O)N(c1ccccc1)C1CCN(CCc2cccs2)CC1", ["i/A"]),
        ("CCC(=O)N(c1ccccc1)C1CCN(C(C)Cc2ccccc2)CC1", ["ii/B"]),
        ("CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1C", ["iii/C"]),
        ("CCC(=O)N(c1ccccc1F)C1CCN(CCc2ccccc2)CC1", ["iv/D"]),
        ("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", ["v/E"]),
        ("CC(=O)N(c1ccccc1F)C1CCN(C(C)Cc2ccccc2)CC1", ["ii/B", "iv/D", "v/E"]),
    ],
)
def test_each_limb_of_the_law_is_named(smiles: str, limbs: list[str]) -> None:
    assert [change.limb for change in held(smiles)["us-frs"].changes] == limbs


@pytest.mark.parametrize(
    "smiles",
    [
        "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)C(C(=O)N)C1",  # an amide on the ring is in no limb
        "CCC(=O)N(c1ccccc1)C1CCN(CCCc2ccccc2)CC1",  # a longer chain
        "CCC(=O)N(c1ccc2ccccc2c1)C1CCN(CCc2ccccc2)CC1",  # a fused ring is no monocycle
        "CCN(c1ccccc1)C1CCN(CCc2ccccc2)CC1",  # no acyl
    ],
)
def test_what_no_limb_explains_is_no_member(smiles: str) -> None:
    assert "us-frs" not in held(smiles)


@pytest.mark.parametrize(
    ("smiles", "rule"),
    [
        ("O=C1CCN(C(=O)OCC)CC1", "us-4-piperidone"),
        ("C1CNCCC12OCCO2", "us-4-piperidone"),
        ("O=C(OC(C)(C)C)N1CCC(Nc2ccc(Cl)cc2)CC1", "us-4-ap"),
        ("CCOC(=O)C1(C)OC1c1ccccc1", "cn-bmk-glycidic"),
        ("CCOC(=O)C(C(C)=O)c1ccccc1", "cn-mapa"),
        ("CCN(CC)CCn1c(Cc2ccc(OCC)cc2)nc2cc([N+](=O)[O-])ccc12", "de-npsg-7"),
        ("c1cc(OCC)ccc1Cc1nc2cc([N+](=O)[O-])ccc2n1CCN1CCCC1", "de-npsg-7"),
    ],
)
def test_members_of_the_other_classes(smiles: str, rule: str) -> None:
    assert rule in held(smiles)


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)Nc1ccc(O)cc1",  # paracetamol
        "O=C(CCCN1CCC(O)(c2ccc(Cl)cc2)CC1)c1ccc(F)cc1",  # haloperidol
        "CN(C)C(=O)C(CCN1CCC(O)(c2ccc(Cl)cc2)CC1)(c1ccccc1)c1ccccc1",  # loperamide
        "COc1cc2c(cc1OC)C(=O)C(CC1CCN(Cc3ccccc3)CC1)C2",  # donepezil
    ],
)
def test_medicines_that_look_alike_pass(smiles: str) -> None:
    assert held(smiles) == {}


def test_an_everyday_ester_is_a_low_member() -> None:
    assert held("COC(=O)Cc1ccccc1")["us-phenylacetic-esters"].low


def test_deuterium_and_salts_change_nothing() -> None:
    plain = held("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")
    labelled = held("[2H]C([2H])([2H])C(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")
    salt = held("CC(=O)N(c1ccccc1)C1CC[NH+](CCc2ccccc2)CC1.[Cl-]")
    assert plain.keys() == labelled.keys() == salt.keys()


def test_every_pattern_of_the_rules_compiles() -> None:
    for rule in rules.load():
        for smarts in (*rule.cores, *([rule.require] if rule.require else [])):
            numbers = {atom.GetAtomMapNum() for atom in member.pattern(smarts).GetAtoms()}
            asked = {ring.atom for ring in rule.rings.values()}
            assert asked <= numbers
