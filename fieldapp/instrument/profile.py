"""A mapping profile as data: which label of a result file is which field of a field test.

Profiles are TOML (`resources/instruments/<id>.toml`, or one that an office wrote). `read` gives the profile
or every fault in the file with its line. Four forms are read: `delimited` (a table with titles, lines of
label and value before it), `pairs` (a line of label and value each), `xml` and `json` (labels are the ends of
paths, "Hit/Name"). A profile that was never held against a real instrument's file says so: `verified` is
false, and so is it shown.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

import resources

Form = Literal["delimited", "pairs", "xml", "json"]
Technique = Literal["raman", "ftir", "nir", "ims", "xrf"]
FieldName = Literal[
    "substance", "score", "bar", "shown", "library", "library_version", "device", "serial", "operator",
    "time", "method", "calibrated_until", "technique",
]  # fmt: skip
SHIPPED = ("delimited-hits", "pairs-report", "xml-result", "json-result")
LARGEST = 60_000  # characters of a profile
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9-]*$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Texts = Annotated[tuple[Text, ...], msgspec.Meta(max_length=40)]
_DEEP = re.compile(
    r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){24}"  # a key of so many parts costs more than it says
)


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people call this profile, in both languages."""

    en: Text
    hi: Text

    def in_language(self, language: str) -> str:
        """Return the words in `language`."""
        return self.hi if language == "hi" else self.en


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field: the labels it may stand under, the first that is there counts.

    `formats` are strptime forms of a time or day. `match`, `no_match` and `unclear` are the words by which
    the file tells what was shown; `means` are a technique's words, as "technique=word".
    """

    name: FieldName
    labels: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=40)]
    formats: Texts = ()
    match: Texts = ()
    no_match: Texts = ()
    unclear: Texts = ()
    means: Texts = ()


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole profile. `recognise` are labels that all must be there; `rows` names what repeats for a hit.

    `most` is the end of the score's scale, which begins at 0 and where more is a better match.
    """

    id: Id
    version: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)]  # what every database and JSON holds
    form: Form
    words: Wording
    recognise: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=40)]
    field: Annotated[tuple[Field, ...], msgspec.Meta(min_length=1, max_length=40)]
    technique: Technique | None = None
    verified: bool = False
    most: Annotated[float, msgspec.Meta(gt=0, le=1000)] = 1.0
    decimal: Literal[".", ","] = "."
    delimiter: Literal["", ",", ";", "\t", "|"] = ""
    rows: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def labels(self) -> frozenset[str]:
        """Return every label the profile knows, in the form in which labels are compared."""
        named = {plain(label) for field in self.field for label in field.labels}
        return frozenset(named | {plain(label) for label in self.recognise})


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault in a profile: line (from 1), code with words under `instrument.fault.<code>`, the part."""

    line: int
    code: str
    part: str = ""


def plain(label: str) -> str:
    """Return a label as labels are compared: small letters, single spaces, no colon after it."""
    return " ".join(label.split()).rstrip(":= ").casefold()


def shipped() -> tuple[Profile, ...]:
    """Return the profiles that came with the program."""
    found = []
    for name in SHIPPED:
        made = read(resources.path("instruments", f"{name}.toml").read_text("utf-8"))
        assert isinstance(made, Profile), made
        found.append(made)
    return tuple(found)


def read(text: str) -> Profile | tuple[Fault, ...]:
    """Read a profile: the profile, or all faults in the order of their lines."""
    if len(text) > LARGEST:
        return (Fault(line=1, code="too-large"),)
    deep = next((number for number, line in enumerate(text.splitlines(), 1) if _DEEP.search(line)), 0)
    if deep:
        return (Fault(line=deep, code="too-deep"),)
    try:
        made = msgspec.convert(tomllib.loads(text), Profile)
    except msgspec.ValidationError as error:
        return (_misfit(text, str(error)),)
    except ValueError as error:  # TOML's own, and a number of thousands of digits
        place = re.search(r"line (\d+)", str(error))
        return (Fault(line=int(place[1]) if place else text.count("\n") + 1, code="not-toml"),)
    except RecursionError:
        return (Fault(line=1, code="too-deep"),)
    return tuple(sorted(_faults(made, text), key=lambda fault: fault.line)) or made


def _misfit(text: str, message: str) -> Fault:
    """Say where a value does not fit: msgspec names the path, `$.field[2].name`."""
    path = re.search(r"at `\$\.?([^`]*)`", message)
    named = re.search(r"(?:required|unknown) field `([^`]+)`", message)
    kind = "field-missing" if "missing required" in message else "field-unknown"
    where = re.match(r"field\[(\d+)\]\.?([a-z_]*)", path[1] if path else "")
    part = (named[1] if named else path[1] if path else "")[:200]
    index = int(where[1]) if where else -1
    key = (where[2] if where else (path[1] if path else "").split(".")[0].split("[")[0]) or part
    return Fault(line=_line(text, index, key), code=kind if named else "misfit", part=part)


def _line(text: str, index: int, key: str) -> int:
    """Return the line of `key` in field `index` (-1: before any), else where that part begins."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*field\s*\]\]", line)]
    start = heads[index] if 0 <= index < len(heads) else 1
    end = next((number for number in heads if number > start), len(lines) + 1)
    wanted = re.compile(rf"\s*(\[\s*)?{re.escape(key)}\b")
    return next((number for number in range(start, end) if wanted.match(lines[number - 1])), start)


