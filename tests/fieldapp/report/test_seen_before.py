"""What was used in another inspection is said on the paper, in both languages, and never to the trader."""

import msgspec
import pypdfium2
import pytest

from fieldapp.inspection.mark import Kind, Mark, SeenBefore
from fieldapp.inspection.record import Record
from fieldapp.report.render import render
from fieldapp.text import say
from tests.support.full_record import full
from tests.support.records import report_input

KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # the one list of them


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.fixture(scope="module")
def marked() -> Record:
    held = full()
    seen = tuple(
        SeenBefore(mark=Mark(kind=kind, value=f"value {kind}"), inspections=(f"INS-2026-0001-{at:04}",))
        for at, kind in enumerate(KINDS, start=1)
    )
    return msgspec.structs.replace(
        held, inspection=msgspec.structs.replace(held.inspection, seen_before=seen)
    )


@pytest.mark.parametrize("scanned", [True, False])
def test_each_kind_is_said_with_where_it_was(marked: Record, scanned: bool):
    scans = marked.inspection.scans if scanned else ()
    inspection = msgspec.structs.replace(marked.inspection, scans=scans)
    paper = words(render(report_input(msgspec.structs.replace(marked, inspection=inspection)), "en"))
    for at, kind in enumerate(KINDS, start=1):
        assert say(f"seen.{kind}", "en", numbers=f"INS-2026-0001-{at:04}") in paper


def test_the_trader_is_not_told(marked: Record):
    assert "INS-2026-0001-" not in words(render(report_input(marked), "en", "trader"))
