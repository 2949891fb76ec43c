import pypdfium2
import pytest

from fieldapp import canonical
from fieldapp.report import recordfile
from fieldapp.report.remake import read_parts
from fieldapp.report.render import render
from fieldapp.report.verify import verify_pdf
from fieldapp.text import say
from tests.support import records

HEADQUARTERS = records.Headquarters()
# What a trader may read, by its place in the record: what he declared, and who examined it, where and when.
OPEN = (
    "inspection.consignment.",
    "inspection.number",
    "inspection.site",
    "inspection.evidence.0.plain_sha256",
    "signature.name",
    "signature.role",
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return text


def everything_in(pdf: bytes) -> str:
    """Text as read, streams unpacked, and hexadecimal strings turned back into letters."""
    parts, rest = read_parts(pdf)
    raw = b"\n".join(part.head + b"\n" + part.stream for part in parts) + rest
    return text_of(pdf) + raw.decode("latin-1") + raw.replace(b"\0", b"").decode("latin-1")


@pytest.mark.parametrize("language", ["en", "hi", "both"])
def test_nothing_of_intelligence_is_in_the_traders_copy(language):
    record, marks = records.marked(records.record(inspection=records.inspection(reviews=(records.review(),))))
    given = records.report_input(record, photos={records.part_id(301): records.photo(1)})
    pdf = render(given, language, "trader")
    found = everything_in(pdf)
    assert len(marks) > 80
    for place, mark in marks.items():
        if not place.startswith(OPEN):
            assert mark not in found, place
            assert mark.encode("utf-16-be").hex() not in found.lower(), place
    assert marks["inspection.consignment.parties.1.name"] in text_of(pdf)
    assert marks["inspection.site"] in text_of(pdf)


def test_the_search_for_marks_would_find_them():
    record, marks = records.marked(records.record())
    found = everything_in(render(records.report_input(record), "en", "full"))
    assert marks["inspection.findings.0.note"] in found
    assert marks["inspection.decisions.0.reason"] in found
    assert marks["inspection.evidence.0.caption"] in found


def test_the_traders_copy_has_no_photo_no_code_no_record_and_no_verdict():
    given = records.report_input()
    pdf = render(given, "en", "trader")
    assert b"/DCTDecode" not in pdf
    assert recordfile.MAGIC not in pdf
    assert not verify_pdf(pdf).ok
    text = text_of(pdf)
    for word in ("hold", "check", "cannot_check", "no_match"):
        assert "".join(say(f"verdict.{word}", "en").split()) not in text
    assert say("disposition.hold", "en") in text
    assert records.evidence().plain_sha256 in text


def test_a_practice_copy_is_marked_too():
    practice = records.record(inspection=records.inspection(practice=True))
    for copy in ("court", "trader"):
        text = text_of(render(records.report_input(practice), "en", copy))
        assert "".join(say("paper.practice-line", "en").split()) in text


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_courts_copy_is_the_full_report_with_a_draft_certificate_and_every_hash(language):
    given = records.report_input()
    pdf = render(given, language, "court")
    text = text_of(pdf)
    assert "".join(say("paper.annex.draft", language).split()) in text
    assert canonical.sha256(given.record) in text
    assert text.count(records.evidence().plain_sha256) == 2  # under the exhibit and in the manifest
    verification = verify_pdf(pdf, HEADQUARTERS.root_hex)
    assert all(check.ok for check in verification.checks if check.code != "unsigned")
    assert verification.ok


def test_every_copy_is_the_same_twice():
    given = records.report_input()
    for copy in ("full", "court", "trader"):
        assert render(given, "both", copy) == render(given, "both", copy)