def _faults(made: Profile, text: str) -> Iterator[Fault]:
    """Yield what no single value shows: fields twice, nothing told, labels that mean two things."""
    seen: set[str] = set()
    taken: dict[str, str] = {}
    for index, field in enumerate(made.field):
        if field.name in seen:
            yield Fault(line=_line(text, index, "name"), code="field-twice", part=field.name)
        seen.add(field.name)
        for label in field.labels:
            if taken.setdefault(plain(label), field.name) != field.name:
                yield Fault(line=_line(text, index, "labels"), code="label-twice", part=label)
        if field.name in ("time", "calibrated_until") and not field.formats:
            yield Fault(line=_line(text, index, "name"), code="formats-missing", part=field.name)
        odd = next((one for one in field.formats if not _reads_back(one)), "")
        if odd:
            yield Fault(line=_line(text, index, "formats"), code="misfit", part=odd)
        if field.name == "shown" and not field.match:
            yield Fault(line=_line(text, index, "name"), code="words-missing", part=field.name)
        unfit = next((one for one in field.means if not _means(one)), "")
        if field.name == "technique" and (unfit or not field.means):
            yield Fault(line=_line(text, index, "means"), code="words-missing", part=unfit or field.name)
    if not seen & {"substance", "shown"}:
        yield Fault(line=_line(text, -1, "field"), code="nothing-told")
    if made.technique is None and "technique" not in seen:
        yield Fault(line=_line(text, -1, "form"), code="technique-missing")
    if made.delimiter and made.form != "delimited":
        yield Fault(line=_line(text, -1, "delimiter"), code="delimiter-unfit")


def _reads_back(form: str) -> bool:
    """Say whether a moment written in this form can be read by it."""
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(form), form)  # noqa: DTZ007 - only tried
    except (ValueError, re.error):
        return False
    return True


def _means(text: str) -> tuple[str, str] | None:
    """Return technique and word of "technique=word"."""
    name, mark, word = text.partition("=")
    return (name, plain(word)) if mark and name in Technique.__args__ and word.strip() else None  # type: ignore[attr-defined]  # a Literal has them


def technique_of(field: Field, text: str) -> str:
    """Return the technique that `text` names in the file's own words, "" where it names none."""
    pairs = (_means(one) for one in field.means)
    return next((pair[0] for pair in pairs if pair and pair[1] == plain(text)), "")
