import pytest

from fieldapp.substances import nomenclature, structure
from fieldapp.verbs.doctor import extras
from fieldapp.verbs.lines import FieldMissing
from fieldapp.verbs.substance import answer


def test_an_answer_names_lists_edition_and_the_papers_that_are_missing() -> None:
    told = answer({"text": "4-piperidone", "hs": "2933.39", "documents": ["pen"]})
    assert told["action"] == "controlled"
    assert told["documents_required"] == ["cbn_noc", "pen"]
    assert told["documents_missing"] == ["cbn_noc"]
    assert told["edition"]
    (match,) = told["substances"]
    assert "UN-1988 Table I" in match["lists"]
    assert match["verified"] is False
    assert {"substance-name", "row-unverified"} <= {reason["code"] for reason in match["reasons"]}


def test_direction_and_countries_decide_which_papers() -> None:
    told = answer({"text": "4-piperidone", "direction": "import", "countries": ["US"]})
    assert told["documents_required"] == ["cbn_noc", "dea_486"]
    with pytest.raises(FieldMissing):
        answer({"text": "4-piperidone", "direction": "sideways"})


@pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")
def test_a_class_member_has_its_limb_and_its_nearest_listed_substance() -> None:
    told = answer({"smiles": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2C)CC1"})
    (match,) = told["substances"]
    assert (match["rule"], match["limb"]) == ("us-frs", "i/A")
    assert match["nearest"]
    assert "drawing" not in match


def test_what_was_not_understood_says_why() -> None:
    told = answer({"text": "intermediate", "cas": "41661-47-7"})
    assert [reason["code"] for reason in told["reasons"]] == ["cas-digit-wrong"]


def test_doctor_names_the_optional_parts() -> None:
    told = extras()
    assert (told["structures"] == "ok") == structure.available()
    assert (told["systematic names"] == "ok") == nomenclature.available()
