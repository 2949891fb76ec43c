"""The section of substances: the picture out of the record, once, with its key in words."""

import re

import pypdfium2

from fieldapp.report.render import render
from fieldapp.report.verify import verify_pdf
from fieldapp.screening.hit import SubstanceMatch
from fieldapp.substances.drawing import COLOURS, Disc, Drawing, Group, Letters, Line
from tests.support import records

DRAWN = Drawing(
    name="a substance",
    rule="us-frs",
    width=340,
    height=240,
    lines=(Line(70, 120, 170, 120),),
    joined=((Line(70, 120, 170, 120), 0),),
    discs=(Disc(70, 120, 0), Disc(170, 120, 0), Disc(270, 120, 1)),
    letters=(Letters(270, 120, "OH", "start"), Letters(70, 120, "NH2", "end")),
    key=(Group(0, "core"), Group(1, "acyl", "v/E"), Group(2, "a region of a release", "9")),
)
MATCH = SubstanceMatch(id="s1", name="4-anilinopiperidine", lists=("UN-1988 Table I",), drawing=DRAWN)


def report(copy="full", language="en", scans: int = 3) -> bytes:
    found = records.screening(substances=(records.substance(substances=(MATCH,)),))
    many = tuple(records.scan(number, screening=found) for number in range(1, scans + 1))
    given = records.report_input(records.record(inspection=records.inspection(scans=many)))
    return render(given, language, copy)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def grounds_of(pdf: bytes) -> set[str]:
    """The colours on the pages, as #RRGGBB."""
    document = pypdfium2.PdfDocument(pdf)
    seen: set[str] = set()
    for page in document:
        pixels = page.render(scale=1.5).to_numpy()[:, :, :3].reshape(-1, 3)
        seen |= {f"#{red:02X}{green:02X}{blue:02X}" for blue, green, red in set(map(tuple, pixels.tolist()))}
    document.close()
    return seen


def test_the_picture_stands_once_with_its_key_in_words() -> None:
    said = text_of(report())
    assert said.count("Corenamedbythelaw") == 1
    assert "Limbv/E:acylgroup" in said
    assert "Limb9:aregionofarelease" in said


def test_both_languages_name_each_limb_once() -> None:
    said = text_of(report(language="both"))
    assert said.count("Limbv/E:acylgroup") == 1


def test_the_grounds_are_the_colours_of_the_key() -> None:
    assert set(COLOURS[:2]) <= grounds_of(report())


def test_the_trader_sees_none_of_it() -> None:
    assert "Corenamedbythelaw" not in text_of(report("trader"))


def test_a_report_with_a_picture_is_made_the_same_again_from_its_own_record() -> None:
    assert report() == report()
    found = records.screening(substances=(records.substance(substances=(MATCH,)),))
    given = records.report_input(
        records.record(inspection=records.inspection(scans=(records.scan(screening=found),)))
    )
    checks = {check.name: check.ok for check in verify_pdf(render(given), None).checks}
    assert checks["pages"]
