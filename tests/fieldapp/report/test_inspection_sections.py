"""What an inspection holds beside scans and findings stands on the paper, and not on the trader's copy."""

import msgspec
import pypdfium2
import pytest

from fieldapp import canonical
from fieldapp.consignment.assignment import Assignment
from fieldapp.inspection.record import Record
from fieldapp.report.render import render
from tests.support.full_record import full
from tests.support.records import report_input

SECRETS = ("Yuanchang rival", "in a hurry", "SEAL-77", "4-ANPP identified", "papers differ", "CRCL-9")


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.fixture(scope="module")
def english() -> str:
    return words(render(report_input(full()), "en"))


@pytest.mark.parametrize(
    "told",
    [
        "Gate three",
        "850 g",
        "27.4 kg",
        "0.1 kg",
        "Inconclusive",
        "the kit had expired",
        "Field tests are presumptive",
        "SEAL-77",
        "S. Rao",
        "Handed over",
        "Customs",
        "Still open",
        "Full report to the immediate superior",
        "24 Nov 2026, 13:40 IST",
        "A. Desai",
        "Refused to sign",
        "in a hurry",
        "4-ANPP identified",
        "the names differ",
        "the amounts differ",
    ],
)
def test_it_stands_on_the_paper(english: str, told: str) -> None:
    assert told in english


def test_a_weak_field_test_is_never_called_positive(english: str) -> None:
    assert "positive" not in english.replace("negative", "")


def test_a_question_that_was_not_asked_is_not_printed(english: str) -> None:
    assert "Was the parcel opened?" in english
    assert "Are the contents what is declared?" not in english


def test_the_traders_copy_leaks_nothing_of_it() -> None:
    trader = words(render(report_input(full()), "en", "trader"))
    assert not [secret for secret in SECRETS if secret in trader]
    assert "Customs" not in trader


def test_the_record_reads_back_as_it_was() -> None:
    held = full()
    assert canonical.decode(canonical.encode(held), Record) == held


def test_both_languages_are_printed() -> None:
    assert render(report_input(full()), "both")[:5] == b"%PDF-"


def test_why_a_consignment_was_selected_is_for_the_authorities_only() -> None:
    held = full()
    order = Assignment(
        id="a", order="EO-77", lane="red", reasons=("tip from a partner agency",), issued=held.signature.at
    )
    consignment = msgspec.structs.replace(held.inspection.consignment, assignment=order)
    inspection = msgspec.structs.replace(held.inspection, consignment=consignment)
    selected = report_input(msgspec.structs.replace(held, inspection=inspection))
    assert "tip from a partner agency" in words(render(selected, "en"))
    trader = words(render(selected, "en", "trader"))
    assert "tip" not in trader
    assert "EO-77" not in trader
