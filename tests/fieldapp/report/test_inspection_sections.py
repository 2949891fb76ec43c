"""What an inspection holds beside scans and findings stands on the paper, and not on the trader's copy."""

import msgspec
import pypdfium2
import pytest

from fieldapp import canonical
from fieldapp.consignment.assignment import Assignment
from fieldapp.inspection import countersign
from fieldapp.inspection.machine import Machine
from fieldapp.inspection.position import Position
from fieldapp.inspection.procedure import profile
from fieldapp.inspection.record import Record
from fieldapp.report.render import render
from fieldapp.scan.stroke import Stroke
from fieldapp.text import say
from tests.support.full_record import full
from tests.support.records import AT, Headquarters, evidence, moment, report_input, vault_key

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


def test_the_courts_copy_has_a_draft_of_the_panchnama_with_witnesses_refusals_goods_and_seals() -> None:
    court = words(render(report_input(full()), "en", "court"))
    annex = court[court.rindex("Annex: panchnama (draft)") : court.rindex("Annex: certificate on electronic")]
    for told in (
        "Gate three",
        "A. Desai",
        "Refused to sign: in a hurry",
        "SEAL-77",
        "300 kg",
        "Held",
        "____",
    ):
        assert told in annex
    assert annex.count("Witness") == 2  # the law asks for two: the second is a line to fill in
    assert "panchnama" not in words(render(report_input(full()), "en"))


def test_each_annex_begins_a_page() -> None:
    with pypdfium2.PdfDocument(render(report_input(full()), "en", "court")) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert [page.count("Annex:") for page in pages[-2:]] == [1, 1]
    assert not any("How to check" in page for page in pages[-2:])


def test_the_machine_that_sealed_stands_in_the_certificate_and_a_line_where_it_told_nothing() -> None:
    held = msgspec.structs.replace(full(), machine=Machine(make="Panasonic", model="FZ-55", serial="9CTSA01"))
    court = words(render(report_input(held), "en", "court"))
    assert "Panasonic FZ-55" in court
    assert "Serial number: 9CTSA01" in court
    assert "MAC address: ____" in court
    assert "Serial number: ____" in words(render(report_input(full()), "en", "court"))
    assert "9CTSA01" not in words(render(report_input(held), "en", "trader"))


def test_a_record_from_before_machines_were_kept_reads_as_it_did() -> None:
    raw = canonical.encode(full())
    assert b',"machine":null' in raw
    assert canonical.decode(raw.replace(b',"machine":null', b""), Record) == full()


def test_a_hand_over_says_who_countersigned_it() -> None:
    held, key = full(), vault_key(60)
    certificate = Headquarters().certify(key, name="S. Rao")
    answer = countersign.text_of(
        countersign.Countersignature(at=moment(25), certificate=certificate, signature=bytes(64))
    )
    for said, told in ((answer, "countersigned by S. Rao, 22 Nov 2026, 14:05 IST"), ("x", "cannot be read")):
        steps = tuple(msgspec.structs.replace(one, countersigned=said) for one in held.inspection.custody)
        inspection = msgspec.structs.replace(held.inspection, custody=steps)
        assert told in words(render(report_input(msgspec.structs.replace(held, inspection=inspection)), "en"))


def test_a_marked_copy_names_its_original_and_a_result_is_no_picture() -> None:
    held = full()
    original = held.inspection.evidence[0]
    marked = msgspec.structs.replace(evidence(2), derived_from=original.plain_sha256)
    covered = msgspec.structs.replace(
        evidence(3),
        derived_from=original.plain_sha256,
        strokes=(Stroke(shape="redact", x1=0, y1=0, x2=9, y2=9),),
    )
    result = evidence(4, mime="text/plain", purpose="result", doubts=("time-apart",))
    files = (original, marked, covered, result)
    inspection = msgspec.structs.replace(held.inspection, evidence=files)
    told = words(render(report_input(msgspec.structs.replace(held, inspection=inspection)), "en"))
    assert "Marked copy of exhibit 1" in told
    assert "Copy of exhibit 1 with parts covered" in told
    assert "This file is not a picture" in told
    assert say("claim.doubt.time-apart", "en") in told
    assert result.plain_sha256 in told


def test_what_holds_is_said_line_by_line_where_lines_differ(english: str) -> None:
    assert "What holds now" in english


def test_clocks_and_holds_stand_there_without_a_decision() -> None:
    held = full()
    inspection = msgspec.structs.replace(held.inspection, decisions=())
    told = words(render(report_input(msgspec.structs.replace(held, inspection=inspection)), "en"))
    assert "Full report to the immediate superior" in told
    assert "Still open" in told


def test_the_place_is_told_with_how_far_it_may_be_off() -> None:
    held = full()
    place = Position(latitude=18.95, longitude=72.95, uncertainty_m=12, source="device", at=AT)
    inspection = msgspec.structs.replace(held.inspection, located=place)
    told = words(render(report_input(msgspec.structs.replace(held, inspection=inspection)), "en"))
    assert "18.95000, 72.95000" in told
    assert "12 m" in told


def test_the_law_is_named_in_the_language_of_the_paper() -> None:
    hindi = profile("ndps-2022").source.in_language("hi")
    assert hindi != profile("ndps-2022").source.in_language("en")
    told = "".join(words(render(report_input(full()), "hi")).split())
    assert "".join(hindi.split())[:10] in told
