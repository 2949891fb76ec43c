import zlib

import msgspec
import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from fieldapp import __version__
from fieldapp.inspection import record
from fieldapp.report import recordfile
from fieldapp.report.paper import ReportInput
from fieldapp.report.remake import judge, read_parts
from fieldapp.report.render import render
from tests.support import records

LANGUAGES = ("en", "hi", "both")


def judged(pdf: bytes, given: ReportInput) -> bool | None:
    return judge(pdf, recordfile.of_input(given), record.read(given.record)).same


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_what_its_record_makes(language):
    given = records.report_input(history=("ab" * 32,))
    assert judged(render(given, language), given) is True


def test_another_packing_of_the_same_streams_is_the_same_report():
    given = records.report_input()
    assert judged(repacked(render(given, "en")), given) is True


def test_a_word_changed_on_a_page_is_noticed():
    given = records.report_input()
    pdf = render(given, "en")
    changed = repacked(pdf, lambda stream: stream.replace(b"(NO MATCH)", b"(NO WATCH)"))
    assert changed != repacked(pdf)
    assert judged(changed, given) is False


@settings(max_examples=30, deadline=None)
@given_by(st.integers(0, 10**6), st.integers(1, 255))
def test_no_byte_can_be_changed_anywhere(position, change):
    given = records.report_input(photos={})
    pdf = bytearray(render(given, "en"))
    pdf[position % len(pdf)] ^= change
    assert judged(bytes(pdf), given) is not True


def test_an_update_at_the_end_and_an_offset_that_points_elsewhere_are_noticed():
    given = records.report_input()
    pdf = render(given, "en")
    assert judged(pdf + b"300 0 obj\n<<>>\nendobj\n", given) is False
    place = pdf.rindex(b"xref\n0 ") + 40
    at = pdf.index(b"00000 n", place) - 2
    assert judged(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :], given) is False


def test_a_report_of_another_version_says_so():
    given = records.report_input()
    ours = f"/Creator (Fieldapp {__version__})".encode("ascii")
    assert judged(render(given, "en").replace(ours, b"/Creator (Fieldapp 9.8.7)"), given) is None


@pytest.mark.parametrize(
    ("ours", "foreign"),
    [
        (b"/Creator (Fieldapp ", b"/Creator (fieldapp "),
        (b"/Creator (Fieldapp ", b"/Creator (Fieldapp x"),
        (b"/Keywords (report en full)", b"/Keywords (report en copy)"),
        (b"/Keywords (report en full)", b"/Keywords (report en court)"),
        (b"startxref", b"% /Predictor 15\n% /Creator (Fieldapp 9.8.7)\nstartxref"),
    ],
)
def test_no_foreign_label_makes_a_report_one_that_cannot_be_judged(ours, foreign):
    given = records.report_input()
    pdf = render(given, "en")
    assert ours in pdf
    assert judged(pdf.replace(ours, foreign), given) is False
    assert judged(pdf + b"\n" + foreign + b"\n", given) is False


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_picture_that_is_not_jpeg_is_made_again_from_its_original(form):
    content = records.photo(1, form=form)
    files = (records.evidence(1, content, mime=f"image/{form.lower()}"),)
    drawn = records.report_input(
        records.record(inspection=records.inspection(evidence=files)), photos={records.part_id(301): content}
    )
    pdf = render(drawn, "en")
    assert judged(pdf, drawn) is True
    assert (
        judged(repacked(pdf, lambda stream: stream.replace(b"\0" * 9, b"\0\1" * 4 + b"\0")), drawn) is False
    )
    at = pdf.index(content) + len(content) // 2
    assert judged(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :], drawn) is False


def test_a_damaged_picture_is_made_again_too():
    content = records.photo(1)[:40]
    inspected = records.inspection(evidence=(records.evidence(1, content),))
    given = records.report_input(records.record(inspection=inspected), photos={records.part_id(301): content})
    assert judged(render(given, "en"), given) is True


def test_a_record_too_long_to_make_again_in_time_is_not_judged_and_only_its_signer_can_make_it_so():
    note = "Drums on the pallet counted one by one. " * 50
    many = tuple(records.finding(number, note=note) for number in range(1, 1200))
    given = records.report_input(records.record(inspection=records.inspection(findings=many)))
    assert len(given.record) > 2 * 1024 * 1024
    small = records.report_input()
    pdf = render(small, "en")
    assert judged(pdf, given) is None
    stuffed = msgspec.structs.replace(small, history=("ab" * 32,) * 40_000)  # not signed: anyone's choice
    assert judged(pdf, stuffed) is False


def test_another_record_makes_another_report():
    given = records.report_input()
    other = records.report_input(records.record(inspection=records.inspection(site="Chennai")))
    assert judged(render(given, "en"), other) is False


def test_a_swapped_photo_is_noticed():
    given = records.report_input()
    other = msgspec.structs.replace(given, photos={})
    assert judged(render(other, "en"), given) is True  # a photo that was not at hand is not printed
    pdf = render(given, "en")
    photo = given.photos[records.part_id(301)]
    at = pdf.index(photo) + len(photo) // 2
    assert judged(pdf[:at] + bytes([pdf[at] ^ 0xFF]) + pdf[at + 1 :], given) is False


def repacked(pdf: bytes, change=lambda stream: stream) -> bytes:
    """Pack every stream again at another level, as another zlib would, and mend lengths and offsets."""
    parts, rest = read_parts(pdf)
    out, places = bytearray(parts[0].head), []
    for part in parts[1:]:
        places.append(len(out))
        out += part.head if not part.stream else b""
        if part.stream:
            body = change(part.stream)
            if b"/FlateDecode" in part.head:
                body = zlib.compress(body, 1)
            original = pdf[part.at : pdf.index(b"\nstream\n", part.at)]
            at = original.index(b"/Length ") + 8
            digits = len(original[at:].split()[0])
            out += original[:at] + str(len(body)).encode() + original[at + digits :]
            out += b"\nstream\n" + body + b"endstream\n"
        out += b"endobj\n"
    table = len(out)
    lines = rest.split(b"\n")
    for number, place in enumerate(places):
        lines[3 + number] = b"%010d" % place + lines[3 + number][10:]
    lines[lines.index(b"startxref") + 1] = str(table).encode()
    return bytes(out) + b"\n".join(lines)
