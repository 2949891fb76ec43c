from collections.abc import Iterable

import pytest

from fieldapp.screening.hit import SubstanceAnswer
from fieldapp.screening.substances import answer, answers, reader_of
from fieldapp.screening.verdict import ELSEWHERE
from fieldapp.substances import nomenclature
from fieldapp.substances.nomenclature import UNREAD
from fieldapp.substances.structure import available
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


ANALOGUE = "N-(3-fluorophenyl)-2-ethoxy-N-[1-(2-phenylethyl)piperidin-4-yl]acetamide"


@pytest.mark.parametrize("read", [{}, {ANALOGUE: UNREAD}])
def test_a_name_that_nobody_could_read_was_not_understood(read: dict[str, str]) -> None:
    lines = [goods(f"{ANALOGUE}, 1 kg"), goods("cotton shirts", 2), goods(f"acetone; {ANALOGUE}", 3)]
    found = answers(lines, names=lambda _: read)
    assert [one.action for one in found] == ["not_understood", "none", "controlled"]
    assert [reason.code for reason in found[0].reasons] == ["name-unread"]


@pytest.mark.skipif(not (available() and nomenclature.available()), reason="needs RDKit, Java and py2opsin")
def test_goods_screened_alone_have_their_systematic_names_read() -> None:
    assert answer(goods(f"{ANALOGUE}, 1 kg")).substances[0].rule == "us-frs"


def codes(found: SubstanceAnswer) -> list[str]:
    return [reason.code for match in found.substances for reason in match.reasons]


@pytest.mark.parametrize(
    ("text", "country", "elsewhere"),
    [
        ("diazepam tablets", "DE", True),
        ("diazepam tablets", "US", False),
        ("etonitazene powder", "DE", False),  # a schedule that allows no medicine
        ("acetic anhydride", "DE", False),
        ("sulphuric acid", "DE", False),
    ],
)
def test_what_only_other_countries_control_is_told_apart(text: str, country: str, elsewhere: bool) -> None:
    found = answer(goods(text, countries=(country,)))
    assert found.action == "controlled"
    assert (ELSEWHERE in codes(found)) == elsewhere


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


@pytest.mark.parametrize(
    ("programme", "label"),
    [
        ("IN-RCS-2013 Schedule B", "IN-RCS-2013 Schedule B"),
        ("EU-273/2004 Category 1", "EU-273/2004 Category 1"),
        ("CDSCO", "CDSCO"),
        ("UN 1988 Convention Table I (INCB list)", "UN-1988 Table I"),
        ("Emergency order of 19 November", "Emergency order of 19 November"),
        ("", "hq"),
    ],
)
def test_the_programme_of_an_entry_names_list_and_schedule(programme: str, label: str) -> None:
    entry = Entry(
        id="7", source="hq", kind="substance", names=(ListedName("Exemplarone"),), programme=programme
    )
    assert answer(goods("exemplarone"), using=reader_of([entry])).substances[0].lists == (label,)


def test_names_of_a_consignment_are_read_in_one_call() -> None:
    asked: list[tuple[str, ...]] = []

    def read(names: Iterable[str]) -> dict[str, str]:
        asked.append(tuple(names))
        return {}

    lines = [
        goods(ANALOGUE),
        goods("4-Piperidone", 2),
        goods(f"{ANALOGUE}, 2 kg", 3),
        goods("cotton shirts", 4),
    ]
    assert len(answers(lines, names=read)) == 4
    assert asked == [(ANALOGUE, ANALOGUE)]
    assert answers(lines[1:2], names=read)[0].action == "controlled"
    assert len(asked) == 1
