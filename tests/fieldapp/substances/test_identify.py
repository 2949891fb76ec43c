import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.substances import structure
from fieldapp.substances.evidence import _WEIGHT
from fieldapp.substances.identify import identify
from fieldapp.substances.reader import reader


def named(description: str, **given: str) -> tuple[str, list[str]]:
    answer = identify(description, **given)
    return answer.action, [match.name for match in answer.substances]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("4-Piperidone 98% 25 kg drum", "4-Piperidone"),
        ("N-Phenyl ethyl piperidone-4", "N-Phenethyl-4-piperidone (NPP)"),
        ("Nphenethyl4piperidone", "N-Phenethyl-4-piperidone (NPP)"),
        ("acetic anhydrid, technical", "Acetic anhydride"),
        ("aсetiс anhуdride", "Acetic anhydride"),  # Cyrillic c and y
        ("et0nitazene powder", "Etonitazene"),
        ("UN 1715, 20 drums", "Acetic anhydride"),
        ("CAS 108 24 7", "Acetic anhydride"),
        ("dyestuff intermediate 108.24-7", "Acetic anhydride"),
        ("эфедрин гидрохлорид", "Ephedrine"),
        ("स्यूडोएफेड्रिन टैबलेट", "Pseudoephedrine"),
        ("高锰酸钾 工业级", "Potassium permanganate"),
        ("anhydride, acetic", "Acetic anhydride"),
        ("acid, sulphuric 98 %", "Sulphuric acid"),
        ("Ac2O 200 L drums", "Acetic anhydride"),
        ("furniture; (CH3CO)2O", "Acetic anhydride"),
        ("tea, KMnO4", "Potassium permanganate"),
        ("H2SO4", "Sulphuric acid"),
        ("ephedr1ne", "Ephedrine"),
        ("pot. permanganate", "Potassium permanganate"),
        ("acetic anhydride free sample", "Acetic anhydride"),
        ("acetic anhydride, free of charge", "Acetic anhydride"),
        ("anhídrido acético", "Acetic anhydride"),
        ("efedrina", "Ephedrine"),
        ("ephedrinum", "Ephedrine"),
        ("Kaliumpermanganat", "Potassium permanganate"),
        ("permanganato de potasio", "Potassium permanganate"),
        ("aceite de sasafrás", "Safrole"),
        ("fenilacetona", "1-Phenyl-2-propanone"),
        ("\u202eedirdyhna citeca\u202c", "Acetic anhydride"),
        ("acetic \u202eanhydride", "Acetic anhydride"),
    ],
)
def test_a_listed_substance_is_recognised(text: str, name: str) -> None:
    assert named(text) == ("controlled", [name])


@pytest.mark.parametrize(
    "text",
    [
        "paracetamol tablets",
        "cotton shirts",
        "NPP gloves 25 kg",
        "BMK brake pads",
        "safflower oil",
        "peppermint oil",
        "ethyl acetate",
        "Amoxicillin capsules 500 mg",
        "Medicaments containing vitamins, packaged for retail sale",
        "piperidine-4-carboxylic acid",
        "toluene, 2,4-dinitro-",
        "3-(trifluoromethyl)benzyl chloride",
        "acetone-free nail polish remover",
    ],
)
def test_ordinary_goods_pass(text: str) -> None:
    assert named(text) == ("none", [])


@pytest.mark.parametrize("text", ["", "   ", "xkqz vbnn", "###", "12345", "ผ้าฝ้าย", "सूती कमीज"])
def test_what_cannot_be_read_is_said_to_be_so(text: str) -> None:
    answer = identify(text)
    assert answer.action == "not_understood"
    assert answer.reasons


@pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")
@pytest.mark.parametrize("text", ["CC(=O)OC(C)=O", "dye CC(=O)OC(C)=O, 3 drums", "c1ccccc1O CC(=O)OC(C)=O"])
def test_a_structure_without_a_word_for_it_is_read(text: str) -> None:
    assert named(text) == ("controlled", ["Acetic anhydride"])


@pytest.mark.parametrize("text", ["BMK glycidate", "PMK glycidate"])
def test_a_trade_name_of_several_listed_substances_is_controlled(text: str) -> None:
    action, found = named(text)
    assert action == "controlled"
    assert all("glycidic acid" in name for name in found)


@pytest.mark.parametrize("text", ["4-AP HCl", "ANPP precursor", "ac2o 200 litre"])
def test_a_short_name_or_formula_is_a_question(text: str) -> None:
    assert named(text)[0] == "ask_headquarters"


@pytest.mark.parametrize(
    "text",
    [
        "ranitidine HCl tablets",
        "PVC(white) sheet",
        "bolts AC2O-7 steel",
        "model KM(4)=2 toys",
        "COCO(nut) oil",
    ],
)
def test_what_only_looks_like_a_formula_passes(text: str) -> None:
    assert named(text) == ("none", [])


def test_a_salt_is_told_of_by_the_listed_name() -> None:
    (match,) = identify("pseudoephedrine hcl").substances
    assert match.reasons[0].facts["name"] == match.name == "Pseudoephedrine"


def test_an_acronym_counts_only_among_chemicals() -> None:
    assert named("NPP 98% chemical intermediate")[0] == "ask_headquarters"
    assert named("NPP membership forms") == ("none", [])
    assert named("MDMA")[0] == "ask_headquarters"


