"""What is done at the goods: the checklist, what was weighed and read, field tests, who was present.

Each answer is saved when it is given; there is no button for it.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from fieldapp import ids
from fieldapp.actions import drafting
from fieldapp.consignment import quantity
from fieldapp.consignment.document import Document, require_dated
from fieldapp.consignment.statement import Field, Statement
from fieldapp.errors import InspectorError
from fieldapp.inspection import addendum, answer, checklist, fieldtest, position, presence
from fieldapp.inspection.addendum import Addendum
from fieldapp.inspection.answer import Answer
from fieldapp.inspection.checklist import Checklist, Fault
from fieldapp.inspection.comparison import Row, compare_papers
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.inspection.position import Position
from fieldapp.inspection.presence import Presence
from fieldapp.vault.vault import Tx, Vault

MANY: frozenset[Field] = frozenset({"container", "seal"})  # an inspection finds several of these
Note = Annotated[str, msgspec.Meta(max_length=20_000)]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class ChecklistFaulty(InspectorError):
    """A checklist file has faults; `line` and `why` name the first, `count` says how many."""

    code = "checklist-faulty"


class PaperNumberMissing(InspectorError):
    """A paper has a number; without it nobody finds it again."""

    code = "paper-number-missing"


class ChecklistBegun(InspectorError):
    """Another checklist has answers already."""

    code = "checklist-begun"


class BeginChecklist(msgspec.Struct, frozen=True, kw_only=True):
    """Take up a checklist: one that is installed or came with the program by `name`, or a file's `text`."""

    inspection: str
    name: str = ""
    text: Annotated[str, msgspec.Meta(max_length=checklist.LARGEST)] = ""


class GiveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a question of the checklist; an empty value and note take the answer back."""

    inspection: str
    question: str
    value: Note = ""
    unit: str = ""
    source: answer.Source = "typed"
    note: Note = ""
    uncertainty: str = ""


class NoteFound(msgspec.Struct, frozen=True, kw_only=True):
    """Record what was weighed, counted or read on the spot; an empty value takes it back."""

    inspection: str
    field: Field
    value: Note
    line: int | None = None
    uncertainty: Annotated[str, msgspec.Meta(max_length=100)] = ""
    instead_of: str = ""  # of several containers or seals: the value this one replaces


class NotePaper(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a paper, or more of what stands on one that is entered already (same kind and number)."""

    inspection: str
    paper: Document


class NotePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Record where the inspection took place."""

    inspection: str
    place: Short


class NotePosition(msgspec.Struct, frozen=True, kw_only=True):
    """Record where the inspection took place in degrees, as a device gave them."""

    inspection: str
    latitude: float
    longitude: float
    uncertainty_m: float
    device: str = ""


class RecordFieldTest(msgspec.Struct, frozen=True, kw_only=True):
    """Record a field test. The word it may bear is worked out, never entered."""

    inspection: str
    kind: fieldtest.Kind
    shown: fieldtest.Shown
    substance: Short = ""
    sample: str = ""
    goods_seq: int | None = None
    device: Short = ""
    library: Short = ""
    score: float | None = None
    bar: float | None = None
    kit_lot: Short = ""
    kit_expires: date | None = None
    evidence: str = ""
    note: Note = ""
    library_version: Short = ""
    serial: Short = ""
    method: Short = ""
    measured: Short = ""
    calibrated_until: date | None = None
    scale: float | None = None
    profile: Short = ""
    sources: tuple[fieldtest.ValueSource, ...] = ()


class NotePresent(msgspec.Struct, frozen=True, kw_only=True):
    """Record a person who was present, and whether he signs or refuses. `id` changes an earlier entry."""

    inspection: str
    role: presence.Role
    name: Short
    address: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    outcome: Literal["signs-paper", "refused"] = "signs-paper"
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    read_over_in: Short = ""
    id: str = ""


class AddAddendum(msgspec.Struct, frozen=True, kw_only=True):
    """Add a laboratory's result, a court's order or another authority's word to the open revision."""

    inspection: str
    kind: addendum.Kind
    text: Note
    issuer: Short = ""
    number: Short = ""
    exhibit: str = ""
    evidence: tuple[str, ...] = ()


