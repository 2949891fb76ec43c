import io
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.consignment.party import Party
from fieldapp.report import recordfile
from fieldapp.report.paper import PREFIX, ReportInput, read_paper_code
from fieldapp.report.plain import plain
from fieldapp.report.render import NotOfThisEntry, render
from fieldapp.scan.decode import decode_picture
from fieldapp.screening.hit import Reason
from fieldapp.screening.verdict import Screening
from fieldapp.text import say
from tests.support import records

LANGUAGES = ("en", "hi", "both")
# What a usual report has, in its order; the other sections have nothing to say there.
SECTIONS = (
    "why", "structures", "decision", "findings", "consignment", "matrix", "scans", "exhibits", "watchlist",
    "seal", "checking",
)  # fmt: skip


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Without white space: where a line ends is the page's business."""
    return "".join(text.split())


def text_of(pdf: bytes) -> str:
    return squeezed("".join(pages(pdf)))


def codes_on_page_one(pdf: bytes, dpi: int) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    out = io.BytesIO()
    document[0].render(scale=dpi / 72).to_pil().save(out, "PNG")
    document.close()
    return [symbol.text for symbol in decode_picture(out.getvalue()).symbols]


def report(**changes) -> ReportInput:
    return records.report_input(records.record(inspection=records.inspection(**changes)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_input_gives_the_same_bytes(language):
    given = records.report_input()
    first = render(given, language)
    render(report(site="पत्तन क्षेत्र द्वार"), "both")  # what was made before must not matter
    assert render(given, language) == first


def test_another_process_gives_the_same_bytes(tmp_path):
    raw = tmp_path / "input"
    raw.write_bytes(msgspec.msgpack.encode(records.report_input()))
    script = (
        "import sys, pathlib, msgspec\n"
        "from fieldapp.report.paper import ReportInput\n"
        "from fieldapp.report.render import render\n"
        "given = msgspec.msgpack.decode(pathlib.Path(sys.argv[1]).read_bytes(), type=ReportInput)\n"
        "sys.stdout.buffer.write(render(given, 'both'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(raw)], capture_output=True, check=True)
    assert done.stdout == render(records.report_input(), "both")


@pytest.mark.parametrize("language", ["en", "hi"])
def test_words_read_back_letter_for_letter(language):
    text = text_of(render(records.report_input(), language))
    for key in (
        "paper.title",
        "paper.verdict.hold",
        "paper.limits",
        "paper.meaning.authored",
        "paper.checking.code",
        "paper.checking.file",
        "paper.checking.limits",
        "paper.section.exhibits",
        "document.export_noc",
    ):
        said = say(key, language) if "verdict" not in key else say(key, language, scans=2, findings=1)
        assert squeezed(said) in text, key


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_reader_agrees_letter_for_letter(language, tmp_path):
    note = "प्राप्तकर्ता ने क्षेत्र के श्री द्वारा ज़ब्त किए हुए ड्रमों पर हस्ताक्षर नहीं किए; 12 ड्रम, (भार) 300.5 किग्रा। " * 3
    file = tmp_path / "paper.pdf"
    file.write_bytes(render(report(findings=(records.finding(note=note),)), language))
    read = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-raw", str(file), "-"], capture_output=True, check=True
    ).stdout.decode()
    wanted = squeezed(note)
    assert wanted in squeezed(read)
    assert wanted in text_of(file.read_bytes())
    for spoken in ("en", "hi") if language == "both" else (language,):
        assert squeezed(say("paper.checking.file", spoken)) in squeezed(read)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_reads_from_the_page(language, dpi):
    given = records.report_input()
    codes = [code for code in codes_on_page_one(render(given, language), dpi) if code.startswith(PREFIX)]
    assert codes == [given.paper_code]
    assert read_paper_code(codes[0]).facts.number == "INS-2026-0412"


def test_everything_recorded_is_on_the_paper():
    text = text_of(render(records.report_input(), "en"))
    for said in (
        "INS-2026-0412", "SB 4412907", "Suryodaya Fine Chem Pvt Ltd", "Yuanchang Chem Tradng",
        "Yuan Chang Chemical Trading Co., Ltd.", "WL-20418", "Same address in Manzanillo as on the list",
        "(01)08901234567894(10)KX-2291(21)00071", "Inner label names another substance than the declaration.",
        "no NOC of the Narcotics Commissioner", "CAS 23056-29-3", "MSKU4829917", "22/4410", "48,211", "412",
        records.evidence().plain_sha256, records.sealed().signature.hex(), records.DEVICE.hex(),
        "22 Nov 2026, 14:22:00 IST (2026-11-22 08:52:00 UTC)", "R. Nair", "Drugs Inspector", "Fieldapp 0.1.0",
    ):  # fmt: skip
        assert squeezed(said) in text, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_sixty_scans_and_ten_photos_take_five_pages_and_hardly_more_bytes(language):
    given = records.long_inspection()
    pdf = render(given, language)
    assert 5 <= len(pages(pdf)) <= (7 if language == "both" else 6)
    assert len(pdf) <= 1.05 * sum(len(photo) for photo in given.photos.values())
    assert all(photo in pdf for photo in given.photos.values())  # the original bytes


def test_no_page_is_left_half_empty():
    pdf = render(records.long_inspection(), "en")
    document = pypdfium2.PdfDocument(pdf)
    for page in list(document)[:-1]:
        grey = page.render(scale=0.5, grayscale=True).to_numpy()
        inked = [row for row in range(int(len(grey) * 0.93)) if grey[row].min() < 200]
        assert max(inked) > len(grey) * 0.66
    document.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_practice_is_on_every_page_and_nowhere_else(language):
    first = language if language != "both" else "en"
    mark = squeezed(say("paper.practice-line", first))
    practice = records.record(inspection=records.inspection(practice=True))
    for page in pages(render(records.report_input(practice), language)):
        assert mark in squeezed(page)
    assert mark not in text_of(render(records.report_input(), language))


def test_every_page_says_which_of_how_many():
    found = pages(render(records.long_inspection(), "en"))
    for number, page in enumerate(found, start=1):
        assert squeezed(f"Page {number} of {len(found)}") in squeezed(page)
        assert "INS-2026-0412" in page


def test_title_language_bookmarks_and_attachment():
    given = records.report_input()
    document = pypdfium2.PdfDocument(render(given, "hi"))
    assert document.get_metadata_value("Title") == "खेप निरीक्षण रिपोर्ट INS-2026-0412"
    assert document.get_metadata_value("CreationDate") == "D:20261122085200Z"
    titles = [entry.get_title() for entry in document.get_toc()]
    assert titles[0] == "1  क्यों"
    assert [title.split("  ", 1)[1] for title in titles] == [
        say(f"paper.section.{key}", "hi") for key in SECTIONS
    ]
    assert document.count_attachments() == 1
    attached = document.get_attachment(0)
    assert attached.get_name().endswith(".fieldrecord")
    assert recordfile.read(bytes(attached.get_data())).entry == given.entry
    document.close()
    assert b"hi-IN" in render(given, "hi")


def test_headings_tables_and_pictures_are_in_the_structure():
    pdf = render(records.report_input(), "en")
    roles = set(re.findall(rb"/S/(\w+)/P", pdf))
    assert {b"Document", b"H", b"H1", b"P", b"Table", b"TR", b"TH", b"TD", b"Figure"} <= roles
    assert "Exhibit 1: Drum 1, inner label".encode("utf-16-be").hex().encode() in pdf


def test_fonts_are_two_and_embedded():
    pdf = render(records.report_input(), "both")
    names = set(re.findall(rb"/BaseFont /(?:\w+\+)?([\w-]+)", pdf))
    assert names == {b"NotoSans-Regular", b"NotoSans-SemiBold"}


HOSTILE = (
    "<b>bold</b><img src='http://example.org/x'/>",
    "=CMD('calc')|A1",
    "&amp; &#0; ]]> %s {name} {0} \\( ) BT ET endstream endobj",
    "\u202eelif\u202c \u2066x\u2069",
    "\x00\x1b[2J\x07",
    "x" * 20_000,
    "प्राप्तकर्ता" * 1_600,
    " ".join(f"word{number}" for number in range(2_200)),
    "\n" * 400,
    "\U0001f600 مرحبا 北京",
    recordfile.MAGIC.decode(),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_plain_text(text):
    consignment = records.consignment(
        reference=text[:40],
        parties=(Party(role="consignee", name=text, address=text[:300]),),
    )
    given = report(
        site=text[:60],
        consignment=consignment,
        findings=(records.finding(note=text),),
        decisions=(records.decision(reason=text[:500]),),
        scans=(records.scan(1, identified=records.identified(text=text[:500])),),
    )
    read = pages(render(given, "en"))
    shown = squeezed(plain(text))
    chunks = [shown[at : at + 40] for at in range(0, len(shown), 40)]
    lost = [chunk for chunk in chunks if chunk not in squeezed("".join(read))]
    assert len(lost) < len(read)  # a chunk may stand on both sides of a page's end


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(LANGUAGES))
def test_any_text_is_printed_and_read_back(text, language):
    pdf = render(report(findings=(records.finding(note=text),), site=text), language)
    shown = squeezed(plain(text))
    if all(unicodedata.bidirectional(char) in ("L", "EN") for char in shown):
        assert shown in text_of(pdf)


@pytest.mark.parametrize("text", ["x" * 1_500, "प्राप्त " * 100, "\n" * 60, "\u202e<b>=1+1\0" * 50])
@pytest.mark.parametrize("copy", ["full", "court", "trader"])
def test_every_field_may_be_hostile_at_once(text, copy):
    record, marks = records.marked(records.record(), lambda number: f"{number} {text}")
    assert len(marks) > 100
    usual = pages(render(records.report_input(), "both", copy))
    assert len(pages(render(records.report_input(record), "both", copy))) > len(usual)


def test_a_photo_that_is_none_is_a_sentence_and_keeps_its_hash():
    content = b"%PDF-1.4 this is not a photo"
    given = records.report_input(
        records.record(inspection=records.inspection(evidence=(records.evidence(1, content),))),
        photos={records.part_id(301): content},
    )
    text = text_of(render(given, "en"))
    assert squeezed(say("paper.exhibit.no-picture", "en")) in text
    assert records.evidence(1, content).plain_sha256 in text


def test_a_photo_that_is_not_the_sealed_one_is_not_shown():
    other = records.photo(2)
    pdf = render(records.report_input(photos={records.part_id(301): other}), "en")
    assert squeezed(say("paper.exhibit.altered", "en")) in text_of(pdf)
    assert other not in pdf


def test_a_photo_that_is_not_at_hand_is_named_with_its_hash():
    text = text_of(render(records.report_input(photos={}), "en"))
    assert squeezed(say("paper.exhibit.not-printed", "en")) in text
    assert records.evidence().plain_sha256 in text


def test_a_reason_without_words_shows_its_code():
    strange = records.scan(
        1, screening=Screening(watchlist=records.watchlist()), code=(Reason("brand-new", {"n": 7}),)
    )
    text = text_of(render(report(scans=(strange,)), "both"))
    assert "brand-new" in text


def test_an_empty_inspection_still_gives_a_paper():
    given = report(
        scans=(), findings=(), evidence=(), decisions=(), adjudications=(),
        consignment=records.consignment(parties=(), goods=(), documents=(), containers=(), sscc=()),
    )  # fmt: skip
    for language in LANGUAGES:
        assert len(pages(render(given, language))) <= 2


def test_reviews_and_earlier_records_are_told():
    given = report(revision=2, parents=("cd" * 32,), reviews=(records.review(),))
    text = text_of(render(given, "en"))
    assert "cd" * 32 in text
    assert squeezed("Name the seal number in finding 1.") in text
    assert "S.Deshmukh" in text


def test_a_record_that_is_not_the_entrys_is_refused():
    given = records.report_input()
    with pytest.raises(NotOfThisEntry):
        render(msgspec.structs.replace(given, record=given.record + b" "))


def test_nothing_else_in_the_house_reads_markup():
    house = Path(__file__).resolve().parents[3]
    for folder in ("fieldapp", "ui", "sync"):
        for file in (house / folder).rglob("*.py"):
            assert "Paragraph(" not in file.read_text("utf-8"), file
