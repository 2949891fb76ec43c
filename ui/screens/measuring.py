"""An instrument's result file: chosen or dropped, read by a profile, shown with its sources, then recorded.

Nothing is recorded that was not on the screen first, each value with the line it came from. What a person
changes counts as typed. The test is presumptive whatever the file says.
"""

import math
import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from fieldapp import clock
from fieldapp.actions import installing, measuring
from fieldapp.actions.examining import RecordFieldTest
from fieldapp.actions.installing import ListForms
from fieldapp.actions.measuring import ReadResult, RecordResult, ResultSeen
from fieldapp.inspection import fieldtest
from fieldapp.inspection.fieldtest import ValueSource
from fieldapp.inspection.inspection import Inspection
from fieldapp.instrument.profile import FieldName
from fieldapp.instrument.result import Result
from ui.models.naming import printable
from ui.screens import files
from ui.screens.section import Section
from ui.widgets.form import Field

SUFFIXES = ("csv", "tsv", "txt", "xml", "json")
_BETWEEN = re.compile(r"[\s.,;_-]+")  # what stands between the words of a name
# Form key, words, field of the file; those that are texts.
TEXTS: tuple[tuple[str, str, FieldName], ...] = (
    ("substance", "samples.substance", "substance"),
    ("score", "samples.score", "score"),
    ("bar", "samples.bar", "bar"),
    ("library", "result.library", "library"),
    ("library_version", "result.library-version", "library_version"),
    ("device", "samples.device", "device"),
    ("serial", "result.serial", "serial"),
    ("method", "result.method", "method"),
    ("measured", "result.measured", "time"),
    ("calibrated_until", "result.calibrated", "calibrated_until"),
)


class Drops(QObject):
    """Takes files that are dropped on a widget; `then` gets the path of one."""

    def __init__(self, onto: QWidget, then: Callable[[str], object]) -> None:
        super().__init__(onto)
        self._then = then
        onto.setAcceptDrops(True)
        onto.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a dragged file, and pass everything else on."""
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._then(local[0])
        return bool(local)


def pick(section: Section, sample: Callable[[], str]) -> None:
    """Ask for a result file; the test is of the sample chosen when it is read."""
    title = section.say("result.title")
    files.choose(section, title, lambda file: take(section, file, sample()), SUFFIXES)


def take(section: Section, file: str, sample: str) -> None:
    """Read the file in the reader, then show what it says."""
    inspection = section.desk.inspection
    if inspection is None or inspection.state != "draft":
        return

    def listed(forms: installing.FormList) -> None:
        command = ReadResult(path=file, profiles=forms.profiles)
        section.run(measuring.read_result, command, lambda seen: _show(section, file, sample, seen))

    section.run(installing.list_forms, ListForms(kind="instrument"), listed)


def _show(section: Section, file: str, sample: str, seen: ResultSeen) -> None:
    given = _given(seen.result)
    told = _told(section, seen)
    section.open_form(
        "result.title",
        _fields(section, seen.result, given),
        lambda values: _record(section, file, sample, seen, values),
        told,
        "file-text",
        seen.sha256[:16],
    )


def _told(section: Section, seen: ResultSeen) -> str:
    """Return how the file was read, and that a field test is presumptive."""
    say, result = section.say, seen.result
    told = [
        say(
            "result.read-by",
            profile=seen.hi if section.language == "hi" else seen.en,
            version=result.version,
            verified=say("result.verified" if result.verified else "result.unverified"),
        )
    ]
    if result.hits > 1:
        told.append(say("result.hits", count=result.hits))
    operator = result.text("operator")
    if operator:
        told.append(f"{say('result.operator')}: {printable(operator)}")
    return "\n".join((*_doubts(section, result), *told, say("samples.test-words")))


def _doubts(section: Section, result: Result) -> list[str]:
    """Return a warning where the file is of another day, or names another operator than who is here."""
    told = []
    day = result.measured[:10]
    if day and day != clock.now().astimezone().date().isoformat():
        told.append(section.say("result.another-day", day=day))
    operator, session = result.text("operator"), section.desk.session
    if operator and session is not None and not same_person(operator, session.officer.name):
        told.append(section.say("result.another-operator", operator=printable(operator)))
    return told


def same_person(one: str, other: str) -> bool:
    """Say whether two ways of writing a name may mean one person: "NAIR" and "Nair, R." may; an initial
    alone never does.
    """
    first, second = ({*_BETWEEN.split(name.casefold())} - {""} for name in (one, other))
    return (first <= second or second <= first) and any(len(word) > 1 for word in first & second)


def _given(result: Result) -> dict[str, str]:
    """Return what the file gives, by the form's keys, as it is shown."""
    read: dict[FieldName, str] = {
        "score": f"{result.score:g}" if result.score is not None else "",
        "bar": f"{result.bar:g}" if result.bar is not None else "",
        "time": result.measured,
        "calibrated_until": result.calibrated_until.isoformat() if result.calibrated_until else "",
    }
    given = {
        key: read[field] if field in read else printable(result.text(field)) for key, _words, field in TEXTS
    }
    return {**given, "kind": result.technique or "", "shown": result.shown or ""}


