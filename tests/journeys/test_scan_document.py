"""Pictures and documents at the real window, read by the real reader process, hostile ones among them."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp import canonical
from fieldapp.inspection.scan import label_of
from fieldapp.screening.verdict import WORDS
from tests.support import barcodes
from tests.support.window import LABELS, Desktop, settle, until
from ui.screens.scan import ScanScreen

SSCC = "(00)095212340000000013"
DRUM = "(01)09521234000013(17)281130(10)KX-2291(21)0007"
NONE = Qt.KeyboardModifier.NoModifier


def at_work(desktop: Desktop) -> ScanScreen:
    desktop.unlock()
    desktop.open()
    desktop.window.show_screen("scan")
    scan = desktop.window.screens["scan"]
    assert isinstance(scan, ScanScreen)
    return scan


def drop(scan: ScanScreen, *files: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    where, button = QPointF(20, 20), Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    QCoreApplication.sendEvent(scan, QDragEnterEvent(where.toPoint(), copy, dropped, button, NONE))
    QCoreApplication.sendEvent(scan, QDropEvent(where, copy, dropped, button, NONE))


def sheet(*codes: tuple[str, str]) -> barcodes.Grey:
    """A page with these codes, one below the other."""
    page = barcodes.on_page(barcodes.code(*codes[0], scale=5), 1240, 1754, (100, 100))
    for number, (content, symbology) in enumerate(codes[1:], start=1):
        drawn = barcodes.code(content, symbology, scale=3)
        top = 100 + 450 * number
        page[top : top + drawn.shape[0], 100 : 100 + drawn.shape[1]] = drawn
    return page


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000_000), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_a_dropped_pdf_with_several_codes(desk: Callable[..., Desktop], tmp_path: Path):
    desktop = desk()
    scan = at_work(desktop)
    file = tmp_path / "packing list.pdf"
    pages = [sheet((DRUM, "DataMatrix"), (SSCC, "Code128")), sheet((barcodes.GTIN_PACK, "DataMatrix"))]
    file.write_bytes(barcodes.pdf(pages, dpi=150))
    drop(scan, file)
    until(lambda: len(desktop.scans) == 3, 60)
    settle(50)
    inspection = desktop.window.desk.inspection
    assert inspection is not None
    (kept,) = inspection.evidence
    assert kept.plain_sha256 == canonical.sha256(file.read_bytes()), "the document itself, byte by byte"
    assert (kept.mime, kept.original_name, kept.purpose) == ("application/pdf", "packing list.pdf", "scan")
    assert {each.picture for each in desktop.scans} == {kept.id}
    assert sorted(each.symbol.page for each in desktop.scans) == [1, 1, 2]
    first = next(each for each in desktop.scans if each.symbol.page == 1)
    assert len(label_of(first, desktop.scans)) == 2, "a page is a label"
    assert scan._shown is not None
    worst = min(desktop.scans, key=lambda each: WORDS.index(each.verdict.word))
    assert scan._shown.verdict.word == worst.verdict.word


def test_a_pasted_picture_and_a_tiff_of_several_pages(desk: Callable[..., Desktop], tmp_path: Path):
    desktop = desk()
    scan = at_work(desktop)
    QApplication.clipboard().setImage(QImage(str(LABELS / "drum-7-of-12.png")))
    desktop.window.activateWindow()
    settle()
    QTest.keyClick(scan.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(desktop.scans) == 1, 40)
    pages = [Image.fromarray(sheet((content, "DataMatrix"))) for content in (DRUM, barcodes.GTIN_PACK)]
    file = tmp_path / "fax.tiff"
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    scan.take_file(str(file))
    until(lambda: len(desktop.scans) == 3, 40)
    inspection = desktop.window.desk.inspection
    assert inspection is not None
    pasted, fax = inspection.evidence
    assert (pasted.mime, fax.mime) == ("image/png", "image/tiff")
    assert fax.plain_sha256 == canonical.sha256(file.read_bytes())
    assert [each.symbol.page for each in desktop.scans[1:]] == [1, 2]
    scan.take_file(str(file))  # the same again: two more scans, the same evidence
    until(lambda: len(desktop.scans) == 5, 40)
    assert len(desktop.window.desk.inspection.evidence) == 2  # type: ignore[union-attr]


def test_a_bomb_and_a_dead_reader_do_not_stop_the_work(desk: Callable[..., Desktop], tmp_path: Path):
    desktop = desk()
    scan = at_work(desktop)
    for number, size in enumerate(((30_000, 30_000), (6_000, 6_000))):
        file = tmp_path / f"bomb-{number}.png"
        file.write_bytes(bomb(*size))
        scan.banner.hide()
        scan.take_file(str(file))
        until(scan.banner.isVisible, 60)
        assert scan.banner.sentence.text()
    scan.banner.hide()
    (reader,) = [lane for lane in desktop.jobs._lanes.values() if lane.room == "reader"]  # type: ignore[attr-defined]
    assert reader.hand is not None
    reader.hand.process.kill()
    scan.take_file(str(LABELS / "pallet-sscc.png"))
    until(scan.banner.isVisible, 40)
    assert desktop.scans == ()
    scan.take_file(str(LABELS / "drum-7-of-12.png"))
    until(lambda: len(desktop.scans) == 1, 40)
    assert desktop.scans[0].verdict.word == "hold"