class ComparePapers(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the papers of an inspection against each other, its labels and what was found."""

    inspection: str
    revision: int = 0


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of the comparison."""

    rows: tuple[Row, ...]


def begin_checklist(vault: Vault, command: BeginChecklist) -> Inspection:
    """Put the whole checklist into the draft, so that a newer version never changes it."""
    with vault.transaction() as tx:
        made = _checklist(tx, command)
        before = drafting.draft(tx, command.inspection)
        held = before.checklist
        if held is not None and before.answered and (held.id, held.version) != (made.id, made.version):
            raise ChecklistBegun(name=held.id)
        facts: dict[str, object] = {"checklist": made.id, "version": made.version}
        return drafting.keep(
            tx,
            before,
            "checklist-begun",
            facts,
            checklist=made if held is None or not before.answered else held,
        )


def _checklist(tx: Tx, command: BeginChecklist) -> Checklist:
    if not command.text:
        installed = tx.forms.checklist(command.name)
        if installed is not None:
            return installed
        if command.name not in checklist.SHIPPED:
            raise NotFound(what="checklist", id=command.name)
        return checklist.shipped(command.name)
    found = checklist.read(command.text)
    if isinstance(found, Checklist):
        return found
    first: Fault = found[0]
    raise ChecklistFaulty(line=first.line, why=first.code, part=first.part, count=len(found))


def give_answer(vault: Vault, command: GiveAnswer) -> Inspection:
    """Keep the answer as given, fitting or not; what does not fit holds up the seal."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        known = before.checklist.questions() if before.checklist else ()
        if not any(question.id == command.question for question in known):
            raise NotFound(what="question", id=command.question)
        made = Answer(
            question=command.question,
            value=command.value.strip(),
            at=datetime.fromisoformat(tx.now),
            unit=quantity.unit_code(command.unit) or command.unit,
            source=command.source,
            note=command.note.strip(),
            uncertainty=command.uncertainty.strip(),
        )
        facts: dict[str, object] = {"question": made.question, "source": made.source}
        return drafting.keep(tx, before, "answered", facts, answered=answer.give(before.answered, made))


def note_found(vault: Vault, command: NoteFound) -> Inspection:
    """Put the value in the place of an earlier one of the same field and line."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        kept = tuple(old for old in before.found if not _replaced(old, command))
        value, doubt = command.value.strip(), command.uncertainty.strip()
        new = Statement(field=command.field, value=value or "-", line=command.line, uncertainty=doubt)
        found = kept if not value or new in kept else (*kept, new)
        facts: dict[str, object] = {"field": command.field, "line": command.line or 0}
        return drafting.keep(tx, before, "found-noted", facts, found=found)


def _replaced(old: Statement, command: NoteFound) -> bool:
    same = (old.field, old.line) == (command.field, command.line)
    return same and (command.field not in MANY or old.value == command.instead_of)


def note_paper(vault: Vault, command: NotePaper) -> Inspection:
    """Add the paper, or what is new on it; a field said again takes the place of what it said before."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        new = command.paper
        if not new.number.strip():
            raise PaperNumberMissing
        require_dated(new, datetime.fromisoformat(tx.now).astimezone().date())
        declared = before.consignment
        held = next(
            (one for one in declared.documents if (one.kind, one.number) == (new.kind, new.number)), None
        )
        merged = new if held is None else _merged(held, new)
        others = tuple(one for one in declared.documents if one is not held)
        consignment = msgspec.structs.replace(declared, documents=(*others, merged))
        facts: dict[str, object] = {"kind": new.kind, "number": new.number}
        return drafting.keep(tx, before, "paper-noted", facts, consignment=consignment)


def _merged(held: Document, new: Document) -> Document:
    """Return `held` with what `new` says; a value that `new` leaves open stays."""
    said = {(one.field, one.line) for one in new.says if one.field not in MANY}
    kept = tuple(one for one in held.says if (one.field, one.line) not in said and one not in new.says)
    given = {
        name: value for name, value in msgspec.structs.asdict(new).items() if value not in ("", None, ())
    }
    return msgspec.structs.replace(held, **(given | {"says": (*kept, *new.says)}))


def note_place(vault: Vault, command: NotePlace) -> Inspection:
    """Keep the place. Degrees are kept as a position that was typed; other words leave a device's alone."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        typed, located = position.degrees(command.place), before.located
        if typed is not None:
            at = datetime.fromisoformat(tx.now)
            located = Position(latitude=typed[0], longitude=typed[1], source="typed", at=at)
        elif located is not None and located.source == "typed":
            located = None
        return drafting.keep(tx, before, "place-noted", {}, place=command.place.strip(), located=located)


def note_position(vault: Vault, command: NotePosition) -> Inspection:
    """Keep what a device says, with its uncertainty; the place in words stays."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        located = Position(
            latitude=command.latitude,
            longitude=command.longitude,
            uncertainty_m=command.uncertainty_m,
            source="device",
            at=datetime.fromisoformat(tx.now),
            device=command.device,
        )
        return drafting.keep(tx, before, "position-noted", {"source": "device"}, located=located)


def record_field_test(vault: Vault, command: RecordFieldTest) -> Inspection:
    """Add the test, with the officer's name and the day on his calendar."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        if command.evidence and not any(item.id == command.evidence for item in before.evidence):
            raise NotFound(what="evidence", id=command.evidence)
        if command.sample and not any(sample.number == command.sample for sample in before.samples):
            raise NotFound(what="sample", id=command.sample)
        at = datetime.fromisoformat(tx.now)
        given = msgspec.structs.asdict(command)
        given.pop("inspection")
        local = at.astimezone()
        given |= {"id": ids.uuid7(vault.clock()), "at": at, "day": local.date()}
        if command.profile:
            known = (command.measured, command.calibrated_until, local.replace(tzinfo=None))
            given["doubts"] = fieldtest.doubts(*known)
        made = FieldTest(**given, operator=tx.officer().name)
        tests = (*before.field_tests, made)
        facts: dict[str, object] = {"kind": made.kind, "word": fieldtest.word(made)}
        return drafting.keep(tx, before, "field-test-recorded", facts, field_tests=tests)


def note_present(vault: Vault, command: NotePresent) -> Inspection:
    """Add the person, or change the entry named."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        made = Presence(
            id=command.id or ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            role=command.role,
            name=command.name.strip(),
            address=command.address.strip(),
            outcome=command.outcome,
            reason=command.reason.strip(),
            read_over_in=command.read_over_in.strip(),
        )
        presence.require_complete(made)
        kept = tuple(one for one in before.present if one.id != made.id)
        facts: dict[str, object] = {"role": made.role, "outcome": made.outcome}
        return drafting.keep(tx, before, "present-noted", facts, present=(*kept, made))


def add_addendum(vault: Vault, command: AddAddendum) -> Inspection:
    """Add what came after the record was sealed; only a later revision bears one."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        if not before.parents:
            raise addendum.AddendumRefused(why="nothing-sealed")
        made = Addendum(
            id=ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            kind=command.kind,
            text=command.text.strip() or " ",
            issuer=command.issuer.strip(),
            number=command.number.strip(),
            exhibit=command.exhibit,
            evidence=command.evidence,
        )
        addendum.require_exhibit(made, frozenset(sample.number for sample in before.samples))
        missing = set(command.evidence) - {item.id for item in before.evidence}
        if missing:
            raise NotFound(what="evidence", id=min(missing))
        facts: dict[str, object] = {"kind": made.kind, "exhibit": made.exhibit}
        return drafting.keep(tx, before, "addendum-added", facts, addenda=(*before.addenda, made))


def compare(vault: Vault, command: ComparePapers) -> Matrix:
    """Compare the papers of one revision."""
    with vault.reading() as tx:
        found = tx.inspections.get(command.inspection, command.revision)
        today = datetime.fromisoformat(tx.now).astimezone().date()
    return Matrix(rows=compare_papers(found.consignment, found.scans, found.found, today=today))
