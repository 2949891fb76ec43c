"""Goods lines and scanned codes of a consignment meet the substance lists, and the law says which papers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldapp.actions import disposing, judging, opening, provisioning, reporting, scanning
from fieldapp.actions.provisioning import NoteRelease
from fieldapp.clock import now
from fieldapp.consignment.document import Document
from fieldapp.consignment.goods import GoodsLine
from fieldapp.inspection.inspection import CannotSeal, Inspection, open_hits
from fieldapp.inspection.scan import Scan
from fieldapp.scan.symbol import Symbol
from fieldapp.screening.verdict import Line
from fieldapp.substances import nomenclature, structure
from fieldapp.watchlist.entry import Entry, ListedIdentifier, ListedName
from fieldapp.watchlist.release import Header, write_release
from tests.support.laptops import Laptop, consignment, laptop
from tests.support.substances import line, noc, pen
from tests.support.vaults import seal

SSCC = "(00)095212340000000013"
ANALOGUE = "N-(3-fluorophenyl)-2-ethoxy-N-[1-(2-phenylethyl)piperidin-4-yl]acetamide"
ANALOGUE_INCHI = (
    "InChI=1S/C23H29FN2O2/c1-2-28-18-23(27)26(22-10-6-9-20(24)17-22)21-12-15-25(16-13-21)14-11-19-7-4-3-5-8-19"
    "/h3-10,17,21H,2,11-16,18H2,1H3"
)
needs_engine = pytest.mark.skipif(not structure.available(), reason="the structure engine is not installed")
needs_names = pytest.mark.skipif(
    not (structure.available() and nomenclature.available()),
    reason="systematic names are read with RDKit, Java and py2opsin only",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def begin(desk: Laptop, *goods: GoodsLine, papers: tuple[Document, ...] = ()) -> Inspection:
    """Begin to inspect a consignment of these goods, sent by nobody on any list."""
    plain = msgspec.structs.replace(consignment(), parties=(), goods=goods, documents=papers, containers=())
    return opening.open_inspection(desk.vault, opening.OpenInspection(consignment=plain))


def examine(desk: Laptop, inspection: Inspection, code: str = SSCC) -> Scan:
    """Scan a code and have its verdict remembered."""
    symbol = Symbol(symbology="typed", aim="", text=code, hex=code.encode().hex(), reader="keyboard")
    found = scanning.screen_code(
        desk.screener, scanning.ScreenCode(symbol=symbol, consignment=inspection.consignment)
    )
    return scanning.remember(
        desk.vault,
        scanning.Remember(
            inspection=inspection.id, source="typed", symbol=symbol, identified=found.identified,
            screening=found.screening, goods_seq=found.goods_seq,
        ),
    )  # fmt: skip


def lines_of(scan: Scan, part: str) -> list[Line]:
    return [line for line in scan.verdict.lines if line.part == part]


def codes_of(found: Line) -> list[str]:
    assert found.substance is not None
    return [reason.code for reason in found.substance.reasons]


def test_a_misspelt_precursor_is_found_and_its_tariff_code_told_of(desk: Laptop) -> None:
    inspection = begin(desk, line("Pharma intermediate: N-phenetyl-4-piperidone 98 %", hs="29333990"))
    scan = examine(desk, inspection)
    (found,) = lines_of(scan, "substance")
    assert (scan.verdict.word, found.word, found.reason.code) == ("hold", "hold", "controlled")
    assert found.substance is not None
    assert found.substance.name == "N-Phenethyl-4-piperidone (NPP)"
    assert "substance-near" in codes_of(found)
    differs = next(reason for reason in found.substance.reasons if reason.code == "hs-differs")
    assert differs.facts == {"declared": "2933.39", "expected": "2933.37"}


def test_a_missing_paper_is_named_and_a_paper_in_order_is_not(desk: Laptop) -> None:
    precursor = line("4-Piperidone")
    missing = lines_of(examine(desk, begin(desk, precursor, papers=(pen(),))), "papers")
    assert {(paper.reason.code, paper.reason.facts["kind"]) for paper in missing} == {
        ("paper-missing", "cbn_noc"),
        ("paper-ok", "pen"),
    }
    scan = examine(desk, begin(desk, precursor, papers=(noc(), pen())))
    assert {paper.reason.code for paper in lines_of(scan, "papers")} == {"paper-ok"}
    assert lines_of(scan, "substance")[0].reason.code == "controlled-in-order"


def test_legitimate_medicine_passes(desk: Laptop) -> None:
    inspection = begin(
        desk,
        line("Paracetamol tablets IP 500 mg, 10 x 10", hs="30049099"),
        line("Loperamide capsules 2 mg", seq=2, hs="30049099"),
    )
    scan = examine(desk, inspection)
    assert [(found.word, found.reason.code) for found in lines_of(scan, "substance")] == [
        ("no_match", "not-controlled"),
        ("no_match", "not-controlled"),
    ]


def test_medicine_that_only_another_country_controls_is_a_question(desk: Laptop) -> None:
    scan = examine(desk, begin(desk, line("Diazepam tablets 5 mg, 10 x 10", hs="30049099")))
    (found,) = lines_of(scan, "substance")
    assert (found.word, found.reason.code) == ("check", "controlled-elsewhere")
    assert found.reason.facts["lists"] == "US-CSA Schedule IV"


def test_what_could_not_be_read_of_the_goods_is_named(desk: Laptop) -> None:
    scan = examine(desk, begin(desk, line("Intermediate, see certificate", cas="41661-47-7")))
    said = {(found.word, found.reason.code) for found in lines_of(scan, "substance")}
    assert ("cannot_check", "cas-digit-wrong") in said
    assert scan.verdict.word == "check"  # one digit away from a listed number: headquarters is asked


@needs_engine
def test_an_analogue_on_a_label_is_explained_by_the_limb_of_the_law(desk: Laptop) -> None:
    inspection = begin(desk, line("Chemical sample"))
    scan = examine(desk, inspection, f"Sample 7 {ANALOGUE_INCHI}")
    found = lines_of(scan, "substance")[0]
    assert found.substance is not None
    assert (found.word, found.substance.rule, found.substance.limb) == ("hold", "us-frs", "iv/D, v/E")
    assert found.substance.nearest
    assert found.substance.drawing is not None
    assert [group.limb for group in found.substance.drawing.key] == ["", "iv/D", "v/E"]


@needs_names
def test_an_analogue_by_its_systematic_name_is_explained_too(desk: Laptop) -> None:
    inspection = begin(desk, line(f"{ANALOGUE}, 1 kg"), line("2-(4-methoxyphenyl)ethyl octanoate", seq=2))
    analogue, *others = lines_of(examine(desk, inspection), "substance")
    assert analogue.substance is not None
    assert (analogue.substance.rule, analogue.substance.limb) == ("us-frs", "iv/D, v/E")
    assert [other.word for other in others] == ["no_match"]


def test_a_substance_is_judged_like_any_other_hit(desk: Laptop) -> None:
    inspection = begin(desk, line("4-Piperidone"))
    scan = examine(desk, inspection)
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    (hit,) = [one for one in open_hits(held) if one.source == "substances"]
    assert (hit.listed_name, hit.band) == ("4-Piperidone", "strong")
    assert open_hits(held) == (hit,)  # the practice list names it too, and it is one question
    assert scan.verdict.word == "hold"
    decide = disposing.Decide(inspection=inspection.id, disposition="hold", reason="A controlled precursor")
    disposing.decide(desk.vault, decide)
    with pytest.raises(CannotSeal):
        seal(desk.vault, inspection.id)
    why = "The drums hold a dye: certificate of analysis and field test agree"
    judged = judging.adjudicate(
        desk.vault,
        judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="false", reason=why),
    )
    lines: list[Any] = [one for one in judged.scans[0].verdict.lines if one.part in ("substance", "papers")]
    assert [(one.word, one.reason.code, one.reason.facts["reason"]) for one in lines] == [
        ("no_match", "substance-judged-false", why)
    ]
    again = examine(desk, inspection)
    assert lines_of(again, "substance")[0].reason.code == "substance-judged-false"


def test_an_emergency_addition_reaches_the_laptop_with_the_next_release(desk: Laptop, tmp_path: Path) -> None:
    inspection = begin(desk, line("Cyclohexanone 99 %, 4 drums"))
    assert lines_of(examine(desk, inspection), "substance")[0].word == "no_match"
    added = Entry(
        id="7",
        source="hq",
        kind="substance",
        names=(ListedName("Cyclohexanone"),),
        identifiers=(ListedIdentifier("cas", "108-94-1"),),
        programme="IN-RCS-2013 Schedule B",
        listed_on="2026-11-19",
    )
    file = tmp_path / "9.release"
    header = Header(number=9, name="emergency", issued=now() - timedelta(hours=1))
    write_release(file, header, [added])
    state = desk.screener.adopt(file.read_bytes())
    provisioning.note_release(desk.vault, NoteRelease(state=state))
    found = lines_of(examine(desk, inspection), "substance")[0]
    assert found.substance is not None
    assert (found.word, found.substance.lists) == ("hold", ("IN-RCS-2013 Schedule B",))
    assert "row-unverified" in codes_of(found)


@needs_engine
def test_the_report_shows_the_structure_and_is_made_the_same_again(desk: Laptop) -> None:
    inspection = begin(desk, line("Chemical sample"))
    examine(desk, inspection, f"Sample 7 {ANALOGUE_INCHI}")
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    for hit in open_hits(held):
        judging.adjudicate(
            desk.vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="Label and test"),
        )
    decide = disposing.Decide(inspection=inspection.id, disposition="hold", reason="An analogue")
    disposing.decide(desk.vault, decide)
    seal(desk.vault, inspection.id)
    given = reporting.gather(desk.vault, reporting.Gather(inspection=inspection.id))
    made = reporting.render(desk.press, reporting.RenderReport(input=given, language="both"))
    assert made == reporting.render(desk.press, reporting.RenderReport(input=given, language="both"))
    plain = reporting.render(desk.press, reporting.RenderReport(input=given, language="both", copy="trader"))
    assert len(made.pdf) > len(plain.pdf)
