"""A checklist as data: sections of questions in English and Hindi, with skip logic, units and limits.

Files are TOML (`resources/checklists/<id>.toml`, or one that headquarters published). `read` gives the
checklist or every fault in the file with its line, so that whoever wrote it can mend all of them at once.
An inspection carries the whole checklist it began with: a newer version never changes a draft.
"""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

import resources
from fieldapp.consignment import quantity
from fieldapp.inspection import condition
from fieldapp.inspection.condition import Condition

Kind = Literal["yes_no", "choice", "number", "quantity", "text", "date", "scan", "photo"]
SiteKind = Literal["port_container", "air_cargo", "plant_audit", "courier_parcel"]
SITES: tuple[SiteKind, ...] = ("port_container", "air_cargo", "plant_audit", "courier_parcel")
SHIPPED = ("port-container", "air-cargo", "plant-audit", "courier-parcel")
LARGEST = 300_000  # characters of a checklist file
DIGITS = 15  # of a limit, before its point and after it
_DEEP = re.compile(
    r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){24}"  # a key of so many parts costs more than it says
)
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same words in both languages."""

    en: Words
    hi: Words

    def in_language(self, language: str) -> str:
        """Return the words in `language`."""
        return self.hi if language == "hi" else self.en


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer to choose."""

    value: Id
    words: Wording


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. `unit` is a UN/ECE Rec 20 code; `least` and `most` bound numbers and quantities.

    `when` is the condition under which it is asked. `finding` names the answers that deserve a finding.
    """

    id: Id
    kind: Kind
    words: Wording
    hint: Wording | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    when: str = ""
    finding: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions that are answered together, one page on the screen."""

    id: Id
    words: Wording
    question: tuple[Question, ...]


class Checklist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole checklist. `version` grows with every change."""

    id: Id
    version: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)]  # what every database and JSON holds
    site: SiteKind
    words: Wording
    section: tuple[Section, ...]

    def questions(self) -> tuple[Question, ...]:
        """Return every question in order."""
        return tuple(question for section in self.section for question in section.question)


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault in a file: the line (from 1), a code with words under `checklist.fault.<code>`, the part."""

    line: int
    code: str
    part: str = ""
    column: int = 0


def shipped(name: str) -> Checklist:
    """Return a checklist that came with the program."""
    found = read(resources.path("checklists", f"{name}.toml").read_text("utf-8"))
    assert isinstance(found, Checklist), found
    return found


def read(text: str) -> Checklist | tuple[Fault, ...]:
    """Read a checklist file: the checklist, or all faults in the order of their lines."""
    if len(text) > LARGEST:
        return (Fault(line=1, code="too-large"),)
    deep = next((number for number, line in enumerate(text.splitlines(), 1) if _DEEP.search(line)), 0)
    if deep:
        return (Fault(line=deep, code="too-deep"),)
    try:
        tree = tomllib.loads(text)
        made = msgspec.convert(tree, Checklist, strict=False)
    except msgspec.ValidationError as error:
        return (_misfit(text, str(error)),)
    except ValueError as error:  # TOML's own, and a number of thousands of digits
        place = re.search(r"line (\d+), column (\d+)", str(error))
        last = text.count("\n") + 1
        line, column = (int(place[1]), int(place[2])) if place else (last, 0)
        return (Fault(line=line, code="not-toml", column=column),)
    except RecursionError:
        return (Fault(line=1, code="too-deep"),)
    faults = _faults(made, _lines(text))
    return tuple(sorted(faults, key=lambda fault: fault.line)) or made


def check(made: Checklist) -> Checklist | tuple[Fault, ...]:
    """Return a checklist that came from elsewhere than a file of ours, or its faults, all on line 1."""
    return tuple(_faults(made, _lines(""))) or made


def conditions(checklist: Checklist) -> dict[str, Condition]:
    """Return the condition of each question that has one, by question id."""
    return {question.id: condition.read(question.when) for question in checklist.questions() if question.when}


class _Lines(msgspec.Struct):
    """Where tables begin: sections by index, questions by (section, index), and the lines themselves."""

    sections: list[int]
    questions: dict[tuple[int, int], int]
    text: list[str]

    def of(self, section: int, question: int, key: str) -> int:
        """Return the line of `key` in a question, or the question's own line."""
        start = self.questions.get((section, question), self._section(section))
        for number in range(start + 1, len(self.text) + 1):
            line = self.text[number - 1].strip()
            if line.startswith("[[") and number > start:
                break
            if re.match(rf"(\[.*\.)?{re.escape(key)}\b", line):
                return number
        return start

    def _section(self, section: int) -> int:
        return self.sections[section] if section < len(self.sections) else 1


