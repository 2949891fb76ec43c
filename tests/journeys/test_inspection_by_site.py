"""A whole inspection for each kind of site: assigned, examined by its checklist, sampled, sealed, printed.

Everything is real but the network: the vault, the reader, the practice list, the press; the steps stand in
the order in which an inspector takes them.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from fieldapp import canonical
from fieldapp.actions import (
    disposing,
    evidence,
    examining,
    finding,
    judging,
    opening,
    sampling,
)
from fieldapp.actions.evidence import AttachEvidence
from fieldapp.actions.examining import (
    BeginChecklist,
    GiveAnswer,
    NoteFound,
    NotePaper,
    NotePlace,
    NotePresent,
    RecordFieldTest,
)
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.sampling import DrawSample, MoveExhibit
from fieldapp.consignment.document import Document
from fieldapp.consignment.statement import Statement
from fieldapp.inspection.answer import unfinished
from fieldapp.inspection.checklist import Question
from fieldapp.inspection.inspection import CannotSeal, Inspection, open_hits
from fieldapp.inspection.sample import Draw
from fieldapp.report.paper import Language
from fieldapp.report.verify import verify_pdf
from tests.support.laptops import LABELS, Laptop, consignment
from tests.support.vaults import Headquarters, enrolled_vault, seal, signed_report

SITES = {
    "port-container": ("customs-test-memo", "1-intermediate"),
    "air-cargo": ("dea-evidence", "2-tablets"),
    "plant-audit": ("ndps-2022", "3-active-ingredient"),
    "courier-parcel": ("ndps-2022", "1-intermediate"),
}


@pytest.fixture
def headquarters() -> Headquarters:
    return Headquarters()


@pytest.fixture
def laptop(tmp_path: Path, headquarters: Headquarters) -> Iterator[Laptop]:
    made = Laptop(tmp_path, enrolled_vault(tmp_path, headquarters))
    made.adopt()
    yield made
    made.close()


def answer_for(question: Question) -> str:
    """What an inspector who finds everything in order says."""
    if question.kind == "yes_no":
        return "no" if "yes" in question.finding else "yes"
    if question.kind == "choice":
        return next(one.value for one in question.options if one.value not in question.finding)
    return {"number": "12", "quantity": "12", "date": "2027-01-31"}.get(question.kind, "as seen")


def answer_all(laptop: Laptop, inspection: Inspection) -> Inspection:
    """Answer what is asked until nothing is, as skip logic opens one question after the other."""
    held = inspection
    for _ in range(60):
        assert held.checklist is not None
        waiting = unfinished(held.checklist, held.answered)
        if not waiting:
            return held
        question = waiting[0].question
        command = GiveAnswer(inspection=held.id, question=question.id, value=answer_for(question))
        held = examining.give_answer(laptop.vault, command)
    raise AssertionError(waiting)


def sample(procedure: str, inspection: str) -> DrawSample:
    twice = {} if procedure == "dea-evidence" else {
        "duplicate_net_g": Decimal("25"), "duplicate_gross_g": Decimal("30"), "duplicate_seal": "SEAL-2",
    }  # fmt: skip
    given: dict[str, Any] = {
        "package": "7",
        "net_g": Decimal("25"),
        "gross_g": Decimal("30"),
        "seal": "SEAL-1",
    }
    return DrawSample(inspection=inspection, procedure=procedure, draw=Draw(**given, **twice))


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_from_assignment_to_sealed_paper(
    laptop: Laptop, headquarters: Headquarters, site: str, language: Language
) -> None:
    procedure, file = SITES[site]
    vault = laptop.vault

    # The consignment is handed over, most urgent first, and taken up.
    raw = canonical.encode(consignment(file))
    opening.take_in_consignment(vault, opening.TakeInConsignment(raw=raw))
    waiting = opening.list_consignments(vault, opening.ListConsignments()).rows
    opened = opening.open_inspection(vault, opening.OpenInspection(consignment=waiting[0]))
    name = opened.id
    examining.note_place(vault, NotePlace(inspection=name, place="Gate 3"))

    # A paper is entered and compared; a label is scanned and screened.
    paper = Document(kind="packing_list", number="PL-1", says=(Statement(field="gross", value="330 kg"),))
    examining.note_paper(vault, NotePaper(inspection=name, paper=paper))
    examining.note_found(vault, NoteFound(inspection=name, field="gross", value="331 kg"))
    scan = laptop.examine(opened, LABELS / "drum-7-of-12.png")
    with pytest.raises(CannotSeal):
        seal(vault, name)

    # The checklist of this kind of site, a photo, a finding, a field test, a sample on its way.
    answer_all(laptop, examining.begin_checklist(vault, BeginChecklist(inspection=name, name=site)))
    photo = evidence.attach(
        vault, AttachEvidence(inspection=name, path=str(LABELS / "drum-7-of-12.png"), caption="Drum 7")
    ).evidence[-1]
    command = RecordFinding(
        inspection=name, severity="major", note="Label over a label", scan=scan.id, evidence=(photo.id,)
    )
    finding.record(vault, command)
    examining.record_field_test(
        vault, RecordFieldTest(inspection=name, kind="raman", shown="match", device="R-200", substance="X")
    )
    drawn = sampling.draw_sample(vault, sample(procedure, name))
    held = sampling.move_exhibit(
        vault,
        MoveExhibit(
            inspection=name, exhibit=drawn.samples[0].number, action="send_to_laboratory", place="Gate 3",
            taker="Laboratory", gross_in_g=Decimal("30"), seal_in="SEAL-1", gross_out_g=Decimal("30"),
            seal_out="SEAL-1",
        ),
    )  # fmt: skip
    examining.note_present(
        vault,
        NotePresent(inspection=name, role="witness", name="A. Desai", outcome="refused", reason="no time"),
    )

    # Every hit is judged, the goods are held, the inspection is sealed.
    for hit in open_hits(held):
        judging.adjudicate(
            vault, judging.Adjudicate(inspection=name, hit=hit.id, verdict="true", reason="the same firm")
        )
    disposing.decide(vault, disposing.Decide(inspection=name, disposition="hold", reason="awaits the test"))
    sealed = seal(vault, name)
    assert sealed.inspection.checklist is not None

    # The paper proves itself without the vault, and says what was done.
    pdf = signed_report(vault, laptop.press, name, language, "court")
    verification = verify_pdf(pdf, headquarters.root_hex)
    assert verification.ok, verification
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join("".join(page.get_textpage().get_text_range() for page in document).split())
    for told in ("SEAL-1", "Gate 3", "A. Desai", "331 kg", drawn.samples[0].number, "PL-1"):
        assert told.replace(" ", "") in text  # long numbers wrap
    if opened.consignment.assignment is not None:
        assert opened.consignment.assignment.order in text
