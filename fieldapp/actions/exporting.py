"""Taking the ledger or the whole vault out as a file that proves itself, and inspections for others' systems.

That something was taken is an entry of the ledger, written before the file stands there whole.
"""

import contextlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.inspection import epcis, sheet
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.wanted import Wanted
from fieldapp.vault import export
from fieldapp.vault.connection import disk_error, sync_file
from fieldapp.vault.vault import Tx, Vault

MOST_EXPORTED = 10_000  # inspections in one file
Form = Literal["csv", "json", "epcis"]


class NothingToExport(InspectorError):
    """None of what was chosen can go out in this form: drafts are no events."""

    code = "nothing-to-export"


class WordNotAllowed(InspectorError):
    """An event bears a word that the partners' vocabulary does not have; nothing was written."""

    code = "word-not-allowed"


class ExportLedger(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the ledger as a file."""


class LedgerFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file's bytes."""

    content: bytes


class ExportVault(msgspec.Struct, frozen=True, kw_only=True):
    """Write the ledger and all sealed evidence to the file at `path`."""

    path: str


class ExportInspections(msgspec.Struct, frozen=True, kw_only=True):
    """Write inspections to the file at `path`: the chosen ones, or, without any, all that a list shows.

    `language` is that of a sheet's words. EPCIS leaves drafts out.
    """

    path: str
    form: Form
    chosen: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_EXPORTED)] = ()
    text: Annotated[str, msgspec.Meta(max_length=500)] = ""
    wanted: Wanted = Wanted()
    language: str = "en"


class ExportedInspections(msgspec.Struct, frozen=True, kw_only=True):
    """How many were written, how many drafts were left out, and the SHA-256 of the file."""

    count: int
    left_out: int
    sha256: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """How many evidence files were written."""

    files: int


def export_ledger(vault: Vault, _command: ExportLedger) -> LedgerFile:
    """Return the ledger as a file; the line that says so is in it."""
    vault.note_soon("ledger-exported")
    return LedgerFile(content=export.ledger_file(vault))


def export_vault(vault: Vault, command: ExportVault) -> Exported:
    """Write the vault export whole, or not at all."""
    vault.note_soon("vault-exported")
    files = 0

    def write(part: Path) -> None:
        nonlocal files
        with part.open("wb") as out:
            files = export.write_vault(vault, out)

    _write_whole(Path(command.path), write)
    return Exported(files=files)


def export_inspections(vault: Vault, command: ExportInspections) -> ExportedInspections:
    """Write inspections for a partner's system or a spreadsheet, whole or not at all."""
    with vault.reading() as tx:
        found = [(one, _record(tx, one)) for one in _chosen(tx, command)]
    rows = [(one, record) for one, record in found if command.form != "epcis" or one.state != "draft"]
    if not rows:
        raise NothingToExport
    content = _content(rows, command)
    digest = canonical.sha256(content)
    vault.note_soon("inspections-exported", form=command.form, count=len(rows), sha256=digest)
    _write_whole(Path(command.path), lambda part: part.write_bytes(content))
    return ExportedInspections(count=len(rows), left_out=len(found) - len(rows), sha256=digest)


def _chosen(tx: Tx, command: ExportInspections) -> Iterable[Inspection]:
    names = command.chosen
    if not names:
        now = datetime.fromisoformat(tx.now)
        listed = tx.inspections.listed.page(command.text, command.wanted, now, MOST_EXPORTED)
        names = tuple(row.id for row in listed)
    return (tx.inspections.get(name) for name in names)


def _record(tx: Tx, inspection: Inspection) -> str:
    held = tx.inspections.record_of(inspection.id, inspection.revision)
    return held[1] if held else ""


def _content(rows: list[tuple[Inspection, str]], command: ExportInspections) -> bytes:
    if command.form == "csv":
        return sheet.sheet(rows, command.language)
    if command.form == "json":
        told = [{"record": record, "inspection": msgspec.Raw(canonical.encode(one))} for one, record in rows]
        return msgspec.json.encode(told) + b"\n"
    document = epcis.gathered(one for one, _record in rows)
    wrong = epcis.faults(document)
    if wrong:
        raise WordNotAllowed(word=wrong[0])
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _write_whole(place: Path, write: Callable[[Path], object]) -> None:
    part = place.with_name(f"{place.name}.part")
    try:
        write(part)
        sync_file(part)
        part.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_error(error) from error
