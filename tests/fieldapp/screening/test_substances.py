from fieldapp.screening.substances import answer, reader_of
from fieldapp.watchlist.entry import Entry, ListedIdentifier, ListedName
from tests.support.substances import goods


def test_a_goods_subject_is_answered_in_the_words_of_a_verdict() -> None:
    found = answer(goods("N-phenethyl piperidone-4, 25 kg"))
    assert found.action == "controlled"
    assert found.subject.role == "goods line 1"
    assert [match.name for match in found.substances] == ["N-Phenethyl-4-piperidone (NPP)"]
    assert found.substances[0].reasons[0].code == "substance-parts"
    assert found.documents_required == ("cbn_noc", "pen")


def test_number_and_countries_of_the_subject_are_used() -> None:
    found = answer(goods("intermediate", cas="41661-47-6", countries=("us",)), direction="export")
    assert [match.cas for match in found.substances] == ["41661-47-6"]
    assert "dea_486" in found.documents_required


def test_ordinary_goods_and_gibberish_are_told_apart() -> None:
    assert answer(goods("cotton shirts")).action == "none"
    assert answer(goods("xkqz")).action == "not_understood"


def test_a_release_brings_new_substances() -> None:
    entry = Entry(
        id="7",
        source="hq",
        kind="substance",
        names=(ListedName("Cyclohexanone"),),
        identifiers=(ListedIdentifier("cas", "108-94-1"),),
        programme="IN-RCS-2013 Schedule B",
        listed_on="2026-11-19",
        remarks="G.S.R. 1",
    )
    ready = reader_of([entry])
    found = answer(goods("cyclohexanone 200 kg"), using=ready)
    assert (found.action, found.substances[0].lists) == ("controlled", ("IN-RCS-2013 Schedule B",))
    assert found.substances[0].verified
    assert answer(goods("cyclohexanone 200 kg")).action == "none"
