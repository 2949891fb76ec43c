"""Labels and receipts: what the law names stands on them, and a scanner finds the exhibit again."""

import io

import msgspec
import pypdfium2
import pytest

from fieldapp.inspection.procedure import profile
from fieldapp.report.slips import labels, receipt
from fieldapp.scan.decode import decode_picture
from tests.support.full_record import full


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def codes(pdf: bytes) -> set[str]:
    return {text for _symbology, text in kinds(pdf)}


def kinds(pdf: bytes) -> set[tuple[str, str]]:
    """Read the codes back from the page printed at 150 dots an inch."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = io.BytesIO()
        document[0].render(scale=150 / 72).to_pil().save(picture, "PNG")
    return {(symbol.symbology, symbol.text) for symbol in decode_picture(picture.getvalue()).symbols}


def test_every_label_bears_its_number_as_a_code_and_the_fields_of_the_law() -> None:
    inspection = full().inspection
    pdf = labels(inspection)
    told = words(pdf)
    for sample in inspection.samples:
        assert sample.number in told
        assert sample.seal in told
    assert codes(pdf) == {sample.number for sample in inspection.samples}
    assert all(name in told for name in ("Net", "Gross", "Witnesses", "A. Desai"))
    assert len(profile("ndps-2022").label) == 12


def test_a_receipt_has_a_half_for_each_party() -> None:
    inspection = full().inspection
    step = inspection.custody[0]
    pdf = receipt(inspection, step)
    told = words(pdf)
    assert told.count("Receipt R-1") == 2
    assert step.taker in told
    assert kinds(pdf) == {("DataMatrix", step.receipt), ("Code128", step.receipt)}


def test_a_number_too_long_for_bars_that_can_be_read_has_none() -> None:
    inspection = full().inspection
    step = msgspec.structs.replace(
        inspection.custody[0], receipt="INS-2026-0412/17/12A/R-" + "9" * 40 + "x" * 40
    )
    assert {kind for kind, _text in kinds(receipt(inspection, step))} == {"DataMatrix"}


@pytest.mark.parametrize("language", ["en", "hi", "both"])
def test_the_same_input_gives_the_same_bytes(language: str) -> None:
    inspection = full().inspection
    assert labels(inspection, language) == labels(inspection, language)  # type: ignore[arg-type]


def test_slips_of_practice_are_marked() -> None:
    inspection = msgspec.structs.replace(full().inspection, practice=True)
    for pdf in (labels(inspection), receipt(inspection, inspection.custody[0], "hi")):
        assert pdf[:5] == b"%PDF-"
    assert "PRACTICE" in words(labels(inspection)).upper()


def test_an_inspection_without_samples_gives_an_empty_sheet() -> None:
    bare = msgspec.structs.replace(full().inspection, samples=())
    assert codes(labels(bare)) == set()
