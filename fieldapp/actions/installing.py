"""Checklists and mapping profiles: read from a file and installed; checklists come from headquarters too.

`read_form` runs in the reader, for the file is a stranger's; the vault checks what comes of it once more. A
faulty file is refused whole, with every fault's line; what is installed stays as it is.
"""

from pathlib import Path

import msgspec

from fieldapp.enrolment import StatementRefused
from fieldapp.errors import InspectorError
from fieldapp.inspection import checklist, form
from fieldapp.inspection.checklist import Checklist, SiteKind
from fieldapp.inspection.form import Fault, Form, FormRefused, FormRow, Kind
from fieldapp.instrument.profile import Profile
from fieldapp.scan.reader import Reader
from fieldapp.vault.vault import Tx, Vault

LARGEST = 4 * 1024 * 1024  # bytes of a file


class FormUnreadable(InspectorError):
    """The file is not there, is too large or is no text."""

    code = "form-unreadable"


class ReadForm(msgspec.Struct, frozen=True, kw_only=True):
    """Read a checklist (TOML, or an XLSForm sheet for `site`) or a mapping profile."""

    path: str
    site: SiteKind = "port_container"


class FormSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds: a form to install, or its faults in the order of their lines."""

    kind: Kind
    checklist: Checklist | None = None
    profile: Profile | None = None
    faults: tuple[Fault, ...] = ()


class InstallForm(msgspec.Struct, frozen=True, kw_only=True):
    """Install what `read_form` gave."""

    checklist: Checklist | None = None
    profile: Profile | None = None


class ListForms(msgspec.Struct, frozen=True, kw_only=True):
    """Ask which forms of a kind can be used now."""

    kind: Kind


class FormList(msgspec.Struct, frozen=True, kw_only=True):
    """The forms by their newest versions; `profiles` are the installed mapping profiles themselves."""

    rows: tuple[FormRow, ...]
    profiles: tuple[Profile, ...] = ()


def read_form(reader: Reader, command: ReadForm) -> FormSeen:
    """Read the file; faults are an answer, a file that cannot be read raises FormUnreadable."""
    del reader
    path = Path(command.path)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise FormUnreadable(name=path.name)
        content = path.read_bytes()
    except OSError:
        raise FormUnreadable(name=path.name) from None
    if content.startswith(b"PK"):
        return _seen("checklist", _sheet(content, command.site))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormUnreadable(name=path.name) from None
    kind = form.kind_of(text)
    return _seen(kind, form.read(kind, text))


def _sheet(content: bytes, site: SiteKind) -> Form | tuple[Fault, ...]:
    from fieldapp.inspection import xlsform  # loads openpyxl

    found = xlsform.read(content, site)
    if isinstance(found, Checklist):
        return found
    return tuple(Fault(line=each.line, code=each.code, part=each.part) for each in found)


def _seen(kind: Kind, found: Form | tuple[Fault, ...]) -> FormSeen:
    if isinstance(found, tuple):
        return FormSeen(kind=kind, faults=found)
    if isinstance(found, Checklist):
        return FormSeen(kind=kind, checklist=found)
    return FormSeen(kind=kind, profile=found)


def install_form(vault: Vault, command: InstallForm) -> FormList:
    """Install a form; raises FormRefused. What was begun on an earlier version goes on with that."""
    made: Form | None = command.checklist or command.profile
    if made is None or (isinstance(made, Checklist) and isinstance(checklist.check(made), tuple)):
        raise FormRefused(why="faulty", name=made.id if made is not None else "")
    with vault.transaction() as tx:
        if tx.forms.put(made, "file", tx.now):
            _note(tx, made, "file")
    return list_forms(vault, ListForms(kind=form.row(made, "file").kind))


def take_published(tx: Tx, document: str) -> None:
    """Install a checklist whose signature was checked; one that is older or here already changes nothing.

    Raises StatementRefused for a faulty one, and for other words under a version that is here.
    """
    found = form.read("checklist", document)
    if isinstance(found, tuple):
        raise StatementRefused(kind="checklist", why="content")
    try:
        if tx.forms.put(found, "headquarters", tx.now):
            _note(tx, found, "headquarters")
    except FormRefused as refusal:
        if refusal.facts["why"] != "older":
            raise StatementRefused(kind="checklist", why="content") from None


def _note(tx: Tx, made: Form, source: str) -> None:
    kind = form.row(made, "file").kind
    tx.journal.note("form-installed", tx.now, kind=kind, name=made.id, version=made.version, source=source)


def list_forms(vault: Vault, command: ListForms) -> FormList:
    """Return what can be used now."""
    with vault.reading() as tx:
        installed = tx.forms.profiles() if command.kind == "instrument" else ()
        return FormList(rows=tx.forms.rows(command.kind), profiles=installed)
