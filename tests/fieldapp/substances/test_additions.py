import pytest

from fieldapp.substances import structure
from fieldapp.substances.additions import Addition, extend
from fieldapp.substances.identify import identify
from fieldapp.substances.lists import Listing
from fieldapp.substances.reader import reader

NEW = Listing(
    list="IN-RCS-2013", schedule="Schedule B", valid_from="2026-11-19", verified="primary", source="G.S.R. 1"
)
SOLVENT = Addition(
    id="1",
    listing=NEW,
    names=("Cyclohexanone",),
    cas="108-94-1",
    inchikey="JHIVVAPYMSGYDF-UHFFFAOYSA-N",
    formula="C6H10O",
)
RULE = """
[[rule]]
id = "new-class"
tier = "law"
name = "Cyclohexanones with an alkyl group"
effect = "Schedule B"
lists = ["IN-RCS-2013 Schedule B"]
verified = "primary"
cores = ["[CX3:1]1(=[OX1:7])[CX4:2][CX4:3][CX4:4][CX4:5][CX4:6]1"]
regions.ring = { atoms = [2, 3, 4, 5, 6], allow = ["alkyl<=2"] }
"""


@pytest.mark.parametrize(
    "given",
    [
        {"text": "cyclohexanone 99%, 200 kg"},
        {"text": "cyclohexanon 99%, 200 kg"},
        {"text": "solvent", "cas": "108-94-1"},
        {"text": "", "smiles": "JHIVVAPYMSGYDF-UHFFFAOYSA-N"},
    ],
)
def test_an_addition_is_found_by_whatever_it_has(given: dict[str, str]) -> None:
    answer = identify(**given, using=extend(reader(), [SOLVENT]))
    assert (answer.action, answer.documents_required) == ("controlled", ("cbn_noc",))
    assert answer.substances[0].lists == ("IN-RCS-2013 Schedule B",)
    assert identify(**given).action != "controlled"


def test_an_addition_to_a_listed_substance_adds_a_row_and_loses_none() -> None:
    more = Addition(id="2", listing=NEW, cas="64-19-7", names=("Ethanoic acid glacial",))
    piperonal = Addition(id="3", listing=Listing(list="CDSCO", schedule="new drug"), cas="120-57-0")
    ready = extend(reader(), [more, piperonal])
    (match,) = identify("piperonal", using=ready).substances
    assert "UN-1988 Table I" in match.lists
    assert "CDSCO new drug" in match.lists
    assert not match.verified
    assert "export_noc" in identify("piperonal", using=ready).documents_required


@pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")
def test_a_class_rule_arrives_as_data() -> None:
    ready = extend(reader(), [Addition(id="4", listing=NEW, class_rules=RULE)])
    answer = identify("", smiles="CC1CCCCC1=O", using=ready)
    assert (answer.action, answer.substances[0].rule) == ("controlled", "new-class")
    assert identify("", smiles="CCCCC1CCCCC1=O", using=ready).action == "none"
    assert identify("", smiles="CC1CCCCC1=O").action == "none"


def test_an_addition_by_name_alone_means_the_substance_of_that_name() -> None:
    ready = extend(reader(), [Addition(id="5", listing=NEW, names=("Piperonal",))])
    (match,) = identify("piperonal", using=ready).substances
    assert {"UN-1988 Table I", "IN-RCS-2013 Schedule B"} <= set(match.lists)


def test_an_addition_by_a_name_nobody_knew_is_found_by_it() -> None:
    ready = extend(reader(), [Addition(id="6", listing=NEW, names=("Exemplarone",))])
    assert identify("exemplaron, 25 kg", using=ready).action == "controlled"
    assert ready.lists.edition == f"{reader().lists.edition}+1"


@pytest.mark.parametrize(
    "broken",
    [
        {"cas": "108-94-2"},
        {"ec": "200-662-3"},
        {"class_rules": "[[rule]"},
        {"class_rules": "[[rule]]\nid = 'x'"},
        {"class_rules": "other = 1"},
        pytest.param(
            {"class_rules": RULE.replace("[CX3:1]", "[CX3:1")},
            marks=pytest.mark.skipif(
                not structure.available(), reason="the structure engine is not installed"
            ),
        ),
    ],
)
def test_a_part_that_cannot_be_read_loses_nothing_and_is_told_of(broken: dict[str, str]) -> None:
    ready = extend(reader(), [Addition(id="7", listing=NEW, names=("Exemplarone",), **broken), SOLVENT])
    assert identify("exemplarone", using=ready).action == "controlled"
    answer = identify("", cas="108-94-1", using=ready)
    assert answer.action == "controlled"
    assert [reason.code for reason in answer.reasons] == ["addition-unread"]
    if structure.available():
        assert identify("", smiles="CCO", using=ready).action == "none"