def _lines(text: str) -> _Lines:
    found = _Lines([], {}, text.splitlines())
    index = -1
    for number, line in enumerate(found.text, 1):
        head = re.match(r"\s*\[\[\s*([a-z.]+)\s*\]\]", line)
        if head and head[1] == "section":
            found.sections.append(number)
            index = -1
        elif head and head[1] == "section.question":
            index += 1
            found.questions[(len(found.sections) - 1, index)] = number
    return found


def _misfit(text: str, message: str) -> Fault:
    """Say where a value does not fit: msgspec names the path, `$.section[0].question[2].kind`."""
    path = re.search(r"at `\$\.?([^`]*)`", message)
    lines = _lines(text)
    place = re.match(r"section\[(\d+)\](?:\.question\[(\d+)\])?\.?([a-z_]*)", path[1] if path else "")
    named = re.search(r"(?:required|unknown) field `([^`]+)`", message)
    part = (named[1] if named else path[1] if path else "")[:200]
    code = (
        "field-missing"
        if "missing required" in message
        else "field-unknown"
        if "unknown field" in message
        else "misfit"
    )
    if place is None:
        key = (path[1] if path else "").split(".")[0] or part
        line = next((n for n, row in enumerate(lines.text, 1) if re.match(rf"\s*{re.escape(key)}\b", row)), 1)
        return Fault(line=line, code=code, part=part)
    question = int(place[2]) if place[2] else -1
    key = named[1] if named and code == "field-unknown" else place[3]
    return Fault(line=lines.of(int(place[1]), question, key or "\0"), code=code, part=part)


def _faults(checklist: Checklist, lines: _Lines) -> list[Fault]:
    found: list[Fault] = []
    seen: set[str] = set()
    for at, section in enumerate(checklist.section):
        for index, question in enumerate(section.question):
            for key, code, part, column in (*_own_faults(question, seen), *_when_faults(question, seen)):
                found.append(Fault(line=lines.of(at, index, key), code=code, part=part, column=column))
            seen.add(question.id)
    return found


def _own_faults(question: Question, seen: set[str]) -> Iterator[tuple[str, str, str, int]]:
    """Yield what is wrong with a question by itself: key, code, part, column."""
    values = [option.value for option in question.options]
    wrong = (
        ("id", "id-unfit", question.id, not _ID.fullmatch(question.id)),
        ("id", "id-twice", question.id, question.id in seen),
        ("options", "options-missing", question.id, question.kind == "choice" and len(values) <= 1),
        ("options", "options-unfit", question.id, question.kind != "choice" and bool(values)),
        ("options", "option-twice", question.id, len(set(values)) != len(values)),
        ("unit", "unit-unknown", question.unit, _unit_unfit(question)),
        ("most", "limits-crossed", question.id, _crossed(question)),
        *(("finding", "finding-unknown", value, _cannot_be(question, value)) for value in question.finding),
    )
    yield from ((key, code, part, 0) for key, code, part, true in wrong if true)


def _when_faults(question: Question, seen: set[str]) -> Iterator[tuple[str, str, str, int]]:
    """Yield what is wrong with the condition: unreadable, or about a question that does not come before."""
    if not question.when:
        return
    try:
        asked = condition.questions(condition.read(question.when))
    except condition.Unreadable as error:
        yield "when", error.code, question.id, error.column
        return
    yield from (("when", "question-unknown", name, 0) for name in sorted(asked - seen))


def _unit_unfit(question: Question) -> bool:
    return question.kind == "quantity" and quantity.dimension(question.unit) is None


def _crossed(question: Question) -> bool:
    limits = [limit for limit in (question.least, question.most) if limit is not None]
    if not all(limit.is_finite() and abs(limit.adjusted()) <= DIGITS for limit in limits):
        return True  # no answer can be held against it
    return len(limits) == 2 and limits[0] > limits[1]


def _cannot_be(question: Question, value: str) -> bool:
    if question.kind == "yes_no":
        return value not in ("yes", "no", "na")
    return question.kind == "choice" and value not in {option.value for option in question.options}
