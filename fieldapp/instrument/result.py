"""A result file read by a profile: the fields of a field test, each with the label and line it came from.

Promises: a profile is chosen only where every label it is recognised by is there; of several, the one that
finds the most fields. Of several hits the one with the highest score counts, and how many there were is said.
A value that cannot be read is left out and named, a score too where that of any hit cannot be read, for the
best might be that one; nothing is guessed from a number's looks.
"""

import math
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import PurePath
from typing import Literal

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.instrument import flat, tree
from fieldapp.instrument.cell import Cell, ResultUnreadable, decoded
from fieldapp.instrument.profile import Field, FieldName, Form, Profile, Technique, plain, technique_of

Shown = Literal["match", "no_match", "unclear"]


class ResultUnmatched(InspectorError):
    """No profile knows this file; `name` is the file's, `count` how many profiles were tried."""

    code = "result-unmatched"


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value as the file has it: `label` and `line` say where it stands, line 0 where there are none."""

    field: FieldName
    text: str
    label: str
    line: int = 0


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says. `unread` are the fields whose text is there and could not be understood."""

    profile: str
    version: int
    verified: bool
    form: Form
    values: tuple[Value, ...]
    technique: Technique | None = None
    shown: Shown | None = None
    score: float | None = None
    bar: float | None = None
    most: float = 1.0
    measured: str = ""  # ISO 8601 without a zone: the instrument's own clock
    calibrated_until: date | None = None
    hits: int = 0
    unread: tuple[FieldName, ...] = ()

    def text(self, field: FieldName) -> str:
        """Return the text of a field, "" where the file has none."""
        return next((value.text for value in self.values if value.field == field), "")


_FORMS: dict[Form, Callable[[bytes, Profile], tuple[Cell, ...]]] = {
    "delimited": lambda content, profile: flat.delimited(decoded(content), profile),
    "pairs": lambda content, profile: flat.pairs(decoded(content), profile),
    "xml": tree.xml,
    "json": lambda content, profile: tree.json_(decoded(content), profile),
}


def read(content: bytes, profiles: Iterable[Profile], name: str = "", chosen: str = "") -> Result:
    """Read a file by the profile that fits best, or by the one `chosen` by its id.

    Raises ResultUnmatched, and ResultUnreadable where no profile fits because the file is broken.
    """
    tried, found, broken = 0, [], None
    for profile in profiles:
        if chosen and profile.id != chosen:
            continue
        tried += 1
        if not _may_be(content, profile.form):
            continue
        try:
            cells = _FORMS[profile.form](content, profile)
        except ResultUnreadable as error:
            broken = broken or error
            continue
        labels = {cell.label for cell in cells}
        if all(plain(label) in labels for label in profile.recognise):
            found.append(_result(cells, profile))
    if found:
        return max(found, key=lambda each: len(each.values))
    if broken is not None:
        raise broken
    raise ResultUnmatched(name=PurePath(name).name[:200], count=tried)


def _may_be(content: bytes, form: Form) -> bool:
    """Say whether the first sign allows the form: what begins with "<" is XML and nothing else."""
    first = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if form == "xml":
        return first == b"<" or wide
    if form == "json":
        return first in (b"{", b"[") or wide
    return first not in (b"<", b"{", b"[")


def _result(cells: tuple[Cell, ...], profile: Profile) -> Result:
    score = next((field for field in profile.field if field.name == "score"), None)
    row, all_read = _best(cells, score, profile)
    values: dict[FieldName, Value] = {}
    for field in profile.field:
        cell = _cell(cells, field, row)
        if cell is not None:
            values[field.name] = Value(
                field=field.name, text=cell.text[:200].strip(), label=cell.label[:200], line=cell.line
            )
    made = _Made(profile, {name: value.text for name, value in values.items()})
    best = made.number("score") if all_read else None
    if not all_read:
        made.unread.add("score")
    return Result(
        profile=profile.id,
        version=profile.version,
        verified=profile.verified,
        form=profile.form,
        values=tuple(values.values()),
        technique=made.technique(),
        shown=made.shown(),
        score=best,
        bar=made.number("bar"),
        most=profile.most,
        measured=made.measured(),
        calibrated_until=made.calibrated_until(),
        hits=max((cell.row for cell in cells), default=0),
        unread=tuple(sorted(made.unread)),
    )


def _cell(cells: tuple[Cell, ...], field: Field, row: int) -> Cell | None:
    """Return the first cell of the field's labels in their order, in the chosen row or outside of all."""
    for label in field.labels:
        wanted = plain(label)
        found = next(
            (cell for cell in cells if cell.label == wanted and cell.row in (0, row) and cell.text), None
        )
        if found is not None:
            return found
    return None


def _best(cells: tuple[Cell, ...], score: Field | None, profile: Profile) -> tuple[int, bool]:
    """Return the row with the highest score, the first where none has one; and whether each was read."""
    best, highest, all_read = 1, -math.inf, True
    labels = {plain(label) for label in score.labels} if score is not None else set()
    for cell in cells:
        if cell.row and cell.label in labels:
            value = number(cell.text, profile.decimal)
            all_read = all_read and (value is not None or not cell.text)
            if value is not None and value > highest:
                best, highest = cell.row, value
    return best, all_read


def number(text: str, decimal: str) -> float | None:
    """Read a number with that decimal sign, "%" after it or not; None for what is not one."""
    plain_text = text.strip().removesuffix("%").strip()
    if decimal == ",":
        plain_text = plain_text.replace(",", ".") if "." not in plain_text else ""
    try:
        value = float(plain_text) if plain_text.isascii() and "_" not in plain_text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class _Made:
    """Turns the texts of one result into values, and keeps the names of those it could not."""

    def __init__(self, profile: Profile, texts: dict[FieldName, str]) -> None:
        self._profile, self._texts = profile, texts
        self._fields = {field.name: field for field in profile.field}
        self.unread: set[FieldName] = set()

    def _known(self, name: FieldName, value: object) -> None:
        if value is None and self._texts.get(name):
            self.unread.add(name)

    def number(self, name: FieldName) -> float | None:
        value = number(self._texts.get(name, ""), self._profile.decimal)
        self._known(name, value)
        return value

    def shown(self) -> Shown | None:
        """Return what was shown where the file's word for it is one the profile knows."""
        field, text = self._fields.get("shown"), plain(self._texts.get("shown", ""))
        if field is None or not text:
            return None
        words: tuple[tuple[Shown, tuple[str, ...]], ...] = (
            ("match", field.match), ("no_match", field.no_match), ("unclear", field.unclear),
        )  # fmt: skip
        found = next((name for name, known in words if text in {plain(word) for word in known}), None)
        self._known("shown", found)
        return found

    def technique(self) -> Technique | None:
        if self._profile.technique is not None:
            return self._profile.technique
        field = self._fields["technique"]  # a sound profile has one or the other
        found: Technique | None = technique_of(field, self._texts.get("technique", "")) or None  # type: ignore[assignment]  # of the profile's own list
        self._known("technique", found)
        return found

    def _moment(self, name: FieldName) -> datetime | None:
        field, text = self._fields.get(name), self._texts.get(name, "")
        for form in field.formats if field is not None and text else ():
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 - an instrument's clock has no zone
            except ValueError:
                continue
        self._known(name, None)
        return None

    def measured(self) -> str:
        moment = self._moment("time")
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") if moment is not None else ""

    def calibrated_until(self) -> date | None:
        moment = self._moment("calibrated_until")
        return moment.date() if moment is not None else None
