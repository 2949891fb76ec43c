"""Finding again: the numbers, kept filters, the story, and what goes out to others with its ledger entry."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, exporting, finding, opening, seeking
from fieldapp.actions.disposing import Decide
from fieldapp.actions.exporting import ExportInspections, NothingToExport
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.opening import ListInspections
from fieldapp.actions.seeking import ForgetFilter, KeepFilter, Stand, TellTimeline, TooManyFilters
from fieldapp.inspection import epcis
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.sheet import COLUMNS, harmless
from fieldapp.inspection.wanted import Kept, Wanted
from tests.support.laptops import LABELS, Laptop, consignment
from tests.support.vaults import seal


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    yield made
    made.close()


def held(laptop: Laptop) -> Inspection:
    """A sealed inspection of paracetamol, held."""
    opened = laptop.open("2-tablets")
    laptop.examine(opened, LABELS / "paracetamol-carton.png")
    finding.record(laptop.vault, RecordFinding(inspection=opened.id, severity="other", note="=HYPERLINK(1)"))
    disposing.decide(laptop.vault, Decide(inspection=opened.id, disposition="hold", reason="A paper lacks"))
    return seal(laptop.vault, opened.id).inspection


def out(laptop: Laptop, file: Path, form: str, **more: object) -> exporting.ExportedInspections:
    command = ExportInspections(path=str(file), form=form, **more)  # type: ignore[arg-type]
    return exporting.export_inspections(laptop.vault, command)


def test_the_numbers_say_what_is_open(laptop: Laptop):
    laptop.open()
    numbers = seeking.stand(laptop.vault, Stand())
    assert numbers.tally.drafts == 1
    assert numbers.tally.returned == 0
    assert numbers.sites == ("Nhava Sheva",)


def test_filters_are_kept_replaced_and_forgotten(laptop: Laptop):
    red = Kept(name="Red lane", wanted=Wanted(lane="red"))
    blue = Kept(name="blue", wanted=Wanted(lane="blue"), text="drum")
    for one in (red, blue, msgspec.structs.replace(red, text="boyl")):
        seeking.keep_filter(laptop.vault, KeepFilter(kept=one))
    kept = seeking.stand(laptop.vault, Stand()).kept
    assert [one.name for one in kept] == ["blue", "Red lane"]
    assert kept[1].text == "boyl"
    assert seeking.forget_filter(laptop.vault, ForgetFilter(name="blue")).kept == kept[1:]


def test_there_is_an_end_to_what_is_kept(laptop: Laptop):
    for number in range(seeking.MOST_KEPT):
        seeking.keep_filter(laptop.vault, KeepFilter(kept=Kept(name=str(number), wanted=Wanted())))
    with pytest.raises(TooManyFilters):
        seeking.keep_filter(laptop.vault, KeepFilter(kept=Kept(name="one more", wanted=Wanted())))


def test_a_list_is_narrowed_to_what_is_wanted(laptop: Laptop):
    sealed, draft = held(laptop), laptop.open("1-intermediate")

    def found(**wanted: object) -> list[str]:
        command = ListInspections(wanted=Wanted(**wanted))  # type: ignore[arg-type]
        return [row.id for row in opening.list_inspections(laptop.vault, command).rows]

    assert found(state="sealed") == [sealed.id]
    assert found(state="draft", lane="red") == [draft.id]
    assert found(lane="green") == []
    assert found(order="oldest") == [sealed.id, draft.id]


def test_the_story_tells_when_it_was_sealed(laptop: Laptop):
    sealed = held(laptop)
    told = seeking.tell_timeline(laptop.vault, TellTimeline(inspection=sealed.id))
    (sealing,) = [one for one in told.moments if one.kind == "sealed"]
    assert sealing.by == "R. Nair"
    assert told.number == sealed.number
    assert [one.kind for one in told.moments if one.kind in ("opened", "scanned", "decided", "sealed")] == [
        "opened", "scanned", "decided", "sealed",
    ]  # fmt: skip


def test_a_sheet_holds_no_formula_and_is_noted_in_the_ledger(laptop: Laptop, tmp_path: Path):
    raw = canonical.encode(msgspec.structs.replace(consignment(), id="odd", reference="=1+1"))
    taken = opening.take_in_consignment(laptop.vault, opening.TakeInConsignment(raw=raw))
    opening.open_inspection(laptop.vault, opening.OpenInspection(consignment=taken))
    file = tmp_path / "out.csv"
    done = out(laptop, file, "csv", language="hi")
    content = file.read_bytes()
    assert done.sha256 == canonical.sha256(content)
    (head, row) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert len(head) == len(row) == len(COLUMNS)
    assert row[COLUMNS.index("reference")] == "'=1+1"
    with laptop.vault.reading() as tx:
        last = json.loads(tx.journal.entries(tx.journal.head().seq, 1)[0].payload)
    assert last["event"] == "inspections-exported"
    assert (last["form"], last["count"], last["sha256"]) == ("csv", 1, done.sha256)


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-2", "@SUM(1)", "\t=1", "\r=1", "  =1", "\x00=1", "\n@x"])
def test_no_cell_is_reckoned_with(cell: str):
    assert harmless(cell).startswith("'")


def test_only_the_chosen_go_out_as_json(laptop: Laptop, tmp_path: Path):
    sealed, _other = held(laptop), laptop.open("1-intermediate")
    file = tmp_path / "out.json"
    assert out(laptop, file, "json", chosen=(sealed.id,)).count == 1
    ((one),) = json.loads(file.read_bytes())
    assert canonical.decode(json.dumps(one["inspection"]).encode(), Inspection) == sealed
    assert len(one["record"]) == 64


def test_events_leave_drafts_out_and_bear_only_words_of_the_vocabulary(laptop: Laptop, tmp_path: Path):
    held(laptop)
    laptop.open("1-intermediate")
    file = tmp_path / "out.jsonld"
    done = out(laptop, file, "epcis")
    assert (done.count, done.left_out) == (1, 1)
    told = json.loads(file.read_bytes())
    assert told["epcisBody"]["eventList"]
    assert epcis.faults(told) == ()


def test_drafts_alone_are_no_events_and_leave_no_file(laptop: Laptop, tmp_path: Path):
    laptop.open()
    with pytest.raises(NothingToExport):
        out(laptop, tmp_path / "out.jsonld", "epcis")
    assert list(tmp_path.glob("out.jsonld*")) == []