def _fields(section: Section, result: Result, given: dict[str, str]) -> list[Field]:
    say = section.say
    kinds = tuple((kind, say(f"test.{kind}")) for kind in fieldtest.INSTRUMENTS)
    shown = tuple((value, say(f"test.shown.{value}")) for value in ("match", "no_match", "unclear"))

    def source(name: FieldName, key: str) -> str:
        value = next((each for each in result.values if each.field == name), None)
        if value is None:
            return "" if given[key] else say("result.not-in-file")
        where = "result.from-line" if value.line else "result.from-label"
        stands = say(where, line=value.line, label=printable(value.label))
        return f"{say('result.unread')}: {stands}" if name in result.unread else stands

    made = [
        section.field("kind", "result.kind", kind="pick", required=True, options=kinds, value=given["kind"],
                      source=source("technique", "kind")),
        section.field("shown", "samples.shown", kind="choice", required=True, options=shown,
                      value=given["shown"], source=source("shown", "shown")),
    ]  # fmt: skip
    made += [
        section.field(key, words, value=given[key], source=source(field, key), required=key == "device")
        for key, words, field in TEXTS
    ]
    return [*made, section.field("note", "findings.note", kind="note")]


def _record(section: Section, file: str, sample: str, seen: ResultSeen, values: dict[str, str]) -> None:
    inspection = section.desk.inspection
    if inspection is None:
        return
    result, given = seen.result, _given(seen.result)
    calibrated = values["calibrated_until"]
    try:
        until = date.fromisoformat(calibrated) if calibrated else None
        score, bar = _number(values["score"]), _number(values["bar"])
    except ValueError:
        section.refuse(section.say("hint.day") if calibrated else section.say("samples.score"))
        return
    test = RecordFieldTest(
        inspection=inspection.id,
        kind=values["kind"],  # type: ignore[arg-type]  # the choice offers just these
        shown=values["shown"],  # type: ignore[arg-type]  # the choice offers just these
        substance=values["substance"],
        sample=sample,
        device=values["device"],
        library=values["library"],
        library_version=values["library_version"],
        serial=values["serial"],
        method=values["method"],
        measured=values["measured"],
        calibrated_until=until,
        score=score,
        bar=bar,
        scale=result.most,
        profile=f"{result.profile} {result.version}",
        sources=_sources(result, given, values),
        note=values["note"],
    )
    command = RecordResult(path=file, sha256=seen.sha256, test=test)
    section.run(measuring.record_result, command, lambda after: _recorded(section, after))


def _number(text: str) -> float | None:
    """Read a number; raises ValueError for what is none, so that nobody takes it for recorded."""
    if not text:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _sources(result: Result, given: dict[str, str], values: dict[str, str]) -> tuple[ValueSource, ...]:
    """Return where each value came from: the file where it is as the file has it, else whoever typed it."""
    names = (("kind", "technique"), ("shown", "shown"), *((key, field) for key, _words, field in TEXTS))
    held = {value.field: value for value in result.values}
    found = []
    for key, field in names:
        value = held.get(field)  # type: ignore[call-overload]  # the names above are field names
        if values[key] and value is not None and values[key] == given[key]:
            found.append(ValueSource(field=key, source="file", label=value.label, line=value.line))
        elif values[key] and values[key] != given[key]:
            found.append(ValueSource(field=key, source="typed"))
    return tuple(found)


def _recorded(section: Section, after: Inspection) -> None:
    section.keep(after)
    made = after.field_tests[-1]
    limits = [section.say(f"test.limit.{limit}") for limit in fieldtest.limits(made)]
    doubts = [section.say(f"test.doubt.{doubt}") for doubt in made.doubts]
    word = section.say(f"test.word.{fieldtest.word(made)}")
    words = "\n".join(f"• {each}" for each in (*limits, *doubts))
    section.banner.show_alert(
        section.say("result.recorded", word=word), words, "warn" if limits or doubts else "note"
    )
