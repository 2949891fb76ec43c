"""What turns up twice is said, and a sanctioned quantity is used up across inspections."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, evidence, examining, judging, opening
from fieldapp.actions.evidence import AttachEvidence
from fieldapp.actions.examining import NoteFound
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.hold import standing
from fieldapp.inspection.inspection import Inspection, open_hits
from tests.support.laptops import LABELS, Laptop, consignment
from tests.support.vaults import seal


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    made.adopt()
    yield made
    made.close()


def begin(laptop: Laptop, number: int, file: str = "2-tablets") -> Inspection:
    """Begin to inspect another consignment under the same papers."""
    other: Consignment = msgspec.structs.replace(
        consignment(file), id=f"c-{number}", reference=f"SB {number}"
    )
    return opening.open_inspection(laptop.vault, opening.OpenInspection(consignment=other))


def seen(inspection: Inspection) -> set[tuple[str, str]]:
    return {(one.mark.kind, number) for one in inspection.seen_before for number in one.inspections}


def test_a_photo_and_a_seal_used_again_are_named_with_where_they_were(laptop: Laptop) -> None:
    first, second = begin(laptop, 1), begin(laptop, 2)
    photo = str(LABELS / "drum-7-of-12.png")
    once = evidence.attach(laptop.vault, AttachEvidence(inspection=first.id, path=photo))
    assert once.seen_before == ()
    examining.note_found(laptop.vault, NoteFound(inspection=first.id, field="seal", value="IN 4471-9"))
    evidence.attach(laptop.vault, AttachEvidence(inspection=second.id, path=photo))
    twice = examining.note_found(laptop.vault, NoteFound(inspection=second.id, field="seal", value="in44719"))
    assert seen(twice) == {("photo", first.number), ("seal", first.number)}


def test_what_is_taken_back_is_forgotten(laptop: Laptop) -> None:
    first, second = begin(laptop, 1), begin(laptop, 2)
    examining.note_found(laptop.vault, NoteFound(inspection=first.id, field="seal", value="S-1"))
    examining.note_found(
        laptop.vault, NoteFound(inspection=first.id, field="seal", value="", instead_of="S-1")
    )
    again = examining.note_found(laptop.vault, NoteFound(inspection=second.id, field="seal", value="S-1"))
    assert again.seen_before == ()


def test_a_label_scanned_in_two_inspections_is_named(laptop: Laptop) -> None:
    first, second = begin(laptop, 1), begin(laptop, 2)
    laptop.examine(first, LABELS / "drum-7-of-12.png")
    laptop.examine(second, LABELS / "drum-7-of-12.png")
    held = opening.get_inspection(laptop.vault, opening.GetInspection(id=second.id))
    assert ("serial", first.number) in seen(held)


def test_a_release_uses_up_what_a_paper_sanctions(laptop: Laptop) -> None:
    tablets = consignment("2-tablets")
    whole = sum(line.net_kg or 0 for line in tablets.goods)
    assert whole > 0
    noc = msgspec.json.decode(
        b'{"kind":"export_noc","number":"NOC 77","quantity_kg":%d,"used_kg":0}' % (2 * whole),
        type=type(tablets.documents[0]) if tablets.documents else object,
    )
    base = msgspec.structs.replace(tablets, documents=(noc,))

    def take_up(number: int) -> Inspection:
        other = msgspec.structs.replace(base, id=f"c-{number}", reference=f"SB {number}")
        return opening.open_inspection(laptop.vault, opening.OpenInspection(consignment=other))

    first = take_up(1)
    laptop.examine(first, LABELS / "paracetamol-carton.png")
    held = opening.get_inspection(laptop.vault, opening.GetInspection(id=first.id))
    for hit in open_hits(held):
        judging.adjudicate(
            laptop.vault,
            judging.Adjudicate(inspection=first.id, hit=hit.id, verdict="false", reason="another firm"),
        )
    assert not standing(held.holds)
    decided = disposing.decide(
        laptop.vault, disposing.Decide(inspection=first.id, disposition="release", reason="all in order")
    )
    assert not decided.decisions[-1].needs_second
    seal(laptop.vault, first.id)
    second = take_up(2)
    assert second.consignment.documents[0].used_kg == whole
    assert canonical.encode(take_up(1).consignment.documents[0]) == canonical.encode(
        noc
    )  # not against itself
