"""Forms that an office installs: checklists and mapping profiles, from a file or published by headquarters.

A version is written once: what bears the same name and version and says other things is refused. What was
begun on a version goes on with it; only what begins later takes the newest.
"""

import re
from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.inspection import checklist
from fieldapp.inspection.checklist import Checklist
from fieldapp.instrument import profile
from fieldapp.instrument.profile import Profile

Kind = Literal["checklist", "instrument"]
Source = Literal["shipped", "file", "headquarters"]
Form = Checklist | Profile


class FormRefused(InspectorError):
    """This form cannot be installed; `why` is "older", "version-taken" or "faulty"."""

    code = "form-not-installed"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of a file: its line (from 1), a code with words under `<kind>.fault.<code>`, the part."""

    line: int
    code: str
    part: str = ""


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """One form that can be used now, by its newest version. `at` is when it was installed."""

    kind: Kind
    id: str
    version: int
    en: str
    hi: str
    source: Source
    at: datetime | None = None

    def in_language(self, language: str) -> str:
        """Return its words in `language`."""
        return self.hi if language == "hi" else self.en


def kind_of(text: str) -> Kind:
    """Return what a file is to be read as: a mapping profile has fields, all else is a checklist."""
    return "instrument" if re.search(r"^\s*\[\[\s*field\s*\]\]", text, re.MULTILINE) else "checklist"


def read(kind: Kind, text: str) -> Form | tuple[Fault, ...]:
    """Read a form's file, or every fault in it by its line."""
    found = checklist.read(text) if kind == "checklist" else profile.read(text)
    if isinstance(found, tuple):
        return tuple(Fault(line=each.line, code=each.code, part=each.part) for each in found)
    return found


def shipped(kind: Kind) -> tuple[Form, ...]:
    """Return what came with the program."""
    if kind == "checklist":
        return tuple(checklist.shipped(name) for name in checklist.SHIPPED)
    return profile.shipped()


def row(form: Form, source: Source, at: datetime | None = None) -> FormRow:
    """Return the row of a form."""
    kind: Kind = "checklist" if isinstance(form, Checklist) else "instrument"
    return FormRow(
        kind=kind, id=form.id, version=form.version, en=form.words.en, hi=form.words.hi, source=source, at=at
    )
