"""What codes were read from is kept: hashed, sealed, named; and nothing else is kept in its place."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, evidence, judging, opening, reporting, scanning
from fieldapp.actions.evidence import AttachEvidence, FileChanged, KeepPicture, ShowEvidence
from fieldapp.inspection import record
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.inspection import NotFound, open_hits
from fieldapp.inspection.scan import Scan, label_of
from fieldapp.report.verify import verify_entry_file, verify_pdf
from tests.support import barcodes
from tests.support.laptops import LABELS, Laptop, laptop
from tests.support.vaults import seal, signed_report

DRUM = LABELS / "drum-7-of-12.png"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def keep(desk: Laptop, inspection: str, file: Path, **other: object) -> Evidence:
    wishes = {"path": str(file), "sha256": canonical.sha256(file.read_bytes()), **other}
    return evidence.keep_picture(desk.vault, KeepPicture(inspection=inspection, **wishes))  # type: ignore[arg-type]


def remembered(desk: Laptop, inspection: str, file: Path, picture: str) -> list[Scan]:
    """Read, screen and remember every code of a picture."""
    reading = scanning.read_picture(desk.reader, scanning.ReadPicture(path=str(file)))
    assert reading.sha256 == canonical.sha256(file.read_bytes())
    made = []
    for symbol in reading.symbols:
        found = scanning.screen_code(desk.screener, scanning.ScreenCode(symbol=symbol))
        command = scanning.Remember(
            inspection=inspection, source="file", symbol=symbol, identified=found.identified,
            screening=found.screening, picture=picture,
        )  # fmt: skip
        made.append(scanning.remember(desk.vault, command))
    return made


def test_the_picture_is_sealed_once_and_opens_as_it_was(desk: Laptop):
    inspection = desk.open().id
    kept = keep(desk, inspection, DRUM)
    assert keep(desk, inspection, DRUM) == kept
    assert (kept.purpose, kept.mime, kept.original_name) == ("scan", "image/png", DRUM.name)
    shown = evidence.show(desk.vault, ShowEvidence(inspection=inspection, evidence=kept.id))
    assert shown.content == DRUM.read_bytes()
    exhibit = evidence.attach(desk.vault, AttachEvidence(inspection=inspection, path=str(DRUM)))
    assert [each.purpose for each in exhibit.evidence] == ["scan", "exhibit"]


def test_other_bytes_than_those_that_were_read_are_refused(desk: Laptop):
    inspection = desk.open().id
    with pytest.raises(FileChanged):
        keep(desk, inspection, DRUM, content=b"\x89PNG something else")
    assert opening.get_inspection(desk.vault, opening.GetInspection(id=inspection)).evidence == ()


def test_a_scan_names_its_picture_and_its_label(desk: Laptop, tmp_path: Path):
    inspection = desk.open().id
    page = barcodes.on_page(barcodes.code(scale=5), 1280, 720, (120, 90))
    wide = barcodes.code("(00)095212340000000013", "Code128", scale=2)
    page[420 : 420 + wide.shape[0], 120 : 120 + wide.shape[1]] = wide
    file = tmp_path / "label.png"
    file.write_bytes(barcodes.encoded(page))
    kept = keep(desk, inspection, file)
    first, second = remembered(desk, inspection, file, kept.id)
    scans = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection)).scans
    assert label_of(first, scans) == (first, second)
    again = remembered(desk, inspection, file, kept.id)
    scans = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection)).scans
    assert label_of(first, scans) == (first, second), "read twice, it is still a label of two"
    assert label_of(again[0], scans) == (again[0],)


def test_a_scan_of_no_such_picture_is_refused(desk: Laptop):
    inspection = desk.open().id
    with pytest.raises(NotFound):
        remembered(desk, inspection, DRUM, "0" * 36)


def test_what_was_sealed_before_pictures_were_kept_still_reads():
    old = {
        "id": "e", "at": datetime(2026, 1, 2, tzinfo=UTC), "mime": "image/png", "size": 1,
        "plain_sha256": "0" * 64, "sealed_sha256": "1" * 64, "sealed_size": 2,
    }  # fmt: skip
    assert msgspec.convert(old, Evidence).purpose == "exhibit"


def test_a_sealed_record_with_a_document_and_a_frame_prints_and_verifies(desk: Laptop, tmp_path: Path):
    inspection = desk.open("2-tablets").id
    paper = tmp_path / "packing list.pdf"
    paper.write_bytes(barcodes.pdf([barcodes.on_page(barcodes.code(scale=5), 800, 600)], dpi=100))
    for file in (LABELS / "paracetamol-carton.png", paper):
        kept = keep(desk, inspection, file)
        assert remembered(desk, inspection, file, kept.id)
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection))
    for hit in open_hits(held):
        command = judging.Adjudicate(
            inspection=inspection, hit=hit.id, verdict="false", reason="Another firm"
        )
        judging.adjudicate(desk.vault, command)
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection, disposition="hold", reason="Papers are awaited")
    )
    sealed = seal(desk.vault, inspection)
    assert [scan.picture for scan in sealed.inspection.scans] == [item.id for item in held.evidence]
    given = reporting.gather(desk.vault, reporting.Gather(inspection=inspection))
    assert {blob.t for blob in record.read(given.record).blobs} == {"image/png", "application/pdf"}
    rendered = reporting.render(desk.press, reporting.RenderReport(input=given))
    with desk.vault.reading() as tx:
        root = tx.require_enrolment().root
    assert verify_pdf(signed_report(desk.vault, desk.press, inspection), root).ok
    assert verify_entry_file(rendered.record_file, root).ok