def test_a_number_one_digit_off_is_a_question() -> None:
    answer = identify("intermediate CAS 1609-66-5")
    assert answer.action == "ask_headquarters"
    assert [match.name for match in answer.substances] == ["Norfentanyl"]
    assert [reason.code for reason in answer.reasons] == ["cas-digit-wrong"]


def test_a_number_that_contradicts_the_words_still_counts() -> None:
    assert named("paracetamol", cas="437-38-7") == ("controlled", ["Fentanyl"])


def test_a_wrong_number_is_never_passed_over() -> None:
    assert identify("paracetamol tablets", cas="103-90-3").action == "not_understood"
    assert identify("paracetamol tablets", cas="see label").action == "not_understood"
    assert identify("paracetamol tablets", cas="103-90-2").action == "none"


def test_a_watch_listed_substance_is_a_question() -> None:
    assert named("Helional 180 kg drum") == ("ask_headquarters", ["Helional"])


def test_an_answer_carries_lists_papers_and_what_was_not_checked() -> None:
    answer = identify("piperidine")
    (match,) = answer.substances
    assert "UN-1988 Table II" in match.lists
    assert not match.verified
    assert "row-unverified" in [reason.code for reason in match.reasons]
    assert identify("4-Piperidone").documents_required == ("cbn_noc", "pen")
    assert identify("4-Piperidone", direction="import").documents_required == ("cbn_noc",)
    assert "dea_486" in identify("4-Piperidone", countries=["US"]).documents_required


@pytest.mark.parametrize("field", ["cas", "name", "official_name"])
def test_every_row_is_found_by_what_it_has(field: str) -> None:
    missed = []
    for one in reader().lists.substances.values():
        asked = getattr(one, field)
        text, cas = ("", asked) if field == "cas" else (f"{asked}, chemical 25 kg", "")
        if asked and one.name not in named(text, cas=cas)[1]:
            missed.append(asked)
    assert missed == []


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_there_is_always_an_answer(text: str, cas: str, smiles: str) -> None:
    answer = identify(text, cas=cas, smiles=smiles)
    assert answer.action in ("controlled", "ask_headquarters", "none", "not_understood")
    assert (answer.action in ("controlled", "ask_headquarters")) == bool(answer.substances)


def test_a_field_past_its_limit_is_cut_and_says_so() -> None:
    answer = identify("cotton shirts " * 2000)
    assert [reason.code for reason in answer.reasons] == ["text-too-long"]
    assert answer.action == "not_understood"


def test_an_unknown_relative_by_name_is_a_question() -> None:
    answer = identify("4-tert-butylcyclohexyl-fentanyl, 1 kg")
    assert answer.action == "ask_headquarters"
    assert answer.substances[0].reasons[0].code == "substance-inside"


def test_a_salt_known_by_its_number_is_the_substance() -> None:
    answer = identify("pharma raw material", cas="6091-44-7")
    assert (answer.action, answer.substances[0].name) == ("controlled", "Piperidine")
    assert answer.substances[0].reasons[0].code == "form-salt"


def test_an_everyday_member_of_a_class_is_a_question() -> None:
    (match,) = identify("fragrance raw material", cas="134-20-3").substances
    assert (match.rule, match.lists) == ("us-anthranilic-esters", ("US-CSA List I",))
    assert identify("fragrance raw material", cas="134-20-3").action == "ask_headquarters"


def test_an_hs_subheading_that_names_a_substance_is_a_weak_sign() -> None:
    assert identify("pharma raw material", hs="2939.41.10").action == "ask_headquarters"
    assert identify("cotton shirts", hs="6205.20").action == "none"


def test_every_reason_has_words_in_every_language() -> None:
    for code in _WEIGHT:
        for language in text.LANGUAGES:
            assert text.has(f"reason.{code}", language), code


@pytest.mark.parametrize(
    "given",
    [
        {"text": "N-phenethyl-4-piperidone", "cas": "437-38-7", "hs": "293941"},
        {"text": "CAS 1609-66-5 UN 1715 UN 1090 NPP intermediate эфедрин 乙酸酐 fenatnyl"},
        {"text": "x" * 20_001, "cas": "not a number", "smiles": "not a structure"},
        {"text": "", "smiles": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2C)CC1"},
    ],
)
def test_every_reason_given_can_be_said(given: dict[str, str]) -> None:
    answer = identify(**given)
    reasons = [*answer.reasons, *(reason for match in answer.substances for reason in match.reasons)]
    assert reasons
    for reason in reasons:
        for language in text.LANGUAGES:
            assert text.say(f"reason.{reason.code}", language, **reason.facts)


@pytest.mark.parametrize(
    "salt", ["hydrochloride", "hydrochloride monohydrate", "HCl", "hydrobromide", "sulphate"]
)
def test_a_salt_of_a_precursor_is_the_precursor(salt: str) -> None:
    for name in ("4-Piperidone", "N-Phenyl-4-piperidinamine", "Norfentanyl", "N-Phenethyl-4-piperidone"):
        answer = identify(f"{name} {salt}, 25 kg")
        assert answer.action == "controlled", (name, salt)
